"""From process start to the first painted window, against importing torch."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

_WINDOW = """
import sys, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from petstudio.config.settings import SettingsFile
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.desk import Desk

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(time.time(), "torch" in sys.modules, flush=True)
            app.removeEventFilter(self)
            app.quit()
        return False

app = QApplication([])
desk = Desk(app, PluginHost.load(), SettingsFile())
watcher = FirstPaint()
app.installEventFilter(watcher)
desk.show(None)
app.exec()
desk.shutdown()
"""
_TORCH = "import torch, torchvision, time; print(time.time(), True)"
_ROUNDS = 5


def seconds(script: str) -> float:
    """Return the time from the start of a process to the moment that it prints."""
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "PETSTUDIO_HOME": home}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        started = time.time()
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    return float(done.stdout.split()[0]) - started


def main() -> None:
    """Print the table."""
    print("\n### Start\n\n| what | median s | ratio |\n|---|---|---|")
    pairs = [(seconds(_WINDOW), seconds(_TORCH)) for _ in range(_ROUNDS + 1)][1:]
    window, torch = (statistics.median(values) for values in zip(*pairs, strict=True))
    print(f"| first painted window | {window:.2f} | 1 |")
    print(f"| importing torch and torchvision | {torch:.2f} | {torch / window:.1f} |")


if __name__ == "__main__":
    main()
