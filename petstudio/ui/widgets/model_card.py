"""The card with the settings of the model and the strip of its layer groups."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout

from petstudio.bridge.figures import parameters_text
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.layer_strip import LayerStrip
from petstudio.ui.widgets.model_form import ModelForm
from petstudio.ui.widgets.text import ElidedText, Text
from petstudio.ui.widgets.weights_note import WeightsNote

_NO_GROUPS: Final = "Its layer groups appear here once a run has begun."
_LOCKED_TIP: Final = "The settings cannot change while a run is going."


class ModelCard(Card):
    """Locked while a run is going."""

    def __init__(self, theme: Theme, host: PluginHost, draft: RecipeDraft) -> None:
        super().__init__(name="training.model")
        self._host = host
        self._draft = draft
        self._run: LiveRun | None = None
        self._form = ModelForm(theme, host, draft)
        self._layers = LayerStrip(theme)
        self._note = ElidedText(_NO_GROUPS, kind="small", tone="text3")
        self._summary = Text(kind="small")
        self._missing = WeightsNote(theme, host)
        self.fetch_wanted = self._missing.fetch_wanted
        self._summary.setObjectName("training.parameters")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._summary)
        line.addWidget(self._note, 1)
        line.addWidget(self._missing)
        self.body.addWidget(self._form)
        self.body.addWidget(self._layers)
        self.body.addLayout(line)
        draft.changed.connect(self._show)
        self._show()

    def show_run(self, run: LiveRun | None, *, is_locked: bool) -> None:
        """Show the layer groups of a run; a locked card cannot be edited."""
        self._run = run
        self._missing.setEnabled(not is_locked)
        self._form.setEnabled(not is_locked)
        self._form.setToolTip(_LOCKED_TIP if is_locked else "")
        self._show()

    @Slot()
    def _show(self) -> None:
        run, model = self._run, self._draft.recipe.model
        self._missing.show_model(model)
        groups = run.groups if run is not None and run.recipe.model == model else ()
        self._layers.show_groups(groups)
        self._layers.setVisible(bool(groups))
        self._note.setVisible(not groups)
        if groups:
            trainable, total = sum(g.trainable for g in groups), sum(g.parameters for g in groups)
            share = f"{parameters_text(trainable)} of {parameters_text(total)} parameters train"
            self._summary.setText(share)
            return
        known = self._host.architectures.get(model.architecture)
        count = f"{parameters_text(known.parameters)} parameters." if known is not None else ""
        self._summary.setText(count)
