"""Makes the fixtures of this folder importable, and the tiny network of the engine's tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

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
