"""Showing events in a terminal: for people with bars and a table, for programs as JSON lines."""

from __future__ import annotations

import math
import sys
from typing import Final, Protocol, assert_never

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

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
    to_json,
)
from petstudio.engine.analysis.accuracy import Accuracy
from petstudio.jobs.sentences import Told, sentence
from petstudio.jobs.view_texts import view_lines
from petstudio.jobs.wording import accuracy_words
from petstudio.project.names import shown_text

_PAIRS_SHOWN: Final = 8


class Display(Protocol):
    """Something that shows events between `__enter__` and `__exit__`."""

    def __enter__(self) -> Display: ...
    def __exit__(self, *_error: object) -> None: ...
    def show(self, event: Event) -> None:
        """Show one event."""


class JsonDisplay:
    """One strict JSON object a line on standard output; flushed, so that a reader sees it live.

    What others print meanwhile, plugins for example, goes to standard error.
    """

    def __init__(self, *, last: type[Event] | None = None) -> None:
        """With `last`, the end of a job that completed is not printed after such an event."""
        self._last = last
        self._ended = False
        self._stream = sys.stdout

    def __enter__(self) -> JsonDisplay:
        self._stream, sys.stdout = sys.stdout, sys.stderr
        return self

    def __exit__(self, *_error: object) -> None:
        sys.stdout = self._stream
        self._stream.flush()

    def show(self, event: Event) -> None:
        self._ended = self._ended or (self._last is not None and isinstance(event, self._last))
        completed = isinstance(event, RunFinished) and event.outcome is Outcome.COMPLETED
        if not (completed and self._ended):
            self._stream.write(f"{to_json(event)}\n")
            self._stream.flush()


class NoDisplay:
    """Shows nothing: of several processes only the first one tells."""

    def __enter__(self) -> NoDisplay:
        return self

    def __exit__(self, *_error: object) -> None:
        """Leave nothing."""

    def show(self, event: Event) -> None:
        """Do nothing."""


