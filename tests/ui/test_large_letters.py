"""With letters of twice the size no text of any page is cut in the window of usual size."""

from __future__ import annotations

import pytest
from cut_texts import cut_texts

from petstudio.api.contributions import Split
from petstudio.config.settings import Look, Settings, SettingsFile, ThemeMode
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey


@pytest.fixture
def desk(qtbot, qapp):
    settings = SettingsFile()
    settings.save(Settings(theme=ThemeMode.LIGHT, look=Look(font_factor=2.0)))
    made = Desk(qapp, PluginHost.load(), settings)
    with qtbot.waitExposed(made.window):
        made.show(None)
    made.window.resize(1440, 900)
    qtbot.waitUntil(lambda: len(made.window.pages) == 2, timeout=20_000)
    yield made
    made.theme.set_look(Look())
    assert made.shutdown()
    made.window.close()
    made.deleteLater()


@pytest.fixture
def project(pictures):
    path = pictures.parent / "pets.petstudio"
    images = [
        NewImage(path=picture.name, label=picture.name.rpartition("_")[0], split=Split.TRAIN)
        for picture in sorted(pictures.iterdir())
    ]
    with Project.create(path, source=Source(loader="regex"), root=pictures, images=images):
        pass
    return path


def cut_by_page(qtbot, window):
    found = {}
    for key in PageKey:
        window.show_page(key)
        qtbot.wait(50)  # layouts settle in the event loop
        found[key] = list(cut_texts(window.current))
    return {key: texts for key, texts in found.items() if texts}


def test_that_nothing_is_cut_before_there_is_a_project(qtbot, desk):
    assert cut_by_page(qtbot, desk.window) == {}


def test_that_nothing_is_cut_in_a_project(qtbot, desk, project):
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    assert cut_by_page(qtbot, desk.window) == {}


def test_that_nothing_is_cut_on_pages_that_are_there_when_letters_grow(qtbot, desk, project):
    desk.theme.set_look(Look())
    with qtbot.waitSignal(desk.session.changed, timeout=10_000):
        desk.session.open(project)
    for key in PageKey:
        desk.window.show_page(key)
    desk.theme.set_look(Look(font_factor=2.0))
    assert cut_by_page(qtbot, desk.window) == {}
