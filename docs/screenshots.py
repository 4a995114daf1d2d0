"""Makes the README's pictures: the real window, on the sample set, after a real run.

Usage: python docs/screenshots.py [EPOCHS]; without a screen, with QT_QPA_PLATFORM=offscreen.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from petstudio.api.control import RunControl
from petstudio.bridge.runner import JobState
from petstudio.config.recipe_file import bundled_recipe, with_settings
from petstudio.config.settings import SettingsFile, ThemeMode
from petstudio.jobs.demo import SAMPLE_RECIPE, draw_sample, sample_project
from petstudio.jobs.job import run_job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk
from petstudio.ui.pages.train_page import TrainPage

_IMAGES = Path(__file__).parent / "images"
_SIZE = (1440, 900)
_DATA, _TRAIN = 0, 1
_SETTLED_MS = 1500


def wait(until: Callable[[], bool], *, settle_ms: int = _SETTLED_MS) -> None:
    """Let the window live until something is so, and a moment longer for what is still drawn."""
    loop = QEventLoop()
    poll = QTimer()
    poll.timeout.connect(lambda: loop.quit() if until() else None)
    poll.start(50)
    loop.exec()
    poll.stop()
    QTimer.singleShot(settle_ms, loop.quit)
    loop.exec()


def take(desk: Desk, page: int, name: str) -> None:
    """Save the page in light and in dark."""
    desk.window.show_page(page)
    for mode in (ThemeMode.DARK, ThemeMode.LIGHT):
        desk.theme.set_mode(mode)
        wait(lambda: True)
        desk.window.grab().save(str(_IMAGES / f"{name}-{mode.value}.png"))


def main() -> None:
    """Draw the sample set, train on it in the window, and save the pictures."""
    app = QApplication([])
    host = PluginHost.load()
    _IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        run_job(draw_sample(host, folder), lambda _event: None, RunControl())
        desk = Desk(app, host, SettingsFile(folder / "settings.toml"))
        desk.show(sample_project(folder))
        desk.window.resize(*_SIZE)
        wait(lambda: desk.session.path is not None)
        take(desk, _DATA, "data")
        train(desk)
        take(desk, _TRAIN, "train")
        desk.window.close()
        desk.shutdown()


def train(desk: Desk) -> None:
    """Run the sample recipe through the Train page."""
    page = desk.window.page(_TRAIN)
    assert isinstance(page, TrainPage)
    recipe = bundled_recipe(SAMPLE_RECIPE)
    if len(sys.argv) > 1:
        recipe = with_settings(recipe, [f"stages.0.epochs={sys.argv[1]}"])
    page.set_recipe(recipe)
    desk.window.show_page(_TRAIN)
    start = page.findChild(QPushButton, "training.start")
    assert start is not None
    start.click()
    wait(lambda: desk.runner.state is JobState.RUNNING)
    wait(lambda: desk.runner.state is JobState.IDLE)


if __name__ == "__main__":
    main()
