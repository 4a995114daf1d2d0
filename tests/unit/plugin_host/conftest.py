"""A user's plugin folder that leaves no trace in this process."""

from __future__ import annotations

import sys
import textwrap
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest


class PluginFolder:
    """Writes plugins; its name is new for each test, since modules stay imported."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, code: str) -> None:
        self.path.mkdir(exist_ok=True)
        (self.path / f"{name}.py").write_text(textwrap.dedent(code), encoding="utf-8")


@pytest.fixture
def plugin_folder(tmp_path: Path) -> Iterator[PluginFolder]:
    folder = PluginFolder(tmp_path / f"plugins_{uuid.uuid4().hex}")
    before = list(sys.path)
    yield folder
    sys.path[:] = before
    for name in [name for name in sys.modules if name.split(".")[0] == folder.path.name]:
        del sys.modules[name]
