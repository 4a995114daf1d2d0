"""The jobs since the start: the one that is running, and how the others ended."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.events import Event, NoticeGiven, RunFinished
from petstudio.api.language import tr
from petstudio.bridge.activity import Activity, ActivityKind, ActivityLine
from petstudio.bridge.runner import JobRunner, JobState

_MOST: Final = 50
_MOST_NOTICES: Final = 20


@dataclass(frozen=True, kw_only=True)
class EndedJob:
    """`at` is the time of day of its end; `notices` are what it had to say on the way."""

    at: str
    line: ActivityLine
    notices: tuple[str, ...] = ()


class JobLog(QObject):
    changed = Signal()
    ended_changed = Signal()
    """One more has ended."""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._activity = Activity()
        self._notices: deque[str] = deque(maxlen=_MOST_NOTICES)
        self._ended: deque[EndedJob] = deque(maxlen=_MOST)
        runner.events_arrived.connect(self._take_events)
        runner.state_changed.connect(self._take_state)

    @property
    def line(self) -> ActivityLine:
        """What the running job is at, or how the last one ended."""
        return self._activity.line

    @property
    def text(self) -> str:
        """Its words; they say so when it is paused."""
        is_paused = self._runner.state is JobState.PAUSED
        return tr("{job}, paused", job=self.line.text) if is_paused else self.line.text

    @property
    def is_busy(self) -> bool:
        return self.line.kind is ActivityKind.BUSY

    @property
    def ended(self) -> tuple[EndedJob, ...]:
        """The jobs that are over, the last one first."""
        return tuple(self._ended)

    @Slot(object)
    def _take_events(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self._activity.feed(event)
            if isinstance(event, NoticeGiven):
                self._notices.append(event.message)
            elif isinstance(event, RunFinished):
                self._end()
        self.changed.emit()

    @Slot(object)
    def _take_state(self, state: JobState) -> None:
        if state is JobState.RUNNING and not self.is_busy:
            self._notices.clear()
            self._activity.begin(self._runner.title)
        self.changed.emit()

    def _end(self) -> None:
        now = datetime.now().astimezone()
        job = EndedJob(at=f"{now:%H:%M}", line=self.line, notices=tuple(self._notices))
        self._ended.appendleft(job)
        self.ended_changed.emit()
