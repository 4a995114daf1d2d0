"""Which pictures have come into a folder since it was looked at last."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.images.listing import list_images
from petstudio.project.names import shown_text

_Stamp: TypeAlias = tuple[int, int]


class NewFiles:
    """Tells each picture once, and only when it has not grown between two looks.

    A file that is still being copied would otherwise be read half.
    """

    def __init__(self, folder: Path, known: Iterable[Path] = ()) -> None:
        self.folder = folder
        self._known = set(known)
        self._growing: dict[Path, _Stamp] = {}

    def look(self) -> tuple[Path, ...]:
        """Return the pictures that have come and are complete.

        Raises:
            InputError: the folder is gone or cannot be read.
        """
        stamps = {path: stamp for path in self.listed() if (stamp := _stamp(path)) is not None}
        arrived = tuple(path for path, stamp in stamps.items() if self._growing.get(path) == stamp)
        self._known.update(arrived)
        self._growing = {path: stamp for path, stamp in stamps.items() if path not in self._known}
        return arrived

    def listed(self) -> list[Path]:
        """Return the pictures that were not told yet, complete or not; errors as `look`."""
        if not self.folder.is_dir():
            raise InputError(
                tr("The folder {shown_text} is gone.", shown_text=shown_text(str(self.folder))),
                cure=tr("Watching goes on when it is back."),
            )
        try:
            files = list_images(self.folder).files
        except InputError:
            if self.folder.is_dir():  # it is empty
                return []
            raise
        return [path for name in files if (path := self.folder / name) not in self._known]


def _stamp(path: Path) -> _Stamp | None:
    """Return size and time of a file; None for an empty one and one that has gone again."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return (found.st_size, found.st_mtime_ns) if found.st_size else None
    return None
