"""Words of the bridge that are shown as they are, in German."""

from __future__ import annotations

import os
import subprocess
import sys

WORDS = """
from petstudio.api.language import Language, speak
speak(Language.GERMAN)
from petstudio.bridge.label_tiles import EXCLUDED
print(EXCLUDED)
"""


def test_that_a_tile_says_in_german_that_it_is_left_out() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-c", WORDS]
    shown = subprocess.check_output(command, encoding="utf-8", env=environment)
    assert shown.strip() == "ausgeschlossen"
