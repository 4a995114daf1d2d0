"""Health and shield of the Data page: what is found, how it is shown, and how it is mended."""

from __future__ import annotations

import shutil

import pytest
from data_steps import (
    LONG,
    button,
    choose,
    draw,
    edited,
    find,
    use,
    wait_for_health,
    wait_for_proof,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDialog, QLabel, QLineEdit, QPushButton

from petstudio.api.contributions import Split
from petstudio.project.project import Access, Project
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.class_bars import ClassBars
from petstudio.ui.widgets.merge_question import MergeQuestion
from petstudio.ui.widgets.name_question import NameQuestion
from petstudio.ui.widgets.pictures_dialog import PicturesDialog


@pytest.fixture
def page(data_page):
    return data_page


@pytest.fixture
def tree(tmp_path):
    """Return a folder with ready-made sides, and one validation picture copied into training."""
    root, seed = tmp_path / "tree", 0
    for part, count in (("train", 4), ("valid", 2)):
        for kind in ("cat", "dog"):
            for number in range(count):
                seed += 1
                draw(root / part / kind, f"{part}{number}.jpg", seed)
    shutil.copy(root / "valid/cat/valid0.jpg", root / "train/cat/copied.jpg")
    return root


@pytest.fixture
def flat(tmp_path):
    """Return a folder of 12 cats and 12 dogs; cat_90 looks like cat_0."""
    root = tmp_path / "flat"
    for number in range(12):
        draw(root, f"cat_{number}.jpg", number)
        draw(root, f"dog_{number}.jpg", 100 + number)
    draw(root, "cat_90.jpg", 0, quality=50)
    return root


def use_tree(qtbot, page, session, tree):
    page.choose(tree)
    button(page, "data.loader.folder").click()
    wait_for_proof(qtbot, page)
    use(qtbot, page, session)


def shield(page):
    return find(page, QLabel, "data.shield").full_text


def health(page, name):
    return find(page, QLabel, f"data.health.{name}").text()


def splits_of(session):
    with Project.open(session.path, Access.READ) as project:
        return {image.path: image.split for image in project.images()}


def test_that_a_validation_picture_copied_into_training_turns_the_shield_amber_and_is_named(
    qtbot, page, session, tree
):
    use_tree(qtbot, page, session, tree)
    assert shield(page) == (
        "The same picture on both sides: train/cat/copied.jpg and valid/cat/valid0.jpg"
    )
    assert button(page, "data.shield.fix").isEnabled()


def test_that_a_copy_encoded_again_turns_the_shield_amber_as_well(qtbot, page, session, tree):
    (tree / "train/cat/copied.jpg").unlink()
    draw(tree / "train/cat", "copied.jpg", 9, quality=60)  # the seed of valid/cat/valid0.jpg
    use_tree(qtbot, page, session, tree)
    assert "train/cat/copied.jpg and valid/cat/valid0.jpg" in shield(page)


def test_that_one_click_mends_the_split_and_one_undo_takes_it_back(qtbot, page, session, tree):
    use_tree(qtbot, page, session, tree)
    before = splits_of(session)
    edited(qtbot, session, button(page, "data.shield.fix").click)
    qtbot.waitUntil(lambda: "No group" in shield(page), timeout=LONG)
    assert splits_of(session)["valid/cat/valid0.jpg"] is Split.TRAIN
    edited(qtbot, session, session.undo)
    qtbot.waitUntil(lambda: "both sides" in shield(page), timeout=LONG)
    assert splits_of(session) == before


def test_that_what_crosses_the_split_is_shown_side_by_side(qtbot, page, session, tree):
    use_tree(qtbot, page, session, tree)
    button(page, "data.shield.show").click()
    dialog = find(page, PicturesDialog, "pictures")
    shown = [dialog.grid.pictures[row] for row in range(len(dialog.grid.pictures))]
    assert [(one.title, one.note, one.subnote) for one in shown] == [
        ("copied.jpg", "1", "Train"),
        ("valid0.jpg", "1", "Validation"),
    ]
    dialog.accept()


def test_that_sides_that_the_source_gives_are_mended_only_in_a_project(qtbot, page, tree):
    page.choose(tree)
    button(page, "data.loader.folder").click()
    wait_for_proof(qtbot, page)
    wait_for_health(qtbot, page)
    assert not button(page, "data.shield.fix").isEnabled()
    assert "Use the data first" in button(page, "data.shield.fix").toolTip()


def test_that_near_duplicates_are_kept_together_when_that_is_wanted(qtbot, page, session, flat):
    choose(qtbot, page, flat)
    assert health(page, "alike") == "1 pair"
    find(page, QCheckBox, "data.split.alike").setChecked(True)
    use(qtbot, page, session)
    sides = splits_of(session)
    assert sides["cat_0.jpg"] is sides["cat_90.jpg"]
    assert "No group and no near-duplicate" in shield(page)


def test_that_a_folder_or_a_part_of_the_name_can_keep_pictures_together(
    qtbot, page, session, tmp_path
):
    for owner in "abcdef":
        for number, kind in enumerate(("cat", "dog")):
            draw(tmp_path / "p" / owner, f"{kind}_{number}.jpg", ord(owner) * 10 + number)
    choose(qtbot, page, tmp_path / "p")
    find(page, ChoiceBox, "data.split.together").show_key("pattern")
    find(page, ChoiceBox, "data.split.together").picked.emit("pattern")
    find(page, QLineEdit, "data.split.group").setText(r"^(.)/")
    use(qtbot, page, session)
    sides = splits_of(session)
    assert all(sides[f"{owner}/cat_0.jpg"] is sides[f"{owner}/dog_1.jpg"] for owner in "abcdef")
    assert len(set(sides.values())) == 2
    assert find(page, ChoiceBox, "data.split.together").key == "pattern"


def test_that_findings_are_counted_and_the_rest_is_named_as_fine(qtbot, page, flat):
    (flat / "cat_91.jpg").write_bytes((flat / "cat_1.jpg").read_bytes())
    (flat / "dog_92.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    draw(flat, "dog_93.jpg", 500, size=(50, 40))
    (flat / "notes.txt").write_text("hello")
    choose(qtbot, page, flat)
    assert health(page, "unreadable") == "1"
    assert health(page, "equal") == "1 group"
    assert health(page, "tiny") == "1"
    assert health(page, "left_out") == "1"
    assert "28 pictures checked" in find(page, QLabel, "data.health.state").full_text


def test_that_a_check_can_be_stopped_and_goes_on(qtbot, page, flat):
    page.choose(flat)
    wait_for_proof(qtbot, page)
    stop = button(page, "data.health.stop")
    assert stop.isVisible()
    stop.click()
    go_on = button(page, "data.health.check")
    assert go_on.isVisible()
    assert not stop.isVisible()
    go_on.click()
    wait_for_health(qtbot, page)
    assert health(page, "alike") == "1 pair"


def test_that_selected_pictures_of_a_finding_are_excluded_in_one_step(qtbot, page, session, flat):
    choose(qtbot, page, flat)
    use(qtbot, page, session)
    button(page, "data.health.alike.see").click()
    dialog = find(page, PicturesDialog, "pictures")
    edited(qtbot, session, button(dialog, "pictures.exclude").click)
    assert session.view.undo == "Exclude 1 image"
    wait_for_health(qtbot, page)
    qtbot.waitUntil(lambda: page._bench.check.health.findings[3].groups == (), timeout=LONG)


def test_that_a_file_that_changed_since_the_import_is_found(qtbot, page, session, flat):
    choose(qtbot, page, flat)
    use(qtbot, page, session)
    draw(flat, "dog_3.jpg", 900, quality=30)
    with qtbot.waitSignal(session.changed, timeout=LONG):
        session.open(session.path)
    qtbot.waitUntil(lambda: page._bench.check.health is not None, timeout=LONG)
    session.close()
    with qtbot.waitSignal(session.changed, timeout=LONG):
        session.open(flat.with_name("flat.petstudio"))
    wait_for_health(qtbot, page)
    assert health(page, "changed") == "1"


def test_that_classes_with_nearly_the_same_name_are_merged_as_one_step(qtbot, page, session, flat):
    for number in range(3):
        draw(flat, f"Cat_{number + 50}.jpg", 700 + number)
    choose(qtbot, page, flat)
    use(qtbot, page, session)
    assert health(page, "like_names") == "1 group"
    button(page, "data.health.like_names.see").click()
    question = find(page, MergeQuestion, "label.merge.question")
    assert "3 pictures of Cat and 13 of cat become 16" in (
        find(question, QLabel, "label.merge.preview").text()
    )
    edited(qtbot, session, button(question, "label.merge.do").click)
    assert dict(session.view.proof.classes) == {"cat": 16, "dog": 12}
    assert session.view.undo == "Merge class Cat into cat"


def test_that_a_class_drawn_onto_another_asks_to_merge_them(qtbot, page, session, flat):
    choose(qtbot, page, flat)
    use(qtbot, page, session)
    bars = find(page, ClassBars, "data.classes")
    view, model = bars.viewport(), bars.model()
    dog, cat = (bars.visualRect(model.index(row)).center() for row in (1, 0))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=dog)
    QTest.mouseMove(view, cat + QPoint(3, 0))
    assert bars.target == "cat"
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=cat)
    question = find(page, MergeQuestion, "label.merge.question")
    assert "dog" in question.windowTitle()
    question.reject()


