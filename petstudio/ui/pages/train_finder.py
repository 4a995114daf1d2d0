"""The finder inside the Train page: sweeps a stage, and writes the chosen range into the recipe."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.layer_plan import declared_groups
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.stage_layers import layers_to_show
from petstudio.bridge.sweep_feed import SweepFeed
from petstudio.bridge.sweep_freshness import what_changed
from petstudio.config.recipe import Recipe
from petstudio.config.sweep import SweepChoice
from petstudio.jobs.job import Job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyAction
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.finder_card import FinderCard

MakeSweep: TypeAlias = Callable[[PluginHost, Path, Recipe, int, SweepChoice], Job]
_REPAINT_INTERVAL_MS: Final = 100
_FIND: Final = tr("Find rate")
_FIND_TIP: Final = tr("Try the stage at growing learning rates and choose on the curve")
_CLOSE: Final = tr("Close finder")


class FinderPart(QObject):
    """Owns the card, its sweeps and the button for both; the page says for which stage.

    The card is made when it is opened first: the page is built faster without it.
    """

    wanted = Signal()
    """The user wants the finder to open."""
    built = Signal(object)
    """The FinderCard, which is to be placed; it is shown after that."""
    opened = Signal(bool)
    """The finder was opened, or closed."""
    rates_previewed = Signal(object)
    """Rates of every group, while a range is chosen; None when that is over."""
    failed = Signal(object)
    """The PetStudioError because of which no sweep could begin."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        draft: RecipeDraft,
        make_job: MakeSweep,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._host = host
        self._draft = draft
        self._make_job = make_job
        self._project: Path | None = None
        self._classes = 0
        self._stage = 0
        self._is_dirty = False
        self._feed = SweepFeed(runner, self)
        self._timer = QTimer(self)
        self._timer.setInterval(_REPAINT_INTERVAL_MS)
        self._theme = theme
        self._card: FinderCard | None = None
        self.button = Button(theme, _FIND, icon="magnifying-glass", name="training.find")
        self._action = KeyAction(Act.FIND_RATE, page, self._toggle)
        self._action.changed.connect(self._show_tip)
        self._connect()

    @property
    def is_open(self) -> bool:
        return self._card is not None and not self._card.isHidden()

    @property
    def card(self) -> FinderCard:
        """The card, made if it was not there."""
        if self._card is None:
            self._card = FinderCard(self._theme)
            self._connect_card(self._card)
            self.built.emit(self._card)
        return self._card

    @property
    def stage(self) -> int:
        """The stage that it is for."""
        return self._stage

    def set_project(self, project: Path | None, classes: int = 0) -> None:
        """Sweep on the pictures of this project from now on."""
        if project != self._project:
            self._feed.forget()
            if self._card is not None:
                self._card.show_sweep(self._feed.sweep)
        self._project, self._classes = project, classes
        self._show_stage()

    def open(self, stage: int) -> None:
        """Show the finder for a stage of the draft, and begin a sweep if it has none."""
        self._stage = stage
        card = self.card
        self._show_stage()
        card.show()
        self._show_button()
        self.opened.emit(True)
        sweep = self._feed.sweep
        if sweep is None or sweep.stage != stage:
            self._run()
        elif card.rates:
            self._preview(card.rates)
        card.plot.setFocus()

    @Slot()
    def close(self) -> None:
        """Hide the finder; a sweep that is going is stopped."""
        self._feed.stop()
        if self._card is not None:
            self._card.hide()
        self._show_button()
        self.rates_previewed.emit(None)
        self.opened.emit(False)

    @Slot()
    def leave(self) -> None:
        """Close the finder if it is open."""
        if self.is_open:
            self.close()

    def show_ready(self, why_not: str) -> None:
        """Say why no sweep could begin now, if so; an open finder can be closed at any time."""
        self.button.set_ready(self.is_open or not why_not, why_not)
        self._show_tip()

    @Slot()
    def _show_tip(self) -> None:
        if self.button.isEnabled():
            self.button.setToolTip(self._action.tip(_FIND_TIP))

    def shutdown(self) -> None:
        self._timer.stop()

    def _connect_card(self, card: FinderCard) -> None:
        card.run_wanted.connect(self._run)
        card.stop_wanted.connect(self._feed.stop)
        card.close_wanted.connect(self.close)
        card.apply_wanted.connect(self._apply)
        card.range_changed.connect(self._preview)

    def _connect(self) -> None:
        self.button.clicked.connect(self._toggle)
        self._feed.advanced.connect(self._mark_dirty)
        self._feed.state_changed.connect(self._on_state_changed)
        self._draft.changed.connect(self._show_stage)
        self._timer.timeout.connect(self._draw_if_dirty)

    @Slot()
    def _toggle(self) -> None:
        if self.is_open:
            self.close()
        else:
            self.wanted.emit()

    def _show_button(self) -> None:
        self.button.setText(_CLOSE if self.is_open else _FIND)
        self.button.set_icon("x" if self.is_open else "magnifying-glass")

    @Slot()
    def _run(self) -> None:
        recipe = self._draft.recipe
        if self._project is None or self._stage >= len(recipe.stages):
            return
        try:
            job = self._make_job(self._host, self._project, recipe, self._stage, SweepChoice())
            self._feed.start(job, recipe, self._stage)
        except PetStudioError as error:
            self.failed.emit(error)
            return
        self.card.show_sweep(self._feed.sweep)
        self._show_stage()

    @Slot(object)
    def _apply(self, rates: tuple[float, ...]) -> None:
        self.rates_previewed.emit(None)
        self._draft.edit(f"stages.{self._stage}.rate", list(rates))
        self.close()

    @Slot(object)
    def _preview(self, rates: tuple[float, ...]) -> None:
        self.rates_previewed.emit(rates)

    @Slot()
    def _show_stage(self) -> None:
        recipe = self._draft.recipe
        if self._card is None or self._stage >= len(recipe.stages):
            return
        known = self._host.architectures.get(recipe.model.architecture)
        layers = layers_to_show(
            recipe,
            declared_groups(known, self._classes),
            None,
            chosen=self._stage,
            is_going=False,
            rates=None,
        )
        groups = layers.groups if layers is not None else ()
        self.card.show_stage(self._stage, recipe.stages[self._stage].name, groups)
        sweep = self._feed.sweep
        self.card.show_freshness(what_changed(sweep, recipe) if sweep is not None else "")

    @Slot()
    def _mark_dirty(self) -> None:
        self._is_dirty = True

    @Slot()
    def _draw_if_dirty(self) -> None:
        if self._is_dirty and self._card is not None and self._card.isVisible():
            self._is_dirty = False
            self._card.redraw()

    @Slot()
    def _on_state_changed(self) -> None:
        if self._feed.is_going:
            self._timer.start()
        else:
            self._timer.stop()
        if self.is_open:
            self.card.redraw()
