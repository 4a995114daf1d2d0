"""More views on the Evaluate page: what plugins find is drawn, and how they fail is said."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from evaluated_project import evaluated_project
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from petstudio.api.errors import InputError
from petstudio.bridge.runner import JobState
from petstudio.bridge.view_feed import VIEWS
from petstudio.config.paths import user_plugin_folder
from petstudio.plugin_host.discovery import bundled, in_folder
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages.evaluate_page import EvaluatePage

BAD = """
from petstudio.api import EvaluationView, NoOptions, hookimpl
PETSTUDIO_API = (1, 1)
def look(options, images):
    raise ValueError("no luck")
@hookimpl
def petstudio_evaluation_views():
    return [EvaluationView(key="bad", label="Bad", summary="", options=NoOptions, look=look)]
"""


@pytest.fixture
def open_page(qtbot, theme, runner, session, tmp_path):
    """Open the page of a host's plugins on two evaluated runs."""
    pages = []

    def open_it(host):
        project = evaluated_project(tmp_path)
        page = EvaluatePage(theme, host, runner, session)
        pages.append(page)
        page.resize(1356, 820)
        page.set_project(project)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(lambda: not page.is_reading)
        return page

    yield open_it
    assert runner.shutdown()
    for page in pages:
        page.close()
        page.shutdown()
        page.deleteLater()


@pytest.fixture
def page(open_page, host):
    return open_page(host)


@pytest.fixture
def tab(qtbot, page):
    made = page.tabs.tab("more")
    qtbot.waitUntil(lambda: page._views.found is not None)
    return made


def choose_view(qtbot, page, tab, key):
    tab.views.show_key(key)
    tab.views.picked.emit(key)
    qtbot.waitUntil(lambda: page._views.found is not None and page._views.found.key == key)


def picked(page):
    grid = page.pictures.keys.grid
    return sorted(grid.pictures.key_at(row) for row in range(len(grid.pictures)))


def cells(table):
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_that_a_table_of_a_plugin_stands_as_the_plugin_gave_it(tab):
    assert cells(tab.table) == [
        ["beagle", "1", "4", "2", "50.0 %"],
        ["maine coon", "1", "4", "3", "75.0 %"],
        ["pug", "1", "4", "4", "100.0 %"],
    ]
    assert tab.table.horizontalHeader().sortIndicatorSection() == -1


def test_that_a_column_sorts_the_table(tab):
    tab.table.sortByColumn(4, Qt.SortOrder.DescendingOrder)
    assert [row[0] for row in cells(tab.table)] == ["pug", "maine coon", "beagle"]


def test_that_a_row_shows_the_pictures_behind_it(page, tab):
    tab.table.selectRow(1)
    assert picked(page) == [5, 6, 7, 8]


def test_that_keys_choose_a_bar_and_show_its_pictures(qtbot, page, tab):
    choose_view(qtbot, page, tab, "confidence")
    tab.bars.setFocus()
    QTest.keyClick(tab.bars, Qt.Key.Key_Right)
    assert tab.bars.chosen.label == "40 to 50 %"
    assert picked(page) == [12]
    QTest.keyClick(tab.bars, Qt.Key.Key_Escape)
    assert tab.bars.chosen is None


def test_that_a_click_chooses_a_bar(qtbot, page, tab):
    choose_view(qtbot, page, tab, "confidence")
    plot = tab.bars.plot
    place = plot.getPlotItem().getViewBox().mapViewToScene(QPointF(1, 0))
    above = plot.mapFromScene(place) - QPoint(0, 5)
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=above)
    assert tab.bars.chosen.label == "50 to 60 %"


def test_that_another_view_begins_with_nothing_chosen(qtbot, page, tab):
    before = picked(page)
    choose_view(qtbot, page, tab, "confidence")
    tab.bars.setFocus()
    QTest.keyClick(tab.bars, Qt.Key.Key_Right)
    tab.views.setFocus()
    choose_view(qtbot, page, tab, "rare-classes")
    assert picked(page) == before
    choose_view(qtbot, page, tab, "confidence")
    assert tab.bars.chosen is None


def test_that_a_row_that_is_gone_is_not_chosen_any_more(page, tab):
    before = picked(page)
    tab.table.selectRow(1)
    page._views.found = replace(page._views.found, rows=page._views.found.rows[:1])
    page._views.changed.emit()
    assert tab.pick() is None
    assert picked(page) == before


