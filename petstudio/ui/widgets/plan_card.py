"""The card with the plan of the learning rates, the type of schedule and its menu."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QContextMenuEvent

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.rate_editor import RateEditor
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.rate_edit import RateEdit
from petstudio.config.recipe import Recipe
from petstudio.jobs.rate_plan import RatePlan, plan_rates, plan_unstarted
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.plan_legend import PlanLegend
from petstudio.ui.widgets.plan_plot import PlanPlot
from petstudio.ui.widgets.plan_table import plan_as_text, plan_twin
from petstudio.ui.widgets.plan_words import line_names, others_text
from petstudio.ui.widgets.plot_menu import PlotMenu
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.text import plain_tip

_TITLE: Final = tr("Learning rate plan")
_DRAG: Final = tr("drag a dot to change what is still to come")
_NO_STAGE: Final = tr("The rates of each stage appear here once the recipe has one.")
_CANNOT: Final = tr("The rates cannot be drawn.")
_CHOOSE: Final = tr("Choose a stage")
_CHOOSE_TIP: Final = tr("Choose a stage in the recipe to change its schedule.")
_LOCKED_TIP: Final = tr("The type of schedule cannot change while a run is going.")
_SCHEDULE: Final = tr("Schedule")
_CHOICE_LETTERS: Final = 13
_ARROW_ROOM: Final = 44  # arrow and padding of a combo box
_USUAL_STEPS: Final = 10  # in an epoch, while nobody knows how many pictures there are


class PlanCard(Card):
    """Shows the plan of the run that is going, else that of the draft."""

    edit_wanted = Signal(object)
    """The RateEdit that the run shall take over at its next epoch."""

    def __init__(self, theme: Theme, host: PluginHost, draft: RecipeDraft) -> None:
        super().__init__(_TITLE, name="training.plan", is_dense=True)
        self._host = host
        self._draft = draft
        self._recipe = draft.recipe
        self._selected: int | None = None
        self._pictures: int | None = None
        self._run: LiveRun | None = None
        self._plan: RatePlan | None = None
        self._planned_for: object = None
        self._editors: dict[int, RateEditor] = {}
        self._noted = 0
        self._offered: object = None
        self.plot = PlanPlot(theme)
        self._legend = PlanLegend(theme)
        self._choice = ChoiceBox((item.key, item.label) for item in host.schedulers.values())
        self._menu = PlotMenu(
            theme, self.plot, name="training.plan.menu", spoken=tr("Menu of the learning rate plan")
        )
        self._problem = ProblemLine(theme, name="training.plan.problem")
        self._build()
        self._connect()
        self._show()

    @property
    def plan(self) -> RatePlan | None:
        """What is drawn; None where nothing can be."""
        return self._plan

    @property
    def problem(self) -> str:
        """Why nothing can be drawn, empty if something is."""
        return self._problem.text

    def show_recipe(self, recipe: Recipe, selected_stage: int | None) -> None:
        """Plan this recipe; the selected stage is the one whose schedule can be chosen."""
        self._recipe, self._selected = recipe, selected_stage
        self._show()

    def show_pictures(self, count: int | None) -> None:
        """Tell how many pictures the project trains on, if that is known."""
        self._pictures = count
        self._show()

    def show_run(self, run: LiveRun | None) -> None:
        """Show another run, or none."""
        if run is self._run:
            self.redraw()
            return
        self._run = run
        self._editors = {}
        self._noted = 0
        self._planned_for = None
        self._show()

    def note_edit(self, edit: RateEdit, from_epoch: int) -> None:
        """Draw an edit that the run took over, in force from that epoch of its stage on."""
        editor = self._editors.get(edit.stage)
        if editor is not None:
            editor.take(edit, from_epoch)
            self.plot.redraw_edits()

    def redraw(self) -> None:
        """Draw how far the run is; all else only where it has become another."""
        if self._planned_for != self._plan_key():
            self._show()
            return
        run, is_going = self._shown_run(), self._is_going()
        self._note_edits(run)
        self.plot.move_to(run.position if run is not None else None, is_going=is_going)
        self._show_choice()
        self._show_hint()

    def _note_edits(self, run: LiveRun | None) -> None:
        """Draw the edits that the run has told of since the last time."""
        for event in run.edits[self._noted :] if run is not None else ():
            self._noted += 1
            points = tuple(zip(event.epochs, event.factors, strict=True))
            start = run.stages[event.stage].start if run is not None else 0
            edit = RateEdit(stage=event.stage, points=points)
            self.note_edit(edit, event.step // self._steps() - start)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._menu.popup.popup(event.globalPos())

    def _build(self) -> None:
        self._choice.setObjectName("training.plan.scheduler")
        self._choice.setPlaceholderText(_CHOOSE)
        LettersWide(self._choice, _CHOICE_LETTERS, room=_ARROW_ROOM)
        for widget in (self._legend, self._choice, self._menu):
            self.add_action(widget)
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self._problem)

    def _connect(self) -> None:
        self._draft.changed.connect(self._on_draft_changed)
        self._choice.picked.connect(self._choose_scheduler)
        self.plot.edited.connect(self.edit_wanted)

    def _is_going(self) -> bool:
        return self._run is not None and self._run.finished is None

    def _shown_run(self) -> LiveRun | None:
        """Return the run that is going, or that has ended and is still what the recipe says."""
        run = self._run
        if run is None or (run.finished is not None and run.recipe != self._recipe):
            return None
        return run

    def _show(self) -> None:
        """Plan anew where that is needed, and show all of it."""
        key = self._plan_key()
        if key != self._planned_for:
            self._planned_for = key
            self._make_plan()
            self._show_plan()
        run = self._shown_run()
        self.plot.move_to(run.position if run is not None else None, is_going=self._is_going())
        self._show_choice()
        self._show_hint()

    def _plan_key(self) -> object:
        """Return all that the plan depends on."""
        run = self._shown_run()
        recipe = run.recipe if run is not None else self._recipe
        return (recipe.stages, recipe.start.stage, recipe.model, self._groups(), self._steps())

    def _groups(self) -> tuple[str, ...]:
        run = self._shown_run()
        return tuple(group.name for group in run.groups) if run is not None else ()

    def _steps(self) -> int:
        """Return how many steps an epoch has, as well as that is known."""
        run = self._shown_run()
        if run is not None and run.current is not None and run.current.plan is not None:
            return run.current.plan.steps_per_epoch
        if not self._pictures:
            return _USUAL_STEPS
        recipe = run.recipe if run is not None else self._recipe
        return self._pictures // min(recipe.training.batch_size, self._pictures)

    def _make_plan(self) -> None:
        run, groups = self._shown_run(), self._groups()
        recipe = run.recipe if run is not None else self._recipe
        self._plan, problem = None, ""
        try:
            if recipe.stages and groups:
                first = recipe.start.stage
                self._plan = plan_rates(self._host, recipe, groups, self._steps(), first)
            elif recipe.stages:
                self._plan = plan_unstarted(self._host, recipe, self._steps())
        except PetStudioError as error:
            problem = str(error)
        self._problem.show_problem(problem)
        stages = self._plan.stages if self._plan is not None and run is not None else ()
        for stage in stages:
            self._editors.setdefault(stage.stage, RateEditor(stage)).stage = stage

    def _show_plan(self) -> None:
        plan, problem = self._plan, self._problem.text
        note = (_CANNOT if problem else _NO_STAGE) if plan is None else ""
        is_of_run = self._shown_run() is not None
        self.plot.show_plan(plan, self._editors if is_of_run else {}, note)
        names = line_names(plan) if plan else ()
        self._legend.show_groups(names, others_text(plan) if plan else "")
        if plan is None:
            self._menu.show_content(None, None)
        else:
            self._menu.show_content(
                partial(plan_as_text, plan, self._editors), partial(plan_twin, plan, self._editors)
            )

    def _show_choice(self) -> None:
        """Show the schedule of the running stage, else of the selected one."""
        index, is_going, run = self._stage_index(), self._is_going(), self._shown_run()
        stages = run.recipe.stages if run is not None else self._recipe.stages
        stage = stages[index] if index is not None else None
        if (index, stage, is_going) == self._offered:
            return
        self._offered = (index, stage, is_going)
        self._choice.setEnabled(stage is not None and not is_going)
        if index is None or stage is None:
            self._choice.setCurrentIndex(-1)
            self._choice.setAccessibleName(_SCHEDULE)
            self._choice.setToolTip(_LOCKED_TIP if is_going else _CHOOSE_TIP)
            return
        self._choice.show_key(stage.scheduler)
        name = tr(
            "Schedule of stage {number}, {name}",
            number=index + 1,
            name=stage.name,
        )
        self._choice.setAccessibleName(name)
        self._choice.setToolTip(plain_tip(_LOCKED_TIP if is_going else name))

    def _stage_index(self) -> int | None:
        if self._is_going() and self._run is not None:
            current = self._run.current
            return self._run.stages.index(current) if current is not None else None
        count = len(self._recipe.stages)
        if self._selected is not None and self._selected < count:
            return self._selected
        return 0 if count == 1 else None

    def _show_hint(self) -> None:
        hint = _DRAG if self.plot.has_handles else ""
        if self.hint.full_text != hint:
            self.hint.set_full_text(hint)

    @Slot()
    def _on_draft_changed(self) -> None:
        self._recipe = self._draft.recipe
        self._show()

    @Slot(str)
    def _choose_scheduler(self, key: str) -> None:
        index = self._stage_index()
        if index is not None:
            self._draft.choose_plugin(f"stages.{index}.scheduler", key)
