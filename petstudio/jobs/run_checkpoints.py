"""A run's checkpoints: what the engine gives, in the run's folder. Imports the engine."""

from __future__ import annotations

import logging

from petstudio.api.errors import InputError, IntegrityError
from petstudio.api.events import CheckpointSaved, Emit
from petstudio.config.settings import Settings, SettingsFile
from petstudio.engine.checkpoint import Checkpoint, from_content
from petstudio.engine.checkpoint_file import read_checkpoint, write_checkpoint
from petstudio.engine.saving import SavePoint
from petstudio.project.checkpoints import (
    CheckpointFolder,
    CheckpointRecord,
    NewCheckpoint,
)
from petstudio.project.records import RunFolder

logger = logging.getLogger(__name__)


class RunCheckpoints:
    """Writes for the process that holds the run, and tells each one that is on the disk."""

    def __init__(
        self, run: RunFolder, emit: Emit | None = None, settings: Settings | None = None
    ) -> None:
        """Settings None are those that hold now."""
        settings = settings or SettingsFile().values
        self._folder = CheckpointFolder(run.checkpoints_path, budget=settings.checkpoint_budget)
        self._emit = emit

    def save(self, point: SavePoint, checkpoint: Checkpoint) -> None:
        """See `petstudio.engine.saving.CheckpointStore`."""
        at = point.position
        new = NewCheckpoint(
            kind=point.kind,
            step=at.steps,
            stage=at.stage,
            epoch=at.epoch,
            name=point.name,
            metrics=point.metrics,
        )
        content = checkpoint.content()
        record = self._folder.add(new, lambda stream: write_checkpoint(stream, content))
        if self._emit is not None:
            name, step = record.name, record.step
            self._emit(CheckpointSaved(file=record.file, kind=point.kind, name=name, step=step))

    def newest(self) -> Checkpoint | None:
        """See `petstudio.engine.saving.CheckpointStore`."""
        found = self.find_newest()
        return found[1] if found else None

    def best(self, steps: int) -> Checkpoint | None:
        """See `petstudio.engine.saving.CheckpointStore`."""
        try:
            record = self._folder.find("best")
        except (InputError, IntegrityError) as error:
            logger.warning("The best epoch's weights are not there: %s", error)
            return None
        return self._read(record) if record.step == steps else None

    def find_newest(self) -> tuple[CheckpointRecord, Checkpoint] | None:
        """Return the newest good one from which a run can go on; None if there never was one.

        Raises:
            IntegrityError: there are some, but all of them are damaged.
        """
        if not any(record.is_full for record in self._folder.records()):
            return None
        record = self._folder.find("last")
        return record, self._read(record)

    def named(self, name: str) -> Checkpoint:
        """Return the one of a name; InputError or IntegrityError as `CheckpointFolder.find`."""
        return self._read(self._folder.find(name))

    def has(self, name: str) -> bool:
        """Say whether there is one of a given name."""
        return any(record.name == name for record in self._folder.records())

    def sweep(self) -> None:
        """Remove what a killed process left; for the process that holds the run."""
        self._folder.sweep()

    def _read(self, record: CheckpointRecord) -> Checkpoint:
        return from_content(read_checkpoint(self._folder.read(record), record.file))
