"""Writing a file so that its name always holds either the old or the new content."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from petstudio.api.errors import MachineError
from petstudio.api.language import tr

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_DISK_FULL: Final = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def write_bytes(path: Path, content: bytes) -> None:
    """Replace the file's content; after an error the old file is still there.

    Raises:
        MachineError: the disk is full, or the folder cannot be written.
    """
    write_with(path, lambda stream: stream.write(content))


def write_text(path: Path, content: str) -> None:
    """Like `write_bytes`, with UTF-8 text and `\\n` line ends."""
    write_bytes(path, content.encode("utf-8"))


def write_with(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Let `write` fill a temporary file beside `path`, flush it to disk, then rename it.

    Raises:
        MachineError: the disk is full, or the folder cannot be written.
    """
    with replacing(path) as stream:
        write(stream)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a stream whose content becomes `path` when the block ends without an error.

    Raises:
        MachineError: the disk is full, or the folder cannot be written.
    """
    # 40 characters take 160 bytes at most, of the 255 that a name may have.
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(6)}.part")
    try:
        with open(temporary, "xb", opener=_open_private) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise write_fault(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


@dataclass(frozen=True, kw_only=True)
class HashedFile:
    """A file that is on the disk, and what was written to it."""

    path: Path
    size: int
    sha256: str


def write_hashed(
    folder: Path, write: Callable[[IO[bytes]], object], name: Callable[[str], str]
) -> HashedFile:
    """Let `write` fill a new file, whose name is then made of its SHA-256; it is flushed to disk.

    The stream cannot be sought in. After an error there is no file.

    Raises:
        MachineError: the disk is full, or the folder cannot be written.
    """
    path = folder / f".{secrets.token_hex(6)}.part"
    is_kept = False
    try:
        with _HashingWriter(io.FileIO(path, "xb", opener=_open_private)) as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
            size, digest = stream.tell(), stream.digest.hexdigest()
        path = path.replace(folder / name(digest))
        sync_folder(folder)
        is_kept = True
    except OSError as error:
        raise write_fault(folder, error) from error
    finally:
        if not is_kept:
            with contextlib.suppress(OSError):
                path.unlink()
    return HashedFile(path=path, size=size, sha256=digest)


class _HashingWriter(io.BufferedWriter):
    """Takes the SHA-256 of all that passes."""

    def __init__(self, raw: io.FileIO) -> None:
        super().__init__(raw)
        self.digest = hashlib.sha256()

    def write(self, content: ReadableBuffer, /) -> int:
        count = super().write(content)
        self.digest.update(content)
        return count

    def seek(self, _offset: int, _whence: int = 0, /) -> int:
        raise io.UnsupportedOperation("what has passed is hashed already")


def sync_folder(folder: Path) -> None:
    """Make a rename in this folder survive a power cut; does nothing on Windows."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_fault(path: Path, error: OSError) -> MachineError:
    """Return what to tell the user about a write that failed."""
    if error.errno in _DISK_FULL:
        free = shutil.disk_usage(path.parent).free
        return MachineError(
            tr(
                "The disk is full: {path} could not be written, {free:.0f} MB are free.",
                path=path,
                free=free / 1000000.0,
            ),
            cure=tr("Free some space and try again; the old file is unchanged."),
        )
    reason = (error.strerror or type(error).__name__).lower()
    return MachineError(
        tr("{path} could not be written: {reason}.", path=path, reason=reason),
        cure=tr("Choose another place or fix the rights."),
    )


def _open_private(path: str, flags: int) -> int:
    # O_BINARY exists on Windows only; O_NOFOLLOW everywhere else.
    extra = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    return os.open(path, flags | extra, 0o600)
