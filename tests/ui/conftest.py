"""Guards for every test with a window: no thread, no window and no log line may be left over."""

from __future__ import annotations

import gc
import logging
import sys
import weakref
from pathlib import Path

import pytest
from left_windows import delete_windows
from PIL import Image
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from scripted_run import Story
from shiboken6 import isValid

from petstudio.api.contributions import Split
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source
from petstudio.ui.desk import Desk
from petstudio.ui.pages.data_page import DataPage
from petstudio.ui.theme import Theme, ThemeMode

_HERE = Path(__file__).parent
_NOT_OFFSCREEN = ("propagateSizeHints", "does not support (raise|grabbing)")
# Runs without torch, as other tests keep them.
sys.path[:0] = [str(_HERE.parent / "unit" / "bridge"), str(_HERE.parent / "unit" / "jobs")]
sys.path.append(str(_HERE.parents[1] / "docs"))  # the states that its pictures show


def pytest_collection_modifyitems(items):
    """Let pass what the offscreen platform says of windows with a smallest size and of popups."""
    for item in items:
        if item.path.is_relative_to(_HERE):
            item.add_marker(pytest.mark.qt_log_ignore(*_NOT_OFFSCREEN, extend=True))


@pytest.fixture(autouse=True)
def leak_guard(qapp, monkeypatch):
    """Fail a test that leaves a thread running or a window open; leave nothing set aside."""
    threads: weakref.WeakSet[QThread] = weakref.WeakSet()
    start = QThread.start

    def remember(thread, *args):
        threads.add(thread)
        start(thread, *args)

    monkeypatch.setattr(QThread, "start", remember)
    before = set(QApplication.topLevelWidgets())
    yield
    gc.unfreeze()  # pages without the whole program set data aside, too, but have no collector
    alive = (thread for thread in threads if isValid(thread))
    running = [thread.objectName() for thread in alive if thread.isRunning()]
    left = [window for window in _visible_windows() if window not in before]
    delete_windows([window for window in QApplication.topLevelWidgets() if window not in before])
    assert not running, f"threads still running: {running}"
    assert not left, f"windows still open: {left}"


@pytest.fixture(autouse=True)
def log_guard(caplog):
    """Fail a test in which the program logs a warning or an error that the test did not clear."""
    caplog.set_level(logging.WARNING)
    yield
    unexpected = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert not unexpected, f"unexpected log lines: {unexpected}"


@pytest.fixture
def theme(qapp):
    """The light theme, worn by the program."""
    made = Theme(mode=ThemeMode.LIGHT)
    made.apply(qapp)
    yield made
    made.deleteLater()


@pytest.fixture
def runner(qapp):
    """A job runner that is shut down at the end."""
    made = JobRunner()
    yield made
    assert made.shutdown(), "the job did not end"


@pytest.fixture(scope="module")
def host():
    """The bundled plugins."""
    return PluginHost.load()


@pytest.fixture(scope="session")
def label_reader():
    """A child process that reads labels, warm between tests."""
    with LabelReader() as made:
        yield made


@pytest.fixture
def session(qapp):
    """A session without a project, shut down at the end."""
    made = Session()
    yield made
    assert made.shutdown()


@pytest.fixture
def data_page(qtbot, theme, host, runner, session, label_reader):
    """The Data page in a window of its own."""
    made = DataPage(theme, host, runner, session, label_reader)
    qtbot.addWidget(made)
    made.resize(1356, 820)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    assert runner.shutdown()
    made.shutdown()


@pytest.fixture
def settings():
    """Settings as they are at first, but light."""
    made = SettingsFile()
    made.change(theme=ThemeMode.LIGHT)
    return made


@pytest.fixture
def desk(qtbot, qapp, host, settings):
    """The whole program, not shown yet."""
    made = Desk(qapp, host, settings)
    yield made
    assert made.shutdown()
    made.window.close()
    made.deleteLater()


@pytest.fixture
def window(qtbot, desk):
    """The program's window, shown and active, with both pages of its start."""
    with qtbot.waitExposed(desk.window):
        desk.show(None)
    qtbot.waitUntil(lambda: len(desk.window.pages) == 2, timeout=20_000)
    desk.window.activateWindow()
    qtbot.waitUntil(desk.window.isActiveWindow, timeout=10_000)
    return desk.window


@pytest.fixture
def story():
    """What a training job tells; it is not held any more at the end."""
    made = Story()
    yield made
    made.go_on.set()


@pytest.fixture
def pictures(tmp_path):
    """A folder with 8 small pictures of each of three kinds, named like `maine_coon_3.png`."""
    folder = tmp_path / "pets"
    folder.mkdir()
    for number in range(8):
        for shade, kind in ((60, "maine_coon"), (120, "pug"), (180, "beagle")):
            picture = Image.new("RGB", (40, 30), (shade, shade + number, 40))
            picture.save(folder / f"{kind}_{number}.png")
    return folder


@pytest.fixture
def project(pictures):
    """A project of the pictures, all for training."""
    path = pictures.parent / "pets.petstudio"
    images = [
        NewImage(path=picture.name, label=picture.name.rpartition("_")[0], split=Split.TRAIN)
        for picture in sorted(pictures.iterdir())
    ]
    with Project.create(path, source=Source(loader="regex"), root=pictures, images=images):
        pass
    return path


def _visible_windows():
    return [window for window in QApplication.topLevelWidgets() if window.isVisible()]
