"""Says whether the weights of the recipe are on this machine, and offers to fetch them."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.recipe_check import missing_weights, weights_file
from petstudio.config.recipe import ModelChoice
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.text import plain_tip

_HERE: Final = tr("weights are here")
_NOT_HERE: Final = tr("weights are not here")


class WeightsNote(QWidget):
    """Hidden where the model begins with random weights."""

    fetch_wanted = Signal()

    def __init__(self, theme: Theme, host: PluginHost) -> None:
        super().__init__()
        self._host = host
        self._chip = Chip(theme)
        self._chip.setObjectName("training.weights_state")
        self._button = Button(theme, small=True, name="training.fetch")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._chip)
        layout.addWidget(self._button)
        self._button.clicked.connect(self.fetch_wanted)

    def show_model(self, model: ModelChoice) -> None:
        """Look whether the weights of this model are there."""
        file = weights_file(self._host, model)
        self.setVisible(file is not None)
        if file is None:
            return
        missing = missing_weights(self._host, model)
        self._button.setVisible(missing is not None)
        self._show_state(file, can_be_fetched=missing is not None)
        if missing is not None:
            site = urlsplit(missing.url).hostname or missing.url
            self._button.setText(tr("Fetch {size:.0f} MB", size=missing.size / 1000000.0))
            self._button.setToolTip(
                plain_tip(tr("From {site}. {licence}", site=site, licence=missing.licence))
            )

    def _show_state(self, file: Path, *, can_be_fetched: bool) -> None:
        is_here = file.is_file()
        icon = "check-bold" if is_here else "warning-fill"
        self._chip.show_state(
            _HERE if is_here else _NOT_HERE, kind="ok" if is_here else "warn", icon=icon
        )
        by_hand = tr("Or put the file there by hand: {place}", place=file)
        self._chip.setToolTip(plain_tip(by_hand if can_be_fetched else str(file)))
