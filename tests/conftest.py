"""Fixtures for every tier: a home of its own for each test, the shared data if it is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Bits depend on the number of threads, which a run otherwise chooses by how busy the machine is.
os.environ.setdefault("OMP_NUM_THREADS", "1")

_SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def isolated_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Keep settings, weights and user plugins of a test away from the real ones."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PETSTUDIO_HOME", str(home))
    return home


@pytest.fixture
def shared_folder() -> Path:
    """The shared reference data beside the checkout."""
    if not _SHARED.is_dir():
        pytest.skip("the shared data folder is not beside this checkout")
    return _SHARED
