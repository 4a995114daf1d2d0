"""The program as it is started: light to import, closed in order, its faults in a log."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from petstudio.app import _last_resorts
from petstudio.config.paths import log_folder

IMPORT = """
import json, sys
import petstudio.app
heavy = ("torch", "torchvision", "pyqtgraph", "qtawesome", "numpy.random")
print(json.dumps([name for name in heavy if name in sys.modules]))
"""

START = """
import json, os, signal, sys, threading, time

def close_when_ready():
    while "petstudio.ui.pages.train_page" not in sys.modules:
        time.sleep(0.05)
    time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGTERM)

if __name__ == "__main__":
    from petstudio.app import run_window
    threading.Thread(target=close_when_ready, daemon=True).start()
    status = run_window(None)
    heavy = [name for name in ("torch", "torchvision") if name in sys.modules]
    print(json.dumps([status, heavy]))
"""


def python(code, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_that_importing_the_program_brings_no_heavy_library_along():
    assert python(IMPORT) == []


def test_that_the_window_opens_and_closes_on_a_signal_without_torch():
    assert python(START) == [0, []]


def test_that_an_error_nobody_caught_is_written_to_the_log(qapp):
    told = []
    with _last_resorts() as resort:
        resort.tell = told.append
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("in a slot"), None)
    assert len(told) == 1
    assert "ZeroDivisionError: in a slot" in (log_folder() / "petstudio.log").read_text("utf-8")


def test_that_the_last_resorts_are_taken_down_again(qapp):
    hook, handlers = sys.excepthook, list(logging.getLogger().handlers)
    with _last_resorts():
        pass
    assert sys.excepthook is hook
    assert logging.getLogger().handlers == handlers


@pytest.fixture(autouse=True)
def quiet(caplog):
    yield
    caplog.clear()
