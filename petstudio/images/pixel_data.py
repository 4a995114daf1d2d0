"""The flat file with the bytes of kept pictures: read by copy or through a memory map."""

from __future__ import annotations

import contextlib
import mmap
import os
import re
import secrets
import sys
from pathlib import Path
from threading import Lock
from typing import Final

from petstudio.images.pixel_records import FileVersion

_PREFIX: Final = "pixels-"
_SUFFIX: Final = ".bin"
_PATTERN: Final = re.compile(rf"{_PREFIX}[0-9a-f]{{16}}\{_SUFFIX}")
_NO_FOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)  # absent on Windows
_BINARY: Final = getattr(os, "O_BINARY", 0)  # Windows only
_NO_RESERVE: Final = 0x4000  # MAP_NORESERVE of Linux; `mmap` names it from Python 3.13 on
_PAGE: Final = mmap.PAGESIZE


def kept_bytes(folder: Path) -> int:
    """Return how much of the disk the kept pictures of a folder take."""
    versions = [FileVersion.of(file) for file in folder.glob(f"{_PREFIX}*{_SUFFIX}")]
    return sum(version.size for version in versions if version is not None)


def new_data_name() -> str:
    return f"{_PREFIX}{secrets.token_hex(8)}{_SUFFIX}"


def is_data_name(name: str) -> bool:
    return _PATTERN.fullmatch(name) is not None


class DataFile:
    """One open data file; safe to use from several threads.

    Bytes that the index does not name may be overwritten at any time, by another process too.
    """

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        """Open it, and make it if it is to be written; raises OSError."""
        flags = os.O_RDWR | os.O_CREAT if writable else os.O_RDONLY
        self._descriptor = os.open(path, flags | _NO_FOLLOW | _BINARY, 0o600)
        self._lock = Lock()
        self._map: mmap.mmap | None = None

    def close(self) -> None:
        """Let the file go; views that were given out stay good."""
        self._map = None
        os.close(self._descriptor)

    def read(self, offset: int, length: int) -> bytearray | None:
        """Return a copy of the bytes; None if the disk does not give all of them."""
        # A disk that fails under a memory map kills the process, under a read it only says so.
        if offset + length > self.size():
            return None
        with contextlib.suppress(OSError, OverflowError):
            content = bytearray(length)
            if self._read_into(content, offset) == length:
                return content
        return None

    def view(self, offset: int, length: int) -> memoryview | None:
        """Return the bytes where they lie, without a copy; None if they cannot be mapped.

        Writing to the view changes neither the file nor what others see.
        """
        end = offset + length
        with self._lock:
            size = self.size()
            if end > size:
                return None
            if self._map is None or len(self._map) < end:
                self._map = _map(self._descriptor, size)
            mapped = self._map
        if mapped is None:
            return None
        _fetch_ahead(mapped, offset, length)
        return memoryview(mapped)[offset:end]

    def write(self, offset: int, content: bytes | bytearray | memoryview) -> None:
        """Write all bytes, or raise OSError."""
        with self._lock:
            os.lseek(self._descriptor, offset, os.SEEK_SET)
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]

    def cut(self, size: int) -> None:
        """Give back what lies behind `size` bytes; never call it for bytes that the index names."""
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, size)

    def size(self) -> int:
        """Return how long the file is now, in bytes."""
        with contextlib.suppress(OSError):
            return os.fstat(self._descriptor).st_size
        return 0

    def _read_into(self, content: bytearray, offset: int) -> int:
        if sys.platform == "win32":
            with self._lock:
                os.lseek(self._descriptor, offset, os.SEEK_SET)
                content[:] = os.read(self._descriptor, len(content))
            return len(content)
        else:  # noqa: RET505 - a branch for another system must be whole for the type checker
            return os.preadv(self._descriptor, [content], offset)


def _map(descriptor: int, size: int) -> mmap.mmap | None:
    # Private and writable, because torch warns about memory that it may not write to.
    with contextlib.suppress(OSError, ValueError, OverflowError):
        if sys.platform == "linux":
            # Without it Linux refuses a private map that is larger than its memory.
            flags = mmap.MAP_PRIVATE | _NO_RESERVE
            return mmap.mmap(descriptor, size, flags, mmap.PROT_READ | mmap.PROT_WRITE)
        else:  # noqa: RET505 - as above
            return mmap.mmap(descriptor, size, access=mmap.ACCESS_COPY)
    return None


def _fetch_ahead(mapped: mmap.mmap, offset: int, length: int) -> None:
    """Let the disk begin to read; whoever looks at the pixels then waits less."""
    start = offset - offset % _PAGE
    with contextlib.suppress(OSError, ValueError, AttributeError):  # only a hint
        mapped.madvise(mmap.MADV_WILLNEED, start, offset + length - start)
