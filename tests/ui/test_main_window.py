"""The desk: window, session and settings together, through the keys and buttons of the user."""

from __future__ import annotations

import gc
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog, QPushButton
from scripted_run import run_started

from petstudio.bridge.engine_link import EngineState
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import Recipe
from petstudio.config.settings import Settings, SettingsFile, ThemeMode
from petstudio.project.project import Project
from petstudio.ui.page import Badge, PageKey
from petstudio.ui.pages.train_page import TrainPage
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.text import ElidedText, Text


def press(qtbot, window, key, modifiers):
    qtbot.keyClick(window, key, modifiers)


def forever(started):
    def job(emit, control):
        while True:
            control.checkpoint()
            started.set()

    return job


CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def current(window):
    return next(page for page in window.pages if page.isVisible())


def test_that_the_window_begins_with_the_data_page(window):
    assert current(window).title == "Data"


def test_that_keys_change_the_page(qtbot, window):
    press(qtbot, window, Qt.Key.Key_3, CTRL)
    assert isinstance(current(window), TrainPage)
    press(qtbot, window, Qt.Key.Key_1, CTRL)
    assert current(window).title == "Data"


def test_that_the_rail_has_only_pages_that_are_there(qtbot, window):
    entries = [
        b for b in window.findChildren(QAbstractButton) if b.objectName().startswith("rail.")
    ]
    titles = ["Data", "Label", "Train", "Evaluate", "Predict", "Runs", "Plugins", "Settings"]
    assert [entry.text() for entry in entries] == titles
    entries[2].click()
    assert isinstance(current(window), TrainPage)


def test_that_the_words_of_the_rail_stay_whole_beside_a_wide_page(qtbot, window):
    entry = window.findChild(QAbstractButton, "rail.data")
    entry.setText("Somewhat longer words")
    window.resize(window.minimumSize())
    window.current.setMinimumWidth(window.width())
    qtbot.waitUntil(lambda: entry.width() >= entry.sizeHint().width())


def test_that_the_rail_speaks_the_badge(window):
    entry = window.findChild(QAbstractButton, "rail.data")
    current(window).set_badge(Badge.DONE)
    assert entry.accessibleName() == "Data, done"
    current(window).set_badge(Badge.OPEN, 1412)
    assert entry.accessibleName() == "Data, 1,412 left"


def test_that_a_page_can_ask_for_another_one(window):
    current(window).page_wanted.emit(PageKey.TRAIN)
    assert isinstance(current(window), TrainPage)


def test_that_the_theme_key_goes_round_and_is_remembered(qtbot, window, settings):
    press(qtbot, window, Qt.Key.Key_T, CTRL | SHIFT)
    assert settings.values.theme is ThemeMode.DARK
    press(qtbot, window, Qt.Key.Key_T, CTRL | SHIFT)
    assert SettingsFile().values.theme is ThemeMode.SYSTEM


def test_that_the_open_key_asks_for_a_folder(qtbot, window, pictures):
    press(qtbot, window, Qt.Key.Key_O, CTRL)
    dialog = window.findChild(QDialog, "question.path")
    dialog.fileSelected.emit(str(pictures))
    dialog.close()
    qtbot.waitUntil(lambda: "24 pictures" in current(window).sentence, timeout=30_000)


def test_that_a_project_is_opened_shown_and_remembered(qtbot, window, desk, settings, project):
    press(qtbot, window, Qt.Key.Key_O, CTRL | SHIFT)
    dialog = window.findChild(QDialog, "question.path")
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        dialog.fileSelected.emit(str(project))
    dialog.close()
    assert window.windowTitle() == "pets – PetStudio"
    assert window.findChild(QPushButton, "top.project").text() == "pets"
    assert settings.values.open_project == str(project)
    assert settings.values.projects == (str(project),)


def test_that_the_last_project_is_open_at_the_next_start(qtbot, desk, settings, project):
    settings.save(Settings(theme=ThemeMode.LIGHT).with_project(project))
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.show(None)
    assert desk.session.path == project
    qtbot.waitUntil(lambda: len(desk.window.pages) == 2, timeout=10_000)


@pytest.mark.parametrize("page", [PageKey.TRAIN, PageKey.RUNS])
def test_that_the_last_page_is_shown_at_the_next_start(qtbot, desk, settings, project, page):
    settings.save(Settings(theme=ThemeMode.LIGHT, page=page.value).with_project(project))
    desk.show(None)
    assert desk.window.current_key is PageKey.DATA  # so that the window is there at once
    qtbot.waitUntil(lambda: desk.window.current_key is page, timeout=20_000)
    qtbot.waitUntil(lambda: PageKey.TRAIN in desk.window._pages, timeout=20_000)
    qtbot.waitUntil(lambda: desk.session.view is not None, timeout=20_000)


