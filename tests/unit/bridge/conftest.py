"""The runs that other tests keep, and a cycle collector that stays in the test's thread."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "jobs"))


@pytest.fixture(autouse=True)
def collected_in_this_thread():
    """As in the program: another thread would end objects of Qt there, and crash."""
    gc.disable()
    set_aside = gc.get_freeze_count()
    yield
    if gc.get_freeze_count() > set_aside:
        gc.unfreeze()
        gc.collect()
    else:
        gc.collect(1)  # the generations in which all is that a test has made
    gc.enable()
