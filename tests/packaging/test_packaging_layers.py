"""The dependency rule of the architecture, as written in pyproject.toml."""

from __future__ import annotations

import subprocess
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_that_every_layer_imports_only_what_is_below_it() -> None:
    command = [str(Path(sysconfig.get_path("scripts"), "lint-imports")), "--no-logo"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
