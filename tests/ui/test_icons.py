"""Icons that Python collects."""

from __future__ import annotations

import subprocess
import sys

_IN_CYCLES = """
import gc
from PySide6.QtGui import QGuiApplication
from petstudio.ui.icons import draw_icon
application = QGuiApplication([])
for _ in range(3):
    cycle = {number: draw_icon("trash", "#000000", "#888888") for number in range(50)}
    cycle["itself"] = cycle
    del cycle
    gc.collect()
print("still here")
"""


def test_that_icons_in_a_cycle_can_be_collected() -> None:
    # In a process of its own, which a fault would end.
    done = subprocess.run(
        [sys.executable, "-c", _IN_CYCLES], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "still here")
