"""How a run begins: from the form, from the queue, or where an earlier one was broken off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Event
from petstudio.bridge.past_run import PastRun
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.run_feed import RunFeed
from petstudio.bridge.runner import JobState
from petstudio.config.recipe import Recipe
from petstudio.jobs.job import Job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages import train_words as words
from petstudio.ui.pages.train_banners import BannersPart
from petstudio.ui.pages.train_queue import QueuePart
from petstudio.ui.pages.train_readiness import why_not_ready

MakeJob: TypeAlias = Callable[[PluginHost, Path, Recipe], Job]
MakeResuming: TypeAlias = Callable[[PluginHost, Path, int], Job]


@dataclass(frozen=True, kw_only=True)
class JobMakers:
    """Where the jobs of a run come from: a new one, and one that goes on."""

    new: MakeJob
    resuming: MakeResuming


class LaunchPart(QObject):
    """Starts runs on the feed, one after the other; why one cannot start stands on the banner."""

    begins = Signal()
    """A run is about to begin."""
    began = Signal()
    """The feed has another run now."""

    def __init__(
        self,
        host: PluginHost,
        draft: RecipeDraft,
        feed: RunFeed,
        queue: QueuePart,
        banners: BannersPart,
        make: JobMakers,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._host = host
        self._draft = draft
        self._feed = feed
        self._queue = queue
        self._banners = banners
        self._make = make
        self.project: Path | None = None
        queue.start_wanted.connect(self.start_queued)

    def why_not(self) -> str:
        """Return the reason why a run cannot begin, empty if it can."""
        busy = self._feed.busy_with
        return words.busy_sentence(busy) if busy is not None else self.why_not_queued()

    def why_not_queued(self) -> str:
        """Return the reason why the recipe of the form could not run at any time."""
        if self.project is None:
            return words.NO_PROJECT
        return why_not_ready(self._host, self._draft.recipe, self._draft.problems)

    @Slot()
    def start_or_resume(self) -> None:
        """Start the recipe of the form, or let the run that is paused go on."""
        if self._feed.state is JobState.PAUSED:
            self._feed.resume()
        elif self.project is not None and not (self._feed.is_going or self.why_not()):
            self._queue.leave_planning()
            self._start(self.project, self._draft.recipe)

    @Slot(object)
    def start_queued(self, recipe: Recipe) -> None:
        """Start the next recipe of the queue; one that is planned meanwhile stays in the form."""
        why_not = why_not_ready(self._host, recipe, {})
        if why_not or self.project is None:
            self._queue.queue.hold()
            self._banners.show_not_started(why_not)
            return
        if not self._queue.is_planning:
            self._draft.load(recipe)
        self._start(self.project, recipe)
        if self._feed.is_going:
            self._queue.take_first()
        else:
            self._queue.queue.hold()

    @Slot(object)
    def go_on(self, past: PastRun) -> None:
        """Go on with a run that did not come to its end."""
        busy = self._feed.busy_with
        if busy is not None:
            self._banners.show_busy(words.busy_sentence(busy))
        elif self.project is not None and not self._feed.is_going:
            self._queue.leave_planning()
            self._draft.load(past.recipe)
            make = partial(self._make.resuming, self._host, self.project, past.number)
            self._begin(make, past.recipe, past.events)

    def _start(self, project: Path, recipe: Recipe) -> None:
        self._begin(partial(self._make.new, self._host, project, recipe), recipe)

    def _begin(self, make: Callable[[], Job], recipe: Recipe, past: tuple[Event, ...] = ()) -> None:
        self.begins.emit()
        self._banners.begin(None)
        try:
            self._feed.start(make(), recipe, past)
        except PetStudioError as error:
            self._banners.show_error(error)
            return
        self._banners.begin(self._feed.run)
        self.began.emit()
