"""From process start to the first painted window and to a ready engine, against importing torch."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

_WINDOW = """
import gc
gc.disable()  # as petstudio.__main__ does
import json, sys, time
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication
from petstudio.bridge.engine_link import EngineLink, EngineState
from petstudio.bridge.wakefulness import let_the_window_go_first
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk

class Watch(QObject):
    def __init__(self):
        super().__init__()
        self.told, self.last, self.gap, self.turn, self.spent = {}, 0.0, 0.0, 0.0, 0.0
        self.timer = QTimer(self)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.setInterval(10)
        self.timer.timeout.connect(self.tick)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.told |= {"painted": time.time(), "painted_cpu": time.process_time()}
            app.removeEventFilter(self)
            self.last, self.spent = time.perf_counter(), time.thread_time()
            self.timer.start()
        return False

    @Slot()
    def tick(self):
        now, spent = time.perf_counter(), time.thread_time()
        self.gap = max(self.gap, now - self.last)
        self.turn = max(self.turn, spent - self.spent)
        self.last, self.spent = now, spent
        if len(desk.window.pages) == 2 and "built" not in self.told:
            self.told |= {"building_gap": self.gap, "building_turn": self.turn}
            self.told["built"] = time.time()
            self.gap = 0.0
        if "built" in self.told and ("ready" in self.told or not link):
            app.quit()

    @Slot(object)
    def note_engine(self, state):
        if state is EngineState.READY:
            self.told["ready"] = time.time()

let_the_window_go_first()
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
_BARE = """
import time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow

class Watch(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(time.process_time(), time.time())
            app.removeEventFilter(self)
            app.quit()
        return False

app = QApplication([])
watch = Watch()
app.installEventFilter(watch)
window = QMainWindow()
window.resize(1440, 900)
window.show()
app.exec()
"""
Figures: TypeAlias = Sequence[Mapping[str, float]]
_TORCH = "import torch, torchvision, time; print(time.time())"
_ROUNDS = 5


def run(script: str, *arguments: str, bytecode: str) -> tuple[float, str]:
    """Return when a process was started and the last line that it printed.

    Every process finds the bytecode that the first one has left, as that of an installed program.
    """
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PETSTUDIO_HOME": home, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
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


def measure_window(place: str, bytecode: str) -> Mapping[str, float]:
    """Start the window, with an engine or without; times in seconds from the process's start."""
    started, line = run(_WINDOW, place, bytecode=bytecode)
    told = json.loads(line)
    assert not told.pop("torch")
    return {name: value - started if value > started else value for name, value in told.items()}


def measure_bare(bytecode: str) -> Mapping[str, float]:
    """Do the same with an empty window of Qt."""
    started, line = run(_BARE, bytecode=bytecode)
    spent, painted = map(float, line.split())
    return {"painted": painted - started, "painted_cpu": spent}


def measure_torch(bytecode: str) -> Mapping[str, float]:
    """Return the seconds in which a process imports torch and torchvision."""
    started, line = run(_TORCH, bytecode=bytecode)
    return {"imported": float(line) - started}


def measure(rounds: int) -> Iterator[tuple[Mapping[str, float], ...]]:
    """Give for each round: the window without and with an engine, the bare one, and torch."""
    with tempfile.TemporaryDirectory() as bytecode:
        for _ in range(rounds):
            yield (
                measure_window("alone", bytecode),
                measure_window("engine", bytecode),
                measure_bare(bytecode),
                measure_torch(bytecode),
            )


def median(of: Figures, key: str) -> float:
    """Return the median of a figure in all rounds."""
    return statistics.median(each[key] for each in of)


def print_start(engine: Figures, bare: Figures, torch: Figures) -> None:
    """Print how long each takes, and the processor's time of the two windows."""
    window, spent = median(engine, "painted"), median(engine, "painted_cpu")
    least = median(bare, "painted_cpu")
    print("\n### Start\n\n| what | median s | times the first |\n|---|---|---|")
    for name, seconds in (
        ("first painted window", window),
        ("an empty window of Qt", median(bare, "painted")),
        ("all pages built", median(engine, "built")),
        ("engine ready", median(engine, "ready")),
        ("importing torch and torchvision", median(torch, "imported")),
    ):
        print(f"| {name} | {seconds:.2f} | {seconds / window:.1f} |")
    print(
        f"\nProcessor time until the first paint: {spent:.3f} s, of an empty window {least:.3f} s "
        f"({spent / least:.1f} times)"
    )


def print_gaps(alone: Figures, engine: Figures) -> None:
    """Print the longest times in which the window did not answer."""
    print("\n### Largest gap of a 10 ms timer in the window, after the first paint\n")
    print(
        "| while | with an engine, median ms | largest ms | without, median ms |\n|---|---|---|---|"
    )
    for name, key in (("the other pages are built", "building_gap"), ("torch loads", "later_gap")):
        largest = max(each[key] for each in engine)
        figures = (median(engine, key), largest, median(alone, key))
        print(f"| {name} | {' | '.join(f'{1000 * figure:.0f}' for figure in figures)} |")
    turns = (median(engine, "building_turn"), max(each["building_turn"] for each in engine))
    print(
        "\nMost of the window's own processor time between two ticks while they are built: "
        f"{1000 * turns[0]:.0f} ms, largest {1000 * turns[1]:.0f} ms"
    )


def main() -> None:
    """Print the tables."""
    rounds = list(measure(_ROUNDS + 1))[1:]  # the first one compiles
    alone, engine, bare, torch = zip(*rounds, strict=True)
    print_start(engine, bare, torch)
    print_gaps(alone, engine)


if __name__ == "__main__":
    main()
