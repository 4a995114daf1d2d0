"""The Evaluate page with stored results: what it shows, fixes and compares."""

from __future__ import annotations

import pytest
from evaluated_project import CLASSES, VALID, evaluated_project, finished_run, keep, new_project
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton

from petstudio.api.contributions import Split
from petstudio.api.events import ProgressMade
from petstudio.bridge.run_comparison import ComparedPart
from petstudio.bridge.runner import JobState
from petstudio.engine.model_info import read_info
from petstudio.project.pending_fixes import FixKind, load_tray
from petstudio.project.project import Project
from petstudio.project.records import Access, LabelOrigin
from petstudio.ui.page import Badge, PageKey
from petstudio.ui.pages.evaluate_page import EvaluatePage

BEAGLE, MAINE_COON, PUG = range(3)
SHIFT = Qt.KeyboardModifier.ShiftModifier
NO_KEY = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def project(tmp_path):
    return evaluated_project(tmp_path)


@pytest.fixture
def jobs():
    """The choices with which evaluations were asked for, and wishes for heat maps."""
    return []


@pytest.fixture
def open_page(qtbot, theme, host, runner, session, jobs):
    """Open a page on a project, as the desk does; all of them are shut down at the end."""
    pages = []

    def evaluation(_host, project, choice):
        def job(emit, _control):
            jobs.append(choice)
            emit(ProgressMade(task="Evaluating", done=1, total=3))
            with Project.open(project, Access.READ) as opened:
                run = opened.run(choice.run).folder
            keep(run, ((BEAGLE, 0.9), (PUG, 0.8), (PUG, 0.7)), choice.split, first=VALID + 4)

        return job

    def heat_maps(_host, _project, _model, wishes):
        def job(_emit, _control):
            jobs.append(wishes)
            for wish in wishes:
                wish.file.parent.mkdir(parents=True, exist_ok=True)
                Image.new("RGB", (8, 8), (255, 120, 0)).save(wish.file)

        return job

    def open_it(path):
        if path is not None and session.path != path:
            session.open(path)
            qtbot.waitUntil(lambda: session.path == path)
        page = EvaluatePage(
            theme, host, runner, session, make_evaluation=evaluation, make_heat_maps=heat_maps
        )
        pages.append(page)
        page.resize(1356, 820)
        session.changed.connect(lambda view: page.set_project(view.path if view else None))
        page.set_project(path)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        qtbot.waitUntil(lambda: not page.is_reading)
        return page

    yield open_it
    runner.shutdown()
    for page in pages:
        close(page)
        page.deleteLater()


@pytest.fixture
def page(open_page, project):
    return open_page(project)


@pytest.fixture
def page_in_the_dark(theme, host, runner, session):
    """Make a page that knows its project and has never been seen."""
    pages = []

    def make(path):
        page = EvaluatePage(theme, host, runner, session)
        pages.append(page)
        page.set_project(path)
        return page

    yield make
    for page in pages:
        close(page)
        page.deleteLater()


def close(page):
    page.close()
    page.shutdown()


def button(page, name):
    return page.findChild(QPushButton, name)


def names(grid):
    return [grid.pictures[row].path.stem for row in range(len(grid.pictures))]


def select_cell(page, actual, predicted):
    panel = page.tabs.tab("confusion").panel
    panel.select(frozenset(((actual, predicted),)))
    panel.selection_changed.emit(panel.grid.selected)


def press(page, key, modifiers=NO_KEY):
    page.pictures.grid.setFocus()
    QTest.keyClick(page.pictures.grid, key, modifiers)


def fixes(page):
    return {fix.image: (fix.kind, fix.to) for fix in page.tray.fixes}


def image(project, number):
    with Project.open(project, Access.READ) as opened:
        return next(record for record in opened.images() if record.id == number)


def is_hot(grid):
    """True while the first tile is as orange as the heat maps of these tests."""
    place = grid.visualRect(grid.model().index(0, 0)).center()
    return grid.viewport().grab().toImage().pixelColor(place).getRgb() == (255, 120, 0, 255)


def wait_until_read(qtbot, page):
    qtbot.waitUntil(lambda: not page.is_reading)


def test_that_without_a_project_the_page_asks_for_data(qtbot, open_page):
    page = open_page(None)
    with qtbot.waitSignal(page.page_wanted) as wanted:
        button(page, "evaluate.empty.go").click()
    assert wanted.args == [PageKey.DATA]


