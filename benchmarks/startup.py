"""From process start to the first painted window and to a ready engine, against importing torch."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping

_WINDOW = """
import json, sys, time
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication
from petstudio.bridge.engine_link import EngineLink, EngineState
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk

class Watch(QObject):
    def __init__(self):
        super().__init__()
        self.told, self.last, self.gap = {}, 0.0, 0.0
        self.timer = QTimer(self)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.setInterval(10)
        self.timer.timeout.connect(self.tick)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.told["painted"] = time.time()
            app.removeEventFilter(self)
            self.last = time.perf_counter()
            self.timer.start()
        return False

    @Slot()
    def tick(self):
        now = time.perf_counter()
        self.gap = max(self.gap, now - self.last)
        self.last = now
        if len(desk.window.pages) == 2 and "built" not in self.told:
            self.told |= {"built": time.time(), "building_gap": self.gap}
            self.gap = 0.0
        if len(self.told) == (4 if link else 3):
            app.quit()

    @Slot(object)
    def note_engine(self, state):
        if state is EngineState.READY:
            self.told["ready"] = time.time()

app = QApplication([])
link = EngineLink() if sys.argv[1] == "engine" else None
desk = Desk(app, PluginHost.load(), SettingsFile(), engine=link)
watch = Watch()
app.installEventFilter(watch)
if link:
    link.state_changed.connect(watch.note_engine)
desk.show(None)
app.exec()
desk.shutdown()
print(json.dumps(watch.told | {"later_gap": watch.gap, "torch": "torch" in sys.modules}))
"""
_TORCH = "import torch, torchvision, time; print(time.time())"
_ROUNDS = 5


def run(script: str, *arguments: str) -> tuple[float, str]:
    """Return when a process was started and the last line that it printed."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PETSTUDIO_HOME": home}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        started = time.time()
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    return started, done.stdout.splitlines()[-1]


def measure_window(place: str) -> Mapping[str, float]:
    """Start the window, with an engine or without; times in seconds from the process's start."""
    started, line = run(_WINDOW, place)
    told = json.loads(line)
    assert not told.pop("torch")
    return {name: value - started if value > started else value for name, value in told.items()}


def measure_torch() -> float:
    """Return the seconds in which a process imports torch and torchvision."""
    started, line = run(_TORCH)
    return float(line) - started


def main() -> None:
    """Print the tables."""
    rounds = [
        (measure_window("alone"), measure_window("engine"), measure_torch())
        for _ in range(_ROUNDS + 1)
    ][1:]
    alone, engine, torch = zip(*rounds, strict=True)

    def row(name: str, values: list[float]) -> None:
        window = statistics.median(each["painted"] for each in engine)
        median = statistics.median(values)
        print(f"| {name} | {median:.2f} | {median / window:.1f} |")

    print("\n### Start\n\n| what | median s | times the first |\n|---|---|---|")
    row("first painted window", [each["painted"] for each in engine])
    row("all pages built", [each["built"] for each in engine])
    row("engine ready", [each["ready"] for each in engine])
    row("importing torch and torchvision", list(torch))
    print("\n### Largest gap of a 10 ms timer in the window, after the first paint\n")
    print(
        "| while | with an engine, median ms | largest ms | without, median ms |\n|---|---|---|---|"
    )
    for name, key in (("the other pages are built", "building_gap"), ("torch loads", "later_gap")):
        gaps = [1000 * each[key] for each in engine]
        without = [1000 * each[key] for each in alone]
        print(
            f"| {name} | {statistics.median(gaps):.0f} | {max(gaps):.0f} "
            f"| {statistics.median(without):.0f} |"
        )


if __name__ == "__main__":
    main()
