"""The card with the stages of the recipe and the form of the chosen one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout

from petstudio.api.language import tr
from petstudio.bridge.branches import branches_left_aside, without_branch
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.run_view import RunView
from petstudio.bridge.starts import start_words, started, starts_of
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.branch_strip import BranchStrip
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.problem_line import ProblemLine
from petstudio.ui.widgets.recipe_choice import RecipeChoice
from petstudio.ui.widgets.stage_card import ADD_CARD, cards_of
from petstudio.ui.widgets.stage_cards import StageCards
from petstudio.ui.widgets.stage_form import StageForm

_BY_STEP: Final = tr("Step by step")
_BY_STEP_TIP: Final = tr("Pauses after each stage, so that you can look and decide.")


class RecipeCard(Card):
    """Edits the draft; while a run is going it only shows how far each stage is."""

    def __init__(self, theme: Theme, host: PluginHost, draft: RecipeDraft) -> None:
        super().__init__(tr("Recipe"), name="training.recipe", is_dense=True)
        self._host = host
        self._draft = draft
        self._run: LiveRun | None = None
        self._is_locked = False
        self._choice = RecipeChoice(theme, draft)
        self._problem = ProblemLine(theme, name="training.recipe_problem")
        self._starts = ChoiceBox()
        self._starts.setObjectName("training.start_from")
        self._starts.setAccessibleName(tr("What the run starts from"))
        self._by_step = QCheckBox(_BY_STEP)
        self._by_step.setObjectName("training.by_step")
        self._by_step.setToolTip(_BY_STEP_TIP)
        self._runs: tuple[RunView, ...] = ()
        self._left = self._tool(theme, "caret-left", tr("Move this stage to the left (Alt+Left)"))
        self._right = self._tool(
            theme, "caret-right", tr("Move this stage to the right (Alt+Right)")
        )
        self._copy = self._tool(theme, "copy", tr("Duplicate this stage (Ctrl+D)"))
        self._delete = self._tool(theme, "trash", tr("Delete this stage (Delete)"))
        self._cards = StageCards(theme)
        self._branches = BranchStrip(theme, self._cards)
        self._form = StageForm(theme, host, draft)
        self._build()
        self._connect()
        self.stage_chosen = self._cards.chosen
        """The index of the stage that was chosen, or None."""
        self._show()

    @property
    def chosen_stage(self) -> int | None:
        """The stage whose form is open."""
        return self._cards.chosen_index

    def load(self, name: str) -> None:
        """Put a bundled recipe into the draft."""
        self._choice.load(name)

    def show_run(self, run: LiveRun | None, *, is_locked: bool) -> None:
        """Show how far a run is; a locked card cannot be edited."""
        self._run = run
        if is_locked and not self._is_locked:
            self._cards.choose(None)
        self._is_locked = is_locked
        self._show()

    def close_form(self) -> None:
        """Choose no stage, which gives its form's room to others."""
        self._cards.choose(None)

    def show_runs(self, runs: tuple[RunView, ...]) -> None:
        """Offer the checkpoints of these runs to start from."""
        self._runs = runs
        self._show()

    @property
    def goes_by_step(self) -> bool:
        """Whether the run is to pause after each stage."""
        return self._by_step.isChecked()

    def _tool(self, theme: Theme, icon: str, tip: str) -> Button:
        button = Button(theme, kind="ghost", icon=icon, small=True, name=f"training.stage.{icon}")
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        self.add_action(button)
        return button

    def _build(self) -> None:
        self.add_action(self._by_step)
        self.add_action(self._starts)
        self.add_action(self._choice)
        self.addAction(self._choice.save_action)
        self.body.addWidget(self._problem)
        strip = QVBoxLayout()
        strip.setSpacing(0)  # so that the arrow of a branch begins at a card
        strip.addWidget(self._cards)
        strip.addWidget(self._branches)
        self.body.addLayout(strip)
        self.body.addWidget(self._form)

    def _connect(self) -> None:
        self._draft.loaded.connect(self._choose_none)
        self._draft.changed.connect(self._show)
        self._choice.chosen.connect(self._show)
        self._choice.problem_changed.connect(self._show_problem)
        self._starts.picked.connect(self._start_from)
        self._cards.chosen.connect(self._show_form)
        self._cards.add_wanted.connect(self._add)
        self._cards.remove_wanted.connect(self._remove)
        self._cards.duplicate_wanted.connect(self._duplicate)
        self._cards.move_wanted.connect(self._move)
        self._cards.dropped.connect(self._drop)
        self._left.clicked.connect(self._move_left)
        self._right.clicked.connect(self._move_right)
        self._copy.clicked.connect(self._duplicate)
        self._delete.clicked.connect(self._remove)

    @Slot()
    def _show(self) -> None:
        recipe = self._draft.recipe
        aside = branches_left_aside(self._runs, recipe.start)
        self._branches.show_branches(aside, recipe.start)
        run = self._run if self._is_locked else without_branch(self._run, aside)
        cards = cards_of(recipe, run, self._draft.problems.keys(), self._runs)
        self._cards.can_drag = not self._is_locked
        self._cards.show_cards(cards if self._is_locked else (*cards, ADD_CARD))
        self.hint.set_full_text(tr("changed") if self._choice.is_changed else "")
        self._choice.set_locked(self._is_locked)
        self._show_starts()
        self._form.show_problems()
        self._show_tools()

    def _show_starts(self) -> None:
        key, model = self._draft.recipe.start.checkpoint, self._draft.recipe.model
        self._starts.show_choices(starts_of(self._runs, model))
        self._starts.show_key(key, start_words(key, model))
        self._starts.setVisible(bool(self._runs) or bool(key))
        self._starts.setEnabled(not self._is_locked)

    @Slot(str)
    def _start_from(self, key: str) -> None:
        self._draft.start_from(started(self._draft.recipe, key, self._runs).start)

    @Slot(str)
    def _show_problem(self, problem: str) -> None:
        self._problem.show_problem(problem)

    def _show_tools(self) -> None:
        index = None if self._is_locked else self._cards.chosen_index
        last = len(self._draft.recipe.stages) - 1
        for tool in (self._left, self._right, self._copy, self._delete):
            tool.setVisible(index is not None)
        first = self._draft.recipe.start.stage  # those before it were done in another run
        self._left.setEnabled(index is not None and index > first)
        self._right.setEnabled(index is not None and first <= index < last)
        self._form.setVisible(index is not None)

    @Slot(object)
    def _show_form(self, index: int | None) -> None:
        if index is not None and not self._is_locked:
            self._form.show_stage(index, self._known_groups())
        self._show_tools()

    def _known_groups(self) -> list[str]:
        """Return the names of layer groups as declared, else as a run of the model told them."""
        model = self._draft.recipe.model
        known = self._host.architectures.get(model.architecture)
        if known is not None and known.groups:
            return [group.name for group in known.groups]
        is_same = self._run is not None and self._run.recipe.model == model
        return [group.name for group in self._run.groups] if self._run and is_same else []

    @Slot()
    def _add(self) -> None:
        self._draft.add_stage()
        self._choose(len(self._draft.recipe.stages) - 1)

    @Slot()
    def _remove(self) -> None:
        index = self._cards.chosen_index
        if index is not None and not self._is_locked:
            self._draft.remove_stage(index)
            self._choose(min(index, len(self._draft.recipe.stages) - 1))

    @Slot()
    def _duplicate(self) -> None:
        index = self._cards.chosen_index
        if index is not None and not self._is_locked:
            self._choose(self._draft.copy_stage(index, index + 1))

    @Slot(int)
    def _move(self, by: int) -> None:
        index = self._cards.chosen_index
        if index is None or self._is_locked:
            return
        if 0 <= index + by < len(self._draft.recipe.stages):
            self._choose(self._draft.move_stage(index, index + by))

    @Slot(int, int, bool)
    def _drop(self, index: int, gap: int, is_copy: bool) -> None:
        if self._is_locked:
            return
        if is_copy:
            self._choose(self._draft.copy_stage(index, gap))
        else:
            # A stage that goes to the right leaves its own place before that gap.
            self._choose(self._draft.move_stage(index, gap - (gap > index)))

    @Slot()
    def _move_left(self) -> None:
        self._move(-1)

    @Slot()
    def _move_right(self) -> None:
        self._move(1)

    @Slot()
    def _choose_none(self) -> None:
        self._cards.choose(None)

    def _choose(self, index: int) -> None:
        # The same row may hold another stage now, so the form is filled again in any case.
        self._cards.choose(index if index >= 0 else None)
        self._show_form(self._cards.chosen_index)
