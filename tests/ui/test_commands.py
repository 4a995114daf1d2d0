"""The palette, the sheet of keys and help, through the keys of the real window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
)

from petstudio.bridge.palette_model import PaletteModel
from petstudio.config.settings import SettingsFile, ThemeMode
from petstudio.ui.acts import Act
from petstudio.ui.diagnostics import gpus, report, without_home
from petstudio.ui.pages.label_page import LabelPage
from petstudio.ui.widgets.command_palette import CommandPalette
from petstudio.ui.widgets.key_cap import KeyCap
from petstudio.ui.widgets.rail import Rail

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def open_palette(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_P, CTRL | SHIFT)
    palette = window.findChild(CommandPalette)
    qtbot.waitUntil(palette.isVisible)
    return palette


def type_in(qtbot, palette, text, *keys):
    field = palette.findChild(QLineEdit, "palette.field")
    qtbot.keyClicks(field, text)
    for key in keys:
        qtbot.keyClick(field, key)


def lines(palette):
    model = palette.findChild(QListView, "palette.list").model()
    return [model.index(row).data(PaletteModel.OFFER) for row in range(model.rowCount())]


def test_that_a_page_is_reached_by_typing_its_letters(qtbot, window):
    type_in(qtbot, open_palette(qtbot, window), "go trai", Qt.Key.Key_Return)
    assert window.current.title == "Train"


def test_that_arrows_move_while_letters_are_typed(qtbot, window):
    palette = open_palette(qtbot, window)
    type_in(qtbot, palette, "go to", Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    second = lines(palette)[1].text
    type_in(qtbot, palette, "", Qt.Key.Key_Return)
    assert second == f"Go to {window.current.title}"


def test_that_escape_closes_the_palette_and_does_nothing(qtbot, window):
    before = window.current
    palette = open_palette(qtbot, window)
    type_in(qtbot, palette, "train", Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert window.current is before


def test_that_the_field_in_the_bar_opens_the_palette(qtbot, window):
    window.findChild(QPushButton, "top.search").click()
    palette = window.findChild(CommandPalette)
    assert palette.isVisible()
    palette.hide()


def test_that_a_text_without_a_match_is_answered_in_words(qtbot, window):
    palette = open_palette(qtbot, window)
    type_in(qtbot, palette, "zzzz")
    assert not palette.list.isVisible()
    assert any("Nothing" in label.text() for label in palette.findChildren(QLabel))
    palette.hide()


def test_that_commands_of_other_pages_are_not_offered(qtbot, window):
    palette = open_palette(qtbot, window)
    assert Act.GO.text not in [line.text for line in lines(palette)]
    palette.hide()


def test_that_commands_of_the_page_in_sight_come_first(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_3, CTRL)
    palette = open_palette(qtbot, window)
    there = [line.text for line in lines(palette)]
    assert there.index(Act.GO.text) < there.index(Act.NEW.text)
    palette.hide()


def test_that_a_class_leads_to_its_pictures(qtbot, window, desk, project):
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    type_in(qtbot, open_palette(qtbot, window), "maine", Qt.Key.Key_Return)
    assert isinstance(window.current, LabelPage)
    assert window.current._filters.choice.label == "maine_coon"


def test_that_a_recent_project_is_opened(qtbot, window, desk, project):
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    desk.session.close()
    palette = open_palette(qtbot, window)
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        type_in(qtbot, palette, "pets", Qt.Key.Key_Return)
    assert desk.session.path == project


def test_that_the_sheet_lists_the_keys_of_today(qtbot, window, desk):
    desk.key_map.choose(Act.THEME, QKeySequence("Ctrl+Alt+Y"))
    qtbot.keyClick(window, Qt.Key.Key_Slash, CTRL)
    sheet = window.findChild(QDialog, "key_sheet")
    caps = [cap.text() for cap in sheet.findChildren(KeyCap)]
    assert "Ctrl+Alt+Y" in caps
    assert "Ctrl+Shift+T" not in caps
    sheet.findChild(QPushButton, "key_sheet.close").click()


def test_that_changed_keys_act_and_are_kept(qtbot, window, desk):
    desk.key_map.choose(Act.THEME, QKeySequence("Ctrl+Alt+Y"))
    qtbot.keyClick(window, Qt.Key.Key_Y, CTRL | Qt.KeyboardModifier.AltModifier)
    assert desk.theme.mode is ThemeMode.DARK
    assert SettingsFile().values.keys == {"theme": "Ctrl+Alt+Y"}


def test_that_the_keys_of_a_page_made_later_are_the_changed_ones(qtbot, window, desk):
    desk.key_map.choose(Act.FILTER_RUNS, QKeySequence("Ctrl+Alt+Y"))
    qtbot.keyClick(window, Qt.Key.Key_6, CTRL)
    action = next(a for a in window.current.actions() if a.text() == Act.FILTER_RUNS.text)
    assert [keys.toString() for keys in action.shortcuts()] == ["Ctrl+Alt+Y"]


def test_that_tips_name_the_keys_of_today(qtbot, window, desk):
    qtbot.keyClick(window, Qt.Key.Key_3, CTRL)
    desk.key_map.choose(Act.FIND_RATE, QKeySequence("Ctrl+Alt+Y"))
    desk.key_map.choose(Act.TRAIN, QKeySequence())
    assert window.findChild(QAbstractButton, "rail.train").toolTip() == "Train"
    find = window.findChild(QPushButton, "training.find")
    find.setEnabled(True)
    desk.key_map.choose(Act.FIND_RATE, QKeySequence("Ctrl+Alt+X"))
    assert find.toolTip().endswith("(Ctrl+Alt+X)")


def test_that_a_key_goes_through_the_parts_of_the_window(qtbot, window):
    ring = (window.top, window.current, window.status, window.findChild(Rail))
    parts = []
    for _ in range(5):
        qtbot.keyClick(window, Qt.Key.Key_F6, CTRL)
        focus = QApplication.focusWidget()
        parts.append(next(at for at, part in enumerate(ring) if part.isAncestorOf(focus)))
    assert parts == [(parts[0] + step) % 4 for step in range(5)]


def test_that_the_activity_opens_and_closes_with_its_key(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_J, CTRL)
    assert window.activity.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_J, CTRL)
    assert not window.activity.isVisible()
    window.findChild(QPushButton, "status.activity").click()
    assert window.activity.isVisible()


def test_that_the_settings_have_a_key(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_Comma, CTRL)
    assert window.current.title == "Settings"


def test_that_the_diagnostics_are_copied_without_private_paths(
    qtbot, window, desk, project, monkeypatch
):
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    monkeypatch.setattr(Path, "home", lambda: project.parent)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(QDialog, "help")
    dialog.findChild(QPushButton, "help.copy").click()
    text = QApplication.clipboard().text()
    assert "PetStudio: " in text
    assert str(project.parent) not in text
    assert project.name not in text
    dialog.accept()


def test_that_diagnostics_name_the_plugins_but_no_place_outside_home(host, qapp):
    text = report(host)
    assert "bundled, active" in text
    assert "Settings: /" not in text


def test_that_gpus_are_named_as_their_driver_does(tmp_path):
    (tmp_path / "0000:01:00.0").mkdir()
    information = "Model: \t\t NVIDIA H100 80GB HBM3\nIRQ:   \t\t 20\nGPU UUID: \t GPU-1234\n"
    (tmp_path / "0000:01:00.0" / "information").write_text(information)
    assert gpus(tmp_path) == ("NVIDIA H100 80GB HBM3",)
    assert gpus(tmp_path / "nowhere") == ()


def test_that_a_home_folder_is_written_as_a_tilde():
    assert without_home(Path.home() / "a") == str(Path("~") / "a")
    assert without_home(Path("/data/x")) == str(Path("/data/x"))
