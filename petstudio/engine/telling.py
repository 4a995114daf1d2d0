"""What a trainer says in events, but for its steps."""

from __future__ import annotations

from collections.abc import Iterable

from petstudio.api.errors import ImageError
from petstudio.api.events import (
    BatchDivided,
    Emit,
    EpochFinished,
    ImageSkipped,
    NoticeGiven,
    NoticeLevel,
    RatesEdited,
    RunStarted,
    StageFinished,
    StageStarted,
)
from petstudio.config.rate_edit import RateEdit
from petstudio.config.recipe import Stage
from petstudio.engine.checkpoint import Position
from petstudio.engine.predictions import Predictions
from petstudio.engine.workbench import ReadyStage, Workbench


class Teller:
    """Says each unreadable picture once.

    Attributes:
        skipped: what was said of pictures, in order.
    """

    def __init__(self, bench: Workbench, emit: Emit) -> None:
        self._bench = bench
        self._reported: dict[str, ImageError] = {}
        self.emit = emit

    @property
    def skipped(self) -> tuple[ImageError, ...]:
        return tuple(self._reported.values())

    def run_started(self, number: int, folder: str, steps: int) -> None:
        bench, setting = self._bench, self._bench.setting
        if setting.notice:
            self.warn(setting.notice)
        self.emit(
            RunStarted(
                run=number,
                folder=folder,
                architecture=bench.plan.recipe.model.architecture,
                classes=bench.data.classes,
                train=len(bench.data.train),
                valid=len(bench.data.valid),
                batch_size=setting.batch_size,
                steps=steps,
                device=bench.processes.names(setting.device),
                precision=setting.precision.value,
                threads=setting.threads,
            )
        )

    def stage_started(self, index: int, ready: ReadyStage) -> None:
        stage = ready.stage
        self.emit(
            StageStarted(
                stage=index,
                name=stage.name,
                epochs=stage.epochs,
                steps_per_epoch=self._bench.steps_per_epoch,
                scheduler=stage.scheduler,
                groups=ready.groups,
            )
        )

    def epoch_finished(
        self,
        at: Position,
        losses: tuple[float, float],
        predictions: Predictions,
        metrics: dict[str, float],
        seconds: float,
    ) -> EpochFinished:
        """Tell of the epoch that `at` is the end of; losses are the smoothed and the mean one."""
        smoothed, mean = losses
        result = EpochFinished(
            stage=at.stage,
            epoch=at.epoch,
            step=at.steps,
            train_loss=smoothed,
            mean_train_loss=mean,
            valid_loss=predictions.loss,
            metrics=metrics,
            seconds=seconds,
        )
        self.emit(result)
        return result

    def stage_finished(self, index: int, stage: Stage, epochs: int, restored: int) -> None:
        """Tell of the end after so many epochs; `restored` is -1 unless an epoch was taken back."""
        is_early = epochs < stage.epochs
        self.emit(StageFinished(stage=index, epochs=epochs, is_early=is_early, restored=restored))

    def rates_edited(self, edit: RateEdit, step: int) -> None:
        epochs = tuple(epoch for epoch, _ in edit.points)
        factors = tuple(factor for _, factor in edit.points)
        self.emit(RatesEdited(stage=edit.stage, step=step, epochs=epochs, factors=factors))

    def divided(self, step: int, images: int, pieces: int, *, is_undone: bool = False) -> None:
        self.emit(BatchDivided(step=step, images=images, pieces=pieces, is_undone=is_undone))

    def skip(self, error: ImageError) -> None:
        if error.path not in self._reported:
            self._reported[error.path] = error
            self.emit(ImageSkipped(path=error.path, reason=error.reason.value))

    def skip_all(self, errors: Iterable[ImageError]) -> None:
        for error in errors:
            self.skip(error)

    def warn(self, message: str) -> None:
        self.emit(NoticeGiven(level=NoticeLevel.WARNING, message=message))
