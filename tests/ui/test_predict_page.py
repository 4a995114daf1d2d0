"""The Predict page with a real runner and predictions that tell what the file names say."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from data_steps import drop
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from scripted_prediction import CLASSES, Oracle, add_run, finished_project, write_model
from scripted_run import bury

from petstudio.api.errors import InputError, IntegrityError
from petstudio.api.events import ExportFinished
from petstudio.bridge.runner import JobState
from petstudio.bridge.shown_predictions import SortBy
from petstudio.project.project import Access, Project
from petstudio.project.suggestions import load_suggestions
from petstudio.ui.page import Badge, PageKey
from petstudio.ui.pages.predict_page import PredictPage
from petstudio.ui.widgets.copy_question import CopyQuestion, preview
from petstudio.ui.widgets.quick_look import QuickLook
from petstudio.ui.widgets.result_filters import TABLE

_SOON = 10_000
ODD_NAMES = ["<b>x.jpg", "=1+1.jpg", "\u202egpj.exe.jpg", "a\nb.jpg", "שלום.jpg"]
EXPORTED = ExportFinished(
    run=1,
    path="/somewhere/pets.onnx",
    format="onnx",
    pictures=64,
    agreeing=64,
    largest_difference=2e-5,
    tolerance=1e-3,
    matches=True,
    check="/somewhere/pets.onnx.check.json",
    script="/somewhere/pets.onnx.predict.py",
)


@pytest.fixture
def oracle():
    made = Oracle()
    yield made
    made.go_on.set()


@pytest.fixture
def project(tmp_path, pictures):
    return finished_project(tmp_path, pictures)


@pytest.fixture
def folder(tmp_path):
    """Six pictures that are not in the project, one of which cannot be read."""
    made = tmp_path / "holiday"
    made.mkdir()
    for name in ("pug_1", "pug_7", "beagle_0", "beagle_5", "maine_coon_3"):
        Image.new("RGB", (40, 30), (90, 60, 40)).save(made / f"{name}.png")
    (made / "broken.png").write_bytes(b"nothing")
    return made


@pytest.fixture
def session(qtbot, session, project):
    with qtbot.waitSignal(session.changed, timeout=_SOON):
        session.open(project)
    return session


@pytest.fixture
def exports():
    """The events that an export tells, and the error that it ends with."""
    return [EXPORTED]


@pytest.fixture
def new_page(qtbot, theme, host, runner, oracle, session, exports):
    made = []

    def make_export(_host, _project, _target, _run):
        def job(emit, _control):
            for told in exports:
                if isinstance(told, Exception):
                    raise told
                emit(told)

        return job

    def make(path):
        page = PredictPage(
            theme,
            host,
            runner,
            session,
            make_job=oracle.make_job,
            make_export=make_export,
            watch_interval_ms=20,
        )
        made.append(page)
        page.resize(1356, 820)
        page.set_project(path)
        with qtbot.waitExposed(page):
            page.show()
        page.activateWindow()
        return page

    yield make
    for page in made:
        runner.cancel()
        qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=_SOON)
        page.shutdown()
        bury(page)


@pytest.fixture
def page(qtbot, new_page, project):
    made = new_page(project)
    qtbot.waitUntil(lambda: made._running.models.model is not None, timeout=_SOON)
    return made


@pytest.fixture
def full(qtbot, page, runner, folder):
    """The page with the results of the folder."""
    predict(qtbot, page, runner, folder)
    return page


def button(page, name):
    return page.findChild(QPushButton, name)


def wait_for(qtbot, page, runner, count):
    qtbot.waitUntil(lambda: len(page._results.results) == count, timeout=_SOON)
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=_SOON)
    page._results.refresh()


def predict(qtbot, page, runner, *paths, count=6):
    page.predict(paths)
    wait_for(qtbot, page, runner, count)


def titles(page):
    pictures = page._results.grid.pictures
    return [(pictures[row].title, pictures[row].note) for row in range(len(pictures))]


def files(page):
    pictures = page._results.grid.pictures
    return [pictures[row].path.name for row in range(len(pictures))]


# What is predicted


def test_that_the_empty_page_offers_validation_pictures(qtbot, page, runner, oracle):
    offer = button(page, "predict.empty.go")
    assert offer.text() == "Use 6 validation pictures"
    offer.click()
    wait_for(qtbot, page, runner, 6)
    assert page.sentence == "Run 1, first, 6 pictures, 3 not sure"


def test_that_without_a_model_it_asks_to_train(qtbot, new_page, tmp_path, pictures):
    with Project.open(finished_project(tmp_path / "..", pictures)) as opened:
        opened.trash_run(1)
        path = opened.path
    page = new_page(path)
    page.set_project(path)
    assert page.sentence == "Looking for finished models…"
    qtbot.waitUntil(lambda: "no finished model" in page.sentence, timeout=_SOON)
    with qtbot.waitSignal(page.page_wanted) as asked:
        button(page, "predict.empty.go").click()
    assert asked.args == [PageKey.TRAIN]


def test_that_results_come_while_the_rest_is_predicted(qtbot, page, oracle, folder):
    oracle.hold_at = 3
    page.predict((folder,))
    qtbot.waitUntil(lambda: len(page._results.grid.pictures) == 3, timeout=_SOON)
    qtbot.waitUntil(lambda: page._primary.words == "3 of 6", timeout=_SOON)
    assert page.sentence == "Run 1, first: 3 of 6 pictures"
    assert page.badge is Badge.RUNNING
    oracle.go_on.set()
    qtbot.waitUntil(lambda: len(page._results.grid.pictures) == 6, timeout=_SOON)
    qtbot.waitUntil(page._primary.isEnabled, timeout=_SOON)
    assert page.badge is Badge.NONE


def test_that_stop_keeps_the_results_so_far(qtbot, page, runner, oracle, folder):
    oracle.hold_at = 2
    page.predict((folder,))
    qtbot.waitUntil(lambda: len(page._results.results) == 2, timeout=_SOON)
    button(page, "predict.stop").click()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=_SOON)
    assert len(page._results.results) == 2
    assert "Stopped" in page.banner.headline


def test_that_dropped_files_and_folders_are_predicted(qtbot, page, runner, oracle, folder):
    drop(page._strip, folder / "pug_7.png", folder)
    wait_for(qtbot, page, runner, 6)
    assert oracle.asked_for[0][1][0] == "pug_7.png"


def test_that_a_folder_without_pictures_says_so(qtbot, page, tmp_path):
    (tmp_path / "empty").mkdir()
    page.predict((tmp_path / "empty",))
    qtbot.waitUntil(lambda: "is empty" in page.banner.headline, timeout=_SOON)


def test_that_another_job_in_the_way_is_named(qtbot, page, runner, oracle):
    runner.start(lambda emit, control: oracle.go_on.wait(), title="Run 7")
    assert page.sentence == "“Run 7” is still running; pictures can be predicted after it."
    assert not button(page, "predict.folder").isEnabled()
    oracle.go_on.set()
    qtbot.waitUntil(lambda: button(page, "predict.folder").isEnabled(), timeout=_SOON)


def test_that_another_model_predicts_the_same_pictures_again(qtbot, full, runner, oracle, project):
    with Project.open(project) as opened:
        add_run(opened, "second", reject_below=0.75)
    full._running.look()
    qtbot.waitUntil(lambda: full._running.models.box.count() == 3, timeout=_SOON)
    assert len(oracle.asked_for) == 1
    full._running.models.box.setCurrentIndex(0)
    full._running.models.box.activated.emit(0)
    wait_for(qtbot, full, runner, 6)
    assert [model.parent.name for model, _ in oracle.asked_for] == ["1-first", "2-second"]
    assert full._results.filters.choice.sure_from == 0.75


def test_that_a_model_file_can_be_used(qtbot, page, tmp_path):
    write_model(tmp_path / "other.safetensors")
    page._running.models.choose_file(tmp_path / "other.safetensors")
    qtbot.waitUntil(lambda: page.sentence == "Other.safetensors, 3 classes", timeout=_SOON)
    assert not button(page, "predict.export").isEnabled()


def test_that_a_file_that_is_no_model_says_so(qtbot, page, folder):
    page._running.models.choose_file(folder / "broken.png")
    qtbot.waitUntil(lambda: "damaged" in page.banner.headline, timeout=_SOON)
    assert page._running.models.model.name == "run 1, first"


def test_that_another_project_forgets_the_results(qtbot, full):
    full.set_project(None)
    assert len(full._results.results) == 0
    assert full._stack.currentWidget() is full._empty


# A folder that is watched


def test_that_new_pictures_in_a_watched_folder_are_predicted(qtbot, full, runner, folder):
    button(full, "predict.watch").click()
    assert full._running.sources.is_watching
    Image.new("RGB", (9, 9)).save(folder / "pug_99.png")
    wait_for(qtbot, full, runner, 7)
    assert "pug_99.png" in files(full)
    button(full, "predict.watch").click()
    assert not full._running.sources.is_watching


def test_that_an_empty_folder_can_be_watched(qtbot, page, runner, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    page._running.sources.watch(folder)
    qtbot.waitUntil(lambda: page._running.sources.is_watching, timeout=_SOON)
    Image.new("RGB", (9, 9)).save(folder / "pug_1.png")
    wait_for(qtbot, page, runner, 1)
    assert files(page) == ["pug_1.png"]


def test_that_a_watched_folder_that_is_gone_is_said_and_found_again(qtbot, full, folder, tmp_path):
    button(full, "predict.watch").click()
    folder.rename(tmp_path / "away")
    qtbot.waitUntil(lambda: "is gone" in full.banner.headline, timeout=_SOON)
    (tmp_path / "away").rename(folder)
    qtbot.waitUntil(lambda: "there again" in full.banner.headline, timeout=_SOON)


def test_that_pictures_that_come_during_a_prediction_wait(qtbot, page, runner, oracle, folder):
    oracle.hold_at = 3
    page._running.sources.watch(folder)
    qtbot.waitUntil(lambda: page._running.feed.is_going, timeout=_SOON)
    Image.new("RGB", (9, 9)).save(folder / "pug_99.png")
    qtbot.waitUntil(lambda: bool(page._running._arrived), timeout=_SOON)
    oracle.go_on.set()
    wait_for(qtbot, page, runner, 7)


# What is shown


def test_that_the_least_sure_come_first_and_the_unreadable_last(full):
    assert titles(full) == [
        ("not sure", "0.40"),
        ("not sure", "0.47"),
        ("maine coon", "0.61"),
        ("beagle", "0.75"),
        ("pug", "0.89"),
        ("broken.png", ""),
    ]


def test_that_the_first_picture_is_the_current_one_at_the_end(full):
    assert full._results.grid.current.path.name == "beagle_0.png"
    assert full._results.selected_keys == (full._results.shown.key_at(0),)


def test_that_a_picture_chosen_meanwhile_stays_the_current_one(qtbot, page, runner, oracle, folder):
    oracle.hold_at = 3
    page.predict((folder,))
    qtbot.waitUntil(lambda: len(page._results.grid.pictures) == 3, timeout=_SOON)
    grid = page._results.grid
    grid.go_to_key(1)
    chosen = grid.current.path
    oracle.go_on.set()
    wait_for(qtbot, page, runner, 6)
    assert grid.current.path == chosen


def test_that_the_threshold_turns_classes_into_not_sure(full):
    full._results.filters._sure._box.setValue(0.7)
    assert [title for title, _ in titles(full)].count("not sure") == 3
    assert full.sentence == "Run 1, first, 6 pictures, 3 not sure"


def test_that_slider_and_box_show_the_same(full):
    field = full._results.filters._at_least
    field._slider.setValue(80)
    assert field._box.value() == 0.8
    assert titles(full) == [("pug", "0.89")]
    field._box.setValue(0.75)
    assert field._slider.value() == 75


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("unsure", ["beagle_0.png", "pug_1.png"]),
        ("unreadable", ["broken.png"]),
        ("class:pug", ["pug_1.png", "pug_7.png"]),
    ],
)
def test_that_a_part_of_the_results_can_be_shown(full, key, expected):
    full._results.filters._subset.show_key(key)
    full._results.filters.edited.emit()
    assert files(full) == expected


def test_that_every_class_is_offered(full):
    box = full._results.filters._subset
    assert [box.itemText(at) for at in range(3, box.count())] == ["beagle", "maine coon", "pug"]


def test_that_grid_and_table_share_the_selection(full):
    grid, table = full._results.grid, full._results.table
    keys = (grid.pictures.key_at(1), grid.pictures.key_at(3))
    grid.select_keys(keys, keys[1])
    full._results.filters.view_chosen.emit(TABLE)
    assert table.selected_keys == keys
    assert table.current_key == keys[1]
    assert [table.model().index(5, column).data() for column in range(2)] == [
        "broken.png",
        "cannot read: the file is cut off",
    ]


def test_that_a_header_of_the_table_sorts(full):
    full._results.table.sort_wanted.emit(SortBy.FILE)
    assert files(full)[:2] == ["beagle_0.png", "beagle_5.png"]
    full._results.table.sort_wanted.emit(SortBy.LEAST_CONFIDENT)
    full._results.table.sort_wanted.emit(SortBy.LEAST_CONFIDENT)
    assert files(full)[0] == "pug_7.png"


def test_that_the_inspector_shows_the_likely_classes(full):
    grid = full._results.grid
    grid.go_to_row(4)
    inspector = full._looking.inspector
    assert inspector._name.full_text == "pug_7.png"
    assert inspector._bars.accessibleName() == "pug 0.89, beagle 0.05, maine coon 0.05"
    assert inspector._margin.text() == "margin 0.83"
    grid.go_to_row(5)
    assert inspector._reason.text() == "Cannot be read: the file is cut off."


def test_that_space_shows_the_picture_large_and_arrows_go_on(qtbot, full):
    full._results.grid.setFocus()
    QTest.keyClick(full._results.grid, Qt.Key.Key_Space)
    look = full.findChild(QuickLook)
    assert look._words.full_text == "not sure, perhaps beagle, 0.40"
    QTest.keyClick(look, Qt.Key.Key_Right)
    assert look._name.full_text == "pug_1.png"
    with qtbot.waitSignal(look.finished):
        QTest.keyClick(look, Qt.Key.Key_Space)


def test_that_a_heat_map_of_a_model_file_says_what_it_needs(qtbot, full, tmp_path):
    full._looking.show_model(None, replace(full._running.models.model, run=None))
    QTest.keyPress(full._results.grid, Qt.Key.Key_H)
    assert full.banner.headline == "Heat maps need a run of the open project."


@pytest.mark.parametrize("name", ODD_NAMES)
def test_that_odd_names_are_shown_as_text(qtbot, page, runner, tmp_path, name):
    odd = tmp_path / "odd"
    odd.mkdir()
    Image.new("RGB", (9, 9)).save(odd / name, "JPEG")
    predict(qtbot, page, runner, odd / name, count=1)
    page._results.filters.view_chosen.emit(TABLE)
    labels = [label for label in page.findChildren(QLabel) if label.text()]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    assert all("<b>" not in label.toolTip() for label in labels)
    cell = page._results.table.model().index(0, 0).data()
    assert cell.isprintable()
    assert page._looking.inspector._name.full_text.isprintable()


# What is done with the results


def test_that_the_table_holds_what_is_shown(qtbot, full, tmp_path):
    full._results.filters._at_least._box.setValue(0.5)
    full._giving.write_table(tmp_path / "out.csv")
    qtbot.waitUntil(lambda: bool(full.banner.headline), timeout=_SOON)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["class_1"] for row in rows] == ["maine_coon", "beagle", "pug"]
    assert {row["model"] for row in rows} == {"run 1, first"}
    assert {row["data_fingerprint"] for row in rows} == {"feedbeeffeedbeef"}
    assert full.banner.headline == "3 rows written to out.csv: those shown, of 6 results."


def test_that_a_table_that_cannot_be_written_says_so(qtbot, full, tmp_path):
    full._giving.write_table(tmp_path / "none" / "out.csv")
    qtbot.waitUntil(lambda: "could not be written" in full.banner.headline, timeout=_SOON)


def test_that_copies_are_shown_before_they_are_made_and_can_be_undone(
    qtbot, full, runner, tmp_path
):
    target = tmp_path / "sorted"
    target.mkdir()
    copying = full._giving._copying
    full._giving.bar.copy_wanted.disconnect()
    full._giving._copy()
    full.findChild(object, "question.path").reject()
    copying.plan(target)
    qtbot.waitUntil(lambda: full.findChild(CopyQuestion) is not None, timeout=_SOON)
    question = full.findChild(CopyQuestion)
    assert not list(target.iterdir())
    assert preview(copying._plan)[0] == "maine_coon_3.png → maine_coon/maine_coon_3.png"
    button(question, "copy_question.copy").click()
    qtbot.waitUntil(lambda: full.banner.headline == "3 pictures copied into sorted.")
    assert sorted(path.name for path in target.iterdir()) == list(CLASSES)
    undo = button(full, "predict.undo_copies")
    qtbot.waitUntil(undo.isVisible, timeout=_SOON)
    undo.click()
    button(full, "take_back.keep").click()
    assert len(list(target.iterdir())) == 3
    undo.click()
    qtbot.waitUntil(lambda: button(full, "take_back.delete") is not None, timeout=_SOON)
    button(full, "take_back.delete").click()
    qtbot.waitUntil(lambda: full.banner.headline == "3 copies taken back.", timeout=_SOON)
    assert not list(target.iterdir())


def test_that_the_buttons_belong_to_the_selection_or_to_all(full):
    bar = full._giving.bar
    assert bar._which.text() == "All 6 shown"
    grid = full._results.grid
    grid.select_keys((grid.pictures.key_at(0), grid.pictures.key_at(1)))
    assert bar._which.text() == "2 selected"
    assert len(full._results.acted_on) == 2


def test_that_pictures_below_the_folder_become_suggestions(qtbot, page, runner, pictures, project):
    new = pictures / "new"
    new.mkdir()
    Image.new("RGB", (9, 9)).save(new / "pug_5.png")
    predict(qtbot, page, runner, new, count=1)
    button(page, "predict.add").click()
    qtbot.waitUntil(lambda: bool(page.banner.headline), timeout=_SOON)
    assert page.banner.headline == (
        "1 suggestion added, 1 new picture among them. Look at them on the Label page."
    )
    with Project.open(project, Access.READ) as opened:
        (image,) = [image for image in opened.images() if image.path == "new/pug_5.png"]
    assert load_suggestions(project).top(image.id)[0] == "pug"


def test_that_pictures_elsewhere_are_not_added_and_it_says_why(qtbot, full):
    button(full, "predict.add").click()
    qtbot.waitUntil(lambda: bool(full.banner.headline), timeout=_SOON)
    assert full.banner.headline.startswith("No suggestion was added. 5 lie outside the folder")


# Export


def export(qtbot, page, runner, tmp_path):
    page._export.export_to(tmp_path / "pets")
    card = page._export.card
    qtbot.waitUntil(lambda: bool(card._verdict.text()), timeout=_SOON)
    assert runner.state is JobState.IDLE
    return card


def test_that_an_export_that_matches_is_green(qtbot, full, runner, tmp_path):
    card = export(qtbot, full, runner, tmp_path)
    assert (card._verdict.text(), card._count.text()) == ("Matches the app", "64 of 64 same")
    assert card._verdict.property("tone") == "ok"
    assert card._script.isVisible()
    assert button(full, "predict.export").text() == "Export again…"
    assert button(full, "predict.export").isEnabled()


def test_that_an_export_that_does_not_match_is_red_with_details(
    qtbot, full, runner, tmp_path, exports
):
    exports[:] = [
        replace(EXPORTED, matches=False, agreeing=60, largest_difference=0.31),
        IntegrityError("The export does not match."),
    ]
    card = export(qtbot, full, runner, tmp_path)
    assert card._verdict.text() == "Does not match, largest difference 0.31"
    assert card._verdict.property("tone") == "err"
    assert card._details.isVisible()
    card._details.click()
    dialog = full.findChild(object, "details")
    assert "Same most probable class: 60" in dialog.findChild(object, "details.text").toPlainText()
    dialog.close()


def test_that_an_export_that_fails_says_why(qtbot, full, runner, tmp_path, exports):
    exports[:] = [InputError("onnx is not installed.", cure="Install it.")]
    card = export(qtbot, full, runner, tmp_path)
    assert card._verdict.text() == "onnx is not installed. Install it."


def test_that_the_threshold_is_stored_with_the_export(qtbot, full, runner, tmp_path):
    full._results.filters._sure._box.setValue(0.6)
    export(qtbot, full, runner, tmp_path)
    qtbot.waitUntil(lambda: full._running.models.model.info.reject_below == 0.6, timeout=_SOON)


def test_that_the_formats_of_the_plugins_are_offered(full):
    box = full._export.card._format
    assert {box.itemText(at) for at in range(box.count())} >= {"ONNX", "TorchScript", "PetStudio"}


# Where it is seen


@pytest.mark.parametrize("width", [1016, 1356])
def test_that_no_button_is_cut(qtbot, full, width):
    def cut():
        buttons = full.findChildren(QPushButton)
        shown = [found for found in buttons if found.isVisible()]
        return [b.objectName() for b in shown if b.width() < b.sizeHint().width()]

    full.resize(width, 640)
    qtbot.waitUntil(lambda: not cut(), timeout=_SOON)


def test_that_there_is_one_filled_button(qtbot, page, runner, folder):
    def filled():
        buttons = page.findChildren(QPushButton)
        return [b for b in buttons if b.property("kind") == "primary" and b.isVisible()]

    assert len(filled()) == 1
    predict(qtbot, page, runner, folder)
    assert len(filled()) == 1


def test_that_results_keep_the_name_of_their_model(qtbot, full, runner, oracle, project):
    with Project.open(project) as opened:
        add_run(opened, "second")
    full._running.look()
    qtbot.waitUntil(lambda: full._running.models.box.count() == 3, timeout=_SOON)
    runner.start(lambda emit, control: oracle.go_on.wait(), title="Run 7")
    full._running.models.box.setCurrentIndex(0)
    full._running.models.box.activated.emit(0)
    assert full._running.model.name == "run 2, second"
    assert full.sentence == "Run 1, first, 6 pictures, 2 not sure"
    oracle.go_on.set()
    qtbot.waitUntil(lambda: full.sentence.startswith("Run 2, second, 6"), timeout=_SOON)


def test_that_the_model_cannot_be_changed_during_a_prediction(qtbot, page, oracle, folder):
    oracle.hold_at = 1
    page.predict((folder,))
    qtbot.waitUntil(lambda: page._running.feed.is_going, timeout=_SOON)
    assert not page._running.models.box.isEnabled()
    oracle.go_on.set()
    qtbot.waitUntil(page._running.models.box.isEnabled, timeout=_SOON)


def test_that_another_model_also_takes_what_came_into_a_watched_folder(
    qtbot, full, runner, oracle, folder, tmp_path
):
    button(full, "predict.watch").click()
    Image.new("RGB", (9, 9)).save(folder / "pug_99.png")
    wait_for(qtbot, full, runner, 7)
    write_model(tmp_path / "other.safetensors")
    full._running.models.choose_file(tmp_path / "other.safetensors")
    qtbot.waitUntil(lambda: full.sentence.startswith("Other.safetensors, 7"), timeout=_SOON)
    assert "pug_99.png" in oracle.asked_for[-1][1]


def test_that_a_job_that_begins_during_the_question_stops_the_copying(
    qtbot, full, runner, oracle, tmp_path
):
    (tmp_path / "sorted").mkdir()
    copying = full._giving._copying
    full._giving._copy()
    full.findChild(object, "question.path").reject()
    copying.plan(tmp_path / "sorted")
    qtbot.waitUntil(lambda: full.findChild(CopyQuestion) is not None, timeout=_SOON)
    runner.start(lambda emit, control: oracle.go_on.wait(), title="Run 7")
    button(full.findChild(CopyQuestion), "copy_question.copy").click()
    assert full.banner.headline == "“Run 7” is still running."
    oracle.go_on.set()
