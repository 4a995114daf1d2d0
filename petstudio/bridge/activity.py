"""What the running job is at and how the last one ended, for the status bar."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from petstudio.api.events import (
    Event,
    ImagePredicted,
    Outcome,
    ProgressMade,
    RunFinished,
    RunStarted,
    StageStarted,
    StepFinished,
    SweepStarted,
    SweepStepFinished,
)
from petstudio.api.language import tr, within
from petstudio.bridge.pace import Pace, TimeLeft

Clock = Callable[[], float]


class ActivityKind(Enum):
    """How the line in the status bar is meant."""

    NONE = auto()
    BUSY = auto()
    DONE = auto()
    STOPPED = auto()
    FAILED = auto()


@dataclass(frozen=True, kw_only=True)
class ActivityLine:
    """One line; `total` is 0 while the length of the work is unknown."""

    kind: ActivityKind = ActivityKind.NONE
    text: str = ""
    done: int = 0
    total: int = 0
    time_left: TimeLeft | None = None


class Activity:
    """Feeds on the events of jobs, one after the other."""

    def __init__(self, *, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._title = ""
        self._task = ""
        self._task_since = 0.0
        self._pace = Pace(1)
        self._steps = 0
        self._predicted = 0
        self.line = ActivityLine()

    def begin(self, title: str) -> None:
        """A job of this title has been started."""
        self._title = title
        self._task = ""
        self._steps = self._predicted = 0
        self.line = ActivityLine(kind=ActivityKind.BUSY, text=title)

    def feed(self, event: Event) -> None:
        match event:
            case RunStarted(run=run, batch_size=batch_size, steps=steps):
                self._title = tr("Run {run}", run=run)
                self._steps = steps
                self._pace = Pace(batch_size)
            case StageStarted():
                self._pace.start_stage()
            case StepFinished():
                self._take_step(event)
            case SweepStarted(steps=steps):
                self._steps = steps
            case SweepStepFinished():
                self._take_sweep_step(event)
            case ImagePredicted():
                self._predicted += 1
                text = tr("{title}: {predicted:,}", title=self._title, predicted=self._predicted)
                self.line = ActivityLine(kind=ActivityKind.BUSY, text=text)
            case ProgressMade():
                self._take_progress(event)
            case RunFinished():
                self._take_end(event)
            case _:
                pass

    def _take_step(self, event: StepFinished) -> None:
        self._pace.add_step(event.images_per_second)
        done = event.step + 1
        self.line = ActivityLine(
            kind=ActivityKind.BUSY,
            text=tr(
                "{title}, stage {stage}, epoch {epoch}",
                title=self._title,
                stage=event.stage + 1,
                epoch=event.epoch + 1,
            ),
            done=done,
            total=self._steps,
            time_left=self._pace.time_left(steps=self._steps - done, epochs=0),
        )

    def _take_sweep_step(self, event: SweepStepFinished) -> None:
        done = event.step + 1
        self.line = ActivityLine(
            kind=ActivityKind.BUSY,
            text=tr(
                "{title}: batch {done} of {steps}", title=self._title, done=done, steps=self._steps
            ),
            done=done,
            total=self._steps,
        )

    def _take_progress(self, event: ProgressMade) -> None:
        if event.task != self._task:
            self._task, self._task_since = event.task, self._clock()
        text = f"{self._title}: {within(event.task)}"
        if event.total:
            text = tr("{text} {done:,} of {total:,}", text=text, done=event.done, total=event.total)
        self.line = ActivityLine(
            kind=ActivityKind.BUSY,
            text=text,
            done=event.done,
            total=event.total,
            time_left=self._guess(event),
        )

    def _guess(self, event: ProgressMade) -> TimeLeft | None:
        passed = self._clock() - self._task_since
        if not event.total or event.done < event.total / 20 or passed < 1:
            return None
        seconds = passed * (event.total - event.done) / event.done
        return TimeLeft(seconds=seconds, spread=0.0)

    def _take_end(self, event: RunFinished) -> None:
        match event.outcome:
            case Outcome.COMPLETED:
                text = tr(
                    "{title}: done in {time}",
                    title=self._title,
                    time=spoken_time(event.seconds),
                )
                self.line = ActivityLine(kind=ActivityKind.DONE, text=text)
            case Outcome.CANCELLED:
                text = tr("{title}: stopped. {kept}", title=self._title, kept=event.kept).strip()
                self.line = ActivityLine(kind=ActivityKind.STOPPED, text=text)
            case Outcome.FAILED:
                text = f"{self._title}: {event.message}"
                self.line = ActivityLine(kind=ActivityKind.FAILED, text=text)


def spoken_time(seconds: float) -> str:
    """Return a duration as 0:07, 1:12 or 1:02:03."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    tail = f"{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
    return f"{hours}:{tail}" if hours else tail


def spoken_time_left(left: TimeLeft) -> str:
    """Return "1:12 left" or "1:12 left ± 6 s"."""
    time = spoken_time(left.seconds)
    if left.spread < 1:
        return tr("{time} left", time=time)
    return tr("{time} left ± {spread:.0f} s", time=time, spread=left.spread)
