"""The Data page, driven as a user would: choose a folder, read the proof, make a project."""

from __future__ import annotations

import threading

import pytest
from data_steps import drop
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QSpinBox, QTableView

from petstudio.api.contributions import Split
from petstudio.bridge.models import ProofColumn
from petstudio.bridge.runner import JobState
from petstudio.project.project import Project
from petstudio.ui.page import Badge
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.drop_well import DropWell
from petstudio.ui.widgets.file_list import FileList
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.split_bar import SplitBar


@pytest.fixture
def page(data_page):
    return data_page


def find(page, kind, name):
    found = page.findChild(kind, name)
    assert found is not None, name
    return found


def button(page, name):
    return find(page, QPushButton, name)


def wait_for_proof(qtbot, page):
    qtbot.waitUntil(lambda: " unmatched" in page.sentence, timeout=30_000)


def type_pattern(page, pattern):
    field = find(page, QLineEdit, "data.regex.pattern")
    field.setText(pattern)


def shown(page, column):
    model = find(page, QTableView, "data.proof").model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def use(qtbot, page, session):
    with qtbot.waitSignal(session.changed, timeout=30_000):
        button(page, "data.use").click()


def test_that_the_page_begins_with_a_place_to_drop_pictures(page):
    assert page.sentence == "Start with some pictures"
    assert button(page, "first_run.choose").isVisible()
    assert not button(page, "data.use").isVisible()