def test_that_a_view_that_is_done_late_leaves_the_tab_that_is_seen_alone(page, tab):
    tab.table.selectRow(1)
    page.tabs.tab("confusion")
    before = picked(page)
    page._views.changed.emit()
    assert picked(page) == before


def test_that_a_view_that_cannot_be_asked_for_is_not_shown_as_it_was(page, tab):
    def refuse(*_):
        raise InputError("There is no such view any more.")

    page._views._make_job = refuse
    page._views.want(page._views._wish)
    assert tab._stack.currentWidget() is tab._said
    assert tab._said.text() == "There is no such view any more."


def test_that_bars_are_told_to_those_who_do_not_see_them(qtbot, page, tab):
    choose_view(qtbot, page, tab, "confidence")
    assert "90 to 100 %: Right 4, Wrong 1" in tab.bars.accessibleDescription()
    assert tab.bars.legend.accessibleName() == "Right, Wrong"


def test_that_an_option_is_used_at_once(qtbot, page, tab):
    choose_view(qtbot, page, tab, "confidence")
    field = tab.findChild(QLineEdit, "evaluate.view.bars")
    field.selectAll()
    QTest.keyClicks(field, "2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page._views.found.rows) == 2)
    assert [row.label for row in page._views.found.rows] == ["0 to 50 %", "50 to 100 %"]


def test_that_a_wrong_option_keeps_what_is_shown(qtbot, page, tab):
    choose_view(qtbot, page, tab, "confidence")
    before = page._views.found
    field = tab.findChild(QLineEdit, "evaluate.view.bars")
    field.selectAll()
    QTest.keyClicks(field, "many")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert tab.options.values() is None
    assert page._views.found is before
    assert tab._stack.currentWidget() is tab.bars


def test_that_looking_does_not_read_the_evaluation_again(qtbot, page, tab, runner):
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    assert runner.title == VIEWS
    assert not page.is_reading


def test_that_a_view_waits_for_the_end_of_another_job(qtbot, page, runner):
    may_end = threading.Event()
    runner.start(lambda _emit, _control: may_end.wait(10), title="Run 3")
    tab = page.tabs.tab("more")
    assert tab._said.text() == "Shown when “Run 3” ends."
    may_end.set()
    qtbot.waitUntil(lambda: page._views.found is not None)
    assert tab._stack.currentWidget() is tab.table


@pytest.fixture
def other_job(qtbot, tab, runner):
    """Keep the runner busy with a run until the event is set."""
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    may_end = threading.Event()
    runner.start(lambda _emit, _control: may_end.wait(10), title="Run 3")
    yield may_end
    may_end.set()


def test_that_another_run_is_not_taken_for_the_one_before(qtbot, page, tab, other_job):
    page._views.want(replace(page._views._wish, run=1))
    assert tab._stack.currentWidget() is tab._said
    other_job.set()
    qtbot.waitUntil(lambda: tab._stack.currentWidget() is tab.table)
    assert page._views.found.run == 1


def test_that_what_is_shown_meanwhile_is_said_to_be_old(qtbot, page, tab, other_job):
    page._views.want(replace(page._views._wish, options={"only_evaluated": False}))
    assert tab._stack.currentWidget() is tab.table
    assert tab._note.text() == "Shown when “Run 3” ends."
    other_job.set()
    qtbot.waitUntil(lambda: tab._note.text().startswith("Low recall"))


def test_that_a_view_that_fails_is_named_and_the_others_stay(qtbot, open_page, caplog):
    folder = user_plugin_folder()
    folder.mkdir(parents=True)
    (folder / "bad.py").write_text(BAD, encoding="utf-8")
    host = PluginHost([*bundled(), *in_folder(folder)])
    page = open_page(host)
    tab = page.tabs.tab("more")
    qtbot.waitUntil(lambda: page._views.found is not None)
    tab.views.show_key("bad")
    tab.views.picked.emit("bad")
    qtbot.waitUntil(lambda: "no luck" in tab._said.text())
    assert tab._said.text().startswith("The plugin bad failed")
    assert tab._stack.currentWidget() is tab._said
    assert host.record("bad").failures == 1
    caplog.clear()
    choose_view(qtbot, page, tab, "rare-classes")
    assert tab._stack.currentWidget() is tab.table


def test_that_a_page_without_views_says_so(open_page):
    page = open_page(PluginHost([]))
    tab = page.tabs.tab("more")
    assert not tab.views.isEnabled()
    assert tab._said.text().startswith("No plugin adds a view.")
