"""The files in a folder of checkpoints: no link is followed, and the disk is never filled up."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import re
import shutil
import stat
from collections.abc import Callable, Iterable
from io import BufferedReader
from pathlib import Path
from typing import IO, Final

from petstudio.api.errors import IntegrityError, MachineError
from petstudio.api.language import tr
from petstudio.config.atomic import write_fault, write_hashed
from petstudio.project.checkpoint_records import (
    CheckpointRecord,
    NewCheckpoint,
    file_name,
    number_of_file,
    record_of_file,
)

RESERVE: Final = 256 << 20  # bytes that stay free on the disk
_FULL_BELOW: Final = 1 << 20
_DRAFT: Final = re.compile(r"\.(checkpoints\.json\.)?[0-9a-f]{12}\.part")
_CURE: Final = tr("Go on from an older checkpoint.")

logger = logging.getLogger(__name__)


class CheckpointFiles:
    """What lies in the folder, whatever the ledger says of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check_folder(self) -> None:
        """Raise IntegrityError if the folder is a link."""
        if self._folder.is_symlink():
            raise IntegrityError(
                tr("{folder} is a link to another place; it was not opened.", folder=self._folder),
                cure=tr("Ask whoever gave you the project for a copy without links."),
            )

    def read(self, name: str, longest: int) -> bytes:
        """Return the content, or a byte more than `longest` of a longer one; OSError for a link."""
        with self._open(name) as stream:
            # Memory is taken for as much as is asked for, and a ledger can say anything.
            return stream.read(min(longest, os.fstat(stream.fileno()).st_size) + 1)

    def content(self, record: CheckpointRecord) -> bytes:
        """Return what a record tells of.

        Raises:
            IntegrityError: it is gone, or not what was written.
        """
        self.check_folder()
        if number_of_file(record.file) is None:
            raise IntegrityError(tr("This is not the file of a checkpoint."), cure=_CURE)
        try:
            content = self.read(record.file, record.size)
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

    def names(self) -> list[str]:
        """Return the names of all that is there."""
        try:
            return sorted(entry.name for entry in self._folder.iterdir())
        except FileNotFoundError:
            return []

    def ours(self) -> set[str]:
        """Return the names of checkpoints, and of what a killed process was writing."""
        return {n for n in self.names() if _DRAFT.fullmatch(n) or number_of_file(n) is not None}

    def found(self) -> tuple[CheckpointRecord, ...]:
        """Return records of the files whose name and content agree; names and metrics are lost."""
        found: dict[int, CheckpointRecord] = {}
        for name in filter(number_of_file, self.names()):
            with contextlib.suppress(OSError), self._open(name) as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                record = record_of_file(name, stream.tell(), digest)
                if record is not None:
                    found[record.number] = record
        if found:
            logger.warning("%d checkpoints in %s were found again", len(found), self._folder)
        return tuple(found[number] for number in sorted(found))

    def require_room(self, needed: int) -> None:
        """Raise MachineError if so many bytes do not fit beside those that stay free."""
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

    def write(
        self, number: int, new: NewCheckpoint, write: Callable[[IO[bytes]], object]
    ) -> CheckpointRecord:
        """Let `write` fill a new file, which is there once it is whole."""
        file = write_hashed(
            self._folder,
            lambda stream: self._fill(stream, write),
            lambda sha256: file_name(number, new, sha256),
        )
        return CheckpointRecord(
            **vars(new), file=file.path.name, size=file.size, sha256=file.sha256, number=number
        )

    def remove(self, names: Iterable[str]) -> None:
        """Remove these files; one that stays is only logged."""
        for name in names:
            try:
                (self._folder / name).unlink(missing_ok=True)
            except OSError as error:
                logger.warning("The old checkpoint %s cannot be removed: %s", name, error)

    def _open(self, name: str) -> BufferedReader:
        """Open a plain file of the folder; OSError for a link, which could lead elsewhere."""
        path = self._folder / name
        if not stat.S_ISREG(path.lstat().st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(path, flags), "rb")

    def _fill(self, stream: IO[bytes], write: Callable[[IO[bytes]], object]) -> None:
        """Let `write` write; what it raises on a full disk becomes the OSError that says so."""
        try:
            write(stream)
        except (OSError, RuntimeError) as error:
            if shutil.disk_usage(self._folder).free < _FULL_BELOW:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from error
            raise
