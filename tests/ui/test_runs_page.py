"""The Runs page with a project of real folders: table, ticks, curves, comparison, trash."""

from __future__ import annotations

import shlex

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidget, QPushButton
from told_runs import ALL, HEAD, IMAGES, new_project, told_run

from petstudio.bridge.run_columns import RunColumn
from petstudio.bridge.run_comparison import ComparedPart
from petstudio.cli.arguments import command_parser
from petstudio.project.project import Project
from petstudio.project.records import Access
from petstudio.project.run_notes import RunNotes
from petstudio.ui.pages.runs_page import RunsPage
from petstudio.ui.widgets.runs_table import NO_RUNS

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def empty_project(tmp_path):
    return new_project(tmp_path)


@pytest.fixture
def project(empty_project):
    """Run 1, run 2 that goes on from it and is better, run 3 that is worse."""
    with Project.open(empty_project) as opened:
        told_run(opened, "head only", [(0.6, 0.5), (0.4, 0.6), (0.3, 0.75)], wrong=(1, 2, 3))
        told_run(opened, "all <b>layers</b>", [(0.25, 0.8), (0.2, 0.9)], recipe=ALL, wrong=(3,))
        told_run(opened, "too hot", [(0.9, 0.1), (0.8, 0.5)], wrong=(1, 2, 3, 4, 5, 6))
        opened.run_notes.choose_baseline(1)
    return empty_project


@pytest.fixture
def open_page(qtbot, theme, runner, session):
    """Opens a page on a project, as the window does, and closes all pages at the end."""
    pages = []
    session.changed.connect(lambda view: [page.set_project(view.path) for page in pages])

    def opened(project):
        with qtbot.waitSignal(session.changed):
            session.open(project)
        page = RunsPage(theme, runner, session)
        pages.append(page)
        page.resize(1356, 820)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        page.set_project(project)
        return page

    yield opened
    for page in pages:
        page.shutdown()
        page.close()


@pytest.fixture
def page(qtbot, open_page, project):
    made = open_page(project)
    qtbot.waitUntil(lambda: table(made).model().rowCount() == 3)
    return made


def table(page):
    return page._card.table


def button(page, name):
    return page.findChild(QPushButton, name)


def field(page, name):
    return page.findChild(QLineEdit, name)


def cell(page, number, column):
    """Return the middle of a cell of the table."""
    view = table(page)
    return view.visualRect(view.model().index(view.model().line_of(number), column)).center()


def click_cell(page, number, column):
    QTest.mouseClick(table(page).viewport(), LEFT, pos=cell(page, number, column))


def tick(page, *numbers):
    for number in numbers:
        click_cell(page, number, RunColumn.TICK)


def text(page, number, column):
    model = table(page).model()
    return model.index(model.line_of(number), column).data()


def dialog(name):
    """Return an open dialog."""
    found = [w for w in QApplication.topLevelWidgets() if w.objectName() == name and w.isVisible()]
    return found[-1] if found else None


def read(project, what):
    with Project.open(project, Access.READ) as opened:
        return what(opened)


def wait_for_curves(qtbot, page, count):
    qtbot.waitUntil(lambda: len(page._curves.plot.items.lines) == count)


def test_that_a_project_without_runs_says_what_will_be_here(qtbot, open_page, empty_project):
    page = open_page(empty_project)
    qtbot.waitUntil(lambda: page._shelf.seen.project == empty_project)

    assert NO_RUNS == "Runs appear here. Nothing is sent anywhere."
    assert table(page).model().rowCount() == 0
    assert not button(page, "runs.compare").isEnabled()
    assert page.inspector is not None
    assert page.inspector.isHidden()


