"""How the engine process is, in a word."""

from __future__ import annotations

from enum import Enum, auto


class EngineState(Enum):
    """RESTARTED is READY after an earlier process was lost; STOPPED waits for the next job."""

    STARTING = auto()
    READY = auto()
    RESTARTED = auto()
    STOPPED = auto()
