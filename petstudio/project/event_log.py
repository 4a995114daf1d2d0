"""The events of a run as lines of JSON, on disk as they happen."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, Self

from petstudio.api.errors import IntegrityError
from petstudio.api.events import CheckpointSaved, Event, StepFinished, from_json, to_json
from petstudio.api.language import tr
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

    def __exit__(self, *_error: object) -> None:
        self.close()


def cut_events_after(path: Path, checkpoint: str, step: int) -> None:
    """Take away what a run told after it had saved a checkpoint, as it will do all that again.

    Where the log does not mention the file, what came after so many steps goes.

    Raises:
        MachineError: the log cannot be written.
    """
    try:
        with path.open("r+b") as stream:
            end = _end_of_saving(stream, checkpoint, step)
            stream.truncate(end)
            os.fsync(stream.fileno())
    except FileNotFoundError:
        return
    except OSError as error:
        raise write_fault(path, error) from error


def _end_of_saving(stream: IO[bytes], checkpoint: str, step: int) -> int:
    """Return the position behind the line about a checkpoint, or before the steps after it."""
    position, behind = 0, -1
    for line in stream:
        try:
            event = from_json(_text(line))
        except IntegrityError:
            break  # an unfinished line, and nothing that could be read comes after it
        if isinstance(event, CheckpointSaved) and event.file == checkpoint:
            return position + len(line)
        if isinstance(event, StepFinished) and event.step >= step and behind < 0:
            behind = position
        position += len(line)
    return position if behind < 0 else behind


def read_events(path: Path) -> Iterator[Event]:
    """Yield the events in order; none if there is no file. An unfinished last line is left out.

    Raises:
        IntegrityError: a finished line cannot be read.
    """
    if not path.is_file():  # a pipe would be waited for
        return
    with path.open("rb") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                yield from_json(_text(line))


def _text(line: bytes) -> str:
    try:
        return line.decode("ascii")
    except UnicodeDecodeError as error:
        raise IntegrityError(tr("A line of the event file cannot be read.")) from error


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
