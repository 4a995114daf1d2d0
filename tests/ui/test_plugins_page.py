"""The Plugins page with plugins of a real folder: cards, switches, failures, forms, new ones."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QPlainTextEdit, QPushButton

from petstudio.api import NoOptions, PluginError
from petstudio.bridge.live_settings import LiveSettings
from petstudio.bridge.plugin_shelf import Standing
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.discovery import bundled, in_folder
from petstudio.plugin_host.host import MOST_FAILURES, PluginHost
from petstudio.plugin_host.kinds import KINDS
from petstudio.plugin_host.skeletons import skeleton_text
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyAction, KeyMap
from petstudio.ui.page import Badge
from petstudio.ui.pages.plugins_page import PluginsPage
from petstudio.ui.restarting import NextStart
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.plugin_list import PluginList

FOLDER = "page_plugins"
CROSS_CHECK = '''"""Two numbers <b>in order</b>."""
from dataclasses import dataclass
from petstudio.api import Metric, hookimpl, integer
PETSTUDIO_API = (1, 0)
__version__ = "2.5"
@dataclass(frozen=True)
class Options:
    low: int = integer(1, minimum=0, maximum=9, label="Low")
    high: int = integer(2, minimum=0, maximum=9, label="High")
    def validate(self):
        return "“Low” is above “High”." if self.low > self.high else None
def compute(options, probabilities, truth):
    raise ValueError("no luck")
@hookimpl
def petstudio_metrics():
    return [Metric(key="ordered", label="Ordered", summary="Two.", options=Options,
                   compute=compute)]
'''
BROKEN = '"""Some networks."""\nimport no_such_package\n' + skeleton_text(KINDS[1], "nets")


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / FOLDER
    place.mkdir()
    before = list(sys.path)
    yield place
    sys.path[:] = before
    for name in [name for name in sys.modules if name.split(".")[0] == FOLDER]:
        del sys.modules[name]


@pytest.fixture
def open_page(qtbot, theme, folder, caplog):
    """Opens the page on a host of the bundled plugins and those of the folder."""
    pages = []

    def opened(*, is_safe=False, off=()):
        SettingsFile().change(plugins_off=tuple(off))
        candidates = [*bundled(), *in_folder(folder)]
        host = PluginHost(
            candidates, safe_mode=is_safe, disabled=frozenset(off), user_folder=folder
        )
        page = PluginsPage(theme, host, LiveSettings(SettingsFile()))
        page.host = host
        pages.append(page)
        page.resize(1356, 820)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(lambda: not page._shelf.is_busy and page._list.is_complete)
        return page

    yield opened
    for page in pages:
        page.shutdown()
        page.close()
    caplog.clear()  # a plugin that fails is a warning in the log, as it should be


def write(folder, name, code):
    (folder / f"{name}.py").write_text(code, encoding="utf-8")


def card(page, name):
    return next(card for card in page._list._cards if card.row.record.name == name)


def names(page):
    return [card.row.record.name for card in page._list.cards]


def button(page, name):
    return page.findChild(QPushButton, name)


def dialog(page):
    return next(one for one in page.findChildren(QDialog) if one.isVisible())


def fail(host, key, times=1):
    metric = host.metrics[key]
    for _ in range(times):
        with pytest.raises(PluginError):
            host.call(metric, metric.compute, NoOptions(), None, None)


def test_that_the_window_answers_between_two_cards_of_the_list(qtbot, theme, open_page):
    rows = open_page()._shelf.rows()
    made = PluginList(theme)
    qtbot.addWidget(made)
    made.show_rows(rows, is_busy=False)
    counts = []
    made._next.timeout.connect(lambda: counts.append(len(made.cards)))
    qtbot.waitUntil(lambda: made.is_complete)
    assert counts == list(range(1, len(rows) + 1))


def test_that_a_card_is_made_anew_only_when_its_plugin_stands_otherwise(open_page):
    page = open_page()
    before = [one.findChildren(Chip) for one in page._list.cards]
    page.hide()
    page.show()
    shown_again = [one.findChildren(Chip) for one in page._list.cards]
    assert shown_again == before
    card(page, names(page)[0]).switch.click()
    assert card(page, names(page)[0]).row.standing is Standing.OFF_NEXT_TIME


def test_that_the_sentence_counts_how_plugins_stand(open_page, folder):
    write(folder, "nets", BROKEN)
    write(folder, "ordered", CROSS_CHECK)
    page = open_page(off=["ordered"])
    found = len(page.host.records)
    assert page.sentence == f"{found} found, {found - 2} working, 1 failed, 1 off"


def test_that_failed_plugins_come_first_and_those_of_the_program_last(open_page, folder):
    write(folder, "nets", BROKEN)
    write(folder, "another", CROSS_CHECK)
    page = open_page()
    assert names(page)[:2] == ["nets", "another"]


def test_that_a_failed_plugin_says_why_and_what_is_affected(open_page, folder):
    write(folder, "nets", BROKEN)
    page = open_page()
    reason = page.findChild(QLabel, "plugins.nets.reason").text()
    assert reason == (
        "It needs the package no_such_package, which is not installed. "
        "Its architectures cannot be chosen; everything else works."
    )
    assert (page.badge, page.badge_count) == (Badge.FAILED, 1)


def test_that_details_show_the_traceback(open_page, folder):
    write(folder, "nets", BROKEN)
    page = open_page()
    button(page, "plugins.nets.details").click()
    assert "import no_such_package" in dialog(page).findChild(QPlainTextEdit).toPlainText()
    dialog(page).accept()


def test_that_the_report_names_the_plugin_and_not_the_users_folder(
    open_page, folder, monkeypatch, tmp_path
):
    monkeypatch.setenv("HOME", str(tmp_path))
    write(folder, "nets", BROKEN)
    page = open_page()
    button(page, "plugins.nets.report").click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Plugin: nets")
    assert "no_such_package" in text
    assert str(tmp_path) not in text


def test_that_a_mended_plugin_works_when_it_is_tried_again(qtbot, open_page, folder):
    write(folder, "nets", BROKEN)
    page = open_page()
    write(folder, "nets", skeleton_text(KINDS[1], "nets"))
    button(page, "plugins.nets.again").click()
    qtbot.waitUntil(lambda: card(page, "nets").row.standing is Standing.WORKING)
    qtbot.waitUntil(lambda: "next start" in page.banner.headline)
    assert "nets" in page.host.architectures
    assert page.badge is Badge.NONE


def test_that_switching_off_is_kept_and_said_to_hold_from_the_next_start(open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page()
    card(page, "ordered").switch.click()
    assert SettingsFile().values.plugins_off == ("ordered",)
    assert card(page, "ordered").row.standing is Standing.OFF_NEXT_TIME
    assert "off from the next start" in page.banner.headline
    assert "ordered" in page.host.metrics


def test_that_a_plugin_switched_off_can_be_switched_on_again(open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page(off=["ordered"])
    assert card(page, "ordered").row.standing is Standing.OFF
    assert card(page, "ordered").row.record.summary == "Two numbers <b>in order</b>."
    card(page, "ordered").switch.click()
    assert SettingsFile().values.plugins_off == ()
    assert card(page, "ordered").row.standing is Standing.ON_NEXT_TIME


def test_that_a_plugin_that_fails_in_use_says_so(open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page()
    fail(page.host, "ordered")
    page._refresh()
    assert card(page, "ordered").row.standing is Standing.TROUBLED
    assert "no luck" in page.findChild(QLabel, "plugins.ordered.reason").text()
    assert names(page)[0] == "ordered"


def test_that_a_plugin_that_is_left_alone_gets_new_chances(qtbot, open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page()
    fail(page.host, "ordered", MOST_FAILURES)
    page._refresh()
    assert "left alone" in page.findChild(QLabel, "plugins.ordered.reason").text()
    button(page, "plugins.ordered.again").click()
    qtbot.waitUntil(lambda: card(page, "ordered").row.standing is Standing.WORKING)
    assert page.host.record("ordered").failures == 0


def test_that_the_kind_narrows_the_list(open_page):
    page = open_page()
    button(page, "plugins.kind.exporter").click()
    assert names(page) == ["onnx_export", "torchscript_export"]


def test_that_words_narrow_the_list_also_by_what_plugins_add(open_page):
    page = open_page()
    page._list.search.setText("cyclical")
    assert names(page) == ["schedules"]


def test_that_a_search_without_a_match_says_so(open_page):
    page = open_page()
    page._list.search.setText("nothing like this")
    assert names(page) == []
    assert page._list._nothing.isVisible()


def test_that_arrows_go_from_card_to_card_and_choose(open_page):
    page = open_page()
    first, second = page._list.cards[:2]
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    assert page._name == second.row.record.name


def test_that_the_form_marks_a_value_that_cannot_be(open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page()
    card(page, "ordered").setFocus()
    page.findChild(QLineEdit, "plugins.form.low").setText("77")
    problem = page._details.form._problems["low"]
    assert problem.text == "77 is above 9."
    assert not button(page, "plugins.form.copy").isEnabled()


def test_that_the_form_says_what_is_wrong_across_fields(open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page()
    card(page, "ordered").setFocus()
    page.findChild(QLineEdit, "plugins.form.low").setText("5")
    assert page._details._problem.text == "“Low” is above “High”."


def test_that_values_are_copied_as_lines_of_a_recipe(open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page()
    card(page, "ordered").setFocus()
    page.findChild(QLineEdit, "plugins.form.high").setText("7")
    button(page, "plugins.form.copy").click()
    assert QGuiApplication.clipboard().text() == "low = 1\nhigh = 7\n"


def test_that_reset_puts_the_declared_values_back(open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page()
    card(page, "ordered").setFocus()
    page.findChild(QLineEdit, "plugins.form.high").setText("7")
    button(page, "plugins.form.reset").click()
    assert page._details.form.values() == {"low": 1, "high": 2}


def test_that_each_contribution_has_its_own_form(open_page):
    page = open_page()
    card(page, "schedules").setFocus()
    choice = page.findChild(QComboBox, "plugins.contribution")
    choice.setCurrentIndex(choice.findText("Steps", Qt.MatchFlag.MatchStartsWith))
    assert page._details.form.option_names == ("epochs", "factor")


def test_that_names_and_summaries_are_shown_as_they_are(open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page()
    assert card(page, "ordered")._summary.full_text == "Two numbers <b>in order</b>."
    assert card(page, "ordered")._summary.textFormat() is Qt.TextFormat.PlainText


def test_that_a_new_plugin_is_written_loaded_and_chosen(qtbot, open_page, folder):
    page = open_page()
    assert page._list.only_ours.isVisible()
    button(page, "plugins.new").click()
    asked = dialog(page)
    asked._kind.show_key("metric")
    asked.findChild(QLineEdit, "new_plugin.name").setText("my_number")
    button(asked, "new_plugin.write").click()
    qtbot.waitUntil(lambda: "was written and works" in page.banner.headline)
    assert (folder / "my_number.py").is_file()
    assert card(page, "my_number").row.standing is Standing.WORKING
    assert page._name == "my_number"
    assert not page._list.only_ours.isVisible()


def test_that_the_question_stays_while_the_name_cannot_be_used(open_page):
    page = open_page()
    button(page, "plugins.new").click()
    asked = dialog(page)
    asked.findChild(QLineEdit, "new_plugin.name").setText("resnets")
    button(asked, "new_plugin.write").click()
    assert asked.isVisible()
    assert "There is a plugin “resnets” already" in asked._problem.text
    asked.reject()


def test_that_a_plugin_put_into_the_folder_meanwhile_appears(qtbot, open_page, folder):
    page = open_page()
    page.hide()
    write(folder, "ordered", CROSS_CHECK)
    page.show()
    qtbot.waitUntil(lambda: "ordered" in names(page))


def test_that_safe_mode_is_asked_for_and_begins_with_the_next_start(qtbot, open_page):
    page = open_page()
    button(page, "plugins.safe").click()
    assert any(
        label.text() == "petstudio --safe-mode" for label in dialog(page).findChildren(QLabel)
    )
    with qtbot.waitSignal(page.restart_wanted) as wanted:
        button(dialog(page), "safe_mode.restart").click()
    assert wanted.args == [NextStart.SAFE_MODE]


def test_that_cancelling_the_question_of_safe_mode_restarts_nothing(qtbot, open_page):
    page = open_page()
    button(page, "plugins.safe").click()
    with qtbot.assertNotEmitted(page.restart_wanted):
        button(dialog(page), "safe_mode.cancel").click()


def test_that_in_safe_mode_the_page_says_so(open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page(is_safe=True)
    assert card(page, "ordered").row.standing is Standing.OFF_IN_SAFE_MODE
    assert page._promise.text.startswith("Safe mode:")


def test_that_the_link_leads_out_of_safe_mode_again(qtbot, open_page):
    page = open_page(is_safe=True)
    with qtbot.waitSignal(page.restart_wanted) as wanted:
        button(page, "plugins.safe").click()
    assert wanted.args == [NextStart.WITH_PLUGINS]


def test_that_a_switch_offers_the_restart_that_it_needs(qtbot, open_page, folder):
    write(folder, "ordered", CROSS_CHECK)
    page = open_page()
    page._switch(card(page, "ordered").row, False)
    with qtbot.waitSignal(page.restart_wanted) as wanted:
        button(page.banner, "banner.action").click()
    assert wanted.args == [NextStart.WITH_PLUGINS]


def test_that_there_is_one_filled_button(open_page):
    page = open_page()
    filled = [one for one in page.findChildren(QPushButton) if one.property("kind") == "primary"]
    assert [one.objectName() for one in filled if one.isVisible()] == ["plugins.new"]


def test_that_the_keys_of_the_page_follow_the_map_of_the_window(open_page):
    page = open_page()
    key_map = KeyMap()
    key_map.drive(page)
    key_map.choose(Act.NEW_PLUGIN, QKeySequence("Ctrl+Shift+N"))
    assert "Ctrl+Shift+N" in page.findChild(QPushButton, "plugins.new").toolTip()
    page.findChild(KeyAction, "act.plugins.find").trigger()
    assert page._list.search.hasFocus()
