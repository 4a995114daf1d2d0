"""The program is started again with or without plugins: a real process becomes the next one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from petstudio.bridge.runner import JobState
from petstudio.config.paths import user_plugin_folder
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk
from petstudio.ui.restarting import NextStart
from petstudio.ui.widgets.dialogs import Question

# Presses a button of the window once it has built what it builds by itself, as a person would.
START = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPushButton
from petstudio.app import run_window
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey

show = Desk.show

def press(desk):
    if len(desk.window.pages) < 2:
        QTimer.singleShot(100, lambda: press(desk))
    elif desk._host.is_in_safe_mode:
        desk.window.findChild(QPushButton, "status.leave_safe_mode").click()
    else:
        desk.window.show_page(PageKey.PLUGINS)
        page = desk.window.page(PageKey.PLUGINS)
        page.findChild(QPushButton, "plugins.safe").click()
        page.findChild(QPushButton, "safe_mode.restart").click()

def show_and_press(desk, project):
    show(desk, project)
    press(desk)

Desk.show = show_and_press
if __name__ == "__main__":
    raise SystemExit(run_window(None, safe_mode="--safe-mode" in sys.argv))
"""
PLUGIN = '"""Mine."""\nPETSTUDIO_API = (1, 0)\n'
_SOON_S = 60.0
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/cmdline").exists(), reason="only Linux tells what a process became"
)


def arguments_of(pid: int) -> list[str]:
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return raw.decode().split("\0")[:-1]


def children_of(pid: int) -> list[list[str]]:
    listing = Path(f"/proc/{pid}/task/{pid}/children")
    return [arguments_of(int(child)) for child in listing.read_text(encoding="ascii").split()]


def wait_for(condition) -> None:
    end = time.monotonic() + _SOON_S
    while not condition():
        assert time.monotonic() < end, "it did not come in time"
        threading.Event().wait(0.05)


@contextmanager
def ended(program):
    """Leave no process behind, whatever fails."""
    try:
        yield program
    finally:
        program.kill()
        program.wait()


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("was_safe", [False, True], ids=["into safe mode", "out of it"])
def test_that_a_restart_is_a_new_program_in_the_same_process(was_safe):
    command = [sys.executable, "-c", START, *(["--safe-mode"] if was_safe else [])]
    with ended(subprocess.Popen(command)) as program:
        ours = [sys.executable, "-P", "-m", "petstudio", *([] if was_safe else ["--safe-mode"])]
        wait_for(lambda: arguments_of(program.pid) == ours)
        # The engine is started once the window is painted; it has the plugins of the window.
        wait_for(
            lambda: any("petstudio.jobs.engine_child" in one for one in children_of(program.pid))
        )
        engine = next(
            one for one in children_of(program.pid) if "petstudio.jobs.engine_child" in one
        )
        assert ("--safe-mode" in engine) is not was_safe
        os.kill(program.pid, signal.SIGTERM)
        assert program.wait(_SOON_S) == 0


@pytest.fixture
def safe_desk(qtbot, qapp, settings):
    """The whole program in safe mode, with a plugin of the user's that stays out."""
    folder = user_plugin_folder()
    folder.mkdir(parents=True)
    (folder / "mine.py").write_text(PLUGIN, encoding="utf-8")
    made = Desk(qapp, PluginHost.load(safe_mode=True), settings)
    with qtbot.waitExposed(made.window):
        made.show(None)
    yield made
    assert made.shutdown()
    made.window.close()


def button(window, name):
    return window.findChild(QPushButton, name)


def test_that_the_window_says_on_every_page_that_it_is_in_safe_mode(safe_desk):
    assert button(safe_desk.window, "status.leave_safe_mode").isVisible()
    assert safe_desk._host.record("mine").reason.startswith("Safe mode:")


def test_that_a_window_with_plugins_says_nothing_of_safe_mode(qtbot, desk):
    with qtbot.waitExposed(desk.window):
        desk.show(None)
    assert not button(desk.window, "status.leave_safe_mode").isVisible()


def test_that_the_way_out_closes_the_window(safe_desk):
    button(safe_desk.window, "status.leave_safe_mode").click()
    assert not safe_desk.window.isVisible()
    assert safe_desk.restarting.wanted is NextStart.WITH_PLUGINS


def test_that_keeping_a_job_running_takes_the_restart_back(qtbot, safe_desk):
    may_end = threading.Event()
    safe_desk.runner.start(lambda _emit, _control: may_end.wait(10), title="Run 3")
    button(safe_desk.window, "status.leave_safe_mode").click()
    (question,) = safe_desk.window.findChildren(Question)
    assert safe_desk.restarting.wanted is NextStart.WITH_PLUGINS
    button(question, "still_running.keep").click()
    assert safe_desk.restarting.wanted is NextStart.NONE
    assert safe_desk.window.isVisible()
    may_end.set()
    qtbot.waitUntil(lambda: safe_desk.runner.state is JobState.IDLE)
