"""What travels between the program and its engine process, and how it is framed.

The one place that unpickles: both ends are this program, joined by pipes that nobody else has.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from enum import Enum
from io import FileIO
from threading import Lock
from typing import Final, TypeAlias

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Event
from petstudio.api.language import tr

_LENGTH: Final = struct.Struct(">Q")


class Wish(Enum):
    """What the program wants of the running job."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    END_WITH_EPOCH = "end with epoch"


@dataclass(frozen=True, kw_only=True)
class Note:
    """Something for the running job; see `RunControl.leave_note`."""

    content: object


class Pulse(Enum):
    """Signs of life: READY comes once, when torch is loaded, BEAT about every second."""

    READY = "ready"
    BEAT = "beat"


@dataclass(frozen=True, kw_only=True)
class NotStarted:
    """The last words of an engine that could not load what it needs."""

    reason: str


Order: TypeAlias = bytes | Wish | Note
"""To the engine: a packed JobCall, or a wish about the job that it runs, or a note for it."""
Report: TypeAlias = Pulse | NotStarted | tuple[Event, ...]
"""From the engine."""


def pack(content: object) -> bytes:
    """Return the content as it travels.

    Raises:
        PetStudioError: a part of it cannot travel, which is a fault of ours.
    """
    try:
        return pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise PetStudioError(
            tr("This cannot go through the engine's pipe: {error}.", error=error)
        ) from error


def unpack(packed: bytes | bytearray) -> object:
    """Return what was packed; imports the modules of what is in it."""
    content: object = pickle.loads(packed)
    return content


class Wire:
    """Whole messages over a pair of pipes."""

    def __init__(self, source: FileIO, sink: FileIO) -> None:
        self._source = source
        self._sink = sink
        self._sending = Lock()

    def send(self, message: Order | Report) -> None:
        """Send from any thread; raises OSError or ValueError once an end is closed."""
        body = pack(message)
        rest = memoryview(_LENGTH.pack(len(body)) + body)
        with self._sending:
            while rest:
                rest = rest[self._sink.write(rest) :]

    def receive(self) -> object:
        """Wait for the next message; raises EOFError when the other side has gone."""
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size))
        return unpack(self._read(length))

    def hang_up(self) -> None:
        """Let the other side find the end of its messages."""
        with self._sending:
            self._sink.close()

    def _read(self, length: int) -> bytearray:
        data = bytearray(length)
        view = memoryview(data)
        while view:
            count = self._source.readinto(view)
            if not count:
                raise EOFError
            view = view[count:]
        return data
