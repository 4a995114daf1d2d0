"""Names that say nothing, and what must not be loaded before the window is there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EMPTY_NAMES = {
    "utils",
    "util",
    "common",
    "helpers",
    "helper",
    "core",
    "misc",
    "managers",
    "manager",
}
LAYERS_WITHOUT_TORCH = ("petstudio.app", "petstudio.cli.main", "petstudio.bridge.runner")


@pytest.mark.parametrize("folder", ["petstudio", "plugins"])
def test_that_every_module_is_named_after_what_it_owns(folder: str) -> None:
    names = [path for path in (ROOT / folder).rglob("*") if path.stem.lower() in EMPTY_NAMES]
    assert [str(path) for path in names if path.is_dir() or path.suffix == ".py"] == []


@pytest.mark.parametrize("module", LAYERS_WITHOUT_TORCH)
def test_that_torch_is_not_loaded_before_it_is_needed(module: str) -> None:
    program = f"import sys, {module}; print(sorted({{'torch', 'torchvision'}} & set(sys.modules)))"
    result = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("module", ["petstudio.api", "petstudio.cli.main"])
def test_that_qt_is_not_loaded_without_a_window(module: str) -> None:
    program = f"import sys, {module}; print([m for m in sys.modules if m.startswith('PySide6')])"
    result = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
