"""The layer groups of the network as a strip of blocks, with a divider that freezes them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRect, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy

from petstudio.api.events import GroupPlan
from petstudio.api.language import tr
from petstudio.bridge.layer_plan import frozen_count, trainable_after
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.layer_blocks import BLOCK_GAP, BlockPainter, lay_out
from petstudio.ui.widgets.layer_divider import DIVIDER_REACH, DividerLook, paint_divider
from petstudio.ui.widgets.layer_words import spoken_divider, spoken_group
from petstudio.ui.widgets.text import plain_tip

_LEAD: Final = 15  # left of the first block, where the divider stands while nothing is frozen
_FIRST_PLACE: Final = 7
_STEPS: Final = {
    Qt.Key.Key_BracketLeft: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_BracketRight: QAbstractSlider.SliderAction.SliderSingleStepAdd,
}
_HELP: Final = tr("Drag the divider, or press [ and ], to freeze all layers to its left.")


class LayerStrip(QAbstractSlider):
    """A slider whose value is how many groups are frozen at the input side; the head always trains.

    Blocks grow with the logarithm of their parameters. Screen readers get the slider's positions
    from Qt; where the divider stands in words is the accessible name, the groups the description,
    as a slider's value is a number to them.
    """

    trainable_chosen = Signal(str)
    """The `trainable` of a stage that the user chose: "all", "head" or the name of a group."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._groups: tuple[GroupPlan, ...] = ()
        self._pointer: float | None = None
        self._is_hot = False
        self._why_locked = ""
        self.setObjectName("training.layers")
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, 0)
        self.setPageStep(1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.valueChanged.connect(self._tell)
        theme.changed.connect(self.update)

    def show_groups(self, groups: tuple[GroupPlan, ...]) -> None:
        if groups == self._groups:
            return
        self._groups = groups
        blocker = QSignalBlocker(self)
        self.setRange(0, max(0, len(groups) - 1))
        self.setValue(frozen_count(groups))
        blocker.unblock()
        self._describe()
        self.update()

    def lock(self, why: str) -> None:
        """Let nobody move the divider, for this reason; an empty one unlocks it."""
        if why != self._why_locked:
            self._why_locked = why
            self._let_go()
            self.setEnabled(not why)
            self._describe()

    def divider_place(self, position: int) -> float:
        """Return where the divider stands when so many groups are frozen."""
        return _FIRST_PLACE if position == 0 else self._blocks()[position].left() - BLOCK_GAP / 2

    def sizeHint(self) -> QSize:
        return QSize(300, max(48, 2 * self.fontMetrics().height() + 16))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.triggerAction(step)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A page that scrolls must not change a stage that passes under the pointer.
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._is_at_divider(event):
            self.setSliderDown(True)
            self._follow(event)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event)
        else:
            self._warm(is_hot=self._is_at_divider(event))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._let_go()

    def leaveEvent(self, _event: QEvent) -> None:
        self._warm(is_hot=False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        blocks = BlockPainter(self._theme, painter, self._groups)
        for group, rect in zip(self._groups, self._blocks(), strict=True):
            blocks.paint(rect, group)
        if self.maximum() > 0:
            place = self.divider_place(self.value()) if self._pointer is None else self._pointer
            paint_divider(painter, self._theme, place, self.height(), self._look())
        painter.end()

    def _look(self) -> DividerLook:
        return DividerLook(
            is_locked=not self.isEnabled(),
            is_hot=self.isEnabled() and (self._is_hot or self.isSliderDown()),
            has_focus=self.hasFocus(),
        )

    def _blocks(self) -> list[QRect]:
        return lay_out(self._groups, _LEAD, self.size())

    def _is_at_divider(self, event: QMouseEvent) -> bool:
        place = self.divider_place(self.value()) if self.maximum() > 0 else -DIVIDER_REACH
        return self.isEnabled() and abs(event.position().x() - place) <= DIVIDER_REACH

    def _follow(self, event: QMouseEvent) -> None:
        places = [self.divider_place(position) for position in range(self.maximum() + 1)]
        x = min(max(event.position().x(), places[0]), places[-1])
        self._pointer = x
        self.setValue(min(range(len(places)), key=lambda position: abs(places[position] - x)))
        self.update()

    def _let_go(self) -> None:
        self._pointer = None
        self.setSliderDown(False)
        self.update()

    def _warm(self, *, is_hot: bool) -> None:
        if is_hot != self._is_hot:
            self._is_hot = is_hot
            shape = Qt.CursorShape.SplitHCursor if is_hot else Qt.CursorShape.ArrowCursor
            self.setCursor(shape)
            self.update()

    def _describe(self) -> None:
        lines = [spoken_group(group) for group in self._groups]
        self.setAccessibleName(
            tr("Layers: {divider}", divider=spoken_divider(self._groups)) if lines else tr("Layers")
        )
        self.setAccessibleDescription("; ".join(lines))
        shown = "\n".join([*lines, self._why_locked or _HELP])
        self.setToolTip(plain_tip(shown).replace("\n", "<br>"))

    @Slot(int)
    def _tell(self, frozen: int) -> None:
        self.trainable_chosen.emit(trainable_after(self._groups, frozen))