def test_that_before_the_first_run_the_page_asks_for_training(qtbot, open_page, tmp_path):
    page = open_page(new_project(tmp_path))
    assert not button(page, "evaluate.go").isVisible()
    with qtbot.waitSignal(page.page_wanted) as wanted:
        button(page, "evaluate.empty.go").click()
    assert wanted.args == [PageKey.TRAIN]


def test_that_a_stored_result_is_shown_without_a_job(page, jobs):
    assert page.sentence.startswith("9 of 12 right, 75.0 % ±")
    assert page.seen.choice.run == 2
    assert not jobs
    assert button(page, "evaluate.go").text() == "Evaluate again"


def test_that_at_first_all_mistakes_are_beside_it_worst_first(page):
    assert page.pictures.title == "All mistakes"
    assert names(page.pictures.grid) == ["beagle_2", "beagle_3", "maine_coon_3"]


def test_that_a_cell_shows_its_pictures(page):
    select_cell(page, BEAGLE, PUG)
    assert page.pictures.title == "beagle taken for pug"
    assert names(page.pictures.grid) == ["beagle_2", "beagle_3"]
    worst = page.pictures.grid.pictures[0]
    assert (worst.title, worst.subtitle, worst.subnote) == ("pug", "actual beagle", "p 2.5 %")
    assert worst.is_wrong


def test_that_another_run_can_be_looked_at(qtbot, page):
    page.show_run(1)
    qtbot.waitUntil(lambda: page.sentence.startswith("8 of 12 right"))


def test_that_a_run_can_be_chosen_before_the_page_is_seen_first(qtbot, page_in_the_dark, project):
    page = page_in_the_dark(project)
    page.show_run(1)
    page.show()
    qtbot.waitUntil(lambda: page.seen.judged is not None and not page.is_reading)
    assert page.seen.choice.run == 1


def test_that_nothing_of_another_project_can_be_fixed_when_the_page_is_seen_again(
    qtbot, page, tmp_path
):
    (tmp_path / "other").mkdir()
    other = evaluated_project(tmp_path / "other")
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_3)
    qtbot.waitUntil(lambda: bool(load_tray(page._project).fixes))
    here = page._project
    page.hide()
    page.set_project(other)
    page.show()
    assert not page.seen.records
    assert not page.pictures.grid.pictures
    qtbot.waitUntil(lambda: bool(page.seen.records) and not page.is_reading)
    assert not page.tray.fixes
    assert load_tray(here).fixes


def test_that_the_page_says_that_it_reads_before_there_is_anything(page_in_the_dark, project):
    page = page_in_the_dark(project)
    page.show()
    assert page.sentence == "Reading the results"


def test_that_worst_first_has_mistakes_by_loss_and_filters(page):
    tab = page.tabs.tab("worst")
    assert names(tab.pictures) == ["beagle_2", "beagle_3", "maine_coon_3"]
    assert tab.pictures.pictures[0].title == "pug  95.0 %"
    tab.kind.choose("all")
    tab.kind.chosen.emit("all")
    assert len(tab.pictures.pictures) == VALID
    tab.actual.show_key(str(MAINE_COON))
    tab.actual.picked.emit(str(MAINE_COON))
    assert names(tab.pictures)[0] == "maine_coon_3"
    assert len(tab.pictures.pictures) == 4


def test_that_a_picture_in_a_list_shows_its_like(page):
    tab = page.tabs.tab("worst")
    tab.pictures.go_to_row(1)
    assert page.pictures.title == "beagle taken for pug"
    assert page.pictures.grid.current.path.stem == "beagle_3"


def test_that_a_row_of_the_classes_shows_their_pictures(page):
    tab = page.tabs.tab("classes")
    model = tab.table.model()
    assert [model.index(row, 0).data() for row in range(3)] == ["beagle", "pug", "maine coon"]
    tab.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [model.index(row, 0).data() for row in range(3)] == ["beagle", "maine coon", "pug"]
    tab.table.selectRow(1)
    assert page.pictures.title == "maine coon"
    assert names(page.pictures.grid)[0] == "maine_coon_3"


def test_that_a_threshold_shows_who_is_unsure_and_is_stored(qtbot, page):
    tab = page.tabs.tab("threshold")
    tab.field.setValue(58)
    assert page.pictures.title == "Not sure"
    assert sorted(names(page.pictures.grid)) == ["maine_coon_2", "maine_coon_3", "pug_3"]
    tab.store.click()
    qtbot.waitUntil(lambda: page.seen.judged.result.reject_below == pytest.approx(0.58))
    assert read_info(page.seen.run.folder.model_path).reject_below == pytest.approx(0.58)


