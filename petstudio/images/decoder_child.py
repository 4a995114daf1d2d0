"""A process that decodes pictures: `python -P -m petstudio.images.decoder_child`.

It reads requests from its standard input and ends when that does, for then the program is gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import TypeAlias

from PIL import Image

from petstudio.api.errors import ImageError
from petstudio.images.decoder_wire import next_request, tell_fault, tell_picture, tell_ready
from petstudio.images.decoding import read_image

Read: TypeAlias = Callable[[Path, int | None], Image.Image]


def main(read: Read | None = None) -> None:
    """Serve until the program is gone."""
    # Ctrl+C is meant for the program, which ends this process when it is done with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = _take_pipes()
    with contextlib.suppress(EOFError, OSError):
        tell_ready(sink)
        while True:
            _answer(source, sink, read or _read)


def _answer(source: FileIO, sink: FileIO, read: Read) -> None:
    path, at_least = next_request(source)
    try:
        image = read(path, at_least)
    except ImageError as error:
        tell_fault(sink, error)
    else:
        tell_picture(sink, image)


def _read(path: Path, at_least: int | None) -> Image.Image:
    return read_image(path, at_least=at_least)


def _take_pipes() -> tuple[FileIO, FileIO]:
    """Keep the pipes for the pictures, so that a library that prints something spoils none."""
    source, sink = FileIO(os.dup(0), "rb"), FileIO(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return source, sink


if __name__ == "__main__":
    main()
