"""From a folder of pets to a project in the real window: with the mouse, and by keyboard alone."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QPushButton

from petstudio.bridge.runner import JobState
from petstudio.project.project import Access, Project
from petstudio.ui.widgets.add_folder_dialog import AddFolderDialog
from petstudio.ui.widgets.drop_well import DropWell

_PETS = Path(os.environ.get("PETSTUDIO_SHARED", "/work/shared")) / "data" / "pets-mini"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.skipif(not _PETS.is_dir(), reason=f"{_PETS} is not there"),
]
_LONG = 40_000
_MOST_TABS = 120


@pytest.fixture
def pets(tmp_path):
    folder = tmp_path / "pets"
    folder.mkdir()
    for picture in _PETS.glob("*.jpg"):
        shutil.copy(picture, folder)
    return folder


@pytest.fixture
def desk(qtbot, desk):
    with qtbot.waitExposed(desk.window):
        desk.show(None)
    desk.window.activateWindow()
    return desk


def find(desk, kind, name):
    found = desk.window.findChild(kind, name)
    assert found is not None, name
    return found


def wait_for_proof(qtbot, desk):
    qtbot.waitUntil(lambda: " unmatched" in desk.data_page.sentence, timeout=_LONG)


def wait_for_project(qtbot, desk):
    qtbot.waitUntil(lambda: desk.session.path is not None, timeout=_LONG)
    qtbot.waitUntil(lambda: desk.runner.state is JobState.IDLE, timeout=_LONG)
    qtbot.waitUntil(lambda: desk.data_page._bench.check.health is not None, timeout=_LONG)


def assert_is_pets(desk):
    with Project.open(desk.session.path, Access.READ) as project:
        assert len(project.classes()) == 37
        assert len(project.usable()) == 185
        assert "Maine_Coon" in project.classes()
    assert desk.data_page.sentence == "185 pictures, 37 classes, 0 unmatched"
    assert "No group and no near-duplicate" in find(desk, QLabel, "data.shield").full_text


def tab_to(window, name):
    """Press Tab until a widget has the focus, as one does without a mouse."""
    seen = []
    for _ in range(_MOST_TABS):
        focus = window.focusWidget()
        if focus is not None and focus.objectName() == name:
            return focus
        seen.append(focus.objectName() if focus else None)
        QTest.keyClick(focus or window, Qt.Key.Key_Tab)
    raise AssertionError(f"Tab does not lead to {name}, but to {seen}")


def test_that_a_dropped_folder_becomes_a_project_with_the_mouse(qtbot, desk, pets):
    well = find(desk, DropWell, "first_run.well")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(pets))])
    mouse = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    well.dragEnterEvent(QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, *mouse))
    well.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, *mouse))
    wait_for_proof(qtbot, desk)
    for name in ("data.preset.Before first _", "data.preset.Pets style"):
        QTest.mouseClick(find(desk, QPushButton, name), Qt.MouseButton.LeftButton)
        wait_for_proof(qtbot, desk)
    use = find(desk, QPushButton, "data.use")
    qtbot.waitUntil(use.isEnabled, timeout=_LONG)
    QTest.mouseClick(use, Qt.MouseButton.LeftButton)
    wait_for_project(qtbot, desk)
    assert_is_pets(desk)


def test_that_a_folder_becomes_a_project_by_keyboard_alone(qtbot, desk, pets):
    QTest.keyClick(desk.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: desk.window.findChild(QFileDialog) is not None, timeout=_LONG)
    dialog = find(desk, QFileDialog, "question.path")
    line = dialog.findChild(QLineEdit)
    # Pasted: without a screen the list of completions takes what is typed for its own.
    QApplication.clipboard().setText(str(pets))
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(line, Qt.Key.Key_Return)
    desk.window.activateWindow()  # as a desktop does when a dialog is gone
    qtbot.waitUntil(desk.window.isActiveWindow, timeout=_LONG)
    wait_for_proof(qtbot, desk)
    QTest.keyClick(tab_to(desk.window, "data.builder.open"), Qt.Key.Key_Space)
    QTest.keyClick(tab_to(desk.window, "data.builder.part.0"), Qt.Key.Key_Space)
    wait_for_proof(qtbot, desk)
    QTest.keyClick(tab_to(desk.window, "data.split"), Qt.Key.Key_Left)
    wait_for_proof(qtbot, desk)
    qtbot.waitUntil(find(desk, QPushButton, "data.use").isEnabled, timeout=_LONG)
    QTest.keyClick(tab_to(desk.window, "data.use"), Qt.Key.Key_Space)
    wait_for_project(qtbot, desk)
    assert_is_pets(desk)
    assert desk.session.view.split.valid_share == 0.21


@pytest.fixture
def more(tmp_path):
    """A folder on another disk, with class folders: photos of two breeds, and one of a new kind."""
    folder = tmp_path / "disk" / "more"
    for kind, turn in (("Birman", 90), ("Bengal", 180), ("Tabby", 270)):
        (folder / kind).mkdir(parents=True)
        for number, photo in enumerate(sorted(_PETS.glob("Birman_*.jpg"))):
            Image.open(photo).convert("RGB").rotate(turn).save(folder / kind / f"{number}.jpg")
    return folder


def sides(desk):
    with Project.open(desk.session.path, Access.READ) as project:
        return {image.path: (image.label, image.split) for image in project.usable()}


def test_that_a_second_folder_joins_by_keyboard_and_one_undo_takes_it_back(qtbot, desk, pets, more):
    desk.data_page.choose(pets)
    qtbot.waitUntil(find(desk, QPushButton, "data.use").isEnabled, timeout=_LONG)
    find(desk, QPushButton, "data.use").click()
    wait_for_project(qtbot, desk)
    before = sides(desk)

    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow, timeout=_LONG)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(desk.window, Qt.Key.Key_A, keys)
    qtbot.waitUntil(lambda: desk.window.findChild(QFileDialog) is not None, timeout=_LONG)
    line = find(desk, QFileDialog, "question.path").findChild(QLineEdit)
    QApplication.clipboard().setText(str(more))
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.window.findChild(AddFolderDialog) is not None, timeout=_LONG)
    dialog = desk.window.findChild(AddFolderDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=_LONG)
    QTest.keyClick(tab_to(dialog, "data.loader.regex"), Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: "1 new class: Tabby" in dialog.sentence, timeout=_LONG)
    QTest.keyClick(tab_to(dialog, "add_folder.add"), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(desk.session.view.added) == 1, timeout=_LONG)

    after = sides(desk)
    assert {path: after[path] for path in before} == before
    assert len(after) == 200
    assert after["more/Tabby/0.jpg"][0] == "Tabby"
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow, timeout=_LONG)
    QTest.keyClick(desk.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not desk.session.view.added, timeout=_LONG)
    assert sides(desk) == before
