"""Turning to another page: its cards are painted one by one."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import delete

from petstudio.ui.page import Page
from petstudio.ui.page_turner import PageTurner
from petstudio.ui.widgets.card import Card

_CARDS = 3


class Paints(QObject):
    """Notes in which turn of the event loop each card was painted first."""

    def __init__(self, cards):
        super().__init__()
        self._turn = 0
        self.turns = {}
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._count)
        self._timer.start()
        for card in cards:
            card.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.turns.setdefault(watched, self._turn)
        return False

    def _count(self):
        self._turn += 1


@pytest.fixture
def stack(qtbot, theme):
    window = QWidget()
    qtbot.addWidget(window)
    made = QStackedWidget()
    QVBoxLayout(window).addWidget(made)
    for title in ("One", "Two"):
        page = Page(theme, title=title)
        for number in range(_CARDS):
            page.body.addWidget(Card(f"Card {number}"))
        made.addWidget(page)
    window.resize(800, 600)
    with qtbot.waitExposed(window):
        window.show()
    yield made
    window.close()


@pytest.fixture
def turner(stack):
    return PageTurner(stack)


def test_that_the_window_answers_between_the_cards_of_a_page(qtbot, stack, turner):
    page = stack.widget(1)
    paints = Paints(page.findChildren(Card))
    turner.turn_to(page)
    qtbot.waitUntil(lambda: len(paints.turns) == _CARDS)
    assert len(set(paints.turns.values())) == _CARDS


def test_that_a_page_left_at_once_is_painted_in_full_later(qtbot, stack, turner):
    first, second = stack.widget(0), stack.widget(1)
    for page in (second, first, second):
        turner.turn_to(page)
    paints = Paints(second.findChildren(Card))
    qtbot.waitUntil(lambda: len(paints.turns) == _CARDS)
    assert all(card.updatesEnabled() for card in first.findChildren(Card))


def test_that_a_card_may_go_before_its_turn(qtbot, stack, turner):
    page = stack.widget(1)
    gone, *rest = page.findChildren(Card)
    turner.turn_to(page)
    delete(gone)
    qtbot.waitUntil(lambda: all(card.updatesEnabled() for card in rest))
