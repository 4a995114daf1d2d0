"""The row above the results: their order, which of them, how sure, and as what they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.models import in_alphabet, spoken_label
from petstudio.bridge.shown_predictions import Choice, SortBy, Subset
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.share_field import ShareField
from petstudio.ui.widgets.text import Text

GRID: Final = "grid"
TABLE: Final = "table"
_SORTS: Final = (
    (SortBy.LEAST_CONFIDENT.value, tr("least sure first")),
    (SortBy.MOST_CONFIDENT.value, tr("most sure first")),
    (SortBy.SMALLEST_MARGIN.value, tr("closest race first")),
    (SortBy.CLASS.value, tr("class")),
    (SortBy.FILE.value, tr("file name")),
)
_SUBSETS: Final = (
    (Subset.ALL.value, tr("all")),
    (Subset.UNSURE.value, tr("not sure")),
    (Subset.UNREADABLE.value, tr("not readable")),
)
_CLASS: Final = f"{Subset.CLASS.value}:"
_SORT: Final = tr("Sort")
_SHOW: Final = tr("Show")
_AT_LEAST: Final = tr("at least")
_AT_LEAST_TIP: Final = tr("Show pictures whose most probable class has at least this probability.")
_SURE: Final = tr("“Not sure” below")
_SURE_TIP: Final = tr("A picture whose most probable class is less probable counts as not sure.")
_VIEW: Final = tr("Show as")
_SUBSET_LETTERS: Final = (8, 13)  # at least, at most
_ARROW_ROOM: Final = 46


class ResultFilters(QWidget):
    """Holds a Choice."""

    edited = Signal()
    """The user wants to see others, or in another order."""
    view_chosen = Signal(str)
    """GRID or TABLE."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sort = ChoiceBox(_SORTS)
        self._subset = ChoiceBox(_SUBSETS)
        self._at_least = ShareField(_AT_LEAST, name="predict.at_least", tip=_AT_LEAST_TIP)
        self._sure = ShareField(_SURE, name="predict.sure_from", tip=_SURE_TIP)
        self._view = Segmented(
            {GRID: tr("Grid"), TABLE: tr("Table")}, name="predict.view", spoken=_VIEW
        )
        self._build()
        self._connect()

    @property
    def choice(self) -> Choice:
        subset, _, label = self._subset.key.partition(":")
        return Choice(
            sort=SortBy(self._sort.key),
            subset=Subset(subset),
            label=label,
            at_least=self._at_least.share,
            sure_from=self._sure.share,
        )

    def show_classes(self, classes: Sequence[str]) -> None:
        """Offer these classes; all results are shown if the chosen one is not among them."""
        names = sorted(classes, key=in_alphabet)
        self._subset.show_choices(
            (*_SUBSETS, *((f"{_CLASS}{name}", spoken_label(name)) for name in names))
        )

    def show_threshold(self, share: float) -> None:
        """Show from which probability on a class counts."""
        self._sure.show_share(share)

    @Slot(object)
    def sort_by(self, sort: SortBy) -> None:
        """Choose an order; the same one once more turns it round where that can be."""
        is_again = sort is SortBy.LEAST_CONFIDENT and self.choice.sort is sort
        self._sort.show_key((SortBy.MOST_CONFIDENT if is_again else sort).value)
        self.edited.emit()

    def show_view(self, view: str) -> None:
        self._view.choose(view)

    def _build(self) -> None:
        least, most = _SUBSET_LETTERS
        LettersWide(self._subset, least, room=_ARROW_ROOM, most=most)
        parts = QWidget()
        flow = FlowLayout(parts, spacing=12)
        for label, box, name in (
            (_SORT, self._sort, "predict.sort"),
            (_SHOW, self._subset, "predict.subset"),
        ):
            box.setObjectName(name)
            box.setAccessibleName(label)
            flow.addWidget(_labelled(label, box))
        flow.addWidget(self._at_least)
        flow.addWidget(self._sure)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(parts, 1)
        row.addWidget(self._view, 0, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        for box in (self._sort, self._subset):
            box.picked.connect(self._tell)
        for field in (self._at_least, self._sure):
            field.edited.connect(self._tell)
        self._view.chosen.connect(self.view_chosen)

    @Slot()
    def _tell(self) -> None:
        self.edited.emit()


def _labelled(label: str, box: QWidget) -> QWidget:
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(Text(label, kind="label"))
    row.addWidget(box)
    return pair
