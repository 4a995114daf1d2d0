"""What of the machine jobs compute on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Slot

from petstudio.bridge.live_settings import LiveSettings
from petstudio.config.hardware import MOST_THREADS
from petstudio.ui.pages import settings_words as words
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.setting_row import SettingRows


class ComputingCard(Card):
    """Jobs read these settings when they begin; one whose device is not there says so."""

    def __init__(self, settings: LiveSettings) -> None:
        super().__init__(words.COMPUTING, hint=words.COMPUTING_HINT, name="settings.computing")
        self._settings = settings
        self._device = ChoiceBox(words.DEVICES)
        self._threads = NumberBox(0, MOST_THREADS)
        self._build()
        self._device.picked.connect(self._set_device)
        self._threads.valueChanged.connect(self._set_threads)
        settings.changed.connect(self._show)
        self._show()

    def _build(self) -> None:
        self._device.setObjectName("settings.device")
        self._device.setAccessibleName(words.DEVICE)
        self._threads.setObjectName("settings.threads")
        self._threads.setAccessibleName(words.THREADS)
        self._threads.setSpecialValueText(words.THREADS_AUTO)
        self._threads.setKeyboardTracking(False)
        rows = SettingRows()
        rows.add(words.DEVICE, self._device, note=words.DEVICE_NOTE)
        rows.add(words.THREADS, self._threads, note=words.THREADS_NOTE)
        self.body.addLayout(rows)

    @Slot()
    def _show(self) -> None:
        hardware = self._settings.values.hardware
        self._device.show_key(hardware.device)
        self._threads.show_value(hardware.threads)

    @Slot(str)
    def _set_device(self, key: str) -> None:
        self._change(device=key)

    @Slot(int)
    def _set_threads(self, count: int) -> None:
        self._change(threads=count)

    def _change(self, **fields: Any) -> None:
        self._settings.change(hardware=replace(self._settings.values.hardware, **fields))
