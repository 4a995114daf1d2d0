"""Says that the weights of the recipe are not on this machine, and offers to fetch them."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.recipe_check import missing_weights
from petstudio.config.paths import weights_folder
from petstudio.config.recipe import ModelChoice
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.text import plain_tip


class WeightsNote(QWidget):
    """Hidden while nothing is missing."""

    fetch_wanted = Signal()

    def __init__(self, theme: Theme, host: PluginHost) -> None:
        super().__init__()
        self._host = host
        self._chip = Chip(theme, tr("weights are not here"), kind="warn", icon="warning-fill")
        self._button = Button(theme, small=True, name="training.fetch")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._chip)
        layout.addWidget(self._button)
        self._button.clicked.connect(self.fetch_wanted)

    def show_model(self, model: ModelChoice) -> None:
        """Look whether the weights of this model are there."""
        missing = missing_weights(self._host, model)
        self.setVisible(missing is not None)
        if missing is None:
            return
        site = urlsplit(missing.url).hostname or missing.url
        self._button.setText(tr("Fetch {size:.0f} MB", size=missing.size / 1000000.0))
        self._button.setToolTip(
            plain_tip(tr("From {site}. {licence}", site=site, licence=missing.licence))
        )
        place = weights_folder() / missing.file_name
        self._chip.setToolTip(plain_tip(tr("Or put the file there by hand: {place}", place=place)))
