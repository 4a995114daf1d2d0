"""The second line of the recipe: runs from the same checkpoint that were left aside."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from petstudio.api.language import tr
from petstudio.bridge.branches import MOST_SHOWN, Branch, why_left_aside
from petstudio.config.recipe import StartChoice
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.stage_card import branch_card
from petstudio.ui.widgets.stage_card_delegate import CARD_GAP, StageCardDelegate
from petstudio.ui.widgets.stage_cards import StageCardModel, StageCards
from petstudio.ui.widgets.text import Text

_CARD_WIDTH: Final = 284  # for a line of 16 pixels: two rates, and that it was left aside
_GAP: Final = 12
_STEM: Final = 40  # where the arrow leaves the card above, from that one's left edge
_LEAST_ARROW: Final = 36
_LEAST_SENTENCE: Final = 240
_BEND: Final = 4


class BranchStrip(QWidget):
    """Stands under the cards; its arrow comes from the last stage that the draft takes over."""

    def __init__(self, theme: Theme, cards: StageCards) -> None:
        super().__init__()
        self._theme = theme
        self._cards = cards
        self._shown: object = None
        self._stage = 0
        self._model = StageCardModel()
        self._list = QListView(self)
        self._more = Text(kind="small", tone="text2", parent=self)
        self._why = Text(kind="small", tone="text2", wraps=True, parent=self)
        self._more.setObjectName("training.branches.more")
        self._why.setObjectName("training.branches.why")
        self._dress()
        cards.arranged.connect(self._arrange)
        theme.changed.connect(self._repaint)
        self.hide()

    def show_branches(self, branches: tuple[Branch, ...], start: StartChoice) -> None:
        """Show the first of these; nothing is shown if there are none."""
        if (branches, start) == self._shown:
            return
        self._shown, self._stage = (branches, start), start.stage
        shown = branches[:MOST_SHOWN]
        self._model.show_cards(tuple(branch_card(branch) for branch in shown))
        rest = len(branches) - len(shown)
        self._more.setText(tr("and {rest:,} more", rest=rest) if rest else "")
        self._more.setVisible(bool(rest))
        self._why.setText(why_left_aside(shown, start) if shown else "")
        self.setVisible(bool(shown))
        self._arrange()

    def texts(self) -> list[str]:
        """All that is shown, in words."""
        rows = range(self._model.rowCount())
        spoken = [str(self._model.data(self._model.index(row))) for row in rows]
        return [*spoken, *filter(None, (self._more.text(), self._why.text()))]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = self._theme.color("control")
        end = QPointF(self._list.x() - 1, self._list.geometry().center().y() + 0.5)
        top = QPointF(self._stem() + 0.5, 0)
        path = QPainterPath(top)
        path.lineTo(top.x(), end.y() - _BEND)
        path.quadTo(top.x(), end.y(), top.x() + _BEND, end.y())
        path.lineTo(end - QPointF(4, 0))
        painter.setPen(QPen(color, 1))
        painter.drawPath(path)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([end, end - QPointF(6, 3.5), end - QPointF(6, -3.5)]))

    def _dress(self) -> None:
        view = self._list
        view.setObjectName("training.branches")
        view.setAccessibleName(tr("Runs that were left aside"))
        view.setModel(self._model)
        view.setItemDelegate(StageCardDelegate(self._theme, view))
        view.setFlow(QListView.Flow.LeftToRight)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # there is nothing to do with them here
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _stem(self) -> int:
        """Return where the arrow begins."""
        wanted = self._cards.left_of(max(0, self._stage - 1)) + _STEM
        return max(1, min(wanted, self._list.x() - _LEAST_ARROW + 8))

    @Slot()
    def _repaint(self) -> None:
        self._list.viewport().update()
        self.update()

    @Slot()
    def _arrange(self) -> None:
        """Put the cards below the stage in whose place they stood, as far as there is room."""
        count = self._model.rowCount()
        if not count:
            return
        metrics = self.fontMetrics()
        height = StageCardDelegate.card_height(metrics)
        card = round(_CARD_WIDTH * max(16, metrics.height()) / 16)
        card = min(card, (self.width() - _LEAST_ARROW) // count - CARD_GAP)
        self._model.set_width(card)
        cards = count * (card + CARD_GAP) - CARD_GAP
        beside = cards + _GAP + self._width_beside()
        left = self._cards.left_of(max(1, self._stage))
        left = max(_LEAST_ARROW, min(left, self.width() - beside))
        self._list.setGeometry(left, _GAP, cards, height)
        bottom = self._arrange_words(QRect(left, _GAP, cards, height))
        self.setFixedHeight(bottom)
        self.update()

    def _width_beside(self) -> int:
        more = self._more.sizeHint().width() + _GAP if self._more.text() else 0
        return more + _LEAST_SENTENCE

    def _arrange_words(self, cards: QRect) -> int:
        """Put the words beside the cards, or the sentence below where it is too narrow there."""
        x = cards.right() + 1 + _GAP
        if self._more.text():
            self._more.setGeometry(x, cards.top(), self._more.sizeHint().width(), cards.height())
            x += self._more.width() + _GAP
        if self.width() - x >= _LEAST_SENTENCE:
            self._why.setGeometry(x, cards.top(), self.width() - x, cards.height())
            return cards.bottom() + 1
        room = self.width() - cards.left()
        tall = self._why.heightForWidth(room)
        self._why.setGeometry(cards.left(), cards.bottom() + 1 + _GAP // 2, room, tall)
        return cards.bottom() + 1 + _GAP // 2 + tall
