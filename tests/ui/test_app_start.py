"""The program as it is started: light to import, closed in order, its faults in a log."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest

from petstudio.__main__ import _open_window
from petstudio.app import ENGINE_VARIABLE, _last_resorts
from petstudio.config.paths import log_folder

IMPORT = """
import json, sys
import petstudio.app
heavy = ("torch", "torchvision", "pyqtgraph", "qtawesome", "numpy", "PIL")
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

TRAIN = """
import json, os, sys
from pathlib import Path
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from petstudio.api.contributions import Split
from petstudio.bridge.engine_link import EngineLink
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import recipe_from_mapping
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source
from petstudio.ui.desk import Desk
from petstudio.ui.page import PageKey

folder = Path(sys.argv[1])
images = []
for number in range(8):
    for shade, kind in ((60, "pug"), (180, "beagle")):
        name = f"{kind}_{number}.png"
        Image.new("RGB", (40, 30), (shade, shade + number, 40)).save(folder / name)
        split = Split.VALID if number < 2 else Split.TRAIN
        images.append(NewImage(path=name, label=kind, split=split))
project = folder / "pets.petstudio"
with Project.create(project, source=Source(loader="regex"), root=folder, images=images):
    pass
recipe = recipe_from_mapping({
    "model": {"architecture": "resnet18", "weights": "none"},
    "input": {"size": 32},
    "training": {"batch_size": 4, "device": "cpu"},
    "stages": [{"name": "all", "epochs": 5, "trainable": "all", "rate": 3e-3}],
})
app = QApplication([])
host = PluginHost.load()
link = EngineLink()
desk = Desk(app, host, SettingsFile(), engine=link)
desk.show(None)
kinds = []
desk.runner.events_arrived.connect(lambda events: kinds.extend(type(e).__name__ for e in events))
desk.runner.state_changed.connect(lambda state: state is JobState.IDLE and app.quit())
desk.window.show_page(PageKey.TRAIN)
page = desk.window.page(PageKey.TRAIN)
page.set_project(project)
page.set_recipe(recipe)
page.findChild(QPushButton, "training.start").click()
app.exec()
pid = link.pid
desk.shutdown()
try:
    os.kill(pid, 0)
    is_left = True
except ProcessLookupError:
    is_left = False
heavy = [name for name in ("torch", "torchvision") if name in sys.modules]
print(json.dumps(["EpochFinished" in kinds, is_left, heavy]))
"""


NUMBERS = """
import json
from petstudio.api.language import Language, speak
speak(Language.GERMAN)
from PySide6.QtWidgets import QApplication
from petstudio.app import _translate_qt
from petstudio.ui.widgets.number_box import DecimalBox
app = QApplication([])
_translate_qt(app)
box = DecimalBox(0, 1, decimals=2, step=0.1)
box.setValue(0.5)
print(json.dumps(box.text()))
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


def test_that_fields_for_numbers_have_the_separators_of_the_language():
    assert python(NUMBERS) == "0,50"


def test_that_the_window_opens_and_closes_on_a_signal_without_torch():
    assert python(START) == [0, []]


@pytest.mark.slow
def test_that_a_training_brings_no_torch_into_the_window_and_no_process_stays(tmp_path):
    assert python(TRAIN, str(tmp_path)) == [True, False, []]


def test_that_an_unknown_place_for_the_engine_is_bad_input(monkeypatch, capsys):
    monkeypatch.setenv(ENGINE_VARIABLE, "elsewhere")
    assert _open_window(None, None) == 2
    assert "PETSTUDIO_ENGINE is “elsewhere”" in capsys.readouterr().err


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
