"""What was copied or moved, so that it can be taken back, also by the next start of the program."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Any, Final

from petstudio.api.errors import IntegrityError
from petstudio.api.language import tr
from petstudio.config.atomic import sync_folder, write_bytes, write_fault
from petstudio.config.paths import data_folder
from petstudio.images.roots import MountedRoot, folders_of
from petstudio.jobs.copy_records import Copied, CopyRecord, Home, Moved, part_in
from petstudio.jobs.disk import make_folder, write_all
from petstudio.project.names import shown_text

_FOLDER: Final = "copies"
_LONGEST_HEAD: Final = 1 << 16


class CopyLedger:
    """Takes a line for each thing that is made, before it gets its name.

    Copies are not flushed to the disk each time: after a power cut a few may be missing from the
    list, and then stay. Moves are.
    """

    def __init__(self, stream: FileIO, path: Path) -> None:
        self._stream = stream
        self.path = path

    def part_in(self, folder: Path) -> Path:
        """Return the name of a file in this folder that is not finished yet."""
        return part_in(folder, self.path)

    def note_folder(self, folder: Path) -> None:
        self._add(_folder_values(folder))

    def note_copy(self, copy: Copied) -> None:
        self._add(_copy_values(copy))

    def note_move(self, source: Path, copied: Copied) -> None:
        """On the disk when this returns."""
        self._add(_move_values(Moved(source=source, copied=copied)))
        self.flush()

    def flush(self) -> None:
        """Let the list survive a power cut."""
        try:
            os.fsync(self._stream.fileno())
        except OSError as error:
            raise write_fault(self.path, error) from error

    def _add(self, values: dict[str, object]) -> None:
        write_all(self._stream, _line(values), self.path)


@contextmanager
def new_ledger(target: Path, home: Home | None = None) -> Iterator[CopyLedger]:
    """Open a new list of what comes below a folder; it stays until it is undone.

    `home` is given where the pictures of a project are moved.

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
        ledger = CopyLedger(stream, path)
        write_all(stream, _line(_head_values(target, home)), path)
        if home is not None:
            ledger.flush()
            sync_folder(path.parent)
        yield ledger


def ledger_folder() -> Path:
    """Return where the lists are."""
    return data_folder() / _FOLDER


def read_ledger(file: Path) -> CopyRecord:
    """Read a list; a last line that was cut off is left out.

    Raises:
        IntegrityError: the file cannot be read or is no such list.
    """
    try:
        lines = file.read_text(encoding="ascii").splitlines()
        first, *rest = [values for line in lines if (values := _values(line)) is not None]
        return CopyRecord(
            file=file,
            target=Path(first["target"]),
            copies=tuple(_copied(values, "copy") for values in rest if "copy" in values),
            moves=tuple(_moved(values) for values in rest if "move" in values),
            folders=tuple(Path(values["folder"]) for values in rest if "folder" in values),
            home=_home(first),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise IntegrityError(
            tr("The list of copies {file} cannot be read.", file=shown_text(file.name)),
            cure=tr("The copies stay as they are."),
        ) from error


def home_in(file: Path) -> Home | None:
    """Return whose pictures were moved, from the first line alone: a list may be long."""
    try:
        with file.open("rb") as stream:
            head = _values(stream.readline(_LONGEST_HEAD).decode("ascii"))
        return None if head is None else _home(head)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def shorten(record: CopyRecord) -> None:
    """Replace a list by what is left of it; it goes when nothing is.

    Raises:
        MachineError: it cannot be written; the old list is still there.
    """
    if not record.copies and not record.moves:
        record.file.unlink(missing_ok=True)
        return
    lines = (
        _head_values(record.target, record.home),
        *map(_folder_values, record.folders),
        *map(_copy_values, record.copies),
        *map(_move_values, record.moves),
    )
    write_bytes(record.file, b"".join(map(_line, lines)))


def _head_values(target: Path, home: Home | None) -> dict[str, object]:
    values: dict[str, object] = {"target": str(target)}
    if home is not None:
        values.update(project=str(home.project.resolve()), id=home.id)
    if home is not None and home.root is not None:
        values["root"] = {name: str(folder) for name, folder in folders_of(home.root).items()}
    return values


def _folder_values(folder: Path) -> dict[str, object]:
    return {"folder": str(folder)}


def _copy_values(copy: Copied) -> dict[str, object]:
    return {"copy": str(copy.path), "size": copy.size, "sha256": copy.sha256}


def _move_values(moved: Moved) -> dict[str, object]:
    copied = moved.copied
    return {
        "move": str(moved.place),
        "from": str(moved.source),
        "size": copied.size,
        "sha256": copied.sha256,
    }


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


def _home(head: dict[str, Any]) -> Home | None:
    if "project" not in head:
        return None
    folders = {name: Path(folder) for name, folder in head.get("root", {}).items()}
    root = MountedRoot(folder=folders.pop(""), mounted=folders) if folders else None
    return Home(project=Path(head["project"]), id=str(head.get("id", "")), root=root)


def _copied(values: dict[str, Any], kind: str) -> Copied:
    return Copied(path=Path(values[kind]), size=int(values["size"]), sha256=str(values["sha256"]))


def _moved(values: dict[str, Any]) -> Moved:
    return Moved(source=Path(values["from"]), copied=_copied(values, "move"))