def test_that_keys_move_the_threshold_along_the_curve(page):
    tab = page.tabs.tab("threshold")
    QTest.keyClick(tab.plot, Qt.Key.Key_Left)
    assert tab.threshold == pytest.approx(0.5)


def test_that_one_tick_stores_the_temperature(qtbot, page):
    tab = page.tabs.tab("calibration")
    fitted = page.seen.judged.fitted
    tab.tick.click()
    qtbot.waitUntil(lambda: page.seen.judged.result.temperature == pytest.approx(fitted))
    tab.tick.click()
    qtbot.waitUntil(lambda: page.seen.judged.result.temperature == 1.0)


def test_that_a_bar_of_the_calibration_shows_its_pictures(page):
    tab = page.tabs.tab("calibration")
    QTest.keyClick(tab.plot, Qt.Key.Key_Right)
    assert page.pictures.title == "Probability 40 to 47 %, 1 of 1 right"
    assert names(page.pictures.grid) == ["pug_3"]


def test_that_equal_files_across_the_split_are_found_and_can_go(qtbot, page):
    tab = page.tabs.tab("duplicates")
    qtbot.waitUntil(lambda: len(tab.pictures.pictures) == 2)
    assert sorted(names(tab.pictures)) == ["beagle_0", "beagle_90"]
    tab.exclude.click()
    assert fixes(page) == {1: (FixKind.EXCLUDE, "")}


def test_that_the_tab_of_likely_errors_fits_a_narrow_page(page):
    assert page.tabs.tab("label_errors").minimumSizeHint().width() < 500


def test_that_a_label_found_right_leaves_the_likely_errors(page):
    tab = page.tabs.tab("label_errors")
    assert names(tab.pictures) == ["beagle_2", "maine_coon_3"]
    tab.pictures.setFocus()
    QTest.keyClick(tab.pictures, Qt.Key.Key_K)
    assert names(tab.pictures) == ["maine_coon_3"]
    tab.kind.choose("checked")
    tab.kind.chosen.emit("checked")
    assert names(tab.pictures) == ["beagle_2"]


def test_that_a_label_found_right_stays_so_after_applying(qtbot, page, project, open_page):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_K)
    button(page, "evaluate.go").click()
    assert not page.tray.fixes
    close(page)
    assert [fix.image for fix in load_tray(project).checked] == [3]
    again = open_page(project)
    assert names(again.tabs.tab("label_errors").pictures) == ["maine_coon_3"]


def test_that_keys_put_fixes_into_the_tray_and_take_them_back(page):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_3)
    assert fixes(page) == {3: (FixKind.RELABEL, "pug")}
    press(page, Qt.Key.Key_1)
    assert fixes(page) == {}
    press(page, Qt.Key.Key_X)
    assert fixes(page) == {3: (FixKind.EXCLUDE, "")}
    press(page, Qt.Key.Key_Right)
    press(page, Qt.Key.Key_R)
    assert set(fixes(page)) == {3, 4}
    press(page, Qt.Key.Key_X)
    assert set(fixes(page)) == {3}


def test_that_pending_fixes_are_seen_on_the_pictures_the_button_and_the_rail(page):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_3)
    assert page.pictures.grid.pictures[0].mark_text == "→ pug"
    assert button(page, "evaluate.go").text() == "Apply 1 fix"
    assert (page.badge, page.badge_count) == (Badge.PENDING, 1)


def test_that_letters_elsewhere_fix_nothing(page):
    grid = page.tabs.tab("confusion").panel.grid
    grid.setFocus()
    for key in (Qt.Key.Key_X, Qt.Key.Key_K, Qt.Key.Key_3):
        QTest.keyClick(grid, key)
    assert fixes(page) == {}


# The offscreen platform says so of every popup.
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_that_a_class_can_be_picked_from_a_list(page):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_QuoteLeft)
    picker = page.pictures.grid.findChild(object, "evaluate.picker")
    QTest.keyClick(picker.view, Qt.Key.Key_Down)
    QTest.keyClick(picker.view, Qt.Key.Key_Return)
    assert fixes(page) == {3: (FixKind.RELABEL, "maine_coon")}
    assert not picker.isVisible()


