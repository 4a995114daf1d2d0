"""One user at a time: a lock that the operating system drops when its holder dies, however."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from petstudio.api.errors import ConflictError
from petstudio.api.language import tr
from petstudio.config.atomic import write_fault

LOCK_NAME: Final = "lock"
# Readers hold the lock for the moment in which they copy the database, so one try is not enough.
_PATIENCE_SECONDS: Final = 0.3
_NAP_SECONDS: Final = 0.02
_LONGEST_NOTE: Final = 4096
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)  # absent on Windows

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        # A locked byte cannot be read by others, so it lies far behind the note about the holder.
        os.lseek(descriptor, 1 << 20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who uses a folder: computer, process and, in UTC, since when."""

    host: str
    pid: int
    since: str


class FolderLockedError(ConflictError):
    """Another process uses the folder; `holder` is None if it left no note."""

    def __init__(self, folder: Path, holder: Holder | None, *, cure: str) -> None:
        who = (
            tr(
                " (computer {host}, process {pid}, since {since})",
                host=holder.host,
                pid=holder.pid,
                since=holder.since,
            )
            if holder
            else ""
        )
        super().__init__(
            tr("{folder} is in use by another PetStudio{who}.", folder=folder.name, who=who),
            cure=cure,
        )
        self.folder = folder
        self.holder = holder

    def __reduce__(self) -> tuple[object, ...]:
        return partial(FolderLockedError, cure=self.cure), (self.folder, self.holder)


class FolderLock:
    """Held from construction until `release` or the end of the process."""

    def __init__(self, folder: Path, *, cure: str) -> None:
        """Take the lock; `cure` is what to do when somebody else has it.

        Raises:
            FolderLockedError: another process, or another part of this one, holds it.
            MachineError: the folder cannot be written.
        """
        path = folder / LOCK_NAME
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_FOLLOW, 0o644)
        except OSError as error:
            raise write_fault(path, error) from error
        if not self._wait():
            holder = self._read_note()
            os.close(self._descriptor)
            raise FolderLockedError(folder, holder, cure=cure)
        self._leave_note()

    def release(self) -> None:
        """Give the lock back; the note goes too, since a project may travel to other people."""
        with contextlib.suppress(OSError):  # the lock itself goes with the descriptor
            os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)

    def _wait(self) -> bool:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                _try_lock(self._descriptor)
            except OSError:
                if time.monotonic() > deadline:
                    return False
                time.sleep(_NAP_SECONDS)
            else:
                return True

    def _leave_note(self) -> None:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        holder = Holder(host=socket.gethostname(), pid=os.getpid(), since=since)
        # The note is only for the message to others; a full disk must not shut the user out.
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            os.write(self._descriptor, json.dumps(asdict(holder)).encode("ascii"))

    def _read_note(self) -> Holder | None:
        try:
            os.lseek(self._descriptor, 0, os.SEEK_SET)
            note = json.loads(os.read(self._descriptor, _LONGEST_NOTE))
            return Holder(host=str(note["host"]), pid=int(note["pid"]), since=str(note["since"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None


@contextlib.contextmanager
def locked(folder: Path, *, cure: str) -> Iterator[None]:
    """Hold the folder's lock for the block; raises as `FolderLock` does."""
    lock = FolderLock(folder, cure=cure)
    try:
        yield
    finally:
        lock.release()


def is_locked(folder: Path) -> bool:
    """True while somebody holds the folder's lock."""
    try:
        descriptor = os.open(folder / LOCK_NAME, os.O_RDWR | _NO_FOLLOW)
    except OSError:
        return False  # nobody ever held it
    try:
        _try_lock(descriptor)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
