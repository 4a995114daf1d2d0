"""The cards of the Train page, what stands beside them, and the run that they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.memory_need import MeasuredMemory
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.config.recipe_file import bundled_recipes
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.page import Page
from petstudio.ui.pages.train_runs import RunsPart
from petstudio.ui.widgets.augmentation_panel import AugmentationPanel
from petstudio.ui.widgets.loss_card import LossCard
from petstudio.ui.widgets.model_card import ModelCard
from petstudio.ui.widgets.model_form import ModelForm
from petstudio.ui.widgets.plan_card import PlanCard
from petstudio.ui.widgets.recipe_card import RecipeCard
from petstudio.ui.widgets.run_inspector import RunInspector

_BETWEEN_CARDS: Final = 8
_FIRST_RECIPE: Final = "sample"


class TrainCards(QObject):
    """Nothing is there before all `pieces` were taken, which make and place the cards."""

    def __init__(self, host: PluginHost, draft: RecipeDraft, page: Page) -> None:
        super().__init__(page)
        self._host = host
        self._draft = draft
        self._page = page

    def pieces(self, queue: QWidget) -> Iterator[None]:
        """Build the cards one by one, and the inspector with the queue in it."""
        theme, body = self._page.theme, self._page.body
        body.setSpacing(_BETWEEN_CARDS)
        self.recipe = RecipeCard(theme, self._host, self._draft)
        yield
        self.recipe.load(_first_recipe())  # so that the others are made for it and not filled twice
        body.addWidget(self.recipe)
        yield
        augmentations = AugmentationPanel(theme, self._host)
        yield
        form = ModelForm(theme, self._host, self._draft, augmentations)
        yield
        self.model = ModelCard(theme, self._host, self._draft, form)
        yield
        body.addWidget(self.model)
        yield
        self.loss = LossCard(theme)
        body.addWidget(self.loss, 1)
        yield
        self.plan = PlanCard(theme, self._host, self._draft)
        body.addWidget(self.plan)
        yield
        self.inspector = RunInspector(theme, queue)
        self._page.set_inspector(self.inspector)
        yield
        self._connect()

    @property
    def stage_to_try(self) -> int:
        """The chosen stage, else the first one that a start would run."""
        chosen = self.recipe.chosen_stage
        return self._draft.recipe.start.stage if chosen is None else chosen

    def show_run(self, run: LiveRun | None) -> None:
        """Show another run, or none."""
        self.loss.show_run(run)
        self.plan.show_run(run)
        self.inspector.show_run(run)

    def show_progress(self, run: LiveRun | None, *, is_locked: bool, is_shown: bool) -> None:
        """Show in the settings how far a run is, unless they are those of the next one."""
        shown = run if is_shown else None
        self.recipe.show_run(shown, is_locked=is_locked)
        self.model.show_run(shown, is_locked=is_locked)
        memory = run.memory if run is not None else None
        if run is not None and memory is not None:
            self.model.show_memory(MeasuredMemory(estimate=memory, recipe=run.recipe))

    def show_runs(self, runs: RunsPart) -> None:
        """Show what the project has by now."""
        self.recipe.show_runs(runs.runs)
        self.inspector.show_runs(runs.runs)
        self.model.show_classes(runs.classes)
        self.plan.show_pictures(runs.pictures or None)

    def make_room(self, stage: int | None) -> None:
        """Give the place of the curves to the finder for a stage, and take it back with None."""
        is_finder = stage is not None
        self.loss.setVisible(not is_finder)
        self.plan.setVisible(not is_finder)
        self.inspector.show_guide(is_finder)
        if is_finder:
            self.recipe.close_form()
        self.model.show_stage(stage)

    def _connect(self) -> None:
        self.recipe.stage_chosen.connect(self._show_stage)
        self.loss.epoch_picked.connect(self.inspector.pick_epoch)
        self.loss.epoch_picked.connect(self.loss.plot.pick_epoch)
        self.inspector.epoch_picked.connect(self.loss.plot.pick_epoch)

    @Slot(object)
    def _show_stage(self, index: int | None) -> None:
        self.model.show_stage(index)
        self.plan.show_recipe(self._draft.recipe, index)


def _first_recipe() -> str:
    names = bundled_recipes()
    return _FIRST_RECIPE if _FIRST_RECIPE in names else names[0]