def test_that_who_has_gone_elsewhere_meanwhile_stays_there(qtbot, desk, settings, project):
    chosen = Settings(theme=ThemeMode.LIGHT, page=PageKey.TRAIN.value).with_project(project)
    settings.save(chosen)
    desk.show(None)
    desk.window.show_page(PageKey.SETTINGS)
    qtbot.waitUntil(lambda: PageKey.TRAIN in desk.window._pages, timeout=20_000)
    qtbot.waitUntil(lambda: desk.session.view is not None, timeout=20_000)
    assert desk.window.current_key is PageKey.SETTINGS


def test_that_another_project_begins_with_the_data_page(qtbot, desk, settings, project, tmp_path):
    other = tmp_path / "other.petstudio"
    settings.save(Settings(theme=ThemeMode.LIGHT, page=PageKey.TRAIN.value).with_project(other))
    desk.show(project)
    qtbot.waitUntil(lambda: PageKey.TRAIN in desk.window._pages, timeout=20_000)
    qtbot.waitUntil(lambda: desk.session.view is not None, timeout=20_000)
    assert desk.window.current_key is PageKey.DATA


@pytest.mark.parametrize("page", ["", "a page of a later version"])
def test_that_a_page_that_is_not_there_is_the_data_page(qtbot, desk, settings, project, page):
    settings.save(Settings(theme=ThemeMode.LIGHT, page=page).with_project(project))
    desk.show(None)
    qtbot.waitUntil(lambda: PageKey.TRAIN in desk.window._pages, timeout=20_000)
    qtbot.waitUntil(lambda: desk.session.view is not None, timeout=20_000)
    assert desk.window.current_key is PageKey.DATA


def test_that_the_page_is_remembered_when_the_window_closes(window):
    window.show_page(PageKey.RUNS)
    window.close()
    assert SettingsFile().values.page == "runs"


def test_that_the_page_is_remembered_when_a_run_begins(window, desk):
    window.show_page(PageKey.TRAIN)
    desk.runner.events_arrived.emit((run_started(Recipe()),))
    assert SettingsFile().values.page == "train"


def test_that_a_closed_project_stays_closed(qtbot, window, desk, settings, project):
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    desk.session.close()
    assert settings.values.open_project == ""
    assert window.windowTitle() == "PetStudio"
    assert current(window).sentence == "Start with some pictures"


def test_that_a_project_that_is_gone_is_explained_at_the_start(qtbot, desk, settings, tmp_path):
    settings.save(Settings(theme=ThemeMode.LIGHT, open_project=str(tmp_path / "gone.petstudio")))
    with qtbot.waitSignal(desk.session.open_failed, timeout=10_000):
        desk.show(None)
    assert current(desk.window).banner.isVisible()
    qtbot.waitUntil(lambda: len(desk.window.pages) == 2, timeout=10_000)


def test_that_an_edit_is_undone_and_redone_with_keys(qtbot, window, desk, project):
    with Project.open(project) as opened:
        opened.rename_class("pug", "bulldog")
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    assert window.findChild(QPushButton, "top.undo").isVisible()
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    with Project.open(project) as opened:
        assert "pug" in opened.classes()
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        press(qtbot, window, Qt.Key.Key_Z, CTRL | SHIFT)
    with Project.open(project) as opened:
        assert "bulldog" in opened.classes()


def test_that_an_edit_is_undone_while_a_job_runs(qtbot, window, desk, project):
    with Project.open(project) as opened:
        opened.rename_class("pug", "bulldog")
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    started = threading.Event()
    desk.runner.start(forever(started), title="Training")
    assert started.wait(10)
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    with Project.open(project) as opened:
        assert "pug" in opened.classes()
    desk.runner.cancel()
    qtbot.waitUntil(lambda: desk.runner.state is JobState.IDLE, timeout=10_000)


def test_that_after_an_edit_a_hidden_page_looks_again_when_it_is_shown(
    qtbot, window, desk, project, monkeypatch
):
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    runs = window.page(PageKey.RUNS)
    looks = []
    monkeypatch.setattr(runs, "set_project", looks.append)
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.apply(lambda opened: opened.rename_class("pug", "bulldog"))
    assert looks == []
    window.show_page(PageKey.RUNS)
    window.show_page(PageKey.RUNS)
    assert looks == [project]


