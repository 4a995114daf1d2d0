"""The bar below the pictures: how many are selected, what the keys do, sizes, the two modes."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider

from petstudio.api.language import tr
from petstudio.bridge.models import spoken_label
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.divider import UprightDivider
from petstudio.ui.widgets.fitting_row import FittingRow
from petstudio.ui.widgets.key_hint import KeyHint
from petstudio.ui.widgets.picture_grid import LARGEST_TILE, SMALLEST_TILE
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.text import Text

GRID: Final = "grid"
SINGLE: Final = "single"
_HEIGHT: Final = 46
_SLIDER_WIDTH: Final = 110
_LONGEST_NAME: Final = 18
_SIZE_TIP: Final = tr("Size of the pictures (+ and −)")
_MODES: Final = {GRID: tr("Grid"), SINGLE: tr("One by one")}


class LabelBar(QFrame):
    """Tells of changes that the user made."""

    size_chosen = Signal(int)
    """How wide a tile shall be."""
    mode_chosen = Signal(str)
    """GRID or SINGLE."""

    def __init__(self, theme: Theme, tile_width: int) -> None:
        super().__init__()
        self._theme = theme
        self._selected = Text(kind="strong")
        self._typed = Text(kind="mono", tone="accent_text")
        self._repeat = KeyHint("R", tr("repeat"))
        self._hints = FittingRow(
            KeyHint("1–9", tr("label")),
            KeyHint(tr("Enter"), tr("accept suggestion")),
            self._repeat,
            KeyHint("X", tr("exclude")),
            KeyHint("U", tr("next unlabelled")),
            KeyHint("K", tr("label is right")),
            KeyHint("N", tr("none of these")),
            KeyHint("T", tr("tag")),
            KeyHint("H", tr("heat map")),
        )
        self._small, self._large = QLabel(), QLabel()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self.modes = Segmented(_MODES, name="label.mode", spoken=tr("How pictures are shown"))
        self._build(tile_width)
        self._slider.valueChanged.connect(self.size_chosen)
        self.modes.chosen.connect(self.mode_chosen)
        theme.changed.connect(self._draw_icons)

    def show_selected(self, count: int) -> None:
        self._selected.setText(tr("{count:,} selected", count=count))

    def show_typed(self, typed: str) -> None:
        """Show the beginning of a code, while its letters are awaited."""
        self._typed.setText(f"{typed}…" if typed else "")
        self._typed.setVisible(bool(typed))

    def show_last_label(self, label: str) -> None:
        """Say what the repeating key gives."""
        name = spoken_label(label)
        short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
        self._repeat.say(tr("repeat {label}", label=short) if label else tr("repeat"))
        self._hints.lay_out()

    def show_size(self, width: int) -> None:
        """Show how wide the tiles are, without a signal."""
        with QSignalBlocker(self._slider):
            self._slider.setValue(width)

    def show_mode(self, mode: str) -> None:
        self.modes.choose(mode)
        for widget in (self._small, self._slider, self._large):
            widget.setVisible(mode == GRID)

    def _build(self, tile_width: int) -> None:
        self.setProperty("card", True)
        self.setObjectName("label.bar")
        self.setMinimumHeight(_HEIGHT)
        self._slider.setObjectName("label.size")
        self._slider.setAccessibleName(tr("Size of the pictures"))
        self._slider.setToolTip(_SIZE_TIP)
        self._slider.setRange(SMALLEST_TILE, LARGEST_TILE)
        self._slider.setFixedWidth(_SLIDER_WIDTH)
        self._slider.setValue(tile_width)
        self._typed.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 4, 8, 4)
        layout.setSpacing(10)
        layout.addWidget(self._selected)
        layout.addWidget(UprightDivider(24))
        layout.addWidget(self._typed)
        layout.addWidget(self._hints, 1)
        for widget in (self._small, self._slider, self._large, self.modes):
            layout.addWidget(widget)
        self._draw_icons()
        self.show_selected(0)

    @Slot()
    def _draw_icons(self) -> None:
        icon = self._theme.icon("image", "text2")
        self._small.setPixmap(icon.pixmap(QSize(12, 12)))
        self._large.setPixmap(icon.pixmap(QSize(16, 16)))