def test_that_f2_renames_a_class(qtbot, page, session, flat):
    choose(qtbot, page, flat)
    use(qtbot, page, session)
    bars = find(page, ClassBars, "data.classes")
    bars.setCurrentIndex(bars.model().index(1))
    qtbot.keyClick(bars, Qt.Key.Key_F2)
    question = find(page, NameQuestion, "question.name")
    find(question, QLineEdit, "question.line").setText("hound")
    edited(qtbot, session, button(question, "question.give").click)
    assert dict(session.view.proof.classes) == {"cat": 13, "hound": 12}


def test_that_classes_cannot_be_renamed_before_there_is_a_project(qtbot, page, flat):
    choose(qtbot, page, flat)
    bars = find(page, ClassBars, "data.classes")
    bars.setCurrentIndex(bars.model().index(1))
    qtbot.keyClick(bars, Qt.Key.Key_F2)
    assert page.findChild(NameQuestion) is None
    assert "once the data is used" in bars.toolTip()


def test_that_nothing_is_left_open_by_looking(qtbot, page, flat):
    choose(qtbot, page, flat)
    button(page, "data.health.alike.see").click()
    dialog = find(page, PicturesDialog, "pictures")
    assert not button(dialog, "pictures.exclude").isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert [window for window in page.findChildren(QDialog) if window.isVisible()] == []
    assert page.findChild(QPushButton, "data.use").isEnabled()


