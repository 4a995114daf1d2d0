"""Evaluate: see what a run gets wrong, put the labels right, compare it with another run."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from petstudio.bridge.evaluation_feed import EvaluationFeed
from petstudio.bridge.evaluation_view import Evaluation, Picked
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.fixing import Fixing
from petstudio.bridge.heat_maps import HEAT_MAPS, HeatMaps, MakeHeatMaps
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.session import Session
from petstudio.bridge.twins_feed import TwinsFeed
from petstudio.bridge.view_feed import VIEWS, ViewFeed
from petstudio.jobs.engine_job import heat_map_job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.page import Badge, Page, PageKey
from petstudio.ui.pages import evaluate_words as words
from petstudio.ui.pages.evaluate_acts import ActsPart, MakeEvaluation, evaluation_of
from petstudio.ui.pages.evaluate_controls import EvaluateControls
from petstudio.ui.pages.evaluate_heat import HeatPart
from petstudio.ui.pages.evaluate_inspector import EvaluateInspector
from petstudio.ui.pages.evaluate_keys import PictureKeys
from petstudio.ui.pages.evaluate_news import NewsPart
from petstudio.ui.pages.evaluate_report import ReportPart
from petstudio.ui.pages.evaluate_tab import EvaluateTab, ModelNotes
from petstudio.ui.pages.evaluate_tabs import EvaluateTabs
from petstudio.ui.pages.evaluate_views import counts_behind, everything, tab_makers
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.empty_state import EmptyState
from petstudio.ui.widgets.picture_grid import PictureGrid

_INSPECTOR_WIDTH: Final = 380
_CHANGE_NOTHING: Final = (HEAT_MAPS, VIEWS)  # jobs after which every result is as before


class EvaluatePage(Page):
    """What is shown is read again whenever it may have changed, and only while it is seen."""

    retrain_wanted = Signal()
    """The fixes are applied, and training shall follow."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        session: Session,
        *,
        make_evaluation: MakeEvaluation = evaluation_of,
        make_heat_maps: MakeHeatMaps = heat_map_job,
    ) -> None:
        super().__init__(theme, title=words.TITLE)
        self._runner = runner
        self._project: Path | None = None
        self._knows_twins = False
        self._grids: list[PictureGrid] = []
        self.tray = FixTray(self)
        self.fixing = Fixing(self.tray, self)
        self._feed = EvaluationFeed(self)
        self._acts = ActsPart(host, runner, session, self.tray, make_evaluation, self)
        self._news = NewsPart(self.banner, session, self)
        self._twins = TwinsFeed(self)
        self._heat = HeatPart(HeatMaps(host, runner, make_heat_maps), self)
        self._views = ViewFeed(host, runner, parent=self)
        self.controls = EvaluateControls(theme)
        makers = tab_makers(theme, self.tray, self.fixing, self._twins, self._views)
        self.tabs = EvaluateTabs(theme, makers)
        self.pictures = EvaluateInspector(theme, self.tray, self.fixing)
        self._empty = EmptyState(theme, icon="target", name="evaluate.empty")
        self._stack = QStackedWidget()
        self._report = ReportPart(theme, self)
        self._primary = Button(theme, kind="primary", name="evaluate.go")
        self._build()
        self._connect()
        self._show()

    @property
    def seen(self) -> Evaluation:
        """What is shown."""
        return self._feed.seen

    @property
    def is_reading(self) -> bool:
        """Whether what is shown is being read anew."""
        return self._feed.is_busy

    def set_project(self, project: Path | None) -> None:
        """Evaluate in this project from now on; the same one may have changed."""
        is_other, self._project = project != self._project, project
        self._knows_twins = False
        self.tray.look(project)
        if is_other:
            self._news.forget()
            # Before the page is seen: a fix of an old picture would go into the new tray.
            self._feed.turn_to(project)
            self._twins.look(None)
            self._views.turn_to(project)
            for grid in self._grids:
                grid.look_in(project)
        self._look()

    def show_run(self, number: int) -> None:
        """Look at this run."""
        self._feed.choose(run=number, other=None, part=None)

    def shutdown(self) -> None:
        self._feed.shutdown()
        self._twins.shutdown()
        self.tray.shutdown()
        self._acts.shutdown()
        self._heat.shutdown()
        self._report.shutdown()
        self.tabs.shutdown()
        self.pictures.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def _build(self) -> None:
        self.add_header_button(self._report.button)
        self.add_header_button(self._primary)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.controls)
        layout.addWidget(self.tabs, 1)
        self._stack.addWidget(content)
        self._stack.addWidget(self._empty)
        self.body.addWidget(self._stack, 1)
        self.set_inspector(self.pictures, width=_INSPECTOR_WIDTH)
        self._serve(self.pictures.keys)

    def _connect(self) -> None:
        self._primary.clicked.connect(self._go)
        self._report.written.connect(self._news.tell_report)
        self._report.failed.connect(self._news.tell_error)
        self._empty.wanted.connect(self._leave)
        self.controls.chosen.connect(self._choose)
        self.tabs.picked.connect(self._show_picked)
        self.tabs.built.connect(self._on_built)
        self.tabs.note_wanted.connect(self._note)
        self.pictures.tray.retrain_wanted.connect(self._apply_and_retrain)
        self._feed.changed.connect(self._show_evaluation)
        self._feed.failed.connect(self._news.tell_error)
        self._twins.changed.connect(self._show_counts)
        self._news.retrain_wanted.connect(self.retrain_wanted)
        self._news.evaluate_wanted.connect(self._evaluate)
        self._runner.state_changed.connect(self._on_runner_state)
        self._heat.said.connect(self._show)
        self._connect_acts()

    def _connect_acts(self) -> None:
        self.tray.changed.connect(self._show)
        self.tray.changed.connect(self._show_counts)
        self.tray.filled.connect(self.tip_heeded)
        self.tray.dropped.connect(self._news.tell_dropped)
        self.tray.failed.connect(self._news.tell_error)
        self._acts.changed.connect(self._show)
        self._acts.applied.connect(self._news.tell_applied)
        self._acts.noted.connect(self._news.tell_noted)
        self._acts.noted.connect(self._look)
        self._acts.failed.connect(self._news.tell_error)
        self._acts.retrain_wanted.connect(self.retrain_wanted)

    @Slot()
    def _look(self) -> None:
        if not (self.isVisible() or self._project is None):
            return
        self._feed.look()
        if not self._knows_twins:
            self._knows_twins = True
            self._twins.look(self._project)
        self._show()

    @Slot(object)
    def _on_runner_state(self, state: JobState) -> None:
        if state is JobState.IDLE and self._runner.title not in _CHANGE_NOTHING:
            self._look()
        self._show()

    @Slot(object)
    def _choose(self, changes: dict[str, Any]) -> None:  # fields of EvaluationChoice
        self._feed.choose(**changes)

    @Slot()
    def _show_evaluation(self) -> None:
        seen = self.seen
        if seen.records:  # else nothing was read yet
            self.tray.compare(seen.records)
        judged = seen.judged
        self.fixing.show(seen.records, seen.classes)
        self._heat.show_evaluation(self._project, seen)
        self.controls.show_evaluation(seen)
        self.pictures.show_evaluation(seen)
        self.tabs.show_evaluation(seen, "" if judged is not None else words.result_sentence(seen))
        self._show_counts()
        self._show_picked(self.tabs.pick())
        self._news.tell(seen)
        self._show()

    @Slot(object)
    def _show_picked(self, picked: Picked | None) -> None:
        self.pictures.show_picked(picked or everything(self.seen))

    @Slot()
    def _show_counts(self) -> None:
        for key, count in counts_behind(self.seen, self.tray, self._twins.found).items():
            self.tabs.bar.show_count(key, count)

    @Slot(object)
    def _on_built(self, tab: EvaluateTab) -> None:
        if tab.keys is not None:
            self._serve(tab.keys)

    def _serve(self, keys: PictureKeys) -> None:
        self._grids.append(keys.grid)
        self._heat.watch(keys)
        keys.grid.look_in(self._project)

    @Slot(object)
    def _note(self, notes: ModelNotes) -> None:
        if self._project is not None and self.seen.run is not None:
            self._acts.note(self._project, self.seen.run.number, notes)

    @Slot()
    @Slot(str)
    def _show(self, said: str = "") -> None:
        """Follow what there is to see and to do."""
        has_content = self._project is not None and bool(self.seen.runs)
        is_known = self._project is None or not self._feed.is_busy
        self._stack.setCurrentIndex(0 if has_content or not is_known else 1)
        self.show_inspector(has_content)
        if self._project is None:
            self._empty.say(words.NO_PROJECT, words.NO_PROJECT_PROMISE, words.GO_TO_DATA)
        else:
            self._empty.say(words.NO_RUN, words.NO_RUN_PROMISE, words.GO_TO_TRAIN)
        count = len(self.tray.fixes)
        self._show_buttons(count, has_content=has_content)
        self.set_badge(Badge.PENDING if count else Badge.NONE, count)
        self.set_sentence(said or self._sentence_now(has_content=has_content))

    def _show_buttons(self, count: int, *, has_content: bool) -> None:
        why_not = self._why_not()
        again = words.EVALUATE_AGAIN if self.seen.judged is not None else words.EVALUATE
        self._primary.setText(words.apply_text(count) if self._applies else again)
        self._primary.set_icon("check-bold" if self._applies else "target")
        self._primary.set_ready(not why_not, why_not)
        self._primary.setVisible(has_content)
        self.pictures.tray.retrain.set_ready(not why_not, why_not)
        self._report.show_evaluation(self._project, self.seen)

    @property
    def _applies(self) -> bool:
        """Whether the primary button applies fixes: first of all there must be a result."""
        return bool(self.tray.fixes) and self.seen.judged is not None

    def _why_not(self) -> str:
        """Return why nothing can be applied or evaluated now; empty if it can."""
        if self._acts.is_applying:
            return words.APPLYING
        # These jobs leave the project alone and are over in a moment.
        is_looking = self._heat.is_drawing or self._views.is_looking
        if self._runner.state is not JobState.IDLE and not is_looking:
            return words.busy_sentence(self._runner.title)
        return "" if self.seen.root is not None else words.READ_ONLY

    def _sentence_now(self, *, has_content: bool) -> str:
        if self._acts.progress or has_content:
            return self._acts.progress or words.result_sentence(self.seen)
        return words.READING if self._feed.is_busy and self._project is not None else ""

    @Slot()
    def _go(self) -> None:
        if self._applies:
            self._acts.apply()
        else:
            self._evaluate()

    @Slot()
    def _evaluate(self) -> None:
        if self._project is not None and not self._why_not():
            self._acts.evaluate(self._project, self.seen.choice)

    @Slot()
    def _apply_and_retrain(self) -> None:
        self._acts.apply(retrains=True)

    @Slot()
    def _leave(self) -> None:
        self.page_wanted.emit(PageKey.DATA if self._project is None else PageKey.TRAIN)
