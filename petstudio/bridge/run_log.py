"""The lines of a run's log: one sentence for each event that a person wants to read."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, assert_never

from petstudio.api.events import (
    BatchDivided,
    CheckpointSaved,
    EpochFinished,
    EvaluationFinished,
    Event,
    ExportFinished,
    ImagePredicted,
    ImageSkipped,
    MemoryEstimated,
    ModelSaved,
    NoticeGiven,
    NoticeLevel,
    Outcome,
    ProgressMade,
    ProjectCreated,
    RatesEdited,
    RunFinished,
    RunResumed,
    RunStarted,
    StageFinished,
    StageStarted,
    StepFinished,
    SweepFinished,
    SweepStarted,
    SweepStepFinished,
    TrainingDiverged,
    ViewMade,
)
from petstudio.api.language import tr
from petstudio.bridge.figures import duration_text, loss_text, percent_text, rate_text
from petstudio.jobs.sentences import sentence

LONGEST_LOG: Final = 2000
Clock = Callable[[], datetime]


class LogTone(Enum):
    """How a line of the log is meant."""

    PLAIN = "plain"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """What happened and when, by the clock on the wall."""

    when: datetime
    text: str
    tone: LogTone = LogTone.PLAIN


class RunLog:
    """The latest lines; `written` counts all that there ever were."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._lines: deque[LogLine] = deque(maxlen=LONGEST_LOG)
        self._task = ""
        self.written = 0

    def add_event(self, event: Event) -> None:
        text = self._describe_new(event)
        if text:
            self.add(text, tone=_tone(event))

    def add(self, text: str, tone: LogTone = LogTone.PLAIN) -> None:
        self._lines.append(LogLine(when=self._now(), text=text, tone=tone))
        self.written += 1

    def lines_after(self, written: int) -> tuple[LogLine, ...]:
        """Return the lines that came after the first `written` ones, as far as they are kept."""
        fresh = min(self.written - written, len(self._lines))
        return tuple(self._lines)[len(self._lines) - fresh :]

    def _describe_new(self, event: Event) -> str:
        if isinstance(event, ProgressMade):
            is_same_task, self._task = event.task == self._task, event.task
            return "" if is_same_task else event.task
        return describe(event)


def describe(event: Event) -> str:
    """Return the event as one line, or nothing for those that come too often to be read."""
    match event:
        case StepFinished() | ImagePredicted() | SweepStepFinished():
            text = ""
        case (
            StageFinished()
            | RatesEdited()
            | RunResumed()
            | CheckpointSaved()
            | MemoryEstimated()
            | BatchDivided()
            | TrainingDiverged()
            | SweepStarted()
            | SweepFinished()
        ):
            text = sentence(event)
        case ProgressMade(task=text) | NoticeGiven(message=text):
            pass
        case ImageSkipped() | ProjectCreated() | ModelSaved() | ExportFinished():
            text = _describe_file(event)
        case RunStarted() | StageStarted() | EpochFinished():
            text = _describe_training(event)
        case EvaluationFinished() | ViewMade():
            text = _describe_look(event)
        case RunFinished():
            text = _describe_end(event)
        case _:
            assert_never(event)
    return text


def _tone(event: Event) -> LogTone:
    match event:
        case (
            ImageSkipped() | BatchDivided(is_undone=False) | NoticeGiven(level=NoticeLevel.WARNING)
        ):
            return LogTone.WARNING
        case (
            TrainingDiverged() | ExportFinished(matches=False) | RunFinished(outcome=Outcome.FAILED)
        ):
            return LogTone.ERROR
        case _:
            return LogTone.PLAIN


def _describe_file(event: ImageSkipped | ProjectCreated | ModelSaved | ExportFinished) -> str:
    match event:
        case ImageSkipped(path=path, reason=reason):
            return tr("left out {path}: {reason}", path=path, reason=tr(reason))
        case ProjectCreated(path=path):
            return tr("project created: {path}", path=path)
        case ModelSaved(path=path):
            return tr("model saved: {path}", path=path)
        case ExportFinished(path=path, agreeing=agreeing, pictures=pictures):
            return tr(
                "exported: {path}, {agreeing} of {pictures} pictures agree",
                path=path,
                agreeing=agreeing,
                pictures=pictures,
            )
        case _:
            assert_never(event)


def _describe_look(event: EvaluationFinished | ViewMade) -> str:
    match event:
        case EvaluationFinished(correct=correct, images=images):
            return tr("evaluated: {correct:,} of {images:,} right", correct=correct, images=images)
        case ViewMade(label=label):
            return tr("looked at: {label}", label=label)
        case _:
            assert_never(event)


def _describe_training(event: RunStarted | StageStarted | EpochFinished) -> str:
    match event:
        case RunStarted():
            return _describe_run(event)
        case StageStarted():
            return _describe_stage(event)
        case EpochFinished():
            return _describe_epoch(event)
        case _:
            assert_never(event)


def _describe_run(event: RunStarted) -> str:
    return tr(
        "run {run}: {architecture}, {train:,} pictures to train, {valid:,} to validate,"
        " {device}, {precision}",
        run=event.run,
        architecture=event.architecture,
        train=event.train,
        valid=event.valid,
        device=event.device,
        precision=event.precision,
    )


def _describe_stage(event: StageStarted) -> str:
    trained = [group for group in event.groups if group.rate > 0]
    rates = sorted({trained[0].rate, trained[-1].rate}) if trained else []
    return tr(
        "stage {stage}, {name}: {trained} of {groups} layer groups, rate {rate}",
        stage=event.stage + 1,
        name=event.name,
        trained=len(trained),
        groups=len(event.groups),
        rate=tr(" to ").join(rate_text(rate) for rate in rates) or tr("none"),
    )


def _describe_epoch(event: EpochFinished) -> str:
    parts = [tr("train {loss}", loss=loss_text(event.train_loss))]
    if math.isfinite(event.valid_loss):
        parts.append(tr("valid {loss}", loss=loss_text(event.valid_loss)))
    if "accuracy" in event.metrics:
        accuracy = percent_text(event.metrics["accuracy"])
        parts.append(tr("accuracy {accuracy}", accuracy=accuracy))
    return tr(
        "stage {stage}, epoch {epoch}: {parts}",
        stage=event.stage + 1,
        epoch=event.epoch + 1,
        parts=", ".join(parts),
    )


def _describe_end(event: RunFinished) -> str:
    match event.outcome:
        case Outcome.COMPLETED:
            return tr("finished after {time}", time=duration_text(event.seconds))
        case Outcome.CANCELLED:
            return tr("stopped. {kept}", kept=event.kept).strip()
        case Outcome.FAILED:
            return tr("failed: {message}", message=event.message)
        case _:
            assert_never(event.outcome)
