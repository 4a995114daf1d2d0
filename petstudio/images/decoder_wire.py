"""What the program and its decoding processes say to each other through pipes.

It is plain numbers and bytes, never pickles: a process that strangers' files may have taken over
can send a wrong picture, and nothing worse.
"""

from __future__ import annotations

import os
import struct
from enum import IntEnum
from io import FileIO
from pathlib import Path
from typing import Final

from PIL import Image

from petstudio.api.errors import ImageError, ImageReason
from petstudio.images.decoding import MAX_PIXELS
from petstudio.images.pixel_records import CHANNELS, Picture

_REQUEST: Final = struct.Struct("<iI")  # least short side, length of the path
_ANSWER: Final = struct.Struct("<BII")  # kind and two numbers that depend on it
_FULL_SIZE: Final = -1
_REASONS: Final = tuple(ImageReason)
_LONGEST_DETAIL: Final = 4096  # bytes


class _Kind(IntEnum):
    READY = 1
    PICTURE = 2  # height, width; the pixels follow
    FAULT = 3  # number of the reason, length of the detail, which follows


def ask(sink: FileIO, path: Path, at_least: int | None) -> None:
    """Ask a process for a picture."""
    name = os.fsencode(path.absolute())
    head = _REQUEST.pack(_FULL_SIZE if at_least is None else at_least, len(name))
    _write(sink, head + name)


def next_request(source: FileIO) -> tuple[Path, int | None]:
    """Wait for the next picture to decode; raises EOFError when the program is gone."""
    at_least, length = _REQUEST.unpack(_read(source, _REQUEST.size))
    path = Path(os.fsdecode(_read(source, length)))
    return path, None if at_least == _FULL_SIZE else at_least


def tell_ready(sink: FileIO) -> None:
    _write(sink, _ANSWER.pack(_Kind.READY, 0, 0))


def tell_picture(sink: FileIO, image: Image.Image) -> None:
    _write(sink, _ANSWER.pack(_Kind.PICTURE, image.height, image.width))
    _write(sink, image.tobytes())


def tell_fault(sink: FileIO, error: ImageError) -> None:
    detail = error.detail.encode("utf-8", "replace")[:_LONGEST_DETAIL]
    number = _REASONS.index(error.reason)
    _write(sink, _ANSWER.pack(_Kind.FAULT, number, len(detail)) + detail)


def wait_for_ready(source: FileIO) -> None:
    """Return once the process can decode; raises EOFError or ValueError if it is lost."""
    kind, _, _ = _ANSWER.unpack(_read(source, _ANSWER.size))
    if kind != _Kind.READY:
        raise ValueError("The process does not begin as it should.")


def receive_picture(source: FileIO, path: Path) -> Picture:
    """Wait for the answer.

    Raises:
        ImageError: the process says that the picture cannot be read.
        EOFError, ValueError: the process is lost, or sends nonsense.
    """
    kind, first, second = _ANSWER.unpack(_read(source, _ANSWER.size))
    if kind == _Kind.FAULT and first < len(_REASONS) and second <= _LONGEST_DETAIL:
        detail = _read(source, second).decode("utf-8", "replace")
        raise ImageError(str(path), _REASONS[first], detail)
    if kind != _Kind.PICTURE or not 0 < first * second <= MAX_PIXELS:
        raise ValueError("The process sends what it was not asked for.")
    return Picture(height=first, width=second, pixels=_pixels(source, first * second * CHANNELS))


def _pixels(source: FileIO, length: int) -> memoryview:
    import numpy as np  # here, as the processes have no use for it

    # Unlike a bytearray, this memory is not filled with zeros first, under the interpreter lock.
    content = np.empty(length, dtype=np.uint8).data
    _fill(source, content)
    return content


def _read(source: FileIO, length: int) -> bytes:
    content = bytearray(length)
    _fill(source, memoryview(content))
    return bytes(content)


def _fill(source: FileIO, rest: memoryview) -> None:
    while rest:
        count = source.readinto(rest)
        if not count:
            raise EOFError
        rest = rest[count:]


def _write(sink: FileIO, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[sink.write(rest) :]
