"""Pages that are built piece by piece while the window answers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from scripted_run import bury, whole

from petstudio.bridge import idle_steps
from petstudio.bridge.idle_steps import Turn
from petstudio.ui.page import PageKey
from petstudio.ui.pages.train_page import TrainPage
from petstudio.ui.widgets.card import Card


@pytest.fixture(autouse=True)
def every_piece_takes_its_turn(monkeypatch):
    monkeypatch.setattr(idle_steps, "_TURN_S", -1.0)


def names(part: QObject) -> list[str]:
    return [widget.objectName() for widget in part.findChildren(QWidget)]


def build_in_turns(pieces):
    turns = 1
    while pieces() is Turn.NEXT:
        turns += 1
    return turns


def test_that_a_page_built_in_turns_has_all_that_one_built_at_once_has(desk, host):
    desk.window.show_page(PageKey.DATA)
    alone = whole(TrainPage(desk.theme, host, desk.runner))
    at_once = names(alone)
    alone.shutdown()
    bury(alone)
    assert build_in_turns(desk.window.building(PageKey.TRAIN)) > 5
    in_turns = desk.window.page(PageKey.TRAIN)
    assert names(in_turns) == at_once
    cards = [card.objectName() for card in in_turns.findChildren(Card)]
    assert cards == ["training.recipe", "training.model", "training.loss", "training.plan"]


def test_that_a_half_built_page_is_none_of_the_pages_yet(desk):
    desk.window.show_page(PageKey.DATA)
    building = desk.window.building(PageKey.TRAIN)
    assert building() is Turn.NEXT
    assert building() is Turn.NEXT
    assert len(desk.window.pages) == 1


def test_that_a_half_built_page_that_is_asked_for_is_built_to_its_end(desk):
    desk.window.show_page(PageKey.DATA)
    told = []
    desk.window.page_built.connect(lambda key, _page: told.append(key))
    building = desk.window.building(PageKey.TRAIN)
    assert building() is Turn.NEXT
    assert building() is Turn.NEXT
    desk.window.show_page(PageKey.TRAIN)
    assert desk.window.current.recipe.stages
    assert told == [PageKey.TRAIN]
    assert building() is None
    assert told == [PageKey.TRAIN]


def test_that_a_project_is_shown_on_a_data_page_that_was_half_built(qtbot, desk, project):
    desk.window.show_page(PageKey.DATA)
    assert desk.data_page.rest() is Turn.NEXT
    assert desk.data_page.rest() is Turn.NEXT
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    page = desk.data_page
    cards = [card.objectName() for card in page.findChildren(Card) if card.isVisibleTo(page)]
    assert cards[0] == "data.source"
    assert desk.data_page.rest() is None


def test_that_the_end_can_come_while_pages_are_half_built(desk):
    desk.window.show_page(PageKey.DATA)
    assert desk.data_page.rest() is Turn.NEXT
    assert desk.window.building(PageKey.TRAIN)() is Turn.NEXT
    assert desk.shutdown()
