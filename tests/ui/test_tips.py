"""Tips: a quiet line on each page, gone for good once it was heeded or dismissed."""

from __future__ import annotations

import pytest
from cut_texts import cut_texts
from evaluated_project import evaluated_project
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QScrollArea

from petstudio.config.settings import SettingsFile
from petstudio.ui.acts import Act
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey
from petstudio.ui.tips import TIPS


@pytest.fixture
def open_desk(qtbot, desk, tmp_path):
    """The whole program with an evaluated project."""
    with qtbot.waitExposed(desk.window):
        desk.show(evaluated_project(tmp_path))
    desk.window.activateWindow()
    qtbot.waitUntil(lambda: desk.session.view is not None)
    qtbot.waitUntil(lambda: bool(tip(desk, PageKey.DATA).isVisible()))
    return desk


def page(desk, key):
    desk.window.show_page(key)
    return desk.window.page(key)


def tip(desk, key):
    return page(desk, key).tip


def dismiss(desk, key):
    return page(desk, key).tip.findChild(QPushButton, "tip.dismiss")


def test_that_every_page_has_one_tip():
    assert set(TIPS) == set(PageKey)
    assert all(("{keys}" in one.text) == (one.act is not None) for one in TIPS.values())


def test_that_a_tip_names_the_key_of_today(open_desk):
    assert tip(open_desk, PageKey.SETTINGS).text.startswith("Ctrl+/ shows all keys")
    open_desk.key_map.choose(Act.KEYS, QKeySequence("F9"))
    assert tip(open_desk, PageKey.SETTINGS).text.startswith("F9 shows all keys")


def test_that_a_tip_about_an_act_without_a_key_is_not_given(open_desk):
    open_desk.key_map.choose(Act.KEYS, QKeySequence())
    assert not tip(open_desk, PageKey.SETTINGS).isVisible()


def test_that_a_tip_does_not_make_the_page_scroll(qtbot, open_desk):
    open_desk.window.resize(1440, 900)
    shown = page(open_desk, PageKey.EVALUATE)
    bar = shown.findChild(QScrollArea, "body").verticalScrollBar()
    qtbot.waitUntil(lambda: shown.tip.isVisible() and shown.tip.height() > 0)
    shown.tip.say("")
    qtbot.waitUntil(lambda: bar.maximum() == 0)
    shown.tip.say("A few words.")
    qtbot.wait(100)  # layouts settle in the event loop
    assert bar.maximum() == 0


def test_that_a_long_tip_is_as_high_as_its_lines(qtbot, open_desk):
    shown = page(open_desk, PageKey.EVALUATE)
    shown.tip.say("A few words.")
    low = shown.tip.height()
    shown.tip.say("Many words. " * 60)
    qtbot.waitUntil(lambda: shown.tip.height() > low)
    qtbot.waitUntil(lambda: list(cut_texts(shown.tip)) == [])


def test_that_nothing_stands_in_the_way_of_the_user(open_desk):
    assert [one for one in open_desk.window.findChildren(QDialog) if one.isVisible()] == []
    assert open_desk.window.focusWidget() is not dismiss(open_desk, PageKey.DATA)


def test_that_a_page_with_nothing_on_it_gives_no_tip(qtbot, desk):
    with qtbot.waitExposed(desk.window):
        desk.show(None)
    assert not tip(desk, PageKey.DATA).isVisible()


def test_that_nothing_is_to_be_started_before_there_are_pictures(qtbot, desk):
    desk.show(None)
    assert not page(desk, PageKey.TRAIN).tip.isVisibleTo(page(desk, PageKey.TRAIN))


def test_that_a_tip_that_was_dismissed_with_a_key_stays_away(qtbot, qapp, open_desk, host):
    close = dismiss(open_desk, PageKey.PLUGINS)
    assert close.accessibleName() == "Dismiss this tip"
    close.setFocus()
    QTest.keyClick(close, Qt.Key.Key_Space)
    assert not tip(open_desk, PageKey.PLUGINS).isVisible()
    assert "plugins" in SettingsFile().values.tips_done
    next_time = Desk(qapp, host, SettingsFile())
    assert not next_time.window.page(PageKey.PLUGINS).tip.text
    assert next_time.shutdown()
    next_time.deleteLater()


def test_that_going_to_train_is_what_the_tip_of_data_is_about(open_desk):
    data = tip(open_desk, PageKey.DATA)
    page(open_desk, PageKey.TRAIN)
    assert not data.text


def test_that_a_fix_is_what_the_tip_of_evaluate_is_about(qtbot, open_desk):
    evaluate = page(open_desk, PageKey.EVALUATE)
    qtbot.waitUntil(lambda: evaluate.seen.judged is not None)
    assert evaluate.tip.isVisible()
    evaluate.fixing.exclude([3])
    assert not evaluate.tip.isVisible()


def test_that_a_comparison_is_what_the_tip_of_runs_is_about(qtbot, open_desk):
    runs = page(open_desk, PageKey.RUNS)
    qtbot.waitUntil(lambda: runs._model.rowCount() == 2)
    runs._model.tick(1, True)
    assert runs.tip.text
    runs._model.tick(2, True)
    assert not runs.tip.text


def test_that_the_settings_bring_all_tips_back(open_desk):
    dismiss(open_desk, PageKey.PLUGINS).click()
    again = page(open_desk, PageKey.SETTINGS).findChild(QPushButton, "settings.tips")
    assert again.isEnabled()
    again.click()
    assert not again.isEnabled()
    assert tip(open_desk, PageKey.PLUGINS).isVisible()


def test_that_tips_are_not_cut(open_desk):
    for key in (PageKey.PLUGINS, PageKey.SETTINGS, PageKey.TRAIN):
        assert list(cut_texts(tip(open_desk, key))) == []
