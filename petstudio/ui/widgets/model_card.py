"""The card with the settings of the model and the strip of its layer groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout

from petstudio.api.contributions import Architecture
from petstudio.api.language import tr
from petstudio.api.options import to_mapping
from petstudio.bridge.figures import parameters_text
from petstudio.bridge.layer_plan import declared_groups
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.memory_need import MeasuredMemory, memory_text, trains_body
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.stage_layers import StageLayers, layers_to_show
from petstudio.config.recipe import Stage
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.layer_strip import LayerStrip
from petstudio.ui.widgets.model_form import SHORT_OF_MEMORY, ModelForm
from petstudio.ui.widgets.text import ElidedText, Text, Tone
from petstudio.ui.widgets.weights_note import WeightsNote

_NO_GROUPS: Final = tr("Its layer groups appear here once a run has begun.")
_NO_CLASSES: Final = tr("Its layer groups appear here once there are pictures to train on.")
_NO_STAGE: Final = tr("Its layer groups appear here once the recipe has a stage.")
_LOCKED_TIP: Final = tr("The settings cannot change while a run is going.")


class ModelCard(Card):
    """Locked while a run is going.

    Shows the layers of the stage that runs, else of the chosen one, whose `trainable` the divider
    of the strip edits.
    """

    def __init__(self, theme: Theme, host: PluginHost, draft: RecipeDraft, form: ModelForm) -> None:
        super().__init__(name="training.model", is_dense=True)
        self._host = host
        self._draft = draft
        self._run: LiveRun | None = None
        self._is_locked = False
        self._chosen: int | None = None
        self._classes = 0
        self._memory: MeasuredMemory | None = None
        self._preview: tuple[float, ...] | None = None
        self._shown: StageLayers | None = None
        self._form = form
        self._layers = LayerStrip(theme)
        self._note = ElidedText(kind="small", tone="text3")
        self._summary = Text(kind="small")
        self._warning = Text(kind="small", tone="warn", wraps=True)
        self._missing = WeightsNote(theme, host)
        self.fetch_wanted = self._missing.fetch_wanted
        self._build()
        draft.changed.connect(self._show)
        self._layers.trainable_chosen.connect(self._freeze)
        self._show()

    def show_run(self, run: LiveRun | None, *, is_locked: bool) -> None:
        """Show the layer groups of a run; a locked card cannot be edited."""
        self._run = run
        self._is_locked = is_locked
        self._missing.setEnabled(not is_locked)
        self._form.lock(_LOCKED_TIP if is_locked else "")
        self._layers.lock(_LOCKED_TIP if is_locked else "")
        self._show()

    def show_stage(self, index: int | None) -> None:
        """Show this stage of the draft and let the divider edit it.

        None is the last one that ran, if it has not changed, or the first one that will.
        """
        if index != self._chosen:
            self._chosen = index
            self._show()

    def show_classes(self, count: int) -> None:
        """Take the number of classes, which the head's size follows; 0 while there is none."""
        if count != self._classes:
            self._classes = count
            self._show()

    def show_memory(self, memory: MeasuredMemory | None) -> None:
        """Take what the latest run measured; it is shown as long as it holds for the draft."""
        if memory != self._memory:
            self._memory = memory
            self._show()

    def preview_rates(self, rates: tuple[float, ...] | None) -> None:
        """Show the stage at other rates than its own until None."""
        if rates != self._preview:
            self._preview = rates
            self._show()

    def _build(self) -> None:
        self._summary.setObjectName("training.parameters")
        self._note.setObjectName("training.layers.note")
        self._warning.setObjectName("training.layers.warning")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._summary)
        line.addWidget(self._note, 1)
        line.addWidget(self._missing)
        self.body.addWidget(self._form)
        self.body.addWidget(self._layers)
        self.body.addWidget(self._warning)
        self.body.addLayout(line)

    @Slot()
    def _show(self) -> None:
        recipe = self._draft.recipe
        known = self._host.architectures.get(recipe.model.architecture)
        self._missing.show_model(recipe.model)
        self._shown = layers_to_show(
            recipe,
            declared_groups(known, self._classes),
            self._run,
            chosen=self._chosen,
            is_going=self._is_locked,
            rates=self._preview,
        )
        groups = self._shown.groups if self._shown is not None else ()
        self._layers.show_groups(groups)
        self._layers.setVisible(bool(groups))
        self._show_memory()
        self._summary.setText(self._summarise(_declared_count(known, recipe.model.options)))
        self._show_words()

    def _show_memory(self) -> None:
        memory = self._measured()
        safe = memory.estimate.safe_batch_size if memory is not None else None
        self._form.show_safe_batch(safe, is_short=self._is_short())

    def _summarise(self, parameters: int) -> str:
        groups = self._shown.groups if self._shown is not None else ()
        if not groups:
            count = parameters_text(parameters)
            return tr("{count} parameters.", count=count) if parameters else ""
        of = {
            "trainable": parameters_text(sum(group.trainable for group in groups)),
            "total": parameters_text(sum(group.parameters for group in groups)),
        }
        memory, stage = self._measured(), self._stage()
        if memory is None or stage is None or not trains_body(stage):
            return tr("{trainable} of {total} parameters train", **of)
        size = memory_text(memory.bytes_for(self._draft.recipe))
        if memory.is_of(stage):
            return tr("{trainable} of {total} parameters train, about {size}", size=size, **of)
        return tr("{trainable} of {total} parameters train, at most {size}", size=size, **of)

    def _stage(self) -> Stage | None:
        return self._draft.recipe.stages[self._shown.stage] if self._shown is not None else None

    def _show_words(self) -> None:
        text, tone = self._warning_words()
        self._warning.setText(text)
        self._warning.set_tone(tone)
        self._warning.setVisible(bool(text))
        self._note.set_full_text(self._note_words())

    def _warning_words(self) -> tuple[str, Tone]:
        if self._shown is not None and self._shown.problem:
            return self._shown.problem, "err"
        return (SHORT_OF_MEMORY if self._is_short() else ""), "warn"

    def _note_words(self) -> str:
        shown, recipe = self._shown, self._draft.recipe
        if shown is not None and (shown.groups or shown.problem):
            return tr(
                "Stage {stage}, {name}", stage=shown.stage + 1, name=recipe.stages[shown.stage].name
            )
        known = self._host.architectures.get(recipe.model.architecture)
        if known is None or not known.groups:
            return _NO_GROUPS
        return _NO_STAGE if self._classes else _NO_CLASSES

    def _measured(self) -> MeasuredMemory | None:
        is_valid = self._memory is not None and self._memory.holds_for(self._draft.recipe)
        return self._memory if is_valid else None

    def _is_short(self) -> bool:
        memory = self._measured()
        return memory is not None and memory.is_short_for(self._draft.recipe)

    @Slot(str)
    def _freeze(self, trainable: str) -> None:
        if self._shown is not None:
            self._draft.edit(f"stages.{self._shown.stage}.trainable", trainable)


def _declared_count(known: Architecture[Any] | None, options: Mapping[str, Any]) -> int:
    """Return the parameters of a network, or 0 where its options may have changed them."""
    if known is None:
        return 0
    usual = to_mapping(known.options())
    return known.parameters if {**usual, **options} == usual else 0
