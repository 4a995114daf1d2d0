"""The checkpoints of one run: files that are written once, and a ledger that says which count.

The ledger is a file of its own and not a table in the project's database, because the database is
closed while a run trains, so that the window can label meanwhile.

A checkpoint is there once the ledger lists it. It is listed after its file is flushed to disk, and
an older file goes after the ledger without it is, so that at any moment, and after a power cut,
the ledger lists complete files only. A file's name holds a part of its SHA-256: from such files, a
ledger that is damaged is made anew.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, Final

from petstudio.api.errors import InputError, IntegrityError, PetStudioError
from petstudio.api.language import tr
from petstudio.config.atomic import write_bytes
from petstudio.project.checkpoint_files import CheckpointFiles
from petstudio.project.checkpoint_ledger import LONGEST, DamagedLedgerError, decode, encode
from petstudio.project.checkpoint_records import (
    CheckpointRecord,
    NewCheckpoint,
    check_name,
    file_name,
    kept,
    number_of_file,
)
from petstudio.project.names import shown_text

__all__ = ["CheckpointFolder", "CheckpointRecord", "NewCheckpoint"]

LEDGER: Final = "checkpoints.json"
_STEP: Final = re.compile(r"step-([0-9]{1,15})")
_MOST_SHOWN: Final = 20

logger = logging.getLogger(__name__)


class CheckpointFolder:
    """Any number of processes may read; the one that holds the run may write."""

    def __init__(self, folder: Path, *, budget: int) -> None:
        """`budget` is how many bytes the unnamed ends of epochs and stages may take."""
        self._folder = folder
        self._files = CheckpointFiles(folder)
        self._budget = budget

    def records(self) -> tuple[CheckpointRecord, ...]:
        """Return what there is, oldest first; a ledger that is damaged is only logged.

        Raises:
            IntegrityError: the folder is a link to another place, or of a newer PetStudio.
        """
        listed = self._listed()
        return self._files.found() if listed is None else listed

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
        self._files.require_room(earlier[-1].size if earlier else 0)
        record = self._files.write(number, new, write)
        renamed = [replace(r, name="") if r.name == new.name else r for r in earlier]
        staying = kept([*renamed, record], self._budget)
        try:
            self._commit(staying)
        except PetStudioError:
            self._take_back(record)
            raise
        self._files.remove({r.file for r in earlier} - {r.file for r in staying})
        return record

    def read(self, record: CheckpointRecord) -> bytes:
        """Return the content of the file.

        Raises:
            IntegrityError: it is gone, or not what was written.
        """
        return self._files.content(record)

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
            records = self._files.found()
            self._commit(records)
        self._files.remove(self._files.ours() - {record.file for record in records})

    def _listed(self) -> tuple[CheckpointRecord, ...] | None:
        """Return what the ledger lists; None if there is none that can be believed."""
        self._files.check_folder()
        try:
            return decode(self._files.read(LEDGER, LONGEST))
        except FileNotFoundError:
            return None
        except (DamagedLedgerError, OSError) as error:
            logger.warning("The list of checkpoints in %s is damaged: %s", self._folder, error)
            return None

    def _next_number(self, new: NewCheckpoint, records: Sequence[CheckpointRecord]) -> int:
        # A file that is not listed is what a kill left; its number is not used again.
        on_disk = [number_of_file(name) or 0 for name in self._files.names()]
        number = max([0, *on_disk, *(record.number for record in records)]) + 1
        if number_of_file(file_name(number, new, "0" * 64)) is None:
            raise IntegrityError(
                tr("There is no number left for a checkpoint in {folder}.", folder=self._folder)
            )
        return number

    def _commit(self, records: Sequence[CheckpointRecord]) -> None:
        write_bytes(self._folder / LEDGER, encode(records))

    def _take_back(self, record: CheckpointRecord) -> None:
        """Remove a new file whose commit failed, unless the ledger lists it all the same.

        That is so if the ledger was renamed, and only flushing the folder failed.
        """
        if record.file not in {listed.file for listed in self._listed() or ()}:
            self._files.remove({record.file})

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