def test_that_a_chosen_folder_is_proved_with_the_usual_pattern(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    assert page.sentence == "24 pictures, 3 classes, 0 unmatched"
    assert find(page, Chip, "data.unmatched").text == "0 unmatched"
    assert set(shown(page, ProofColumn.LABEL)) == {"maine coon", "pug", "beagle"}
    assert shown(page, ProofColumn.SIDE).count("Validation") == 4


def test_that_a_dropped_folder_is_taken(qtbot, page, pictures):
    drop(find(page, DropWell, "first_run.well"), pictures)
    wait_for_proof(qtbot, page)
    assert page.sentence.startswith("24 pictures")


def test_that_a_typed_pattern_changes_the_proof_and_unmatched_files_come_first(
    qtbot, page, pictures
):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    type_pattern(page, r"(pug|beagle)_\d+\.png$")
    qtbot.waitUntil(lambda: "8 unmatched" in page.sentence, timeout=30_000)
    assert shown(page, ProofColumn.LABEL)[:8] == ["no label"] * 8
    assert find(page, Chip, "data.unmatched").text == "8 unmatched"
    assert button(page, "data.use").isEnabled()


def test_that_an_invalid_pattern_is_named_at_its_field_and_nothing_is_lost(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    type_pattern(page, r"([a-z")
    problem = find(page, ProblemLine, "data.regex.pattern.problem")
    qtbot.waitUntil(problem.isVisible, timeout=30_000)
    assert "not a valid regular expression" in problem.text
    assert find(page, QLineEdit, "data.regex.pattern").property("state") == "error"
    assert not button(page, "data.use").isEnabled()
    assert len(shown(page, ProofColumn.FILE)) == 24


def test_that_a_corrected_pattern_takes_the_complaint_away(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    type_pattern(page, r"([a-z")
    problem = find(page, ProblemLine, "data.regex.pattern.problem")
    qtbot.waitUntil(problem.isVisible, timeout=30_000)
    type_pattern(page, r"([a-z_]+)_\d+")
    wait_for_proof(qtbot, page)
    assert not problem.isVisible()
    assert button(page, "data.use").isEnabled()


def test_that_a_pattern_that_fits_nothing_says_so_with_an_example(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    type_pattern(page, r"(nothing)_\d+")
    qtbot.waitUntil(lambda: "No file got a label" in page.sentence, timeout=30_000)
    assert not button(page, "data.use").isEnabled()
    assert "No file got a label" in button(page, "data.use").toolTip()


def test_that_one_class_is_not_enough(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    type_pattern(page, r"(pug)_\d+")
    qtbot.waitUntil(lambda: "1 class (pug)" in page.sentence, timeout=30_000)
    assert not button(page, "data.use").isEnabled()


def test_that_a_folder_without_pictures_is_refused_in_words(qtbot, page, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    page.choose(empty)
    qtbot.waitUntil(lambda: "cannot be used yet" in page.sentence, timeout=30_000)
    problem = find(page, ProblemLine, "data.source.problem")
    assert "is empty" in problem.text
    assert not button(page, "data.use").isEnabled()


def test_that_a_folder_that_vanished_is_refused_in_words(qtbot, page, tmp_path):
    page.choose(tmp_path / "gone")
    problem = find(page, ProblemLine, "data.source.problem")
    qtbot.waitUntil(problem.isVisible, timeout=30_000)
    assert "There is no folder" in problem.text


def test_that_a_preset_writes_pattern_and_place(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    button(page, "data.preset.Before first _").click()
    qtbot.waitUntil(lambda: "maine" in shown(page, ProofColumn.LABEL), timeout=30_000)
    assert find(page, QLineEdit, "data.regex.pattern").text() == r"^(?P<label>[^_]+)_"


def test_that_labels_can_come_from_folders_with_their_own_split(qtbot, page, pictures):
    for part in ("train", "valid"):
        for kind in ("pug", "beagle"):
            folder = pictures.parent / "tree" / part / kind
            folder.mkdir(parents=True)
            for picture in pictures.glob(f"{kind}_*"):
                (folder / picture.name).write_bytes(picture.read_bytes())
    page.choose(pictures.parent / "tree")
    button(page, "data.loader.folder").click()
    qtbot.waitUntil(lambda: "32 pictures, 2 classes" in page.sentence, timeout=30_000)
    assert not find(page, SplitBar, "data.split").isEnabled()
    assert shown(page, ProofColumn.SIDE).count("Validation") == 16


def test_that_the_share_box_and_the_bar_move_together(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    find(page, QSpinBox, "data.split.share").setValue(50)
    assert find(page, SplitBar, "data.split").value() == 50
    qtbot.waitUntil(lambda: shown(page, ProofColumn.SIDE).count("Validation") == 12, timeout=30_000)


def test_that_the_bar_can_be_moved_with_the_arrow_keys(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    bar = find(page, SplitBar, "data.split")
    qtbot.keyClick(bar, Qt.Key.Key_Left)
    assert find(page, QSpinBox, "data.split.share").value() == 21
    qtbot.keyClick(bar, Qt.Key.Key_Right)
    assert find(page, QSpinBox, "data.split.share").value() == 20


def test_that_using_the_data_makes_a_project_beside_the_pictures(
    qtbot, page, session, pictures, host
):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    find(page, QSpinBox, "data.split.seed").setValue(7)
    find(page, QCheckBox, "data.split.stratify").setChecked(False)
    wait_for_proof(qtbot, page)
    use(qtbot, page, session)
    path = pictures.parent / "pets.petstudio"
    with Project.open(path) as project:
        assert project.classes() == ("beagle", "maine_coon", "pug")
        assert sum(image.split is Split.VALID for image in project.images()) == 4
        assert project.split_choice["seed"] == 7
        assert project.split_choice["stratify"] is False


def test_that_data_in_use_is_marked_until_something_changes(qtbot, page, session, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    use(qtbot, page, session)
    assert not button(page, "data.use").isVisible()
    assert page.badge is Badge.DONE
    find(page, QSpinBox, "data.split.seed").setValue(43)
    wait_for_proof(qtbot, page)
    assert button(page, "data.use").isVisible()
    assert button(page, "data.place").text() == "Project: pets-2"
    assert page.badge is Badge.NONE
    find(page, QSpinBox, "data.split.seed").setValue(42)
    assert page.badge is Badge.DONE


def test_that_an_unreadable_picture_is_listed_and_the_rest_is_used(qtbot, page, session, pictures):
    (pictures / "pug_3.png").write_bytes(b"\x89PNG\r\n\x1a\n damaged")
    (pictures / "notes.txt").write_text("hello")
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    assert find(page, QLabel, "data.health.left_out").text() == "1"
    use(qtbot, page, session)
    assert find(page, QLabel, "data.health.unreadable").text() == "1"
    assert page.sentence.startswith("23 pictures")
    button(page, "data.health.unreadable.see").click()
    dialog = find(page, FileList, "file_list")
    assert dialog.isVisible()
    button(dialog, "file_list.close").click()


def test_that_a_place_that_is_taken_leaves_everything_as_it_was(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    (pictures.parent / "pets.petstudio").mkdir()
    button(page, "data.use").click()
    qtbot.waitUntil(page.banner.isVisible, timeout=30_000)
    assert "exists already" in page.banner.headline
    assert button(page, "data.use").isEnabled()
    assert page.sentence == "24 pictures, 3 classes, 0 unmatched"


def test_that_the_data_cannot_be_used_while_another_job_runs(qtbot, page, runner, pictures):
    started = threading.Event()

    def other(emit, control):
        while True:
            control.checkpoint()
            started.set()

    page.choose(pictures)
    wait_for_proof(qtbot, page)
    runner.start(other, title="Training")
    assert started.wait(10)
    assert not button(page, "data.use").isEnabled()
    assert "Another job is running" in page.sentence
    runner.cancel()
    qtbot.waitUntil(lambda: runner.state is JobState.IDLE, timeout=10_000)
    assert button(page, "data.use").isEnabled()


def test_that_an_opened_project_shows_its_choices(qtbot, page, session, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    find(page, QSpinBox, "data.split.share").setValue(25)
    wait_for_proof(qtbot, page)
    use(qtbot, page, session)
    path = session.path
    session.close()
    assert page.sentence == "Start with some pictures"
    with qtbot.waitSignal(session.changed, timeout=10_000):
        session.open(path)
    assert find(page, QSpinBox, "data.split.share").value() == 25
    assert page.sentence == "24 pictures, 3 classes, 0 unmatched"
    assert page.badge is Badge.DONE


def test_that_pictures_that_moved_can_be_located(qtbot, page, session, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    use(qtbot, page, session)
    moved = pictures.rename(pictures.with_name("moved"))
    with qtbot.waitSignal(session.changed, timeout=10_000):
        session.open(session.path)
    assert "not where they were" in page.banner.headline
    with qtbot.waitSignal(session.changed, timeout=10_000):
        session.locate(moved)
    assert not page.banner.isVisible()
    assert session.view.source.root == moved


def test_that_a_project_that_cannot_be_opened_is_explained(qtbot, page, session, tmp_path):
    with qtbot.waitSignal(session.open_failed, timeout=10_000):
        session.open(tmp_path / "none.petstudio")
    assert page.banner.isVisible()
    assert page.banner.headline


def test_that_a_chosen_project_folder_is_opened_as_a_project(qtbot, page, session, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    use(qtbot, page, session)
    path = session.path
    session.close()
    with qtbot.waitSignal(session.changed, timeout=10_000):
        page.choose(path)
    assert session.path == path


def test_that_the_preview_follows_the_table(qtbot, page, pictures):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    table = find(page, QTableView, "data.proof")
    table.selectRow(5)
    label, side = shown(page, ProofColumn.LABEL)[5], shown(page, ProofColumn.SIDE)[5]
    assert find(page, QLabel, "data.preview.facts").text() == f"{label}, {side.lower()}"


def test_that_what_is_being_chosen_stays_when_the_project_is_looked_at_again(
    qtbot, page, session, pictures
):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    use(qtbot, page, session)
    seed = find(page, QSpinBox, "data.split.seed")
    seed.setValue(43)
    wait_for_proof(qtbot, page)
    with qtbot.waitSignal(session.changed, timeout=10_000):
        session.look_again()
    assert seed.value() == 43
    assert button(page, "data.use").isVisible()


def test_that_a_project_that_is_opened_again_takes_the_place_of_what_is_being_chosen(
    qtbot, page, session, pictures
):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    use(qtbot, page, session)
    find(page, QSpinBox, "data.split.seed").setValue(43)
    with qtbot.waitSignal(session.changed, timeout=10_000):
        session.open(session.path)
    assert find(page, QSpinBox, "data.split.seed").value() == 42
    assert page.badge is Badge.DONE


def test_that_a_project_stays_usable_when_all_its_pictures_are_left_out(
    qtbot, page, session, pictures
):
    page.choose(pictures)
    wait_for_proof(qtbot, page)
    use(qtbot, page, session)
    keys = [record.id for record in session.view.labels.records.values()]
    with qtbot.waitSignal(session.changed, timeout=10_000):
        session.apply(lambda project: project.set_excluded(keys, True))
    assert page.sentence == "All pictures are left out. Take some in again on the Label page."
    with qtbot.waitSignal(session.changed, timeout=10_000):
        session.undo()
    assert page.sentence == "24 pictures, 3 classes, 0 unmatched"
