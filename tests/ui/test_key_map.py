"""The live map of keys: what is chosen, what it collides with, and who follows it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from petstudio.ui.acts import PAGE_ACTS, Act
from petstudio.ui.key_map import KeyAction, KeyMap, why_not
from petstudio.ui.page import PageKey


@pytest.fixture
def key_map(qapp):
    return KeyMap()


def keys(text):
    return QKeySequence(text)


def test_that_a_new_installation_has_no_conflicts(key_map):
    taken = {act: key_map.conflicts(act, found) for act in Act for found in key_map.keys(act)}
    assert not any(taken.values())


def test_that_every_page_has_an_act():
    assert set(PAGE_ACTS) == set(PageKey)


def test_that_the_names_of_acts_are_all_different():
    names = [act.value.name for act in Act]
    assert len(names) == len(set(names))


def test_that_keys_of_another_act_are_a_conflict(key_map):
    assert key_map.conflicts(Act.HELP, keys("F5")) == (Act.GO,)


def test_that_two_pages_may_use_the_same_keys(key_map):
    assert key_map.conflicts(Act.FIND_CLASS, keys("F5")) == ()


def test_that_keys_are_taken_from_the_act_that_had_them(key_map):
    key_map.choose(Act.HELP, keys("F5"))
    assert key_map.text(Act.HELP) == "F5"
    assert key_map.text(Act.GO) == ""


def test_that_an_act_can_be_without_keys(key_map):
    key_map.choose(Act.THEME, QKeySequence())
    assert key_map.keys(Act.THEME) == ()
    assert KeyMap(chosen=key_map.chosen).keys(Act.THEME) == ()


def test_that_a_reset_gives_the_usual_keys_back(key_map):
    key_map.choose(Act.HELP, keys("F5"))
    key_map.reset(Act.GO)
    assert key_map.text(Act.GO) == "F5"
    key_map.reset_all()
    assert key_map.text(Act.HELP) == "F1"
    assert not key_map.chosen


def test_that_a_reset_leaves_no_conflict(key_map):
    key_map.choose(Act.HELP, keys("F5"))
    key_map.reset(Act.GO)
    assert key_map.conflicts(Act.GO, keys("F5")) == ()
    assert key_map.text(Act.HELP) == ""


def test_that_chosen_keys_survive_a_restart(key_map):
    key_map.choose(Act.HELP, keys("Ctrl+Alt+H"))
    assert KeyMap(chosen=key_map.chosen).text(Act.HELP) == "Ctrl+Alt+H"


def test_that_keys_of_acts_which_are_not_known_are_kept(qapp):
    assert KeyMap(chosen={"an.act.of.tomorrow": "F9"}).chosen == {"an.act.of.tomorrow": "F9"}


@pytest.mark.parametrize("text", ["A", "Shift+A", "1", "Space", "/"])
def test_that_keys_for_typing_are_refused(text):
    assert "Ctrl or Alt" in why_not(keys(text))


@pytest.mark.parametrize("text", ["Ctrl+C", "Ctrl+D", "Alt+Left"])
def test_that_keys_with_a_fixed_meaning_are_refused(text):
    assert "stays so" in why_not(keys(text))


@pytest.mark.parametrize("text", ["F7", "Shift+F7", "Ctrl+B", "Alt+1", ""])
def test_that_keys_nobody_types_with_are_taken(text):
    assert why_not(keys(text)) == ""


def test_that_an_action_follows_the_map(qtbot, key_map):
    done = []
    page = QWidget()
    qtbot.addWidget(page)
    KeyAction(Act.PAUSE, page, lambda: done.append("paused"))
    key_map.drive(page)
    key_map.choose(Act.PAUSE, keys("Ctrl+Alt+P"))
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    qtbot.keyClick(page, Qt.Key.Key_F6)
    assert not done
    control, alt = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(page, Qt.Key.Key_P, control | alt)
    assert done == ["paused"]


def test_that_a_tip_names_the_keys_of_today(key_map):
    assert key_map.tip("Help", Act.HELP) == "Help (F1)"
    key_map.choose(Act.HELP, QKeySequence())
    assert key_map.tip("Help", Act.HELP) == "Help"
