"""What the program may keep on the disk, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Slot

from petstudio.bridge.live_settings import LiveSettings
from petstudio.ui.pages import settings_words as words
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.path_question import ask_folder
from petstudio.ui.widgets.setting_row import SettingRows
from petstudio.ui.widgets.text import ElidedText

_MOST_GB: Final = 100_000
_MOST_S: Final = 86_400
_NAMES: Final = ("cache_budget_gb", "checkpoint_budget_gb", "checkpoint_seconds")


class StorageCard(Card):
    """Jobs read these settings when they begin."""

    def __init__(self, theme: Theme, settings: LiveSettings) -> None:
        super().__init__(words.STORAGE, hint=words.STORAGE_HINT, name="settings.storage")
        self._settings = settings
        self._folder = ElidedText(in_the_middle=True, tone="text2")
        self._choose = Button(theme, words.CHOOSE, icon="folder-open", name="settings.cache.choose")
        self._usual = Button(theme, words.USUAL, kind="ghost", name="settings.cache.usual")
        self._cache = _box("settings.cache.budget", words.CACHE_BUDGET, _MOST_GB, words.GIGABYTES)
        self._checkpoints = _box(
            "settings.checkpoints.budget", words.CHECKPOINT_BUDGET, _MOST_GB, words.GIGABYTES
        )
        self._pace = _box(
            "settings.checkpoints.pace", words.CHECKPOINT_PACE, _MOST_S, words.SECONDS
        )
        self._boxes = dict(zip(_NAMES, (self._cache, self._checkpoints, self._pace), strict=True))
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        self._folder.setObjectName("settings.cache.folder")
        rows = SettingRows()
        rows.add(words.CACHE_FOLDER, self._folder)
        rows.add("", self._choose, self._usual, note=words.CACHE_NOTE)
        rows.add(words.CACHE_BUDGET, self._cache, note=words.NO_CACHE)
        rows.add(words.CHECKPOINT_BUDGET, self._checkpoints, note=words.CHECKPOINT_NOTE)
        rows.add(words.CHECKPOINT_PACE, self._pace, note=words.PACE_NOTE)
        self.body.addLayout(rows)

    def _connect(self) -> None:
        self._choose.clicked.connect(self._ask)
        self._usual.clicked.connect(self._use_usual)
        for box in self._boxes.values():
            box.valueChanged.connect(self._keep)
        self._settings.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        values = self._settings.values
        self._folder.set_full_text(values.cache_folder or words.BESIDE_PROJECT)
        self._usual.setVisible(bool(values.cache_folder))
        for name, box in self._boxes.items():
            box.show_value(round(getattr(values, name)))

    @Slot()
    def _keep(self) -> None:
        shown = {name: round(getattr(self._settings.values, name)) for name in _NAMES}
        changed = {name: box.value() for name, box in self._boxes.items()}
        self._settings.change(
            **{name: float(value) for name, value in changed.items() if value != shown[name]}
        )

    @Slot()
    def _ask(self) -> None:
        ask_folder(self, words.CACHE_TITLE, self._settings.values.cache_folder, self._use)

    @Slot()
    def _use_usual(self) -> None:
        self._settings.change(cache_folder="")

    def _use(self, folder: Path) -> None:
        self._settings.change(cache_folder=str(folder))


def _box(name: str, spoken: str, most: int, unit: str) -> NumberBox:
    box = NumberBox(0, most, unit=unit)
    box.setObjectName(name)
    box.setAccessibleName(spoken)
    box.setKeyboardTracking(False)
    return box
