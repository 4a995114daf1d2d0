"""The Settings page: how the window reads, what may be kept, and which keys do what."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout

from petstudio.api.language import tr
from petstudio.bridge.live_settings import LiveSettings
from petstudio.ui.key_map import KeyMap
from petstudio.ui.page import Page
from petstudio.ui.pages import settings_words as words
from petstudio.ui.pages.settings_computing import ComputingCard
from petstudio.ui.pages.settings_keys import KeysCard
from petstudio.ui.pages.settings_reading import ReadingCard
from petstudio.ui.pages.settings_storage import StorageCard
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card

_LETTERS_FOR_TWO_COLUMNS: Final = 120


class SettingsPage(Page):
    """Has no primary button: what is changed holds at once."""

    def __init__(self, theme: Theme, settings: LiveSettings, key_map: KeyMap) -> None:
        super().__init__(theme, title=tr("Settings"))
        self._reading = ReadingCard(theme, settings)
        self._computing = ComputingCard(settings)
        self._storage = StorageCard(theme, settings)
        self._keys = KeysCard(theme, key_map)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.set_sentence(words.SENTENCE)
        settings.failed.connect(self._show_failure)
        if settings.problem:
            self._show_failure(settings.problem)
        self._place_cards()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cards()

    def _place_cards(self) -> None:
        """Two columns where each has room for a line of text, one below the other elsewhere."""
        letters = self.width() / max(1, self.fontMetrics().averageCharWidth())
        is_wide = letters >= _LETTERS_FOR_TWO_COLUMNS
        left: tuple[Card, ...] = (self._reading, self._computing, self._storage)
        for card in (*left, self._keys):
            self._grid.removeWidget(card)
        for row, card in enumerate(left):
            self._grid.addWidget(card, row, 0)
        if is_wide:
            self._grid.addWidget(self._keys, 0, 1, 4, 1)
        else:
            self._grid.addWidget(self._keys, 3, 0)
        self._grid.setRowStretch(3, int(is_wide))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(is_wide))

    @Slot(str)
    def _show_failure(self, text: str) -> None:
        self.banner.show_message("warn", text, "")
