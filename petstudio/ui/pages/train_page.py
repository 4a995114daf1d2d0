"""Train: build the recipe, start it, watch it, step in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from petstudio.api.events import Outcome, RunFinished
from petstudio.api.language import tr
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.run_feed import RunFeed
from petstudio.bridge.run_view import RunEnd, RunView
from petstudio.bridge.runner import JobRunner
from petstudio.config.recipe import Recipe, StartChoice
from petstudio.jobs.engine_job import finding_job, resuming_job, training_job
from petstudio.jobs.job import Job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.page import Badge, Page
from petstudio.ui.pages import train_words as words
from petstudio.ui.pages.train_augmentation import AugmentationPart
from petstudio.ui.pages.train_banners import BannersPart
from petstudio.ui.pages.train_cards import TrainCards
from petstudio.ui.pages.train_discard import DiscardPart
from petstudio.ui.pages.train_finder import FinderPart, MakeSweep
from petstudio.ui.pages.train_launch import JobMakers, LaunchPart, MakeJob, MakeResuming
from petstudio.ui.pages.train_queue import QueuePart
from petstudio.ui.pages.train_runs import RunsPart
from petstudio.ui.pages.train_weights import WeightsPart
from petstudio.ui.part_painter import Draw, PartPainter
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.details_dialog import DetailsDialog
from petstudio.ui.widgets.loss_plot import LossPlot
from petstudio.ui.widgets.run_buttons import RunButtons

if TYPE_CHECKING:
    from petstudio.project.records import TrashedRun


def _resuming(host: PluginHost, project: Path, run: int) -> Job:
    return resuming_job(host, project, run=run)


class TrainPage(Page):
    """Joins the cards with the parts that start, watch and remember runs."""

    evaluate_wanted = Signal(object)
    """The number of the run whose model is to be evaluated."""
    runs_changed = Signal()
    """A run was thrown away or put back."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        *,
        make_job: MakeJob = training_job,
        make_resuming: MakeResuming = _resuming,
        make_sweep: MakeSweep = finding_job,
    ) -> None:
        super().__init__(theme, title=tr("Train"))
        self._project: Path | None = None
        self._next_project: Path | None = None
        self._draft = RecipeDraft(Recipe(), self)
        self._feed = RunFeed(runner, self)
        self._banners = BannersPart(self.banner, self)
        self._weights = WeightsPart(host, runner, self._draft, self._banners, self)
        self._queue = QueuePart(theme, self._draft, self._feed, self._banners, self)
        self.augmentation = AugmentationPart(host, self._draft, self.banner, self)
        self._runs = RunsPart(self._draft, self._banners, self)
        self._discarding = DiscardPart(theme, self._feed, self._banners, self)
        makers = JobMakers(new=make_job, resuming=make_resuming)
        self._launch = LaunchPart(
            host, self._draft, self._feed, self._queue, self._banners, makers, self
        )
        self._finder = FinderPart(theme, host, runner, self._draft, make_sweep, self)
        self._buttons_of_run = RunButtons(theme, self)
        self._cards = TrainCards(host, self._draft, self)
        self._build_header()

    def pieces(self) -> Iterator[None]:
        yield from self._cards.pieces(self._queue.panel)
        self._painter = PartPainter(self, self._parts())
        self._connect()
        self._on_state_changed()

    @property
    def run(self) -> LiveRun | None:
        """The latest run, also after its end."""
        return self._feed.run

    @property
    def recipe(self) -> Recipe:
        """The recipe that a start would use."""
        return self._draft.recipe

    def set_project(self, project: Path | None) -> None:
        """Train on this project from now on; while a run is going, from its end on."""
        self._next_project = project
        self.tip.show_useful(project is not None)
        if project != self._project:
            self._turn_to_next()
        else:
            self._look_at_runs()

    @property
    def plot(self) -> LossPlot:
        return self._cards.loss.plot

    def choose_recipe(self, name: str) -> None:
        """Put a bundled recipe into the form."""
        self._cards.recipe.load(name)

    def set_recipe(self, recipe: Recipe) -> None:
        """Put any recipe into the form."""
        self._draft.load(recipe)

    def start(self) -> None:
        """Do what the primary button does when nothing runs."""
        self._launch.start_or_resume()

    def shutdown(self) -> None:
        self._painter.run(False)
        self._queue.shutdown()
        self._discarding.shutdown()
        self._runs.shutdown()
        self._finder.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._painter.draw_shown()

    def _build_header(self) -> None:
        self.add_header_button(self._queue.back)
        self.add_header_button(self._queue.add)
        self.add_header_button(self._finder.button)
        self.add_header_button(self._buttons_of_run.stop)
        self.add_header_button(self._buttons_of_run.primary)

    def _connect(self) -> None:
        self._connect_run()
        self._connect_runs()
        self._connect_finder()
        self._cards.plan.edit_wanted.connect(self._feed.edit_rates)
        self._draft.changed.connect(self._show_controls)
        self._cards.model.fetch_wanted.connect(self._weights.fetch)
        self._weights.ended.connect(self._painter.draw)

    def _connect_run(self) -> None:
        self._buttons_of_run.go_wanted.connect(self._launch.start_or_resume)
        self._buttons_of_run.pause_wanted.connect(self._feed.pause)
        self._buttons_of_run.stop_wanted.connect(self._feed.stop)
        self._buttons_of_run.stop_after_epoch_wanted.connect(self._feed.stop_after_epoch)
        self._buttons_of_run.discard_wanted.connect(self._discarding.ask_about_present)
        self._feed.advanced.connect(self._painter.mark_dirty)
        self._feed.stage_ended.connect(self._on_stage_ended)
        self._feed.state_changed.connect(self._on_state_changed)
        self._feed.ended.connect(self._on_ended)
        self._banners.details_wanted.connect(self._show_details)
        self._banners.lower_rate_wanted.connect(self._draft.lower_rate)
        self._banners.undo_division_wanted.connect(self._feed.undo_division)
        self._launch.begins.connect(self._finder.leave)
        self._launch.began.connect(self._show_run)
        self._launch.began.connect(self.tip_heeded)
        self._queue.planning_changed.connect(self._painter.draw)

    def _connect_runs(self) -> None:
        self._runs.changed.connect(self._show_runs)
        self._runs.go_on_wanted.connect(self._launch.go_on)
        self._runs.opened.connect(self._show_past)
        self._discarding.runs.discarded.connect(self._on_discarded)
        self._discarding.runs.restored.connect(self._look_at_runs)
        self._discarding.runs.restored.connect(self.runs_changed)
        inspector = self._cards.inspector
        inspector.runs.branch_wanted.connect(self._branch)
        inspector.epoch.branch_wanted.connect(self._runs.branch_at)
        inspector.epoch.name_wanted.connect(self._runs.name)
        inspector.epoch.evaluate_wanted.connect(self.evaluate_wanted)
        inspector.checkpoints_wanted.connect(self._look_at_runs)

    def _connect_finder(self) -> None:
        self._finder.wanted.connect(self._open_finder)
        self._finder.built.connect(self._place_finder)
        self._finder.opened.connect(self._make_room)
        self._finder.rates_previewed.connect(self._cards.model.preview_rates)
        self._finder.failed.connect(self._banners.show_error)

    @Slot(object)
    def _show_past(self, run: LiveRun) -> None:
        """Show a run that is over in place of the latest one."""
        if not self._feed.is_going:
            self._draft.load(run.recipe)
            self._feed.show(run)
            self._show_run()

    @Slot(object, object)
    def _on_discarded(self, project: Path, run: TrashedRun) -> None:
        if run.number == self._feed.number and not self._feed.is_going:
            self._feed.show(None)
            self._show_run()
        self._banners.show_discarded(project, run)
        self._runs.look(self._project)
        self.runs_changed.emit()

    @Slot()
    def _on_stage_ended(self) -> None:
        if self._cards.recipe.goes_by_step:
            self._feed.pause()

    @Slot()
    def _show_runs(self) -> None:
        runs = self._runs
        self._cards.show_runs(runs)
        self._finder.set_project(self._project, runs.classes)
        if not self._feed.is_going and self._feed.busy_with is None:
            self._offer_to_go_on(runs.unfinished)

    def _offer_to_go_on(self, run: RunView | None) -> None:
        """Offer what an earlier start left undone, too; of a stop now the user knows."""
        is_earlier = self._feed.number is None
        is_broken = run is not None and run.end is RunEnd.BROKEN_OFF
        if run is not None and (is_earlier or (is_broken and run.number == self._feed.number)):
            self._banners.show_broken_off(run)

    @Slot()
    def _look_at_runs(self) -> None:
        self._runs.look(self._project)

    @Slot(object)
    def _branch(self, run: RunView) -> None:
        if not self._is_locked:
            self._runs.branch(run)

    @Slot()
    def _open_finder(self) -> None:
        if not self._feed.is_going and not self._launch.why_not():
            self._finder.open(self._cards.stage_to_try)

    @Slot(object)
    def _place_finder(self, card: QWidget) -> None:
        self.body.addWidget(card, 1)

    @Slot(bool)
    def _make_room(self, is_finder: bool) -> None:
        # Of all buttons one is filled: the finder's own while it is open.
        self._buttons_of_run.primary.set_kind("secondary" if is_finder else "primary")
        self._cards.make_room(self._finder.stage if is_finder else None)

    def _turn_to_next(self) -> None:
        """Take the other project; runs of the one before mean nothing in it."""
        if self._next_project == self._project or self._feed.is_going:
            return
        self._project = self._launch.project = self._discarding.project = self._next_project
        self._feed.show(None)
        self._banners.begin(None)
        self._draft.start_from(StartChoice())
        self._queue.set_project(self._project)
        self._look_at_runs()
        self._show_run()

    @Slot()
    def _show_run(self) -> None:
        self._cards.show_run(self._feed.run)
        self._painter.draw()

    @property
    def _is_locked(self) -> bool:
        """Whether the form shows the recipe of the run that is going."""
        return self._feed.is_going and not self._queue.is_planning

    @Slot()
    def _on_state_changed(self) -> None:
        self._turn_to_next()
        is_going = self._feed.is_going
        self._painter.run(is_going)
        since = self._feed.paused_since
        self.plot.show_paused(words.paused_note(since) if since is not None else "")
        self.set_badge(Badge.RUNNING if is_going else self._resting_badge())
        self._painter.draw()

    def _resting_badge(self) -> Badge:
        finished = self._feed.run.finished if self._feed.run is not None else None
        is_done = finished is not None and finished.outcome is Outcome.COMPLETED
        return Badge.DONE if is_done else Badge.NONE

    def _parts(self) -> tuple[Draw, ...]:
        return (
            self.plot.redraw,
            self._cards.plan.redraw,
            self._draw_progress,
            self._cards.inspector.refresh,
            self._show_warnings,
            self._show_controls,
        )

    def _show_warnings(self) -> None:
        if self._feed.run is not None and self._feed.is_going:
            self._banners.show_warnings(self._feed.run)

    def _draw_progress(self) -> None:
        is_locked = self._is_locked
        is_shown = is_locked or not self._feed.is_going
        self._cards.show_progress(self._feed.run, is_locked=is_locked, is_shown=is_shown)

    @Slot()
    def _show_controls(self) -> None:
        why_not = "" if self._feed.is_going else self._launch.why_not()
        self._finder.show_ready(words.RUN_IS_GOING if self._feed.is_going else why_not)
        self._buttons_of_run.show_state(self._feed.state, why_not)
        self._queue.show_controls(self._launch.why_not_queued())
        state, is_planning = self._feed.state, self._queue.is_planning
        recipe = self._draft.recipe
        self.set_sentence(words.say(self._feed.run, state, recipe, why_not, planning=is_planning))

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        self._runs.look(self._project)
        if not self._discarding.is_due:
            self._banners.show_end(self._feed.run, finished, len(self._queue.queue.recipes))

    @Slot(object)
    def _show_details(self, finished: RunFinished) -> None:
        DetailsDialog(self.theme, finished.message, finished.details, self).open()
