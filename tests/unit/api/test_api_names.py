"""What `from petstudio.api import ...` offers to a plugin."""

from __future__ import annotations

import subprocess
import sys

import petstudio.api


def test_that_every_name_on_offer_is_there() -> None:
    missing = [name for name in petstudio.api.__all__ if not hasattr(petstudio.api, name)]
    assert missing == []


def test_that_describing_a_plugin_loads_nothing_heavy() -> None:
    program = "import sys, petstudio.api; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in result.stdout.split()}
    assert loaded & {"torch", "torchvision", "numpy", "PIL", "PySide6", "safetensors"} == set()
