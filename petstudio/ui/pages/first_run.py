"""The first thing one sees: a place to drop pictures on, and two other ways to begin."""

from __future__ import annotations

from importlib import resources
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.checks_line import ChecksLine
from petstudio.ui.widgets.choice_card import ChoiceCard
from petstudio.ui.widgets.drop_well import DropWell
from petstudio.ui.widgets.key_cap import KeyCap
from petstudio.ui.widgets.picture_fan import PictureFan
from petstudio.ui.widgets.text import Text

_WIDTH: Final = 900
_LETTERS: Final = 100
_WELL_HEIGHT: Final = 300
_FAN_SIDE: Final = 92
_HEADLINE: Final = tr("Drop a folder of pictures here")
_EXPLANATION: Final = tr("Names or folders become labels. Your files stay where they are.")
_CHOOSE: Final = tr("Choose folder…")
_OR_PRESS: Final = tr("or press")
_SAMPLE: Final = (
    tr("Try the sample"),
    tr("Ten kinds of pet, drawn on your machine."),
    tr("No download"),
)
_OPEN: Final = (
    tr("Open a project"),
    tr("Go on where you left off, with labels and runs."),
    "Ctrl+Shift+O",
)
_PETS: Final = (
    tr("Full pets tutorial"),
    tr("37 breeds, ResNet34, from labels to fine-tuning."),
    tr("792 MB download, asks first, can resume"),
)
_PRIVACY: Final = tr(
    "No account, no telemetry. The app goes on the network only when you ask it to."
)


class FirstRun(QWidget):
    """Shown while no folder is chosen and no project is open."""

    folder_dropped = Signal(object)
    choose_requested = Signal()
    sample_requested = Signal()
    open_requested = Signal()
    pets_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._fan = PictureFan(theme, side=_FAN_SIDE)
        self.well = DropWell(theme, name="first_run.well")
        self.choose = Button(
            theme, _CHOOSE, kind="primary", icon="folder-open", name="first_run.choose"
        )
        self.sample = ChoiceCard(theme, "image", _SAMPLE, name="first_run.sample")
        self.open = ChoiceCard(theme, "folder-open", _OPEN, name="first_run.open")
        self.pets = ChoiceCard(theme, "book-open", _PETS, name="first_run.pets")
        self.checks = ChecksLine(theme, name="first_run.checks")
        self._lock = QLabel()
        self._or_press = Text(_OR_PRESS, tone="text2")
        self._key = KeyCap("Ctrl+O")
        self._panel = QFrame()
        self._build()
        self._connect()
        self._dress()

    def show_keys(self, choose: str, open_project: str) -> None:
        """Show the keys of today; empty for none."""
        self._key.setText(choose)
        self._or_press.setVisible(bool(choose))
        self._key.setVisible(bool(choose))
        self.open.set_hint(open_project)

    def set_ready(self, ready: bool) -> None:
        """Say whether a job could be started now."""
        self.sample.setEnabled(ready)
        self.pets.setEnabled(ready)

    def _build(self) -> None:
        self._fan.show_pictures(_sample_pictures())
        self._fill_well()
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addStretch(1)
        column.addWidget(self.well)
        cards = QHBoxLayout()
        cards.setSpacing(12)
        cards.addWidget(self.sample, 1)
        cards.addWidget(self.open, 1)
        cards.addWidget(self.pets, 1)
        column.addLayout(cards)
        column.addWidget(self.checks)
        column.addLayout(self._build_privacy())
        column.addStretch(2)
        self._panel.setLayout(column)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 100)
        grid.setColumnStretch(2, 1)
        grid.addWidget(self._panel, 0, 1)

    def _fill_well(self) -> None:
        self.well.setMinimumHeight(_WELL_HEIGHT)
        centre = Qt.AlignmentFlag.AlignHCenter
        self.well.content.setSpacing(8)
        self.well.content.addStretch(1)
        self.well.content.addWidget(self._fan)
        self.well.content.addSpacing(8)
        self.well.content.addWidget(Text(_HEADLINE, kind="page"), 0, centre)
        self.well.content.addWidget(Text(_EXPLANATION, tone="text2"), 0, centre)
        self.well.content.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(self.choose)
        row.addWidget(self._or_press)
        row.addWidget(self._key, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.well.content.addLayout(row)
        self.well.content.addStretch(1)

    def _build_privacy(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        words = Text(_PRIVACY, kind="small", tone="text3", wraps=True)
        row.addWidget(self._lock, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return row

    def _connect(self) -> None:
        self.well.folder_dropped.connect(self.folder_dropped)
        self.choose.clicked.connect(self.choose_requested)
        self.sample.clicked.connect(self.sample_requested)
        self.open.clicked.connect(self.open_requested)
        self.pets.clicked.connect(self.pets_requested)
        self._theme.changed.connect(self._dress)

    @Slot()
    def _dress(self) -> None:
        letters = _LETTERS * QFontMetrics(self._theme.font(FontRole.BODY)).averageCharWidth()
        self._panel.setMaximumWidth(max(_WIDTH, letters))
        icon = self._theme.icon("lock-simple", "text3")
        self._lock.setPixmap(icon.pixmap(QSize(14, 14)))


def _sample_pictures() -> list[QPixmap]:
    folder = resources.files("petstudio.resources") / "pictures"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".jpg"))
    return [QPixmap(str(folder / name)) for name in names]
