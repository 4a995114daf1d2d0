"""When checkpoints are made; where they go is decided by whoever gives the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from petstudio.api.errors import MachineError
from petstudio.api.events import CheckpointKind
from petstudio.api.language import tr
from petstudio.engine.checkpoint import Checkpoint, Position

DEFAULT_INTERVAL_S: Final = 60.0
_LARGEST_SHARE: Final = 1 / 20  # of the time that may go into saving, where nothing else demands it


@dataclass(frozen=True, kw_only=True)
class SavePoint:
    """What a checkpoint is of."""

    kind: CheckpointKind
    position: Position
    name: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)


class CheckpointStore(Protocol):
    """Keeps checkpoints; what it returns is whole and unchanged."""

    def save(self, point: SavePoint, checkpoint: Checkpoint) -> None:
        """Write one; raises MachineError, or DivergedError if a weight is not finite."""

    def newest(self) -> Checkpoint | None:
        """Return the newest one from which a run can go on."""

    def best(self, steps: int) -> Checkpoint | None:
        """Return the weights of the best epoch if they are those after so many steps."""


class Saver:
    """Saves at most as often as costs a twentieth of the time, and within epochs now and then.

    A disk that is full does not end the training: it is told once, and tried again at the next
    occasion. Meanwhile the last checkpoint stays as it is.
    """

    def __init__(
        self, store: CheckpointStore, *, interval_s: float, warn: Callable[[str], None]
    ) -> None:
        self._store = store
        self._interval_s = interval_s
        self._warn = warn
        self._last = time.monotonic()
        self._cost_s = 0.0
        self._has_failed = False

    def is_due(self, *, within_epoch: bool = False) -> bool:
        """Say whether it is time for a checkpoint at the end of an epoch, or within one."""
        passed = time.monotonic() - self._last
        return passed >= max(
            self._cost_s / _LARGEST_SHARE, self._interval_s if within_epoch else 0.0
        )

    def save(self, *parts: tuple[SavePoint, Checkpoint]) -> bool:
        """Write checkpoints in this order; say whether they are on the disk.

        Raises:
            DivergedError: a weight is not finite.
        """
        started = time.monotonic()
        try:
            for point, checkpoint in parts:
                self._store.save(point, checkpoint)
        except MachineError as error:
            if not self._has_failed:
                self._warn(
                    tr("No checkpoint could be saved; training goes on. {error}", error=error)
                )
            self._has_failed = True
            return False
        finally:
            self._last = time.monotonic()
            self._cost_s = self._last - started
        self._has_failed = False
        return True
