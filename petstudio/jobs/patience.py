"""Opening a project at the end of long work, which must not be lost to who has it open just now."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from petstudio.api.errors import ConflictError
from petstudio.project.project import Project
from petstudio.project.records import KnownImages

_PATIENCE_S: Final = 30.0


def open_patiently(path: Path, known: KnownImages | None = None) -> Project:
    """Open a project to write to it, as `Project.open` does; waits while somebody else is writing.

    Raises:
        ConflictError: it is still in use after half a minute.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return Project.open(
                path, known=known
            )  # waits by itself for a moment, so this is no busy loop
        except ConflictError:
            if time.monotonic() > deadline:
                raise
