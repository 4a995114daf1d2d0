"""Makes the fixtures of this folder importable, and the tiny network of the engine's tests."""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), str(_HERE.parent / "unit" / "engine")]
