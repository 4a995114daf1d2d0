"""The cards of all plugins, narrowed by kind and by words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.plugin_shelf import PluginRow
from petstudio.plugin_host.records import Origin, PluginRecord
from petstudio.ui.theme import Theme
from petstudio.ui.widgets import plugin_words as words
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.empty_state import EmptyState
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.plugin_card import PluginCard
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.text import Text

_SEARCH_LETTERS: Final = 26
_SEARCH_ROOM: Final = 32  # the lens and the cross
_ROOM_FOR_BAR: Final = 8
_LEAST_HEIGHT: Final = 240


class PluginList(QWidget):
    """Up and Down go from card to card; signals of the cards come from here as well."""

    chosen = Signal(object)
    """The PluginRow, or None."""
    switched = Signal(object, bool)
    details_wanted = Signal(object)
    report_wanted = Signal(object)
    again_wanted = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._cards: list[PluginCard] = []
        self._rows: tuple[PluginRow, ...] = ()
        self._is_busy = False
        self._chosen = ""
        self._next = QTimer(self)
        self._next.setInterval(0)
        self._next.timeout.connect(self._make_next)
        filters = {words.ALL: tr("All"), **words.KIND_FILTERS}
        self._kinds = Segmented(filters, name="plugins.kind", spoken=tr("What plugins add"))
        self.search = QLineEdit()
        self.search.setObjectName("plugins.search")
        self.search.setPlaceholderText(words.SEARCH)
        self.search.setAccessibleName(words.SEARCH)
        self.search.setClearButtonEnabled(True)
        LettersWide(self.search, _SEARCH_LETTERS, room=_SEARCH_ROOM)
        self._column = QVBoxLayout()
        self._nothing = EmptyState(
            theme, icon="puzzle-piece", name="plugins.nothing", kind="secondary"
        )
        self.only_ours = _OnlyOurs(theme)
        self._build()
        self._kinds.chosen.connect(self._narrow)
        self.search.textChanged.connect(self._narrow)

    @property
    def cards(self) -> tuple[PluginCard, ...]:
        """Those in sight, from top to bottom."""
        return tuple(card for card in self._cards if not card.isHidden())

    @property
    def is_complete(self) -> bool:
        """Whether each plugin has its card."""
        return len(self._cards) == len(self._rows)

    def show_rows(self, rows: tuple[PluginRow, ...], *, is_busy: bool) -> None:
        """Show how all plugins stand now; cards that are not there yet come one after the other."""
        is_same = [row.record.name for row in rows] == [row.record.name for row in self._rows]
        self._rows, self._is_busy = rows, is_busy
        if not is_same:
            self._clear()
        if not self.is_complete:
            self._next.start()
        for card, row in zip(self._cards, rows, strict=False):
            card.show_row(row, is_busy=is_busy)
        self.only_ours.setVisible(all(row.record.origin is Origin.BUNDLED for row in rows))
        self._narrow()

    def shutdown(self) -> None:
        """Make no more cards."""
        self._next.stop()

    def choose(self, name: str) -> None:
        """Show which card the inspector belongs to."""
        self._chosen = name
        for card in self._cards:
            card.show_chosen(card.row.record.name == name)

    def _build(self) -> None:
        narrowing = FlowLayout(spacing=12)
        narrowing.addWidget(self._kinds)
        narrowing.addWidget(self.search)
        self._column.setSpacing(10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(narrowing)
        layout.addWidget(self._build_scroll(), 1)

    def _build_scroll(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, _ROOM_FOR_BAR, 0)
        column.setSpacing(10)
        column.addLayout(self._column)
        column.addWidget(self._nothing)
        column.addWidget(self.only_ours)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("body")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumHeight(_LEAST_HEIGHT)
        scroll.setWidget(inner)
        self._scroll = scroll
        return scroll

    def _clear(self) -> None:
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = []

    @Slot()
    def _make_next(self) -> None:
        """Make a card; all of them at once would keep the window from answering."""
        card = PluginCard(self._theme, self._rows[len(self._cards)])
        card.show_row(card.row, is_busy=self._is_busy)
        card.show_chosen(card.row.record.name == self._chosen)
        card.chosen.connect(self.chosen)
        card.switched.connect(self.switched)
        card.details_wanted.connect(self.details_wanted)
        card.report_wanted.connect(self.report_wanted)
        card.again_wanted.connect(self.again_wanted)
        card.stepped.connect(self._step)
        self._cards.append(card)
        self._column.addWidget(card)
        self._narrow()
        if self.is_complete:
            self._next.stop()

    @Slot(int)
    def _step(self, step: int) -> None:
        cards = self.cards
        at = next(number for number, card in enumerate(cards) if card.hasFocus())
        card = cards[max(0, min(len(cards) - 1, at + step))]
        card.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(card)

    @Slot()
    def _narrow(self) -> None:
        kind, text = self._kinds.key, self.search.text().strip().lower()
        for card in self._cards:
            record = card.row.record
            is_kind = kind == words.ALL or kind in record.kinds
            card.setVisible(is_kind and text in _haystack(record))
        is_empty = self.is_complete and bool(self._cards) and not self.cards
        self._nothing.setVisible(is_empty)
        self._nothing.say(words.NO_MATCH, words.NO_MATCH_MORE, "")


class _OnlyOurs(QWidget):
    """Says that there is nothing of the user's own yet, and how to change that."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("plugins.only_ours")
        self.folder = Button(theme, words.OPEN_FOLDER, kind="link", small=True)
        self.folder.setObjectName("plugins.only_ours.folder")
        self.new = Button(theme, words.NEW, kind="link", small=True, name="plugins.only_ours.new")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(8)
        row.addWidget(Text(words.ONLY_OURS, tone="text2"))
        row.addWidget(self.folder)
        row.addWidget(self.new)
        row.addStretch(1)


def _haystack(record: PluginRecord) -> str:
    return " ".join(
        (record.name, words.title_of(record), record.summary, *record.contributions)
    ).lower()
