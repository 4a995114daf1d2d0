"""Help: what this program is, what it runs on, and where it keeps its files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from petstudio.api.language import tr
from petstudio.config.paths import log_folder
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.diagnostics import facts, places, report
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.sheet import Sheet
from petstudio.ui.widgets.text import ElidedText, Text

_TITLE: Final = tr("Help")
_ABOUT: Final = tr(
    "Train image classifiers by pointing and clicking, on your own machine. No account, no "
    "telemetry; the app goes on the network only when you ask it to. "
    "MIT licence. Icons: Phosphor (MIT)."
)
_RUNS_ON: Final = tr("Runs on")
_PLACES: Final = tr("Files")
_DIAGNOSTICS: Final = tr(
    "Diagnostics hold versions, the system and the plugins: no paths of yours, no names of "
    "projects, pictures or classes."
)
_COPIED: Final = tr("Diagnostics copied.")
_LETTERS: Final = 92
_LINES: Final = 30


class HelpDialog(Sheet):
    keys_requested = Signal()

    def __init__(
        self, theme: Theme, host: PluginHost, project: Path | None, parent: QWidget
    ) -> None:
        super().__init__(theme, _TITLE, parent, name="help", letters=_LETTERS, lines=_LINES)
        self._host = host
        self._note = Text(_DIAGNOSTICS, kind="small", tone="text3", wraps=True)
        self._note.setObjectName("help.note")
        self.body.addWidget(Text(_ABOUT, tone="text2", wraps=True))
        self.body.addWidget(Text(_RUNS_ON, kind="section"))
        self.body.addLayout(_lines({name: Text(value) for name, value in facts().items()}))
        self.body.addWidget(Text(_PLACES, kind="section"))
        self.body.addLayout(_lines({name: _path(path) for name, path in places(project).items()}))
        self.body.addWidget(self._note)
        self._add_buttons()
        self.finish()

    def _add_buttons(self) -> None:
        for text, icon, name, do in (
            (tr("Copy diagnostics"), "copy", "help.copy", self._copy),
            (tr("Open log folder"), "folder-open", "help.log", self._open_log),
            (tr("Show all keys"), "keyboard", "help.keys", self.keys_requested.emit),
        ):
            button = self.add_button(Button(self.theme, text, icon=icon, name=name))
            button.clicked.connect(do)

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
