"""The window and the sample set; makes the fixtures of this folder importable, too."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from petstudio.api.control import RunControl
from petstudio.config.settings import SettingsFile
from petstudio.jobs.demo import draw_sample, sample_project
from petstudio.plugin_host.host import PluginHost

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), str(_HERE.parent / "unit" / "engine")]


@pytest.fixture(autouse=True)
def no_window_stays():
    """Delete the windows of a test; else every later one in the process would dress them, too."""
    yield
    if "PySide6.QtWidgets" in sys.modules:
        from left_windows import delete_windows
        from PySide6.QtWidgets import QApplication

        delete_windows(QApplication.topLevelWidgets() if QApplication.instance() else ())


@pytest.fixture
def desk(qtbot, qapp):
    """The whole program, as large as a usual screen, not shown yet."""
    from petstudio.ui.desk import Desk  # tests of the terminal need no window

    made = Desk(qapp, PluginHost.load(), SettingsFile())
    made.window.resize(1440, 900)
    yield made
    assert made.shutdown()
    made.window.close()
    made.deleteLater()


@pytest.fixture
def project(tmp_path):
    """The sample set as a project."""
    draw_sample(PluginHost.load(), tmp_path)(lambda event: None, RunControl())
    return sample_project(tmp_path)