class PeopleDisplay:
    """Lines on standard output; a progress bar on standard error where that is a terminal."""

    def __init__(self) -> None:
        self._out = Console(file=sys.stdout, highlight=False, markup=False, soft_wrap=True)
        bar = Console(file=sys.stderr)
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=bar,
            transient=True,
            disable=not bar.is_terminal,
        )
        self._task = self._bar.add_task("Starting", total=None)
        self._steps = 0

    def __enter__(self) -> PeopleDisplay:
        self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()

    def show(self, event: Event) -> None:  # noqa: C901, PLR0912, PLR0915  one arm for each kind of event
        match event:
            case ProgressMade():
                self._progress(event.task, event.done, event.total)
            case StepFinished():
                self._progress(f"loss {event.smoothed_loss:.4f}", event.step + 1, self._steps)
            case NoticeGiven():
                self._line(f"Note: {event.message}")
            case ImageSkipped():
                self._line(f"Skipped {shown_text(event.path)}: {event.reason}")
            case ProjectCreated():
                self._created(event)
            case RunStarted():
                self._started(event)
            case StageStarted():
                self._stage(event)
            case EpochFinished():
                self._epoch(event)
            case (
                StageFinished()
                | RatesEdited()
                | RunResumed()
                | CheckpointSaved()
                | MemoryEstimated()
                | BatchDivided()
                | TrainingDiverged()
            ):
                self._tell(event)
            case SweepStarted():
                self._steps = event.steps
                self._tell(event)
            case SweepStepFinished():
                text = f"rate {event.rate:.1e}, loss {event.smoothed_loss:.4f}"
                self._progress(text, event.step + 1, self._steps)
            case SweepFinished():
                self._sweep(event)
            case ModelSaved():
                self._line(f"Model: {event.path}")
            case ExportFinished():
                self._export(event)
            case EvaluationFinished():
                self._evaluation(event)
            case ViewMade():
                self._view(event)
            case ImagePredicted():
                self._prediction(event)
            case RunFinished():
                self._finished(event)
            case _:
                assert_never(event)

    def _line(self, text: str) -> None:
        self._out.print(shown_text(text))  # names of classes and runs need not be printable

    def _tell(self, event: Told) -> None:
        text = sentence(event)
        if text:
            self._line(text)

    def _sweep(self, event: SweepFinished) -> None:
        self._tell(event)
        for item in event.suggestions:
            found = f"{item.rate:.1e}" if math.isfinite(item.rate) else f"none: {item.reason}"
            self._line(f"  {item.rule.value:<9} {found}")
        if event.plot:
            self._line(f"Plot: {event.plot}")

    def _progress(self, task: str, done: int, total: int) -> None:
        self._bar.update(self._task, description=task, completed=done, total=total or None)

    def _created(self, event: ProjectCreated) -> None:
        self._line(f"Project: {event.path}")
        self._line(
            f"{event.images:,} images, {event.classes} classes, {event.train:,} to train, "
            f"{event.valid:,} to validate, {event.test:,} to test; {event.unmatched} without "
            f"a label, {event.unreadable} unreadable, {event.left_out} other files left out"
        )

    def _started(self, event: RunStarted) -> None:
        self._steps = event.steps
        self._line(
            f"Run {event.run}: {event.architecture}, {len(event.classes)} classes, "
            f"{event.train:,} pictures to train and {event.valid:,} to validate, "
            f"batches of {event.batch_size}, {event.device}, {event.precision}"
        )

    def _stage(self, event: StageStarted) -> None:
        rates = ", ".join(
            f"{g.name} {g.rate:.1e}" if g.rate else f"{g.name} frozen" for g in event.groups
        )
        self._line(f"Stage {event.stage + 1}, {event.name}: {_epochs(event.epochs)}, {rates}")
        self._line("epoch  train loss  valid loss  accuracy   time")

    def _epoch(self, event: EpochFinished) -> None:
        accuracy = event.metrics.get("accuracy", math.nan)
        self._line(
            f"{event.epoch + 1:>5}  {event.train_loss:>10.4f}  {event.valid_loss:>10.4f}  "
            f"{accuracy:>8.1%}  {clock(event.seconds):>5}"
        )

    def _evaluation(self, event: EvaluationFinished) -> None:
        accuracy = Accuracy(correct=event.correct, images=event.images)
        views = f" with {event.views} views each" if event.views else ""
        self._line(f"{event.split}{views}: {accuracy_words(accuracy)}")
        for pair in event.most_confused[:_PAIRS_SHOWN]:
            actual, predicted = shown_text(pair.actual), shown_text(pair.predicted)
            self._line(f"  {actual} taken for {predicted}: {pair.count}")
        if event.report:
            self._line(f"Report: {event.report}")

    def _view(self, event: ViewMade) -> None:
        self._line(f"{event.label}:")
        for line in view_lines(event):
            self._line(f"  {line}".rstrip())
        if event.note:
            self._line(event.note)

    def _export(self, event: ExportFinished) -> None:
        verdict = "matches" if event.matches else "does not match"
        self._line(f"Export: {event.path}")
        self._line(
            f"Check: {verdict}; {event.agreeing} of {event.pictures} pictures agree, largest "
            f"difference {event.largest_difference:.1e} (at most {event.tolerance:.0e})"
        )
        if event.script:
            self._line(f"Script: {event.script}")

    def _prediction(self, event: ImagePredicted) -> None:
        top = ", ".join(f"{shown_text(item.label)} {item.probability:.1%}" for item in event.top)
        doubt = "" if event.is_sure else "not sure, "
        self._line(f"{shown_text(event.path)}: {doubt}{top}")

    def _finished(self, event: RunFinished) -> None:
        if event.outcome is Outcome.COMPLETED:
            self._line(f"Done in {clock(event.seconds)}.")
        elif event.outcome is Outcome.CANCELLED:
            self._line(f"Stopped after {clock(event.seconds)}. {event.kept}".strip())


def _epochs(count: int) -> str:
    return "1 epoch" if count == 1 else f"{count} epochs"


def clock(seconds: float) -> str:
    """Return m:ss, or h:mm:ss from one hour on."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
