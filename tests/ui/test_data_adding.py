"""A second folder comes into the project that is open: dropped, by the button, by the key."""

from __future__ import annotations

import shutil

import pytest
from cut_texts import cut_texts
from data_steps import LONG, button, choose, draw, drop, edited, find, use, wait_for_health
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from petstudio.ui.widgets.add_folder_dialog import AddFolderDialog
from petstudio.ui.widgets.drop_well import DropWell

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def page(data_page):
    return data_page


@pytest.fixture
def more(tmp_path):
    """A folder elsewhere whose labels are the names of its folders."""
    made = tmp_path / "elsewhere" / "more"
    for number in range(6):
        draw(made / "bird", f"{number}.jpg", 900 + number)
        draw(made / "pug", f"{number}.jpg", 950 + number)
    return made


@pytest.fixture
def in_use(qtbot, page, session, pictures):
    choose(qtbot, page, pictures)
    use(qtbot, page, session)
    return page


def the_dialog(qtbot, page):
    qtbot.waitUntil(lambda: page.window().findChild(AddFolderDialog) is not None, timeout=LONG)
    return page.window().findChild(AddFolderDialog)


def wait_until_told(qtbot, dialog):
    qtbot.waitUntil(lambda: " unmatched" in dialog.sentence, timeout=LONG)


def take_labels_from_folders(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.sentence.startswith("No file gets a label"), timeout=LONG)
    button(dialog, "data.loader.folder").click()
    wait_until_told(qtbot, dialog)


def add(qtbot, page, session, more):
    drop(find(page, DropWell, "data.well"), more)
    dialog = the_dialog(qtbot, page)
    take_labels_from_folders(qtbot, dialog)
    with qtbot.waitSignal(session.changed, timeout=LONG):
        button(dialog, "add_folder.add").click()
    wait_for_health(qtbot, page)


def test_that_a_folder_dropped_on_a_project_joins_it_with_labels_of_its_own_kind(
    qtbot, in_use, session, more
):
    before = dict(session.view.labels.records)
    add(qtbot, in_use, session, more)
    assert in_use.sentence == "36 pictures, 4 classes, 0 unmatched"
    assert {key: session.view.labels.records[key] for key in before} == before
    assert session.view.undo == "Add 12 images of more"


def test_that_a_folder_can_be_dropped_anywhere_on_the_page(qtbot, in_use, more):
    drop(in_use._bench.editor, more)
    the_dialog(qtbot, in_use).reject()


def test_that_the_dialog_says_what_would_come(qtbot, in_use, more):
    drop(find(in_use, DropWell, "data.well"), more)
    dialog = the_dialog(qtbot, in_use)
    qtbot.waitUntil(lambda: dialog.sentence.startswith("No file gets a label"), timeout=LONG)
    assert not button(dialog, "add_folder.add").isEnabled()
    button(dialog, "data.loader.folder").click()
    wait_until_told(qtbot, dialog)
    assert dialog.sentence == "12 pictures, 0 unmatched, 1 new class: bird"
    assert button(dialog, "add_folder.add").isEnabled()
    assert not list(cut_texts(dialog))
    dialog.reject()


def test_that_undo_takes_the_folder_back(qtbot, in_use, session, more):
    before = session.view.proof.listing.files
    add(qtbot, in_use, session, more)
    edited(qtbot, session, session.undo)
    wait_for_health(qtbot, in_use)
    assert session.view.proof.listing.files == before
    assert in_use.sentence == "24 pictures, 3 classes, 0 unmatched"
    assert in_use._bench.check.new == 0


def test_that_the_key_adds_a_folder(qtbot, in_use, more):
    in_use.window().activateWindow()
    qtbot.waitUntil(in_use.isActiveWindow, timeout=LONG)
    QTest.keyClick(
        in_use,
        Qt.Key.Key_A,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    qtbot.waitUntil(lambda: in_use.findChild(QFileDialog) is not None, timeout=LONG)
    question = in_use.findChild(QFileDialog)
    question.findChild(QLineEdit).setText(str(more))
    question.accept()
    the_dialog(qtbot, in_use).reject()


def test_that_the_button_is_there_only_for_a_project(qtbot, page, session, pictures):
    assert not button(page, "data.add").isVisible()
    choose(qtbot, page, pictures)
    assert not button(page, "data.add").isVisible()
    use(qtbot, page, session)
    assert button(page, "data.add").isVisible()


def test_that_a_dropped_folder_can_become_a_project_of_its_own(qtbot, in_use, more):
    drop(find(in_use, DropWell, "data.well"), more)
    button(the_dialog(qtbot, in_use), "add_folder.instead").click()
    qtbot.waitUntil(lambda: in_use._root == more, timeout=LONG)


def test_that_a_folder_that_is_there_already_is_refused_in_words(qtbot, in_use, session, pictures):
    in_use._adding.ask_about(pictures)
    dialog = the_dialog(qtbot, in_use)
    wait_until_told(qtbot, dialog)
    button(dialog, "add_folder.add").click()
    qtbot.waitUntil(lambda: "in the project already" in in_use.banner.headline, timeout=LONG)
    assert "Nothing was added" in in_use.banner.detail


def test_that_a_missing_folder_is_one_sentence_and_its_pictures_can_be_left_out(
    qtbot, in_use, session, more
):
    add(qtbot, in_use, session, more)
    shutil.rmtree(more)
    with qtbot.waitSignal(session.changed, timeout=LONG):
        session.look_again()
    assert (
        in_use.banner.headline == f"The folder {more} with 12 pictures of the project is not there."
    )
    assert in_use.banner.waiting == 0
    edited(qtbot, session, button(in_use, "banner.action.3").click)
    assert not in_use.banner.isVisible()
    assert session.view.undo == "Exclude 12 images"
