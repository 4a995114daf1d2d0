"""The unfinished file of a download, `NAME.part`, and the note beside it about where it is from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from petstudio.api.errors import OptionError
from petstudio.config.atomic import write_fault, write_text
from petstudio.config.mapping import from_mapping, to_mapping
from petstudio.jobs.disk import make_folder, write_all


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What the server sent: `length` of the whole file, and `validator` to recognise it by."""

    url: str
    validator: str
    length: int


class PartFile:
    """Kept after a cut or a cancel, so that the next try can go on.

    Methods that write raise MachineError when the disk does not take it.
    """

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self._note = target.with_name(f"{target.name}.part.json")

    def size(self) -> int:
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def origin(self) -> Origin | None:
        """Return None when there is no note, or one that cannot be read."""
        try:
            return from_mapping(Origin, json.loads(self._note.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, RecursionError, OptionError):
            return None

    def begin(self, origin: Origin) -> None:
        """Start anew; emptied first, since old bytes must never stand beside a new note."""
        make_folder(self.path.parent)
        try:
            self.path.write_bytes(b"")
        except OSError as error:
            raise write_fault(self.path, error) from error
        write_text(self._note, json.dumps(to_mapping(origin)))

    def open_to_append(self) -> FileIO:
        try:
            return self.path.open("ab", buffering=0)
        except OSError as error:
            raise write_fault(self.path, error) from error

    def append(self, stream: FileIO, chunk: bytes) -> None:
        write_all(stream, chunk, self.path)

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
