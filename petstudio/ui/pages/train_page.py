"""Train: build the recipe, start it, watch it, step in."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Event, Outcome, RunFinished
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.memory_need import MeasuredMemory
from petstudio.bridge.past_run import PastRun
from petstudio.bridge.recipe_check import missing_plugin, missing_weights
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.run_feed import RunFeed
from petstudio.bridge.run_view import RunView
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.side_job import SideJob
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import bundled_recipes
from petstudio.jobs.engine_job import finding_job, resuming_job, training_job
from petstudio.jobs.job import Job
from petstudio.jobs.weights import fetch_recipe_weights
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.page import Badge, Page
from petstudio.ui.pages import train_words as words
from petstudio.ui.pages.train_finder import FinderPart, MakeSweep
from petstudio.ui.pages.train_runs import RunsPart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.details_dialog import DetailsDialog
from petstudio.ui.widgets.loss_card import LossCard
from petstudio.ui.widgets.loss_plot import LossPlot
from petstudio.ui.widgets.model_card import ModelCard
from petstudio.ui.widgets.plan_card import PlanCard
from petstudio.ui.widgets.recipe_card import RecipeCard
from petstudio.ui.widgets.run_buttons import RunButtons
from petstudio.ui.widgets.run_inspector import RunInspector

MakeJob: TypeAlias = Callable[[PluginHost, Path, Recipe], Job]
MakeResuming: TypeAlias = Callable[[PluginHost, Path, int], Job]
REPAINT_INTERVAL_MS: Final = 33  # of one part of the page; all of them take four turns
_FIRST_RECIPE: Final = "sample"


def _resuming(host: PluginHost, project: Path, run: int) -> Job:
    return resuming_job(host, project, run=run)


class TrainPage(Page):
    """Events only mark the page as dirty; one timer draws it while it is visible, part by part.

    All parts at once would keep the window from answering for twice as long as any one of them.
    """

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
        super().__init__(theme, title="Train")
        self._host = host
        self._make_job = make_job
        self._make_resuming = make_resuming
        self._project: Path | None = None
        self._warned = 0
        self._due: deque[Callable[[], None]] = deque()
        self._draft = RecipeDraft(Recipe(), self)
        self._feed = RunFeed(runner, self)
        self._fetch = SideJob(runner, self)
        self._runs = RunsPart(self._draft, self)
        self._finder = FinderPart(theme, host, runner, self._draft, make_sweep, self)
        self._recipe_card = RecipeCard(theme, host, self._draft)
        self._model_card = ModelCard(theme, host, self._draft)
        self._loss_card = LossCard(theme)
        self._plan_card = PlanCard(theme, host, self._draft)
        self._find = Button(theme, words.FIND, icon="magnifying-glass", name="training.find")
        self._inspector = RunInspector(theme)
        self._buttons_of_run = RunButtons(theme, self)
        self._timer = QTimer(self)
        self._timer.setInterval(REPAINT_INTERVAL_MS)
        self._build()
        self._connect()
        self.choose_recipe(_first_recipe())
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
        """Train on this project from now on; a run that is going stays with its own."""
        if project != self._project and not self._feed.is_going:
            self._feed.forget()
            self._show_run()
        self._project = project
        self._runs.look(project)
        self._show_controls()

    @property
    def plot(self) -> LossPlot:
        return self._loss_card.plot

    def choose_recipe(self, name: str) -> None:
        """Put a bundled recipe into the form."""
        self._recipe_card.load(name)

    def set_recipe(self, recipe: Recipe) -> None:
        """Put any recipe into the form."""
        self._draft.load(recipe)

    def shutdown(self) -> None:
        self._timer.stop()
        self._runs.shutdown()
        self._finder.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def _build(self) -> None:
        self.add_header_button(self._find)
        self.add_header_button(self._buttons_of_run.stop)
        self.add_header_button(self._buttons_of_run.primary)
        self.body.addWidget(self._recipe_card)
        self.body.addWidget(self._model_card)
        self.body.addWidget(self._loss_card, 3)
        self.body.addWidget(self._plan_card, 1)
        self.set_inspector(self._inspector)

    def _connect(self) -> None:
        self._buttons_of_run.go_wanted.connect(self._start_or_resume)
        self._buttons_of_run.pause_wanted.connect(self._feed.pause)
        self._buttons_of_run.stop_wanted.connect(self._feed.stop)
        self._buttons_of_run.stop_after_epoch_wanted.connect(self._feed.stop_after_epoch)
        self._feed.stage_ended.connect(self._on_stage_ended)
        self._runs.changed.connect(self._show_runs)
        self._runs.go_on_wanted.connect(self._go_on)
        self._runs.failed.connect(self._show_error)
        self._connect_finder()
        self._recipe_card.stage_chosen.connect(self._show_stage)
        self._plan_card.edit_wanted.connect(self._feed.edit_rates)
        self._inspector.runs.branch_wanted.connect(self._branch)
        self._inspector.epoch.branch_wanted.connect(self._runs.branch_at)
        self._inspector.epoch.name_wanted.connect(self._runs.name)
        self._inspector.checkpoints_wanted.connect(self._look_at_runs)
        self._feed.advanced.connect(self._mark_dirty)
        self._feed.state_changed.connect(self._on_state_changed)
        self._feed.ended.connect(self._on_ended)
        self._draft.changed.connect(self._show_controls)
        self._model_card.fetch_wanted.connect(self._fetch_weights)
        self._fetch.ended.connect(self._on_fetched)
        self._loss_card.epoch_picked.connect(self._inspector.pick_epoch)
        self._loss_card.epoch_picked.connect(self._loss_card.plot.pick_epoch)
        self._inspector.epoch_picked.connect(self._loss_card.plot.pick_epoch)
        self._timer.timeout.connect(self._draw_if_dirty)

    def _connect_finder(self) -> None:
        self._find.clicked.connect(self._open_finder)
        self._find.setToolTip(words.FIND_TIP)
        QShortcut(QKeySequence("Ctrl+R"), self).activated.connect(self._open_finder)
        self._finder.built.connect(self._place_finder)
        self._finder.opened.connect(self._make_room)
        self._finder.rates_previewed.connect(self._model_card.preview_rates)
        self._finder.failed.connect(self._show_error)

    @Slot()
    def _start_or_resume(self) -> None:
        if self._feed.state is JobState.PAUSED:
            self._feed.resume()
        elif self._project is not None and not (self._feed.is_going or self._why_not_ready()):
            self._start(self._project)

    def _start(self, project: Path) -> None:
        recipe = self._draft.recipe
        self._begin(partial(self._make_job, self._host, project, recipe), recipe)

    @Slot(object)
    def _go_on(self, past: PastRun) -> None:
        busy = self._feed.busy_with
        if busy is not None:
            self.banner.show_message("info", words.busy_sentence(busy))
        elif self._project is not None and not self._feed.is_going:
            self._draft.load(past.recipe)
            make = partial(self._make_resuming, self._host, self._project, past.number)
            self._begin(make, past.recipe, past.events)

    @Slot(object)
    def _show_error(self, error: PetStudioError) -> None:
        self.banner.show_message("err", error.what, error.cure)

    def _begin(self, make: Callable[[], Job], recipe: Recipe, past: tuple[Event, ...] = ()) -> None:
        self.banner.hide()
        if self._finder.is_open:
            self._finder.close()
        try:
            self._feed.start(make(), recipe, past)
        except PetStudioError as error:
            self._show_error(error)
            return
        self._show_run()

    @Slot()
    def _on_stage_ended(self) -> None:
        if self._recipe_card.goes_by_step:
            self._feed.pause()

    @Slot()
    def _show_runs(self) -> None:
        runs, broken = self._runs, self._runs.broken_off
        self._recipe_card.show_runs(runs.runs)
        self._inspector.show_runs(runs.runs)
        self._model_card.show_classes(runs.classes)
        self._plan_card.show_pictures(runs.pictures or None)
        self._finder.set_project(self._project, runs.classes)
        is_idle = self._feed.run is None and self._feed.busy_with is None
        if broken is not None and is_idle:
            act = partial(runs.resume, broken)
            text = words.broken_off(broken)
            self.banner.show_message("info", text, words.NOTHING_LOST, action=words.RESUME, act=act)

    @Slot()
    def _look_at_runs(self) -> None:
        self._runs.look(self._project)

    @Slot(object)
    def _branch(self, run: RunView) -> None:
        if not self._feed.is_going:
            self._runs.branch(run)

    @Slot()
    def _open_finder(self) -> None:
        if self._finder.is_open:
            self._finder.close()
        elif not self._feed.is_going and not self._why_not_ready():
            self._finder.open(self._stage_to_try())

    def _stage_to_try(self) -> int:
        """Return the chosen stage, else the first one that a start would run."""
        chosen = self._recipe_card.chosen_stage
        return self._draft.recipe.start.stage if chosen is None else chosen

    @Slot(object)
    def _place_finder(self, card: QWidget) -> None:
        self.body.addWidget(card, 1)

    @Slot(bool)
    def _make_room(self, is_finder: bool) -> None:
        self._loss_card.setVisible(not is_finder)
        self._plan_card.setVisible(not is_finder)
        self._find.setText(words.CLOSE_FINDER if is_finder else words.FIND)
        self._find.set_icon("x" if is_finder else "magnifying-glass")
        # Of all buttons one is filled: the finder's own while it is open.
        self._buttons_of_run.primary.set_kind("secondary" if is_finder else "primary")
        if is_finder:
            self._recipe_card.close_form()
        self._model_card.show_stage(self._finder.stage if is_finder else None)

    @Slot(object)
    def _show_stage(self, index: int | None) -> None:
        self._model_card.show_stage(index)
        self._plan_card.show_recipe(self._draft.recipe, index)

    def _show_run(self) -> None:
        self._loss_card.show_run(self._feed.run)
        self._plan_card.show_run(self._feed.run)
        self._inspector.show_run(self._feed.run)
        self._draw()

    @Slot()
    def _fetch_weights(self) -> None:
        job = partial(fetch_recipe_weights, self._host, self._draft.recipe)
        try:
            self._fetch.start(job, title=words.FETCHING)
        except PetStudioError as error:
            self.banner.show_message("err", error.what, error.cure)

    @Slot(object)
    def _on_fetched(self, finished: RunFinished) -> None:
        if finished.outcome is Outcome.COMPLETED:
            self.banner.hide()
        else:
            self.banner.show_message(
                "err" if finished.outcome is Outcome.FAILED else "info",
                finished.message or words.NOT_FETCHED,
                finished.kept,
            )
        self._draw()

    def _why_not_ready(self) -> str:
        """Return the reason why a run cannot begin, empty if it can."""
        busy = self._feed.busy_with
        if busy is not None:
            return words.busy_sentence(busy)
        if self._project is None:
            return words.NO_PROJECT
        if not self._draft.recipe.stages:
            return words.NO_STAGE
        for key, problem in self._draft.problems.items():
            return words.problem_sentence(key, problem)
        missing = missing_plugin(self._host, self._draft.recipe)
        has_weights = bool(self._draft.recipe.start.checkpoint)
        if (
            not missing
            and not has_weights
            and missing_weights(self._host, self._draft.recipe.model) is not None
        ):
            missing = words.NO_WEIGHTS
        return missing

    @Slot()
    def _on_state_changed(self) -> None:
        is_going = self._feed.is_going
        if is_going:
            self._timer.start()
        else:
            self._timer.stop()
        since = self._feed.paused_since
        self._loss_card.plot.show_paused(words.paused_note(since) if since is not None else "")
        self.set_badge(Badge.RUNNING if is_going else self._resting_badge())
        self._draw()

    def _resting_badge(self) -> Badge:
        finished = self._feed.run.finished if self._feed.run is not None else None
        is_done = finished is not None and finished.outcome is Outcome.COMPLETED
        return Badge.DONE if is_done else Badge.NONE

    @Slot()
    def _mark_dirty(self) -> None:
        self._due.extend(part for part in self._parts() if part not in self._due)

    @Slot()
    def _draw_if_dirty(self) -> None:
        if self._due and self.isVisible():
            self._due.popleft()()

    def _draw(self) -> None:
        self._due.clear()
        for draw in self._parts():
            draw()

    def _parts(self) -> tuple[Callable[[], None], ...]:
        return (
            self._loss_card.plot.redraw,
            self._plan_card.redraw,
            self._draw_cards,
            self._inspector.refresh,
            self._show_warning,
            self._show_controls,
        )

    def _show_warning(self) -> None:
        """Say the latest thing that a person should know while the run goes on."""
        run = self._feed.run
        warnings = run.warnings if run is not None else []
        if len(warnings) > self._warned and self._feed.is_going:
            self.banner.show_message("warn", warnings[-1])
        self._warned = len(warnings)

    def _draw_cards(self) -> None:
        run, is_locked = self._feed.run, self._feed.is_going
        self._recipe_card.show_run(run, is_locked=is_locked)
        self._model_card.show_run(run, is_locked=is_locked)
        memory = run.memory if run is not None else None
        if run is not None and memory is not None:
            self._model_card.show_memory(MeasuredMemory(estimate=memory, recipe=run.recipe))

    @Slot()
    def _show_controls(self) -> None:
        why_not = "" if self._feed.is_going else self._why_not_ready()
        can_find = self._finder.is_open or not (self._feed.is_going or why_not)
        self._find.set_ready(can_find, why_not or words.FIND_TIP)
        self._buttons_of_run.show_state(self._feed.state, why_not)
        self.set_sentence(self._say(why_not))

    def _say(self, why_not: str) -> str:
        run = self._feed.run
        if run is not None and self._feed.is_going:
            return words.going_sentence(run, self._feed.state)
        if why_not:
            return why_not
        has_ended = run is not None and run.finished is not None
        is_same = run is not None and run.recipe == self._draft.recipe
        if run is not None and has_ended and is_same:
            return words.ended_sentence(run)
        return words.ready_sentence(self._draft.recipe)

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        self._runs.look(self._project)
        match finished.outcome:
            case Outcome.FAILED:
                self._show_failure(finished)
            case Outcome.CANCELLED:
                is_empty = self._feed.run is None or self._feed.run.last_step is None
                kept = words.NOTHING_KEPT if is_empty and not finished.kept else finished.kept
                self.banner.show_message("info", words.RUN_STOPPED, kept)
            case Outcome.COMPLETED:
                self.banner.hide()

    def _show_failure(self, finished: RunFinished) -> None:
        details = finished.details
        diverged = self._feed.run.diverged if self._feed.run is not None else None
        kept = finished.kept or (diverged.kept if diverged is not None else "")
        self.banner.show_message(
            "err",
            finished.message or words.RUN_FAILED,
            kept,
            action=words.DETAILS if details else "",
            act=partial(self._show_details, finished) if details else None,
        )

    def _show_details(self, finished: RunFinished) -> None:
        self.banner.show()
        DetailsDialog(self.theme, finished.message, finished.details, self).open()


def _first_recipe() -> str:
    names = bundled_recipes()
    return _FIRST_RECIPE if _FIRST_RECIPE in names else names[0]