def test_that_the_tray_takes_back_one_or_all(page):
    page.pictures.grid.selectAll()
    press(page, Qt.Key.Key_X)
    assert len(page.tray.fixes) == 3
    listed = page.pictures.tray.list
    listed.setCurrentIndex(listed.model().index(0, 0))
    QTest.keyClick(listed, Qt.Key.Key_Delete)
    assert len(page.tray.fixes) == 2
    button(page, "evaluate.undo_all").click()
    assert not page.tray.fixes
    assert page.pictures.tray.isHidden()


def test_that_a_fix_does_not_change_what_is_looked_at(qtbot, page):
    duplicates = page.tabs.tab("duplicates")
    qtbot.waitUntil(lambda: len(duplicates.pictures.pictures) == 2)
    page.tabs.tab("label_errors")
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_Right)
    press(page, Qt.Key.Key_K)
    press(page, Qt.Key.Key_X)
    assert page.pictures.title == "beagle taken for pug"
    assert page.pictures.grid.current.path.stem == "beagle_3"


def test_that_review_shows_the_pictures_of_all_fixes(page):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_X)
    select_cell(page, MAINE_COON, BEAGLE)
    press(page, Qt.Key.Key_K)
    button(page, "evaluate.review").click()
    assert page.pictures.title == "Pending fixes"
    assert names(page.pictures.grid) == ["maine_coon_3", "beagle_2"]


def test_that_the_tray_survives_the_page(page, project, open_page):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_3)
    close(page)
    assert fixes(open_page(project)) == {3: (FixKind.RELABEL, "pug")}


def test_that_fixes_are_applied_as_one_step_and_the_figures_follow(qtbot, page, project, session):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_3)
    select_cell(page, MAINE_COON, BEAGLE)
    press(page, Qt.Key.Key_X)
    button(page, "evaluate.go").click()
    qtbot.waitUntil(lambda: page.sentence.startswith("10 of 11 right"))
    assert not page.tray.fixes
    assert session.view.undo == "Fix 2 images"
    assert image(project, 3).label == "pug"
    assert page.banner.headline == "2 fixes are applied; the figures follow."
    page.banner.findChild(QPushButton, "banner.action").click()
    qtbot.waitUntil(lambda: page.sentence.startswith("9 of 12 right"))
    assert image(project, 3).label == "beagle"


def test_that_as_many_fixes_are_applied_as_were_pending(qtbot, page):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_3)
    select_cell(page, MAINE_COON, BEAGLE)
    press(page, Qt.Key.Key_K)
    assert button(page, "evaluate.go").text() == "Apply 2 fixes"
    button(page, "evaluate.go").click()
    qtbot.waitUntil(lambda: page.banner.headline.startswith("2 fixes are applied"))


def test_that_applying_can_go_on_to_training(qtbot, page):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_3)
    with qtbot.waitSignal(page.retrain_wanted):
        button(page, "evaluate.retrain").click()
    assert not page.tray.labels or page.is_reading


def test_that_fixes_of_pictures_that_changed_meanwhile_are_dropped_with_a_word(
    qtbot, page, session
):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_3)
    session.apply(lambda opened: opened.set_labels({3: "maine_coon"}, LabelOrigin.PERSON))
    qtbot.waitUntil(lambda: not page.tray.fixes)
    assert page.banner.headline.startswith("1 pending fix was dropped")


def test_that_two_runs_are_compared_and_chips_filter(qtbot, page):
    page.controls.chosen.emit({"other": 1})
    qtbot.waitUntil(lambda: page.seen.comparison is not None)
    chips = {part: button(page, f"evaluate.part.{part.name.lower()}") for part in ComparedPart}
    texts = [chip.text() for chip in chips.values()]
    assert texts == ["2 fixed", "1 broken", "2 both wrong", "7 both right"]
    assert "may be chance" in page.controls.verdict
    chips[ComparedPart.BROKEN].click()
    qtbot.waitUntil(lambda: page.seen.choice.part is ComparedPart.BROKEN)
    assert page.pictures.title == "Broken"
    assert names(page.pictures.grid) == ["beagle_3"]
    assert page.sentence.startswith("9 of 12 right")
    chips[ComparedPart.BROKEN].click()
    qtbot.waitUntil(lambda: page.seen.choice.part is None)


def test_that_a_split_without_results_is_evaluated_on_demand(qtbot, page, runner, jobs):
    page.controls.chosen.emit({"split": Split.TEST})
    qtbot.waitUntil(lambda: "not evaluated on the test pictures" in page.sentence)
    primary = button(page, "evaluate.go")
    assert primary.text() == "Evaluate"
    primary.click()
    qtbot.waitUntil(lambda: page.sentence.startswith("2 of 3 right"))
    assert [(choice.run, choice.split) for choice in jobs] == [(2, Split.TEST)]


