"""The checkpoints of a run, made from where its parts stand."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from petstudio.api.events import CheckpointKind
from petstudio.engine.best_epoch import BestEpoch
from petstudio.engine.checkpoint import Checkpoint, Position, TrainingState
from petstudio.engine.reporting import StepReporter
from petstudio.engine.saving import CheckpointStore, SavePoint, Saver
from petstudio.engine.standing import Standing
from petstudio.engine.workbench import Workbench


class Keeping:
    """Saves a trainer's moments; without a store, or in a process that is not the first, nothing.

    The best epoch's weights go to the disk before any checkpoint that relies on them.
    """

    def __init__(
        self,
        bench: Workbench,
        reporter: StepReporter,
        best: BestEpoch,
        saver: Saver | None,
        store: CheckpointStore | None,
    ) -> None:
        self._bench = bench
        self._reporter = reporter
        self._best = best
        self._saver = saver
        self._store = store

    @property
    def is_on(self) -> bool:
        """True where checkpoints are kept."""
        return self._saver is not None

    def save_if_due(
        self, kind: CheckpointKind, moment: Standing, metrics: Mapping[str, float] | None = None
    ) -> None:
        """Save if enough time has passed; see `save`."""
        if self._saver is None:
            return
        if self._saver.is_due(within_epoch=kind is CheckpointKind.STEP):
            self.save(kind, moment, metrics=metrics)

    def save(
        self,
        kind: CheckpointKind,
        moment: Standing,
        *,
        name: str = "",
        metrics: Mapping[str, float] | None = None,
    ) -> None:
        """Save the moment, and first the weights of the best epoch if they are not saved yet.

        Raises:
            DivergedError: a weight is not finite; this moment was not written.
        """
        if self._saver is None:
            return
        point = SavePoint(kind=kind, position=moment.position, name=name, metrics=metrics or {})
        parts = [*self._unsaved_best(), (point, self._checkpoint(moment))]
        if self._saver.save(*parts):
            self._best.is_saved = True

    def newest(self) -> Checkpoint | None:
        """Return the newest checkpoint on the disk."""
        return self._store.newest() if self._store else None

    def best_weights(self) -> Mapping[str, torch.Tensor] | None:
        """Return the weights of the best epoch; None where nobody has them any more."""
        if self._best.weights is not None or self._best.found is None or self._store is None:
            return self._best.weights
        found = self._store.best(self._best.found.steps)
        return found.weights if found else None

    def _unsaved_best(self) -> list[tuple[SavePoint, Checkpoint]]:
        best = self._best
        if best.is_saved or best.weights is None or best.found is None:
            return []
        found = best.found
        position = Position(stage=found.stage, epochs=found.epoch + 1, steps=found.steps)
        point = SavePoint(kind=CheckpointKind.BEST, position=position)
        return [(point, self._with(best.weights, None))]

    def _checkpoint(self, moment: Standing) -> Checkpoint:
        optimiser = moment.optimiser
        state = TrainingState(
            position=moment.position,
            reporter=self._reporter.state(),
            optimiser=optimiser.state() if optimiser else {},
            scaler=self._bench.scaler.state_dict(),
            pieces=moment.pieces,
            best=self._best.found,
            idle=self._best.idle,
            edits=moment.edits,
        )
        return self._with(self._bench.network.state_dict(), state)

    def _with(
        self, weights: Mapping[str, torch.Tensor], training: TrainingState | None
    ) -> Checkpoint:
        bench = self._bench
        return Checkpoint(
            weights=weights,
            classes=bench.data.classes,
            architecture=bench.plan.recipe.model.architecture,
            conditions=bench.conditions,
            training=training,
        )
