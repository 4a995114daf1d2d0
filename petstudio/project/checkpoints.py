"""The checkpoints of one run: files that are written once, and a ledger that says which count.

The ledger is a file of its own and not a table in the project's database, because the database is
closed while a run trains, so that the window can label meanwhile.

A checkpoint is there once the ledger lists it. It is listed after its file is flushed to disk, and
an older file goes after the ledger without it is, so that at any moment, and after a power cut,
the ledger lists complete files only. A file's name holds a part of its SHA-256: from such files, a
ledger that is damaged is made anew.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import IO, Final

from petstudio.api.errors import InputError, IntegrityError, MachineError, PetStudioError
from petstudio.api.language import tr
from petstudio.config.atomic import write_bytes, write_fault, write_hashed
from petstudio.project.checkpoint_ledger import LONGEST, DamagedLedgerError, decode, encode
from petstudio.project.checkpoint_records import (
    CheckpointRecord,
    NewCheckpoint,
    check_name,
    file_name,
    kept,
    number_of_file,
    record_of_file,
)
from petstudio.project.names import shown_text

__all__ = ["CheckpointFolder", "CheckpointRecord", "NewCheckpoint"]

LEDGER: Final = "checkpoints.json"
RESERVE: Final = 256 << 20  # bytes that stay free on the disk
_FULL_BELOW: Final = 1 << 20
_DRAFT: Final = re.compile(r"\.(checkpoints\.json\.)?[0-9a-f]{12}\.part")
_STEP: Final = re.compile(r"step-([0-9]{1,15})")
_MOST_SHOWN: Final = 20
_CURE: Final = tr("Go on from an older checkpoint.")

logger = logging.getLogger(__name__)


class CheckpointFolder:
    """Any number of processes may read; the one that holds the run may write."""

    def __init__(self, folder: Path, *, budget: int) -> None:
        """`budget` is how many bytes the unnamed ends of epochs and stages may take."""
        self._folder = folder
        self._budget = budget

    def records(self) -> tuple[CheckpointRecord, ...]:
        """Return what there is, oldest first; a ledger that is damaged is only logged.

        Raises:
            IntegrityError: the folder is a link to another place, or of a newer PetStudio.
        """
        listed = self._listed()
        return self._found_in_files() if listed is None else listed

    def add(self, new: NewCheckpoint, write: Callable[[IO[bytes]], object]) -> CheckpointRecord:
        """Let `write` fill a new checkpoint, then remove those that are not kept any more.

        After an error the checkpoints are what they were, also if `write` raised it.

        Raises:
            MachineError: the disk is full, or the folder cannot be written.
            InputError: the name cannot be one.
        """
        if new.name:
            check_name(new.name)
        new = replace(new, metrics={key: float(value) for key, value in new.metrics.items()})
        earlier = self.records()
        number = self._next_number(new, earlier)
        self._require_room(earlier[-1].size if earlier else 0)
        file = write_hashed(
            self._folder,
            lambda stream: self._fill(stream, write),
            lambda sha256: file_name(number, new, sha256),
        )
        record = CheckpointRecord(
            **vars(new), file=file.path.name, size=file.size, sha256=file.sha256, number=number
        )
        renamed = [replace(r, name="") if r.name == new.name else r for r in earlier]
        staying = kept([*renamed, record], self._budget)
        try:
            self._commit(staying)
        except PetStudioError:
            self._take_back(record)
            raise
        self._remove({r.file for r in earlier} - {r.file for r in staying})
        return record

    def read(self, record: CheckpointRecord) -> bytes:
        """Return the content of the file.

        Raises:
            IntegrityError: it is gone, or not what was written.
        """
        self._check_folder()
        if number_of_file(record.file) is None:
            raise IntegrityError(tr("This is not the file of a checkpoint."), cure=_CURE)
        try:
            content = self._read_file(record.file, record.size)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise IntegrityError(
                tr(
                    "The checkpoint {file} cannot be read: {reason}.",
                    file=record.file,
                    reason=reason,
                ),
                cure=_CURE,
            ) from error
        if len(content) != record.size or hashlib.sha256(content).hexdigest() != record.sha256:
            raise IntegrityError(
                tr(
                    "The checkpoint {file} is damaged: it is not what was written.",
                    file=record.file,
                ),
                cure=_CURE,
            )
        return content

    def find(self, name: str) -> CheckpointRecord:
        """Return the one of that name: last, best, a given name, or a step such as step-1200.

        For "last" and "best" a damaged file is passed over, which is logged.

        Raises:
            InputError: there is none; the message says what there is.
            IntegrityError: there are some, but all of them are damaged.
        """
        records = self.records()
        if name in ("last", "best"):
            found = [record for record in records if record.is_full == (name == "last")]
            if found:
                return self._newest_good(found)
        step = _STEP.fullmatch(name)
        for record in reversed(records):
            is_step = step is not None and record.is_full and record.step == int(step[1])
            if is_step or (record.name and record.name == name):
                return record
        raise InputError(
            tr("There is no checkpoint “{shown_text}”.", shown_text=shown_text(name)[:80]),
            cure=tr("Known: {shown}.", shown=_shown(records)),
        )

    def give_name(self, record: CheckpointRecord, name: str) -> CheckpointRecord:
        """Name a checkpoint, which is then kept.

        Raises:
            InputError: this cannot be a name, another one has it, or the checkpoint is gone.
            MachineError: the disk is full, or the folder cannot be written.
        """
        check_name(name)
        records = self.records()
        if any(other.name == name and other.number != record.number for other in records):
            raise InputError(
                tr("Another checkpoint is called “{name}”.", name=name),
                cure=tr("Use another name."),
            )
        held = next((other for other in records if other.file == record.file), None)
        if held is None:
            raise InputError(
                tr("The checkpoint {label} is not there any more.", label=record.label),
                cure=tr("Known: {shown}.", shown=_shown(records)),
            )
        named = replace(held, name=name)
        self._commit([named if other is held else other for other in records])
        return named

    def sweep(self) -> None:
        """Remove what a killed process left; for the process that holds the run.

        Raises:
            MachineError: the ledger was damaged, and the new one cannot be written.
        """
        records = self._listed()
        if records is None:
            records = self._found_in_files()
            self._commit(records)
        ours = {n for n in self._names() if _DRAFT.fullmatch(n) or number_of_file(n) is not None}
        self._remove(ours - {record.file for record in records})

    def _check_folder(self) -> None:
        if self._folder.is_symlink():
            raise IntegrityError(
                tr("{folder} is a link to another place; it was not opened.", folder=self._folder),
                cure=tr("Ask whoever gave you the project for a copy without links."),
            )

    def _read_file(self, name: str, longest: int) -> bytes:
        """Return the content, or a byte more than `longest` of a longer one."""
        with self._open(name) as stream:
            # Memory is taken for as much as is asked for, and a ledger can say anything.
            return stream.read(min(longest, os.fstat(stream.fileno()).st_size) + 1)

    def _open(self, name: str) -> BufferedReader:
        """Open a plain file of the folder; OSError for a link, which could lead elsewhere."""
        path = self._folder / name
        if not stat.S_ISREG(path.lstat().st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(path, flags), "rb")

    def _listed(self) -> tuple[CheckpointRecord, ...] | None:
        """Return what the ledger lists; None if there is none that can be believed."""
        self._check_folder()
        try:
            return decode(self._read_file(LEDGER, LONGEST))
        except FileNotFoundError:
            return None
        except (DamagedLedgerError, OSError) as error:
            logger.warning("The list of checkpoints in %s is damaged: %s", self._folder, error)
            return None

    def _found_in_files(self) -> tuple[CheckpointRecord, ...]:
        """Return records of the files whose name and content agree; names and metrics are lost."""
        found: dict[int, CheckpointRecord] = {}
        for name in filter(number_of_file, self._names()):
            with contextlib.suppress(OSError), self._open(name) as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                record = record_of_file(name, stream.tell(), digest)
                if record is not None:
                    found[record.number] = record
        if found:
            logger.warning("%d checkpoints in %s were found again", len(found), self._folder)
        return tuple(found[number] for number in sorted(found))

    def _names(self) -> list[str]:
        try:
            return sorted(entry.name for entry in self._folder.iterdir())
        except FileNotFoundError:
            return []

    def _next_number(self, new: NewCheckpoint, records: Sequence[CheckpointRecord]) -> int:
        # A file that is not listed is what a kill left; its number is not used again.
        on_disk = [number_of_file(name) or 0 for name in self._names()]
        number = max([0, *on_disk, *(record.number for record in records)]) + 1
        if number_of_file(file_name(number, new, "0" * 64)) is None:
            raise IntegrityError(
                tr("There is no number left for a checkpoint in {folder}.", folder=self._folder)
            )
        return number

    def _require_room(self, needed: int) -> None:
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError as error:
            raise write_fault(self._folder, error) from error
        if needed > free - RESERVE:
            raise MachineError(
                tr(
                    "The disk is full: a checkpoint in {folder} takes {needed:.0f} MB beside "
                    "{reserve:.0f} MB that stay free, and {free:.0f} MB are free.",
                    folder=self._folder,
                    needed=needed / 1000000.0,
                    reserve=RESERVE / 1000000.0,
                    free=free / 1000000.0,
                ),
                cure=tr("Free some space and try again; the older checkpoints are unchanged."),
            )

    def _fill(self, stream: IO[bytes], write: Callable[[IO[bytes]], object]) -> None:
        """Let `write` write; what it raises on a full disk becomes the OSError that says so."""
        try:
            write(stream)
        except (OSError, RuntimeError) as error:
            if shutil.disk_usage(self._folder).free < _FULL_BELOW:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise

    def _commit(self, records: Sequence[CheckpointRecord]) -> None:
        write_bytes(self._folder / LEDGER, encode(records))

    def _take_back(self, record: CheckpointRecord) -> None:
        """Remove a new file whose commit failed, unless the ledger lists it all the same.

        That is so if the ledger was renamed, and only flushing the folder failed.
        """
        if record.file not in {listed.file for listed in self._listed() or ()}:
            self._remove({record.file})

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            try:
                (self._folder / name).unlink(missing_ok=True)
            except OSError as error:
                logger.warning("The old checkpoint %s cannot be removed: %s", name, error)

    def _newest_good(self, records: Sequence[CheckpointRecord]) -> CheckpointRecord:
        for record in reversed(records):
            try:
                self.read(record)
            except IntegrityError as error:
                logger.warning("A checkpoint is passed over: %s", error)
            else:
                return record
        raise IntegrityError(
            tr("All checkpoints in {folder} are damaged.", folder=self._folder),
            cure=tr("Train from the start."),
        )


def _shown(records: Sequence[CheckpointRecord]) -> str:
    """Return the names of the newest ones, for a message."""
    names = list(dict.fromkeys(record.label for record in reversed(records)))
    return ", ".join(names[:_MOST_SHOWN]) or "none"
