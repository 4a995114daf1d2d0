"""The rates of a running stage that can still be changed, and what was changed of them."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.config.rate_edit import LARGEST_FACTOR, RateEdit
from petstudio.jobs.rate_plan import StageRates

LOWEST_RATE: Final = 1e-8
HIGHEST_RATE: Final = 10.0


class RateEditor:
    """Moves the rates at the beginnings of epochs that are still to come; `epoch` is running.

    A moved rate leaves those before it where they are and takes those behind it along, up to the
    next one that was moved. An edit is in force from the epoch on that follows it, so that the
    past keeps the rates that it really had.
    """

    def __init__(self, stage: StageRates) -> None:
        self.stage = stage
        self.epoch = 0
        self._moved: dict[int, float] = {}
        self._edits: dict[int, RateEdit] = {}
        self._saved: tuple[dict[int, float], dict[int, RateEdit]] | None = None

    @property
    def edits(self) -> dict[int, RateEdit]:
        """The edits by the epoch that they are in force from."""
        return self._edits

    @property
    def handles(self) -> list[int]:
        """The epochs still to come whose beginning can be moved, counted from 0."""
        ahead = range(self.epoch + 1, self.stage.epochs)
        return [epoch for epoch in ahead if self._planned(epoch) > 0]

    @property
    def moved(self) -> set[int]:
        """Those of the handles that stand where the user put them."""
        return set(self._moved)

    @property
    def is_pending(self) -> bool:
        """True from the first change on until it is committed or reverted."""
        return self._saved is not None

    def go_to(self, epoch: int) -> None:
        """Tell which epoch is running; a change that is not committed by then is lost."""
        if epoch != self.epoch:
            self.revert()
            self.epoch = epoch
            self._moved = {at: factor for at, factor in self._moved.items() if at > epoch}

    def factor(self, epoch: float) -> float:
        """Return what the planned rates are multiplied with, so many epochs into the stage."""
        begun = [start for start in self._edits if start <= epoch]
        return self._edits[max(begun)].factor(epoch) if begun else 1.0

    def factors(self, epochs: NDArray[np.float64]) -> NDArray[np.float64]:
        if not self._edits:
            return np.ones(len(epochs))
        return np.array([self.factor(float(epoch)) for epoch in epochs])

    def rate(self, handle: int) -> float:
        """Return the rate of the last layer group at the beginning of that epoch."""
        return self._planned(handle) * self.factor(handle)

    def move(self, handle: int, rate: float) -> None:
        """Put the rate there, or as near to it as is allowed."""
        self._save()
        bounded = min(max(rate, LOWEST_RATE), HIGHEST_RATE)
        factor = bounded / self._planned(handle)
        self._moved[handle] = min(max(factor, 1 / LARGEST_FACTOR), LARGEST_FACTOR)
        self._write()

    def take_away(self, handle: int) -> None:
        """Undo the move of a handle; one that only came along goes back to the plan."""
        self._save()
        if self._moved.pop(handle, None) is None:
            self._moved[handle] = 1.0
        self._write()

    def commit(self) -> RateEdit | None:
        """Return what was changed since the last call; None if nothing was."""
        changed, self._saved = self._saved is not None, None
        return self._edits.get(self.epoch + 1) if changed else None

    def revert(self) -> None:
        """Forget what was changed since the last commit."""
        if self._saved is not None:
            self._moved, self._edits = self._saved
            self._saved = None

    def take(self, edit: RateEdit, from_epoch: int) -> None:
        """Note an edit that is in force from that epoch on, as the engine tells it."""
        self.revert()
        # It may be one of ours that the engine heard of later than was thought.
        others = {start: known for start, known in self._edits.items() if known != edit}
        self._edits = {**others, from_epoch: edit}
        if from_epoch == max(self._edits):
            self._moved = {at: factor for at, factor in edit.points if at > self.epoch}

    def _planned(self, handle: int) -> float:
        stage = self.stage
        scale = float(stage.scales[stage.index_at(stage.start + handle)])
        return stage.highest[-1] * scale

    def _save(self) -> None:
        if self._saved is None:
            self._saved = (dict(self._moved), dict(self._edits))

    def _write(self) -> None:
        """Make the edit out of what was moved; it is in force from the next epoch on."""
        base = self.factor(self.epoch)
        points = {} if base == 1.0 else {self.epoch: base}
        for before, handle in pairwise([self.epoch, *sorted(self._moved)]):
            if handle - 1 > before:
                points[handle - 1] = self._moved.get(before, base)
            points[handle] = self._moved[handle]
        edit = RateEdit(stage=self.stage.stage, points=tuple(points.items()))
        self._edits[self.epoch + 1] = edit