def test_that_nothing_is_applied_while_another_job_runs(qtbot, page, runner):
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_3)
    runner.start(lambda _emit, control: _wait_for_the_end(control), title="Run 3")
    qtbot.waitUntil(lambda: runner.state is JobState.RUNNING)
    primary = button(page, "evaluate.go")
    assert not primary.isEnabled()
    assert "Run 3" in primary.toolTip()
    runner.cancel()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE)
    qtbot.waitUntil(primary.isEnabled)


def test_that_heat_maps_are_seen_while_the_key_is_held(qtbot, page, jobs):
    select_cell(page, BEAGLE, PUG)
    grid = page.pictures.grid
    grid.setFocus()
    QTest.keyPress(grid, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: is_hot(grid))
    assert [wish.target for wish in jobs[0]] == [PUG, PUG]
    QTest.keyRelease(grid, Qt.Key.Key_H)
    assert not is_hot(grid)


def test_that_shift_asks_for_the_true_class_and_drawn_ones_are_used_again(qtbot, page, jobs):
    select_cell(page, BEAGLE, PUG)
    grid = page.pictures.grid
    grid.setFocus()
    for _ in range(2):
        QTest.keyPress(grid, Qt.Key.Key_H, SHIFT)
        qtbot.waitUntil(lambda: is_hot(grid))
        QTest.keyRelease(grid, Qt.Key.Key_H, SHIFT)
    assert [[wish.target for wish in wishes] for wishes in jobs] == [[BEAGLE, BEAGLE]]


def test_that_a_busy_runner_keeps_heat_maps_waiting_with_a_word(qtbot, page, runner):
    runner.start(lambda _emit, control: _wait_for_the_end(control), title="Run 3")
    grid = page.pictures.grid
    grid.setFocus()
    QTest.keyPress(grid, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: "Run 3" in page.sentence)
    QTest.keyRelease(grid, Qt.Key.Key_H)
    assert page.sentence.startswith("9 of 12 right")
    runner.cancel()


def test_that_other_classes_in_the_data_are_said(qtbot, page, session):
    session.apply(lambda opened: opened.set_labels({5: "sphynx"}, LabelOrigin.PERSON))
    qtbot.waitUntil(lambda: bool(page.banner.headline))
    assert page.banner.headline == "The model knows 3 classes, the data has 4."
    with qtbot.waitSignal(page.retrain_wanted):
        page.banner.findChild(QPushButton, "banner.action").click()


def test_that_pictures_that_came_later_are_said(qtbot, page, session):
    session.apply(lambda opened: opened.set_splits({13: Split.VALID}))
    qtbot.waitUntil(lambda: bool(page.banner.headline))
    assert page.banner.headline == "1 validation picture was not evaluated yet."


def test_that_the_report_is_written_where_the_user_wants_it(qtbot, page, tmp_path):
    button(page, "evaluate.report").click()
    dialog = page.findChild(QFileDialog)
    target = tmp_path / "report.html"
    dialog.fileSelected.emit(str(target))
    dialog.close()
    qtbot.waitUntil(lambda: "report.html" in page.banner.headline)
    assert "beagle" in target.read_text()


def test_that_a_damaged_result_is_a_sentence(open_page, tmp_path):
    project = new_project(tmp_path)
    run = finished_run(project, "only")
    run.predictions_path.write_bytes(b"nothing")
    page = open_page(project)
    assert "damaged" in page.sentence
    assert button(page, "evaluate.go").text() == "Evaluate"


def test_that_odd_names_are_shown_as_they_are(qtbot, page, session):
    session.apply(lambda opened: opened.rename_class("pug", "<b>pug</b>"))
    wait_until_read(qtbot, page)
    select_cell(page, BEAGLE, PUG)
    press(page, Qt.Key.Key_1)
    assert "<b>" not in page.pictures.grid.pictures[0].title
    assert page.sentence


def _wait_for_the_end(control):
    control.pause()
    control.checkpoint()


def test_that_all_classes_are_known_to_the_keys(page):
    assert tuple(page.fixing.keys.by_class) == CLASSES


def test_that_the_keys_give_no_class_that_has_another_name_now(qtbot, page, session):
    session.apply(lambda opened: opened.rename_class("beagle", "small dog"))
    qtbot.waitUntil(lambda: "small dog" in page.seen.classes)
    assert tuple(page.fixing.keys.by_class) == ("maine_coon", "pug", "small dog")
