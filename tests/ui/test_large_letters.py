"""With letters of twice the size no text of any page is cut in the window of usual size."""

from __future__ import annotations

import pytest
from cut_texts import cut_texts
from PySide6.QtWidgets import QWidget

from petstudio.config.settings import Look
from petstudio.ui.page import PageKey


@pytest.fixture
def settings(settings):
    settings.change(look=Look(font_factor=2.0))
    return settings


@pytest.fixture
def window(desk, window):
    window.resize(1440, 900)
    yield window
    desk.theme.set_look(Look())


def cut_by_page(qtbot, window):
    found = {}
    for key in PageKey:
        window.show_page(key)
        qtbot.wait(50)  # layouts settle in the event loop
        found[key] = list(cut_texts(window.current))
    return {key: texts for key, texts in found.items() if texts}


def test_that_nothing_is_cut_before_there_is_a_project(qtbot, window):
    assert cut_by_page(qtbot, window) == {}


def test_that_nothing_is_cut_in_a_project(qtbot, desk, window, project):
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    assert cut_by_page(qtbot, window) == {}


def test_that_nothing_is_cut_on_pages_that_are_there_when_letters_grow(
    qtbot, desk, window, project
):
    desk.theme.set_look(Look())
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    for key in PageKey:
        window.show_page(key)
    desk.theme.set_look(Look(font_factor=2.0))
    assert cut_by_page(qtbot, window) == {}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (PageKey.DATA, "data.split.share"),
        (PageKey.DATA, "data.split.group"),
        (PageKey.PREDICT, "predict.model"),
        (PageKey.PREDICT, "predict.subset"),
        (PageKey.PLUGINS, "plugins.search"),
    ],
)
def test_that_a_field_grows_with_its_letters(qtbot, desk, window, key, name):
    desk.theme.set_look(Look())
    window.show_page(key)
    field = window.current.findChild(QWidget, name)
    before = field.maximumWidth()

    desk.theme.set_look(Look(font_factor=2.0))

    qtbot.waitUntil(lambda: field.maximumWidth() > 1.5 * before)
