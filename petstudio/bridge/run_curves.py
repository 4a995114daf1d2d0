"""The validation curves of past runs, one value an epoch, each placed where its run began."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from petstudio.api.errors import PetStudioError
from petstudio.api.events import EpochFinished, from_json
from petstudio.bridge.run_row import RunRow, ShelfSeen

_ACCURACY: Final = "accuracy"
_WORD: Final = b'{"event": "EpochFinished"'


@dataclass(frozen=True, kw_only=True)
class CurvePoint:
    """What validation said after so many epochs, those of the runs before it included."""

    epoch: int
    loss: float
    accuracy: float


@dataclass(frozen=True, kw_only=True)
class RunCurve:
    """The points of a run; the first one is where it left the run that it goes on from."""

    number: int
    name: str
    points: tuple[CurvePoint, ...]


def curves_of(seen: ShelfSeen, numbers: Sequence[int]) -> tuple[RunCurve, ...]:
    """Read the curves of these runs; those that are gone are left out."""
    reader = _Reader(seen)
    rows = (seen.row(number) for number in numbers)
    return tuple(
        RunCurve(number=row.number, name=row.view.name, points=reader.points(row))
        for row in rows
        if row is not None
    )


class _Reader:
    """Reads the log of each run once, also where several began at the same one."""

    def __init__(self, seen: ShelfSeen) -> None:
        self._seen = seen
        self._epochs: dict[int, tuple[EpochFinished, ...]] = {}

    def points(self, row: RunRow) -> tuple[CurvePoint, ...]:
        before = self._before(row)
        start = before[-1].epoch if before else 0
        own = (
            CurvePoint(
                epoch=start + number,
                loss=epoch.valid_loss,
                accuracy=epoch.metrics.get(_ACCURACY, math.nan),
            )
            for number, epoch in enumerate(self._own(row), start=1)
        )
        return (*before[-1:], *own)

    def _before(self, row: RunRow) -> tuple[CurvePoint, ...]:
        """Return the points of the run that this one goes on from, up to where it left."""
        parent = self._seen.row(row.view.parent)
        if parent is None or parent.number >= row.number:  # no run goes on from a later one
            return ()
        kept = next((c for c in parent.view.checkpoints if c.name == row.view.start), None)
        done = [epoch for epoch in self._own(parent) if kept is None or epoch.step <= kept.step]
        points = self.points(parent)
        return points[: len(points) - len(self._own(parent)) + len(done)]

    def _own(self, row: RunRow) -> tuple[EpochFinished, ...]:
        if row.number not in self._epochs:
            self._epochs[row.number] = tuple(_epochs_in(row.folder.events_path))
        return self._epochs[row.number]


def _epochs_in(path: Path) -> Iterator[EpochFinished]:
    """Yield what is told of whole epochs; the many lines about single batches are passed over."""
    try:
        with path.open("rb") as stream:
            for line in stream:
                if line.startswith(_WORD) and line.endswith(b"\n"):
                    event = from_json(line.decode("ascii"))
                    assert isinstance(event, EpochFinished)
                    yield event
    except (PetStudioError, OSError, UnicodeDecodeError):
        return
