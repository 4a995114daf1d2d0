"""Makes the tiny network and its pictures known to the tests of this folder."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from engine_fixtures import coloured_data  # noqa: F401
