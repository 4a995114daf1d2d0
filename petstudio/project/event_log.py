"""The events of a run as lines of JSON, on disk as they happen."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from petstudio.api.errors import IntegrityError
from petstudio.api.events import Event, from_json, to_json
from petstudio.config.atomic import write_fault

_BLOCK: Final = 4096


class EventLog:
    """Appends to a file; a line that a killed process left unfinished is cut off first."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises:
            MachineError: it cannot be written.
        """
        self._path = path
        try:
            self._stream = path.open("a+b")
            _cut_unfinished_line(self._stream.fileno())
        except OSError as error:
            raise write_fault(path, error) from error

    def append(self, event: Event) -> None:
        """Write one event; with the operating system when this returns.

        Raises:
            MachineError: the disk is full or gone.
        """
        try:
            self._stream.write(f"{to_json(event)}\n".encode("ascii"))
            self._stream.flush()
        except OSError as error:
            raise write_fault(self._path, error) from error

    def close(self) -> None:
        """Let the file go."""
        with contextlib.suppress(OSError):  # what could not be written was reported by append
            self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def read_events(path: Path) -> Iterator[Event]:
    """Yield the events in order; none if there is no file. An unfinished last line is left out.

    Raises:
        IntegrityError: a finished line cannot be read.
    """
    try:
        stream = path.open("rb")
    except FileNotFoundError:
        return
    with stream:
        for line in stream:
            if line.endswith(b"\n"):
                yield from_json(_text(line))


def _text(line: bytes) -> str:
    try:
        return line.decode("ascii")
    except UnicodeDecodeError as error:
        raise IntegrityError("A line of the event file cannot be read.") from error


def _cut_unfinished_line(descriptor: int) -> None:
    end = os.fstat(descriptor).st_size
    position = end
    while position > 0:
        start = max(0, position - _BLOCK)
        os.lseek(descriptor, start, os.SEEK_SET)
        newline = os.read(descriptor, position - start).rfind(b"\n")
        if newline >= 0:
            position = start + newline + 1
            break
        position = start
    if position < end:
        os.ftruncate(descriptor, position)
