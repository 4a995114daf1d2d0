"""The whole window in German: nothing is cut, and nothing stayed English."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).with_name("german_window.py")


def shown_in_german(*arguments):
    """Run in a process of its own, as a program speaks one language."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": str(SCRIPT.parent),  # also where Python is told to be wary of a script's own
    }
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages = json.loads(done.stdout)
    return {key: texts for key, texts in pages.items() if any(texts)}


def test_that_nothing_is_cut_or_english_before_there_is_a_project():
    assert shown_in_german() == {}


def test_that_nothing_is_cut_or_english_in_a_project(project):
    assert shown_in_german(project) == {}
