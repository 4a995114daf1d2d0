"""The row above the pictures: which of them are shown, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from petstudio.api.contributions import Split
from petstudio.api.language import tr
from petstudio.bridge.label_rows import LabelChoice, LabelOrder, LabelState
from petstudio.bridge.models import spoken_label
from petstudio.bridge.picture_list import TileMark
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.fitting_row import FittingRow
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.text import Text

_ORDERS: Final = {
    LabelOrder.NAME: tr("by name"),
    LabelOrder.LEAST_SURE: tr("least sure first"),
    LabelOrder.MARGIN: tr("smallest margin first"),
    LabelOrder.DIFFERENT: tr("most different first"),
    LabelOrder.RANDOM: tr("random"),
}
_SPLITS: Final = {
    "": tr("any split"),
    Split.TRAIN.value: tr("training"),
    Split.VALID.value: tr("validation"),
    Split.TEST.value: tr("test"),
}
_STATES: Final = {
    LabelState.ANY: tr("any state"),
    LabelState.OPEN: tr("without a label"),
    LabelState.SUGGESTED: tr("suggested"),
    LabelState.LABELLED: tr("labelled"),
    LabelState.BY_PERSON: tr("labelled by you"),
    LabelState.DISAGREES: tr("not as suggested"),
    LabelState.NONE_OF_THESE: tr("none of these"),
    LabelState.EXCLUDED: tr("excluded"),
    LabelState.UNREADABLE: tr("cannot be read"),
}
_ANY_CLASS: Final = tr("any class")
_ANY_TAG: Final = tr("any tag")
_NEEDS_SUGGESTIONS: Final = tr("Without suggestions, these orders are the same as by name")
_SWATCH: Final = QSize(20, 12)
_NARROWEST, _WIDEST = 5, 17  # figures that stand in a box, beside its arrow
_ARROW_ROOM: Final = 44


class LabelFilters(QWidget):
    """Tells of changes that the user made."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._order = _box("order", tr("Order"), ((o.value, text) for o, text in _ORDERS.items()))
        self._class = _box("class", tr("Class"), (("", _ANY_CLASS),))
        self._split = _box("split", tr("Split"), _SPLITS.items())
        self._tag = _box("tag", tr("Tag"), (("", _ANY_TAG),))
        self._state = _box("state", tr("State"), ((s.value, text) for s, text in _STATES.items()))
        self._legend = FittingRow(
            _Legend(theme, TileMark.SUGGESTED, tr("suggested")),
            _Legend(theme, TileMark.CONFIRMED, tr("confirmed")),
            _Legend(theme, TileMark.PENDING, tr("pending")),
            is_at_right=True,
        )
        self._build()

    @property
    def choice(self) -> LabelChoice:
        return LabelChoice(
            order=LabelOrder(self._order.key),
            label=self._class.key,
            split=Split(self._split.key) if self._split.key else None,
            tag=self._tag.key,
            state=LabelState(self._state.key),
        )

    def choose(self, choice: LabelChoice) -> None:
        """Show a choice without a signal."""
        self._order.show_key(choice.order.value)
        self._class.show_key(choice.label, spoken_label(choice.label))
        self._split.show_key(choice.split.value if choice.split else "")
        self._tag.show_key(choice.tag, choice.tag)
        self._state.show_key(choice.state.value)

    def show_classes(self, classes: Sequence[str], tags: Sequence[str]) -> None:
        """Offer the classes and tags of today."""
        _offer(self._class, _ANY_CLASS, [(name, spoken_label(name)) for name in classes])
        _offer(self._tag, _ANY_TAG, [(tag, tag) for tag in tags])

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Text(tr("Order"), kind="label"))
        for box in (self._order, self._class, self._split, self._tag, self._state):
            layout.addWidget(box)
            box.picked.connect(self._tell)
        layout.addSpacing(4)
        layout.addWidget(self._legend, 1)
        self._order.setToolTip(_NEEDS_SUGGESTIONS)

    @Slot()
    def _tell(self) -> None:
        self.changed.emit()


def _box(name: str, spoken: str, choices: Iterable[tuple[str, str]]) -> ChoiceBox:
    box = ChoiceBox(choices)
    box.setObjectName(f"label.{name}")
    box.setAccessibleName(spoken)
    LettersWide(box, _NARROWEST, room=_ARROW_ROOM, most=_WIDEST)
    box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return box


def _offer(box: ChoiceBox, any_of_them: str, choices: list[tuple[str, str]]) -> None:
    wanted = [("", any_of_them), *choices]
    there = [(box.itemData(at), box.itemText(at)) for at in range(box.count())]
    if wanted != there:
        box.show_choices(wanted)


class _Legend(QWidget):
    """A small chip as the tiles have it, with its meaning."""

    def __init__(self, theme: Theme, mark: TileMark, words: str) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(_Swatch(theme, mark))
        layout.addWidget(Text(words, kind="small"))


class _Swatch(QWidget):
    def __init__(self, theme: Theme, mark: TileMark) -> None:
        super().__init__()
        self._theme = theme
        self._mark = mark
        self.setFixedSize(_SWATCH)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.color
        if self._mark is TileMark.CONFIRMED:
            pen, fill = QPen(color("accent"), 1), color("accent")
        elif self._mark is TileMark.SUGGESTED:
            pen, fill = QPen(color("accent"), 1.2), color("surface")
        else:
            pen, fill = QPen(color("warn"), 1.2, Qt.PenStyle.DashLine), color("warn_soft")
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 3, 3)
        painter.end()
