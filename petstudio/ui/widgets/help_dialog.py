"""Help: what this program is, what it runs on, and where it keeps its files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from petstudio.config.paths import log_folder
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.diagnostics import facts, places, report
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import ElidedText, Text

_TITLE: Final = "Help"
_ABOUT: Final = (
    "Train image classifiers by pointing and clicking, on your own machine. No account, no "
    "telemetry; the app goes on the network only when you ask it to. "
    "MIT licence. Icons: Phosphor (MIT)."
)
_RUNS_ON: Final = "Runs on"
_PLACES: Final = "Files"
_DIAGNOSTICS: Final = (
    "Diagnostics hold versions, the system and the plugins: no paths of yours, no names of "
    "projects, pictures or classes."
)
_COPIED: Final = "Diagnostics copied."
_WIDTH: Final = 640


class HelpDialog(QDialog):
    keys_requested = Signal()

    def __init__(
        self, theme: Theme, host: PluginHost, project: Path | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._host = host
        self._note = Text(_DIAGNOSTICS, kind="small", tone="text3", wraps=True)
        self._note.setObjectName("help.note")
        self.setObjectName("help")
        self.setWindowTitle(_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(Text(_TITLE, kind="dialog"))
        layout.addWidget(Text(_ABOUT, tone="text2", wraps=True))
        layout.addWidget(Text(_RUNS_ON, kind="section"))
        layout.addLayout(_lines({name: Text(value) for name, value in facts().items()}))
        layout.addWidget(Text(_PLACES, kind="section"))
        layout.addLayout(_lines({name: _path(path) for name, path in places(project).items()}))
        layout.addWidget(self._note)
        layout.addLayout(self._build_buttons())

    def _build_buttons(self) -> QHBoxLayout:
        copy = Button(self._theme, "Copy diagnostics", icon="copy", name="help.copy")
        log = Button(self._theme, "Open log folder", icon="folder-open", name="help.log")
        keys = Button(self._theme, "Show all keys", icon="keyboard", name="help.keys")
        close = Button(self._theme, "Close", kind="primary", name="help.close")
        copy.clicked.connect(self._copy)
        log.clicked.connect(self._open_log)
        keys.clicked.connect(self.keys_requested)
        close.clicked.connect(self.accept)
        close.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (copy, log, keys):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        return row

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(report(self._host))
        self._note.setText(_COPIED)

    @Slot()
    def _open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))


def _path(path: Path) -> Text:
    text = ElidedText(str(path), in_the_middle=True)
    text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return text


def _lines(values: dict[str, Text]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(values.items()):
        grid.addWidget(Text(name, tone="text2"), row, 0)
        grid.addWidget(value, row, 1)
    return grid
