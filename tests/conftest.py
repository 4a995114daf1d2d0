"""Fixtures for every tier: a home of its own for each test, the shared data if it is there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from petstudio.config.paths import user_plugin_folder

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Bits depend on the number of threads, which a run otherwise chooses by how busy the machine is.
os.environ.setdefault("OMP_NUM_THREADS", "1")

_SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(autouse=True)
def isolated_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Keep settings, weights and user plugins of a test away from the real and the next ones."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PETSTUDIO_HOME", str(home))
    yield home
    _forget_plugins(user_plugin_folder())


@pytest.fixture
def shared_folder() -> Path:
    """The shared reference data beside the checkout."""
    if not _SHARED.is_dir():
        pytest.skip("the shared data folder is not beside this checkout")
    return _SHARED


def _forget_plugins(folder: Path) -> None:
    """Let the next test have a package of the same name in another place."""
    sys.path[:] = [place for place in sys.path if place != str(folder.parent)]
    for name in [name for name in sys.modules if name.split(".")[0] == folder.name]:
        del sys.modules[name]