def test_that_runs_are_listed_with_result_change_and_plan(page):
    assert text(page, 2, RunColumn.RUN) == "2  all <b>layers</b>"
    assert text(page, 2, RunColumn.ACCURACY).startswith("91.7 % ± ")
    assert text(page, 2, RunColumn.CHANGE) == "+16.7"
    assert text(page, 1, RunColumn.CHANGE) == "baseline"
    assert text(page, 2, RunColumn.STAGES) == "2 × 1e-6…1e-4"
    assert page.sentence == "3 runs, baseline is run 1; tick two to compare them"


def test_that_a_click_on_a_title_orders_the_table(page):
    header = table(page).horizontalHeader()
    place = QPoint(header.sectionViewportPosition(RunColumn.ACCURACY) + 20, header.height() // 2)

    QTest.mouseClick(header.viewport(), LEFT, pos=place)

    model = table(page).model()
    assert [model.row_at(line).number for line in range(3)] == [3, 1, 2]


def test_that_the_filter_leaves_what_it_names_and_keeps_the_chosen_run(page):
    click_cell(page, 1, RunColumn.RUN)

    QTest.keyClicks(field(page, "runs.filter"), "head only")

    assert table(page).model().rowCount() == 1
    assert table(page).chosen.number == 1


def test_that_ticked_runs_have_a_line_each_and_no_more_when_the_tick_goes(qtbot, page):
    tick(page, 1, 2)
    wait_for_curves(qtbot, page, 2)
    assert table(page).model().ticked == (1, 2)

    tick(page, 1)

    wait_for_curves(qtbot, page, 1)
    assert list(page._curves.plot.items.lines) == [1]  # run 2 keeps its colour


def test_that_space_ticks_the_run_of_the_cursor(qtbot, page):
    table(page).choose(3)
    table(page).setFocus()

    QTest.keyClick(table(page), Qt.Key.Key_Space)

    assert table(page).model().ticked == (3,)


def test_that_a_click_on_a_line_chooses_its_run(qtbot, page):
    tick(page, 2, 3)
    wait_for_curves(qtbot, page, 2)
    table(page).choose(3)
    plot = page._curves.plot
    viewport = plot._view.viewport()
    in_scene = plot._box.mapViewToScene(QPointF(4.0, 0.25))  # the first epoch of run 2
    place = plot._view.mapFromScene(in_scene)

    QTest.mouseMove(viewport, place)
    QTest.mouseClick(viewport, LEFT, pos=place)

    qtbot.waitUntil(lambda: table(page).chosen.number == 2)


def test_that_the_line_of_the_chosen_run_is_wider(qtbot, page):
    tick(page, 1, 2)
    wait_for_curves(qtbot, page, 2)

    def widths():
        return [line.opts["pen"].widthF() for line in page._curves.plot.items.lines.values()]

    click_cell(page, 1, RunColumn.RUN)
    first, second = widths()
    assert first > second

    click_cell(page, 2, RunColumn.RUN)
    first, second = widths()
    assert first < second


def test_that_the_chart_switches_to_accuracy_and_has_a_text_twin(qtbot, page):
    tick(page, 1)
    wait_for_curves(qtbot, page, 1)

    button(page, "runs.measure.accuracy").click()

    ((_, ys),) = [line.getData() for line in page._curves.plot.items.lines.values()]
    assert list(ys) == [0.5, 0.6, 0.75]
    page._curves._menu.popup.actions()[2].trigger()
    assert "1 head only\t3\t0.3\t0.75" in QGuiApplication.clipboard().text()


def test_that_two_ticks_and_the_button_tell_fixed_from_broken(qtbot, page):
    compare = button(page, "runs.compare")
    tick(page, 2)
    assert not compare.isEnabled()
    assert "Tick two runs" in compare.toolTip()
    tick(page, 1)

    compare.click()

    tiles = page._comparison.tiles
    qtbot.waitUntil(lambda: tiles[ComparedPart.FIXED].count is not None)
    assert [tiles[part].count for part in ComparedPart] == [2, 0, 1, IMAGES - 3]
    assert page._comparison.title.text() == "2 against 1"
    assert page._comparison.verdict.startswith("+16.7 points on 12 pictures.")
    assert "may be chance" in page._comparison.verdict


def test_that_a_tile_opens_the_pictures_that_it_counts(qtbot, page):
    tick(page, 1, 2)
    button(page, "runs.compare").click()
    tile = page._comparison.tiles[ComparedPart.FIXED]
    qtbot.waitUntil(lambda: tile.count == 2)

    tile.click()

    opened = dialog("pictures")
    assert [opened.grid.pictures[row].path.name for row in range(2)] == ["0.png", "1.png"]
    opened.close()


def test_that_a_run_without_predictions_says_why_it_is_not_compared(qtbot, page, project):
    read(project, lambda opened: opened.run(2)).folder.predictions_path.unlink()
    tick(page, 1, 2)

    button(page, "runs.compare").click()

    qtbot.waitUntil(lambda: "not evaluated" in page._comparison.verdict)


def test_that_differences_are_against_the_baseline_or_the_other_ticked_run(qtbot, page):
    texts = page._details.differences.texts
    click_cell(page, 2, RunColumn.RUN)
    qtbot.waitUntil(lambda: "Stage 1, rate" in texts())
    assert "3e-3 → 1e-6, 1e-4" in texts()

    tick(page, 2, 3)
    click_cell(page, 3, RunColumn.RUN)

    title = page._details.differences._title
    qtbot.waitUntil(lambda: title.text() == "Different from 2")


def test_that_the_tree_shows_the_family_and_a_click_chooses(page):
    click_cell(page, 2, RunColumn.RUN)
    tree = page.findChild(QListWidget, "runs.tree")
    assert [line.partition(":")[0] for line in tree.lines()] == [
        "Run 1, head only",
        "★ Run 2, all <b>layers</b>",
    ]

    QTest.mouseClick(tree.viewport(), LEFT, pos=tree.visualItemRect(tree.item(0)).center())

    assert table(page).chosen.number == 1


def test_that_a_run_without_relatives_says_where_it_came_from(page, project):
    click_cell(page, 3, RunColumn.RUN)

    said = [label.text() for label in page._details.findChildren(QLabel) if label.isVisible()]
    assert "It starts from no other run, and none goes on from it." in said


def test_that_looking_again_leaves_a_zoomed_chart_alone(qtbot, page, session):
    tick(page, 1, 2)
    wait_for_curves(qtbot, page, 2)
    box = page._curves.plot._box
    box.setXRange(1.0, 2.0, padding=0.0)

    with qtbot.waitSignal(page._comparing.curves_read):
        session.apply(lambda opened: opened.rename_run(3, "other"))

    assert box.viewRange()[0] == [1.0, 2.0]


def test_that_name_tags_note_and_pin_are_kept(qtbot, page, project):
    click_cell(page, 3, RunColumn.RUN)
    for name, words in (
        ("runs.name", "much too hot"),
        ("runs.own_tags", "hot, hot, tried"),
        ("runs.note", "never again"),
    ):
        field(page, name).selectAll()
        QTest.keyClicks(field(page, name), words)
        QTest.keyClick(field(page, name), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: text(page, 3, RunColumn.NOTE) == "never again")
    button(page, "runs.pin").click()
    qtbot.waitUntil(lambda: table(page).model().row_at(0).notes.is_pinned)

    assert read(project, lambda opened: opened.run(3).name) == "much too hot"
    assert read(project, lambda opened: opened.run_notes.all()) == {
        3: RunNotes(tags=("hot", "tried"), note="never again", is_pinned=True)
    }
    assert table(page).chosen.number == 3


def test_that_a_name_that_cannot_be_one_is_a_sentence_and_the_old_one_stays(qtbot, page):
    click_cell(page, 3, RunColumn.RUN)
    field(page, "runs.name").setText("x" * 201)

    QTest.keyClick(field(page, "runs.name"), Qt.Key.Key_Return)

    qtbot.waitUntil(page.banner.isVisible)
    assert "1 to 200 characters" in page.banner.headline
    assert text(page, 3, RunColumn.RUN) == "3  too hot"


def test_that_the_baseline_is_chosen_and_taken_away(qtbot, page):
    click_cell(page, 3, RunColumn.RUN)
    button(page, "runs.baseline").click()
    qtbot.waitUntil(lambda: text(page, 3, RunColumn.CHANGE) == "baseline")
    assert text(page, 1, RunColumn.CHANGE) == "+25.0"

    button(page, "runs.baseline").click()

    qtbot.waitUntil(lambda: text(page, 1, RunColumn.CHANGE) == "")
    assert "no baseline" in page.sentence


def test_that_reproduce_asks_for_the_recipe_of_the_run(qtbot, page):
    click_cell(page, 1, RunColumn.RUN)

    with qtbot.waitSignal(page.reproduce_wanted) as asked:
        button(page, "runs.reproduce").click()

    assert asked.args == [HEAD]


def test_that_the_copied_command_is_one_that_the_program_understands(page, project):
    click_cell(page, 2, RunColumn.RUN)

    button(page, "runs.command").click()

    program, *arguments = shlex.split(QGuiApplication.clipboard().text())
    given = command_parser().parse_args(arguments)
    assert (program, given.project, given.name) == ("petstudio", project, "all <b>layers</b>")


def test_that_the_copied_script_holds_the_recipe(qtbot, page):
    click_cell(page, 2, RunColumn.RUN)

    with qtbot.waitSignal(page._again.script_written):
        button(page, "runs.script").click()

    script = QGuiApplication.clipboard().text()
    compile(script, "again.py", "exec")
    assert 'checkpoint = "1:stage-1"' in script
    assert "clipboard" in page.sentence


def test_that_a_run_goes_into_the_trash_after_a_question_and_comes_back(qtbot, page, project):
    click_cell(page, 1, RunColumn.RUN)
    button(page, "runs.throw_away").click()
    question = dialog("runs.question")
    said = " ".join(label.text() for label in question.findChildren(QLabel))
    assert "Run 2 started from it" in said
    assert "It is the baseline" in said
    button(question, "runs.question.yes").click()
    qtbot.waitUntil(lambda: table(page).model().rowCount() == 2)
    assert [run.number for run in read(project, lambda opened: opened.trashed_runs())] == [1]

    button(page, "runs.trash").click()
    trash = dialog("trash")
    assert trash.lines()[0].startswith("1  head only, ")
    button(trash, "trash.back").click()

    qtbot.waitUntil(lambda: table(page).model().rowCount() == 3)
    assert trash.lines() == ["The trash is empty."]
    trash.close()


def test_that_keeping_a_run_is_the_default_of_the_question(qtbot, page):
    table(page).choose(3)
    table(page).setFocus()
    QTest.keyClick(table(page), Qt.Key.Key_Delete)
    question = dialog("runs.question")

    QTest.keyClick(question, Qt.Key.Key_Return)

    assert dialog("runs.question") is None
    assert table(page).model().rowCount() == 3


def test_that_emptying_the_trash_is_asked_once_more(qtbot, page, project, session):
    session.apply(lambda opened: opened.trash_run(3))
    qtbot.waitUntil(lambda: table(page).model().rowCount() == 2)
    button(page, "runs.trash").click()
    trash = dialog("trash")

    button(trash, "trash.empty").click()
    button(dialog("runs.question"), "runs.question.yes").click()

    qtbot.waitUntil(lambda: trash.lines() == ["The trash is empty."])
    assert list((project / "trash").iterdir()) == []
    trash.close()


def test_that_a_run_that_is_going_on_is_not_thrown_away(qtbot, page, project):
    with Project.open(project) as opened:
        run = opened.new_run(HEAD, "going")
    with run.hold():
        page.hide()
        page.show()
        qtbot.waitUntil(lambda: table(page).model().rowCount() == 4)
        table(page).choose(4)

        assert text(page, 4, RunColumn.ACCURACY) == "going"
        assert not button(page, "runs.throw_away").isEnabled()
        assert "going on" in button(page, "runs.throw_away").toolTip()


def test_that_a_new_run_is_seen_when_a_job_ends(qtbot, page, runner, project):
    with Project.open(project) as opened:
        told_run(opened, "newest", [(0.1, 0.99)])

    runner.start(lambda _emit, _control: None)

    qtbot.waitUntil(lambda: table(page).model().rowCount() == 4)


def test_that_a_change_that_is_not_made_is_said_while_the_page_is_seen(qtbot, page, session):
    with qtbot.waitSignal(session.failed):
        session.apply(lambda opened: opened.rename_run(1, ""))

    assert page.banner.isVisible()

    page.banner.hide()
    page.hide()
    with qtbot.waitSignal(session.failed):
        session.apply(lambda opened: opened.rename_run(1, ""))
    page.show()

    assert not page.banner.isVisible()


def test_that_all_is_there_after_a_restart(qtbot, page, open_page, project, session):
    for edit in (
        lambda opened: opened.rename_run(3, "much too hot"),
        lambda opened: opened.run_notes.write(3, RunNotes(tags=("hot",))),
        lambda opened: opened.trash_run(2),
    ):
        session.apply(edit)
    qtbot.waitUntil(lambda: table(page).model().rowCount() == 2)
    page.close()
    page.shutdown()

    again = open_page(project)

    qtbot.waitUntil(lambda: table(again).model().rowCount() == 2)
    assert text(again, 3, RunColumn.RUN) == "3  much too hot"
    assert text(again, 3, RunColumn.TAGS) == "hot"
    assert button(again, "runs.trash").text().startswith("Trash, ")


def test_that_another_project_starts_without_ticks_and_comparison(qtbot, page, tmp_path):
    tick(page, 1, 2)
    button(page, "runs.compare").click()
    qtbot.waitUntil(lambda: page._comparison.tiles[ComparedPart.FIXED].count == 2)
    other = tmp_path / "other"
    other.mkdir()

    page.set_project(new_project(other))

    qtbot.waitUntil(lambda: table(page).model().rowCount() == 0)
    assert table(page).model().ticked == ()
    assert page._comparison.tiles[ComparedPart.FIXED].count is None
    wait_for_curves(qtbot, page, 0)


def test_that_ticks_stay_while_another_page_edits_the_same_project(qtbot, page, project):
    tick(page, 1, 2)
    page.hide()
    page.set_project(project)

    page.show()

    with qtbot.waitSignal(page._shelf.changed):
        pass
    assert table(page).model().ticked == (1, 2)


def test_that_other_ticks_take_an_unfinished_comparison_back(qtbot, page):
    tick(page, 1, 2)
    button(page, "runs.compare").click()

    tick(page, 3)

    qtbot.waitUntil(lambda: not page._comparing._comparison.is_busy)
    assert page._comparison.title.text() == "Comparison"


def test_that_columns_are_shown_and_hidden(page):
    started = next(a for a in page._card._column_menu.actions() if a.text() == "Started")
    assert table(page).isColumnHidden(RunColumn.WHEN)

    started.trigger()

    assert not table(page).isColumnHidden(RunColumn.WHEN)


def test_that_a_tag_is_put_into_the_filter(qtbot, page, session):
    session.apply(lambda opened: opened.run_notes.write(1, RunNotes(tags=("a & b",))))
    qtbot.waitUntil(lambda: text(page, 1, RunColumn.TAGS) == "a & b")

    page._card._tag_menu.actions()[0].trigger()

    assert field(page, "runs.filter").text() == "a & b"
    assert table(page).model().rowCount() == 1


def test_that_the_page_has_one_filled_button(page):
    filled = [b for b in page.findChildren(QPushButton) if b.property("kind") == "primary"]

    assert [b.objectName() for b in filled] == ["runs.compare"]
