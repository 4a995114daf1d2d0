"""The card that says what became of each picture from one run to another."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel

from petstudio.api.language import tr
from petstudio.bridge.figures import signed_text
from petstudio.bridge.run_comparison import ComparedPart, ComparedRuns
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.comparison_tile import ComparisonTile
from petstudio.ui.widgets.text import Text

_TITLE: Final = tr("Comparison")
_EMPTY: Final = tr(
    "Tick two runs and press “Compare 2” to see which pictures became right or wrong."
)
_READY: Final = tr("Press “Compare 2” to see which pictures became right or wrong.")
_BUSY: Final = tr("Comparing…")


class ComparisonCard(Card):
    """Four tiles and a sentence about chance."""

    part_wanted = Signal(object)
    """The ComparedPart whose pictures the user wants to see."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(_TITLE, name="runs.comparison")
        self._theme = theme
        self._icon = QLabel()
        self._words = Text(kind="small", tone="text2", wraps=True)
        self._words.setObjectName("runs.verdict")
        self.tiles = {part: ComparisonTile(theme, part) for part in ComparedPart}
        self._build()
        theme.changed.connect(self._draw_icon)
        self._draw_icon()
        self.show_nothing()

    @property
    def verdict(self) -> str:
        return self._words.text()

    def show_nothing(self, *, has_two: bool = False) -> None:
        """Say how a comparison comes about."""
        self._show_counts(_TITLE, dict.fromkeys(ComparedPart), _READY if has_two else _EMPTY)

    def show_busy(self) -> None:
        self._show_counts(_TITLE, dict.fromkeys(ComparedPart), _BUSY)

    def show_problem(self, sentence: str) -> None:
        """Say why the runs cannot be compared."""
        self._show_counts(_TITLE, dict.fromkeys(ComparedPart), sentence)

    def show_comparison(self, compared: ComparedRuns) -> None:
        counts = {part: len(compared.keys(part)) for part in ComparedPart}
        after, before = compared.after.number, compared.before.number
        title = tr("{after} against {before}", after=after, before=before)
        self._show_counts(title, counts, verdict_of(compared))

    def _show_counts(
        self, title: str, counts: dict[ComparedPart, int] | dict[ComparedPart, None], words: str
    ) -> None:
        self.title.setText(title)
        for part, tile in self.tiles.items():
            tile.show_count(counts[part])
        self._words.setText(words)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(10)
        for place, (part, tile) in enumerate(self.tiles.items()):
            grid.addWidget(tile, place // 2, place % 2)
            tile.clicked.connect(partial(self._want, part))
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._words, 1)
        self.body.addLayout(grid, 1)
        self.body.addLayout(below)

    def _want(self, part: ComparedPart, _is_checked: bool = False) -> None:
        self.part_wanted.emit(part)

    @Slot()
    def _draw_icon(self) -> None:
        self._icon.setPixmap(self._theme.icon("info", "text3").pixmap(QSize(14, 14)))


def verdict_of(compared: ComparedRuns) -> str:
    """Return the gap in points, on how many pictures, and whether that may be chance."""
    found = compared.comparison
    if not found.images:
        return found.verdict
    points = 100 * (len(found.fixed) - len(found.broken)) / found.images
    return tr(
        "{points} points on {images:,} pictures. {verdict}",
        points=signed_text(points),
        images=found.images,
        verdict=found.verdict,
    )
