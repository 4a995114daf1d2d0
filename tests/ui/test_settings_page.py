"""The Settings page: what it changes holds at once, is saved, and fits at any size of letters."""

from __future__ import annotations

import pytest
from cut_texts import cut_texts
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPushButton,
    QSpinBox,
)

from petstudio.api.language import Language
from petstudio.bridge.live_settings import LiveSettings
from petstudio.config.hardware import Hardware
from petstudio.config.settings import Density, Look, SettingsFile, ThemeMode
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyMap
from petstudio.ui.pages.settings_page import SettingsPage
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.text import ElidedText, Text

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def path(tmp_path):
    return tmp_path / "settings.toml"


@pytest.fixture
def settings(path):
    return LiveSettings(SettingsFile(path))


@pytest.fixture
def key_map(qapp):
    return KeyMap()


@pytest.fixture
def page(qtbot, theme, settings, key_map):
    made = SettingsPage(theme, settings, key_map)
    qtbot.addWidget(made)
    made.resize(1356, 820)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    theme.set_look(Look())


def child(page, kind, name):
    found = page.findChild(kind, name)
    assert found is not None, name
    return found


def press_in(qtbot, page, act, key, modifiers=Qt.KeyboardModifier.NoModifier):
    field = child(page, QLineEdit, f"settings.key.{act.value.name}")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "Press the keys"
    qtbot.keyClick(field, key, modifiers)
    return field


def note(page):
    return child(page, Text, "settings.keys.note").text()


def test_that_colours_are_chosen_here(page, theme):
    child(page, QPushButton, "settings.theme.dark").click()
    assert theme.mode is ThemeMode.DARK
    assert theme.tokens.is_dark


def test_that_the_language_of_the_next_start_is_chosen_here(page, path):
    child(page, QPushButton, "settings.language.de").click()
    assert SettingsFile(path).values.language is Language.GERMAN


def test_that_the_language_chosen_last_is_shown(page, settings):
    settings.change(language=Language.ENGLISH)
    assert child(page, QPushButton, "settings.language.en").isChecked()


def test_that_letters_grow_at_once(page, theme, qapp):
    before = qapp.font().pointSizeF()
    child(page, QSpinBox, "settings.font").setValue(150)
    assert qapp.font().pointSizeF() == pytest.approx(1.5 * before)
    assert theme.look.font_factor == 1.5


def test_that_rows_stand_closer(page, theme):
    child(page, QPushButton, "settings.density.compact").click()
    assert theme.look.density is Density.COMPACT
    assert theme.row_height(15) == 29


def test_that_high_contrast_leaves_no_quiet_grey(page, theme):
    child(page, QCheckBox, "settings.contrast").click()
    tokens = theme.tokens
    assert tokens.text3 == tokens.text2 == tokens.text
    assert tokens.hair == tokens.line == tokens.control


def test_that_less_motion_stops_the_blinking(page, qapp):
    child(page, QCheckBox, "settings.motion").click()
    assert qapp.styleHints().cursorFlashTime() == 0
    assert not qapp.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)


def test_that_the_device_of_the_next_jobs_is_chosen_here(qtbot, page, path):
    box = child(page, QComboBox, "settings.device")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    child(page, QSpinBox, "settings.threads").setValue(3)
    assert SettingsFile(path).values.hardware == Hardware(device="cpu", threads=3)


def test_that_what_the_disk_may_hold_is_saved_at_once(page, path):
    child(page, QSpinBox, "settings.cache.budget").setValue(7)
    child(page, QSpinBox, "settings.checkpoints.pace").setValue(30)
    values = SettingsFile(path).values
    assert (values.cache_budget_gb, values.checkpoint_seconds) == (7.0, 30.0)


def test_that_a_fraction_of_a_gigabyte_is_kept_while_another_box_changes(page, settings):
    settings.change(cache_budget_gb=0.3)
    child(page, QSpinBox, "settings.checkpoints.budget").setValue(4)
    assert settings.values.cache_budget_gb == 0.3


def test_that_the_usual_place_of_pictures_can_be_taken_again(page, settings, tmp_path):
    settings.change(cache_folder=str(tmp_path))
    assert child(page, ElidedText, "settings.cache.folder").full_text == str(tmp_path)
    child(page, QPushButton, "settings.cache.usual").click()
    assert settings.values.cache_folder == ""


def test_that_settings_which_cannot_be_saved_are_said(page, settings, path, caplog):
    path.mkdir()
    child(page, QSpinBox, "settings.cache.budget").setValue(7)
    assert not page.banner.isHidden()
    caplog.clear()


def test_that_free_keys_are_taken_by_pressing_them(qtbot, page, key_map):
    field = press_in(qtbot, page, Act.THEME, Qt.Key.Key_B, CTRL)
    assert key_map.text(Act.THEME) == field.text() == "Ctrl+B"
    assert note(page) == ""


def test_that_a_conflict_is_named_and_changes_nothing(qtbot, page, key_map):
    press_in(qtbot, page, Act.HELP, Qt.Key.Key_F5)
    assert "Start or resume" in note(page)
    assert key_map.text(Act.HELP) == "F1"


def test_that_keys_pressed_a_second_time_are_given_away(qtbot, page, key_map):
    press_in(qtbot, page, Act.HELP, Qt.Key.Key_F5)
    press_in(qtbot, page, Act.HELP, Qt.Key.Key_F5)
    assert (key_map.text(Act.HELP), key_map.text(Act.GO)) == ("F5", "")
    assert child(page, QLineEdit, "settings.key.train.go").text() == "none"


def test_that_a_letter_alone_is_refused_with_the_reason(qtbot, page, key_map):
    press_in(qtbot, page, Act.HELP, Qt.Key.Key_H)
    assert "typing" in note(page)
    assert key_map.text(Act.HELP) == "F1"


def test_that_escape_keeps_the_keys_and_backspace_takes_them(qtbot, page, key_map):
    field = press_in(qtbot, page, Act.HELP, Qt.Key.Key_Escape)
    assert field.text() == "F1"
    press_in(qtbot, page, Act.HELP, Qt.Key.Key_Backspace)
    assert key_map.keys(Act.HELP) == ()


def test_that_changed_keys_can_be_reset(qtbot, page, key_map):
    press_in(qtbot, page, Act.HELP, Qt.Key.Key_F8)
    reset = child(page, QPushButton, "settings.key.help.reset")
    assert reset.isVisible()
    reset.click()
    assert key_map.text(Act.HELP) == "F1"
    assert not reset.isVisible()


@pytest.mark.parametrize("factor", [0.8, 1.0, 2.0])
def test_that_no_text_is_cut_at_any_size_of_letters(qtbot, qapp, settings, key_map, factor):
    theme = Theme(mode=ThemeMode.LIGHT, look=Look(font_factor=factor))
    theme.apply(qapp)
    page = SettingsPage(theme, settings, key_map)
    qtbot.addWidget(page)
    page.resize(1356, 820)
    with qtbot.waitExposed(page):
        page.show()
    try:
        assert list(cut_texts(page)) == []
    finally:
        theme.set_look(Look())
