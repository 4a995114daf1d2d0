"""The composition root of the window: builds everything, runs it, and takes it down in order."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from importlib import resources
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QMessageLogContext,
    Qt,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from petstudio.api.errors import InputError
from petstudio.api.language import VARIABLE, spoken, tr
from petstudio.bridge.engine_link import EngineLink
from petstudio.bridge.wakefulness import let_the_window_go_first
from petstudio.config.paths import log_folder
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk
from petstudio.ui.restarting import NextStart

ENGINE_VARIABLE: Final = "PETSTUDIO_ENGINE"
_LOG_BYTES: Final = 1_000_000
_LOG_FILES: Final = 3
_QT_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_DID_NOT_STOP: Final = 1

logger = logging.getLogger(__name__)


class EnginePlace(Enum):
    """Where jobs that need torch run: in a process of their own, or, to debug them, in this one."""

    PROCESS = "process"
    IN_PLACE = "inplace"


def run_window(
    project: Path | None,
    *,
    settings: SettingsFile | None = None,
    safe_mode: bool = False,
    engine: EnginePlace | None = None,
) -> int:
    """Show the window until it is closed; returns the exit status of the program.

    The settings are those that the caller has read, as a second reader does not learn that they
    were damaged. In safe mode, which Shift asks for as well while the program starts, only the
    plugins that come with it are loaded. Where the engine is not given, the environment variable
    PETSTUDIO_ENGINE says it.

    Raises:
        InputError: the variable says something else.
    """
    place = engine or _place_in_environment()
    let_the_window_go_first()
    app = QApplication(sys.argv[:1])
    app.setApplicationName("PetStudio")
    app.setDesktopFileName("petstudio")
    _translate_qt(app)
    app.setWindowIcon(QIcon(str(resources.files("petstudio.resources") / "desktop/petstudio.png")))
    safe_mode = safe_mode or _is_shift_held()
    with _last_resorts() as resort:
        host = PluginHost.load(safe_mode=safe_mode)
        link = EngineLink(safe_mode=safe_mode) if place is EnginePlace.PROCESS else None
        desk = Desk(app, host, settings or SettingsFile(), engine=link)
        resort.tell = desk.window.status.show_text
        _leave_on_signal(desk)
        desk.show(project.absolute() if project else None)
        status = app.exec()
        open_project, next_start = desk.session.path, desk.restarting.wanted
        if not desk.shutdown():
            return _DID_NOT_STOP
    return status if next_start is NextStart.NONE else _start_again(open_project, next_start)


def _is_shift_held() -> bool:
    """Tell whether the user wants safe mode and has no terminal to say so."""
    held = QApplication.queryKeyboardModifiers()
    return bool(held & Qt.KeyboardModifier.ShiftModifier)


def _start_again(project: Path | None, how: NextStart) -> int:
    """Become a new program of the same terminal; Python cannot unload plugins in this one."""
    # -P: a torch.py in the folder in which the program was started must not be imported.
    command = [sys.executable, "-P", "-m", "petstudio"]
    command += ["--safe-mode"] if how is NextStart.SAFE_MODE else []
    command += [str(project)] if project is not None else []
    os.environ.pop(VARIABLE, None)  # the settings may have another language by now
    if os.name == "posix":
        os.execv(command[0], command)
    subprocess.Popen(command)  # Windows has no way to replace a process
    return 0


def _translate_qt(app: QApplication) -> None:
    """Qt has buttons, menus and file dialogs of its own, and fields for numbers."""
    QLocale.setDefault(QLocale(spoken()))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{spoken()}", folder):
        app.installTranslator(translator)


def _place_in_environment() -> EnginePlace:
    given = os.environ.get(ENGINE_VARIABLE) or EnginePlace.PROCESS.value
    try:
        return EnginePlace(given)
    except ValueError:
        known = " or ".join(place.value for place in EnginePlace)
        raise InputError(
            tr("{engine_variable} is “{given}”.", engine_variable=ENGINE_VARIABLE, given=given),
            cure=tr("Set it to {known}, or not at all.", known=known),
        ) from None


class _LastResort:
    """Writes to the log what nobody else caught; the window stays, so that work can be saved."""

    def __init__(self) -> None:
        self.tell: Callable[[str], None] | None = None

    def catch(
        self,
        kind: type[BaseException],
        error: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        logger.critical("Unexpected error", exc_info=(kind, error, traceback))
        if self.tell is not None:
            self.tell(
                tr(
                    "Something went wrong inside PetStudio. Details are in {log_folder}.",
                    log_folder=log_folder(),
                )
            )


@contextmanager
def _last_resorts() -> Iterator[_LastResort]:
    handler = _log_file()
    root = logging.getLogger()
    root.addHandler(handler)
    former_hook = sys.excepthook
    resort = _LastResort()
    sys.excepthook = resort.catch
    qInstallMessageHandler(_log_qt)
    try:
        yield resort
    finally:
        qInstallMessageHandler(None)
        sys.excepthook = former_hook
        root.removeHandler(handler)
        handler.close()


def _log_file() -> logging.Handler:
    folder = log_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(
            folder / "petstudio.log",
            maxBytes=_LOG_BYTES,
            backupCount=_LOG_FILES,
            encoding="utf-8",
            errors="backslashreplace",
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setLevel(logging.INFO)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


def _log_qt(level: QtMsgType, _context: QMessageLogContext, message: str | None) -> None:
    logger.log(_QT_LEVELS[level], "Qt: %s", message)


def _leave_on_signal(desk: Desk) -> None:
    # Python looks at signals when it runs; the collector's timer makes it run every second. Then
    # it may be in the middle of anything, so the window is closed from the event loop.
    def leave(_number: int, _frame: FrameType | None) -> None:
        QTimer.singleShot(0, desk.window.leave)

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