def test_that_the_status_bar_names_the_job_and_can_stop_it(qtbot, window, desk):
    started = threading.Event()
    desk.runner.start(forever(started), title="Drawing")
    stop = window.findChild(QPushButton, "status.stop")
    text = window.findChild(ElidedText, "status.text")
    assert stop.isVisible()
    assert text.full_text == "Drawing"
    stop.click()
    qtbot.waitUntil(lambda: desk.runner.state is JobState.IDLE, timeout=10_000)
    assert text.full_text == "Drawing: stopped."
    assert not stop.isVisible()


def test_that_the_status_bar_says_how_the_engine_is(window):
    engine = window.findChild(Text, "status.engine")
    assert not engine.isVisible()
    window.status.show_engine(EngineState.STARTING)
    assert engine.isVisible()
    assert engine.text() == "Engine starting"
    window.status.show_engine(EngineState.RESTARTED)
    assert engine.text() == "Engine restarted"


def test_that_closing_while_a_job_runs_asks_first(qtbot, window, desk):
    started = threading.Event()
    desk.runner.start(forever(started), title="Training")
    window.close()
    question = window.findChild(QDialog, "still_running")
    assert window.isVisible()
    question.findChild(QPushButton, "still_running.keep").click()
    assert desk.runner.state is JobState.RUNNING
    window.close()
    question = window.findChildren(QDialog, "still_running")[-1]
    question.findChild(QPushButton, "still_running.stop").click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)
    assert desk.runner.state is JobState.IDLE


def test_that_the_place_of_the_window_is_remembered(window, settings):
    window.close()
    assert settings.values.window
    assert SettingsFile().values.window == settings.values.window


def test_that_a_nonsense_place_of_the_window_does_no_harm(qtbot, desk, settings):
    settings.change(window="not hexadecimal ü")
    desk.show(None)
    assert desk.window.isVisible()
    qtbot.waitUntil(lambda: len(desk.window.pages) == 2, timeout=10_000)


def test_that_help_says_what_this_is(qtbot, window):
    window.findChild(QPushButton, "top.help").click()
    help_dialog = window.findChild(QDialog, "help")
    assert help_dialog.isVisible()
    help_dialog.findChild(QPushButton, "help.close").click()


def test_that_the_sample_is_drawn_in_a_job_and_opened(qtbot, window, desk, monkeypatch):
    from petstudio.jobs import demo

    draw = demo.draw_sample_set
    monkeypatch.setattr(
        demo, "draw_sample_set", lambda folder, **kw: draw(folder, per_class=2, **kw)
    )
    with qtbot.waitSignal(desk.session.changed, timeout=60_000):
        window.findChild(QAbstractButton, "first_run.sample").click()
    assert desk.session.view.name == "sample"
    assert current(window).badge is Badge.DONE


def test_that_the_inspector_folds_with_its_key(qtbot, window, desk, project):
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    page = current(window)
    assert page.inspector.isVisible()
    press(qtbot, window, Qt.Key.Key_I, CTRL)
    assert not page.inspector.isVisible()
    press(qtbot, window, Qt.Key.Key_I, CTRL)
    assert page.inspector.isVisible()


def test_that_the_inspector_gives_way_in_a_small_window(qtbot, window, desk, project):
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    window.resize(1100, 700)
    page = current(window)
    qtbot.waitUntil(lambda: not page.inspector.isVisible(), timeout=5000)
    page.findChild(QPushButton, "page.inspector").click()
    assert page.inspector.isVisible()


@pytest.mark.parametrize("mode", [ThemeMode.LIGHT, ThemeMode.DARK])
def test_that_every_page_can_be_drawn_in_every_theme(qtbot, window, desk, project, mode):
    desk.theme.set_mode(mode)
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    for key in window.keys:
        window.show_page(key)
        cards = window.current.findChildren(Card)
        qtbot.waitUntil(lambda cards=cards: all(card.updatesEnabled() for card in cards))
        assert not window.grab().isNull()


def test_that_collections_do_not_look_at_a_page_that_is_there_to_stay(qtbot, window):
    before = gc.get_freeze_count()
    window.show_page(PageKey.SETTINGS)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > before)


def test_that_every_input_has_a_name(window, desk):
    from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox

    for page in window.pages:
        for kind in (QAbstractSpinBox, QCheckBox, QComboBox):
            assert all(widget.objectName() for widget in page.findChildren(kind))
