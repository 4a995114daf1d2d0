"""What the picture cache says about one picture: which file, which version of it, and where."""

from __future__ import annotations

import os
import zlib
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Final, TypeAlias

Pixels: TypeAlias = bytes | bytearray | memoryview

CHANNELS: Final = 3
LONGEST: Final = 4  # times the short side; of a longer picture, a panorama, only the middle is kept
_LONGEST_SIDE: Final = 1 << 16


class PixelKind(Enum):
    """How the bytes of a kept picture are to be read."""

    RAW = "raw"
    JPEG = "jpeg"


@dataclass(frozen=True, kw_only=True)
class Picture:
    """An RGB picture: uint8 (height, width, 3), row by row."""

    height: int
    width: int
    pixels: Pixels


@dataclass(frozen=True, kw_only=True)
class FileVersion:
    """What changes when somebody writes to a file: its size in bytes and its time in ns."""

    size: int
    mtime_ns: int

    @classmethod
    def of(cls, path: Path) -> FileVersion | None:
        """Return the version that is there now; None if there is no such file."""
        try:
            status = path.stat()
        except OSError:
            return None
        return cls(size=status.st_size, mtime_ns=status.st_mtime_ns)


@dataclass(frozen=True, kw_only=True)
class PixelRecord:
    """Where a picture's bytes lie.

    Attributes:
        path: the file the picture was decoded from, as the system's own bytes.
        short_side: what the picture was shrunk to, in pixels; a smaller one was left as it is.
        data: name of the data file.
        offset, length: in bytes, inside the data file.
        checksum: CRC-32 of all that a wrong picture could come from, the bytes themselves included.
    """

    path: bytes
    version: FileVersion
    short_side: int
    data: str
    offset: int
    length: int
    height: int
    width: int
    kind: PixelKind
    checksum: int

    def is_whole(self) -> bool:
        """True if the picture was not shrunk, because it was small already."""
        return min(self.height, self.width) < self.short_side

    def serves(self, short_side: int) -> bool:
        """True if a picture of this short side can be made of the kept one without loss."""
        return self.is_whole() or self.short_side >= short_side

    def matches(self, content: Pixels) -> bool:
        """True if these bytes are the ones that were written for this picture."""
        return len(content) == self.length and self.checksum == checksum(
            content, self.path, self.version, (self.short_side, self.height, self.width), self.kind
        )


def path_key(path: Path) -> bytes:
    """Return the name under which a file is kept; the same from every working folder."""
    return os.fsencode(path.absolute())


def checksum(
    content: Pixels,
    path: bytes,
    version: FileVersion,
    numbers: tuple[int, int, int],
    kind: PixelKind,
) -> int:
    """Return the CRC-32 of a picture's bytes and of all that says what they are.

    A flipped bit in the index could otherwise give a picture to another file, or swap its sides.
    """
    head = repr((path, version.size, version.mtime_ns, numbers, kind.value)).encode("ascii")
    return zlib.crc32(content, zlib.crc32(head))


def record_from_row(row: tuple[Any, ...]) -> PixelRecord | None:  # Any: whatever SQLite holds
    """Return the record, or None if the row cannot be one: the index may be damaged."""
    path, data, kind, *numbers = row
    if not isinstance(path, bytes) or not isinstance(data, str) or kind not in _KINDS:
        return None
    if not all(isinstance(number, int) for number in numbers):
        return None
    size, mtime_ns, short_side, offset, length, height, width, check = numbers
    if min(size, short_side - 1, offset, length - 1, height - 1, width - 1) < 0:
        return None
    raw = kind == PixelKind.RAW.value
    if max(height, width) > _LONGEST_SIDE or (raw and length != height * width * CHANNELS):
        return None
    return PixelRecord(
        path=path,
        version=FileVersion(size=size, mtime_ns=mtime_ns),
        short_side=short_side,
        data=data,
        offset=offset,
        length=length,
        height=height,
        width=width,
        kind=PixelKind(kind),
        checksum=check,
    )


_KINDS: Final = tuple(kind.value for kind in PixelKind)
