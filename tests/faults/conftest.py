"""Makes the tiny network and the command line of other tests known to those of this folder."""

from __future__ import annotations

import sys
from pathlib import Path

_TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(_TESTS / "unit" / "engine"), str(_TESTS / "e2e")]
