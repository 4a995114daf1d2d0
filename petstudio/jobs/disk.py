"""Writing in small pieces; what the disk refuses becomes a sentence."""

from __future__ import annotations

from io import FileIO
from pathlib import Path

from petstudio.config.atomic import write_fault


def write_all(stream: FileIO, chunk: bytes, path: Path) -> None:
    """Write the whole chunk; `path` is for the message of the MachineError."""
    rest = memoryview(chunk)
    try:
        while rest:
            rest = rest[stream.write(rest) :]
    except OSError as error:
        raise write_fault(path, error) from error


def make_folder(path: Path) -> None:
    """Make the folder and those above it; it may be there already.

    Raises:
        MachineError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_fault(path, error) from error
