"""What was copied where, so that it can be taken back, also by the next start of the program."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any, Final

from petstudio.api.errors import IntegrityError
from petstudio.config.atomic import write_fault
from petstudio.config.language import tr
from petstudio.config.paths import data_folder
from petstudio.jobs.disk import make_folder, write_all
from petstudio.project.names import shown_text

_FOLDER: Final = "copies"
_PIECE: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Copied:
    """A copy as it was when it was made."""

    path: Path
    size: int
    sha256: str

    @property
    def is_unchanged(self) -> bool:
        """Whether the file is still that very copy."""
        try:
            if self.path.is_symlink() or self.path.stat().st_size != self.size:
                return False
            return sha256_of(self.path) == self.sha256
        except OSError:
            return False


@dataclass(frozen=True, kw_only=True)
class CopyRecord:
    """One copying: where to, the copies, and the folders that were made for them."""

    file: Path
    target: Path
    copies: tuple[Copied, ...]
    folders: tuple[Path, ...]


class CopyLedger:
    """Takes a line for each thing that is made, before it gets its name.

    Not flushed to the disk each time: after a power cut a few copies may be missing from it, and
    then stay.
    """

    def __init__(self, stream: FileIO, path: Path) -> None:
        self._stream = stream
        self._path = path

    def note_folder(self, folder: Path) -> None:
        self._add({"folder": str(folder)})

    def note_copy(self, copy: Copied) -> None:
        self._add({"copy": str(copy.path), "size": copy.size, "sha256": copy.sha256})

    def _add(self, values: dict[str, object]) -> None:
        write_all(self._stream, _line(values), self._path)


@contextmanager
def new_ledger(target: Path) -> Iterator[CopyLedger]:
    """Open a new list of copies below a folder; it stays until it is undone.

    Raises:
        MachineError: it cannot be written.
    """
    make_folder(ledger_folder())
    when = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    path = ledger_folder() / f"{when}.jsonl"
    try:
        stream = FileIO(path, "x")
    except OSError as error:
        raise write_fault(path, error) from error
    with stream:
        write_all(stream, _line({"target": str(target)}), path)
        yield CopyLedger(stream, path)


def ledger_folder() -> Path:
    """Return where the lists are."""
    return data_folder() / _FOLDER


def latest_record() -> CopyRecord | None:
    """Return the newest copying that was not undone and left copies; errors as `read_ledger`."""
    newest_first = sorted(ledger_folder().glob("*.jsonl"), reverse=True)
    return next((record for record in map(read_ledger, newest_first) if record.copies), None)


def read_ledger(file: Path) -> CopyRecord:
    """Read a list of copies; a last line that was cut off is left out.

    Raises:
        IntegrityError: the file cannot be read or is no such list.
    """
    try:
        lines = file.read_text(encoding="ascii").splitlines()
        first, *rest = [values for line in lines if (values := _values(line)) is not None]
        return CopyRecord(
            file=file,
            target=Path(first["target"]),
            copies=tuple(_copied(values) for values in rest if "copy" in values),
            folders=tuple(Path(values["folder"]) for values in rest if "folder" in values),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            tr("The list of copies {shown_text} cannot be read.", shown_text=shown_text(file.name)),
            cure=tr("The copies stay as they are."),
        ) from error


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as stream:
        digest = hashlib.sha256()
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _line(values: dict[str, object]) -> bytes:
    # ASCII JSON keeps names that are not UTF-8: their bytes travel as \udcXX.
    return f"{json.dumps(values)}{os.linesep}".encode("ascii")


def _values(line: str) -> dict[str, Any] | None:
    """Return what a line says, plain values of any kind; None if it was cut off."""
    try:
        values = json.loads(line)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _copied(values: dict[str, Any]) -> Copied:
    return Copied(path=Path(values["copy"]), size=int(values["size"]), sha256=str(values["sha256"]))
