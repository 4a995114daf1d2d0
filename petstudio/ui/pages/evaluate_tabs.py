"""The card with the tabs; a tab is made when it is opened first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from petstudio.api.language import tr
from petstudio.bridge.evaluation_view import Evaluation, Picked
from petstudio.ui.pages.evaluate_tab import EvaluateTab
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.divider import Divider
from petstudio.ui.widgets.tab_bar import TabBar
from petstudio.ui.widgets.text import Text

MakeTab = Callable[[], EvaluateTab]
_SPOKEN: Final = tr("Views of the evaluation")


class EvaluateTabs(Card):
    """Tells the tab that is seen of every result, the others when they are opened."""

    picked = Signal(object)
    """The Picked of the tab that is seen, or None."""
    note_wanted = Signal(object)
    """The ModelNotes that are to be stored."""
    built = Signal(object)
    """An EvaluateTab that was just made."""

    def __init__(self, theme: Theme, tabs: Mapping[str, tuple[str, MakeTab]]) -> None:
        super().__init__(name="evaluate.card")
        self._makers = {key: make for key, (_label, make) in tabs.items()}
        self._tabs: dict[str, EvaluateTab] = {}
        self._stale: set[str] = set()
        self._seen: Evaluation | None = None
        labels = {key: label for key, (label, _make) in tabs.items()}
        self.bar = TabBar(theme, labels, name="evaluate.tabs", spoken=_SPOKEN)
        self._note = Text(kind="label")
        self._stack = _Stack()
        self._build()
        self.bar.chosen.connect(self._open)

    @property
    def current(self) -> EvaluateTab:
        """The tab that is seen, made if it was not there."""
        key = self.bar.key
        if key not in self._tabs:
            tab = self._tabs[key] = self._makers[key]()
            self._stack.addWidget(tab)
            tab.picked.connect(partial(self._pass_on, tab))
            tab.note_wanted.connect(self.note_wanted)
            self._stale.add(key)
            self.built.emit(tab)
        return self._tabs[key]

    def tab(self, key: str) -> EvaluateTab:
        """Open a tab and return it."""
        self.bar.choose(key)
        return self.current

    def show_evaluation(self, seen: Evaluation, note: str) -> None:
        """Show another result; `note` says why there is none."""
        self._seen = seen
        self._stale = set(self._tabs)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._stack.setVisible(not note)
        self._refresh()

    def pick(self) -> Picked | None:
        """Return what is chosen in the tab that is seen."""
        return self.current.pick()

    def shutdown(self) -> None:
        for tab in self._tabs.values():
            tab.shutdown()

    def _build(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(Divider())
        self.body.addLayout(column)
        self.body.addWidget(self._note)
        self.body.addWidget(self._stack, 1)
        self.body.addStretch()
        self._note.hide()

    def _refresh(self) -> None:
        tab, key = self.current, self.bar.key
        self._stack.setCurrentWidget(tab)
        self._stack.updateGeometry()
        if key in self._stale and self._seen is not None:
            self._stale.discard(key)
            tab.show_evaluation(self._seen)

    def _pass_on(self, tab: EvaluateTab, picked: Picked | None) -> None:
        """A tab that looked something up may be done when another one is seen."""
        if tab is self.current:
            self.picked.emit(picked)

    @Slot(str)
    def _open(self, _key: str) -> None:
        self._refresh()
        self.picked.emit(self.pick())


class _Stack(QStackedWidget):
    """As small as what is seen of it allows, whatever the others need."""

    def minimumSizeHint(self) -> QSize:
        current = self.currentWidget()
        return current.minimumSizeHint() if current is not None else super().minimumSizeHint()

    def sizeHint(self) -> QSize:
        current = self.currentWidget()
        return current.sizeHint() if current is not None else super().sizeHint()

    def hasHeightForWidth(self) -> bool:
        # A page that scrolls gives all that wraps, in any tab, the room that it would like.
        return False