def test_that_pictures_that_have_come_into_the_folder_are_added(qtbot, page, session, flat):
    choose(qtbot, page, flat)
    use(qtbot, page, session)
    draw(flat, "cat_60.jpg", 860)
    draw(flat, "dog_61.jpg", 861)
    with qtbot.waitSignal(session.changed, timeout=LONG):
        session.open(session.path)
    qtbot.waitUntil(lambda: health(page, "new") == "2", timeout=LONG)
    edited(qtbot, session, button(page, "data.health.new.see").click)
    wait_for_health(qtbot, page)
    assert page.sentence == "27 pictures, 2 classes, 0 unmatched"
    row = find(page, QLabel, "data.health.new")
    qtbot.waitUntil(lambda: not row.isVisible(), timeout=LONG)


def test_that_edits_on_other_pages_are_shown_when_the_page_is_seen_again(
    qtbot, page, session, flat
):
    choose(qtbot, page, flat)
    use(qtbot, page, session)
    page.hide()
    edited(qtbot, session, lambda: session.apply(lambda project: project.rename_class("dog", "x")))
    assert page._proof is not session.view.proof
    page.show()
    assert page._proof is session.view.proof
    wait_for_health(qtbot, page)


def test_that_what_was_found_in_one_folder_is_not_shown_for_the_next(qtbot, data_page, pictures):
    choose(qtbot, data_page, pictures)
    data_page.choose(pictures.with_name("gone"))
    assert find(data_page, QLabel, "data.health.state").full_text == ""
