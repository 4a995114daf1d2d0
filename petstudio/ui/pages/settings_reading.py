"""Language, colours, letters, contrast, rows and motion: all that makes the window easy to read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox

from petstudio.api.language import Language
from petstudio.bridge.live_settings import LiveSettings
from petstudio.config.settings import FONT_FACTORS, Density, ThemeMode
from petstudio.ui.pages import settings_words as words
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.setting_row import SettingRows


class ReadingCard(Card):
    """Changes the theme at once; who made the theme keeps what it was changed to."""

    def __init__(self, theme: Theme, settings: LiveSettings) -> None:
        super().__init__(words.READING, hint=words.READING_HINT, name="settings.reading")
        self._theme = theme
        self._settings = settings
        self._language = Segmented(words.LANGUAGES, name="settings.language", spoken=words.LANGUAGE)
        self._mode = Segmented(words.THEMES, name="settings.theme", spoken=words.THEME)
        self._density = Segmented(words.DENSITIES, name="settings.density", spoken=words.DENSITY)
        low, high = FONT_FACTORS
        self._font = NumberBox(round(100 * low), round(100 * high), step=10, unit="%")
        self._contrast = QCheckBox(words.CONTRAST)
        self._motion = QCheckBox(words.MOTION)
        self._tips = Button(theme, words.TIPS_AGAIN, small=True, name="settings.tips")
        self._build()
        self._connect()
        self._show()

    def _build(self) -> None:
        self._font.setObjectName("settings.font")
        self._font.setAccessibleName(words.FONT)
        self._font.setKeyboardTracking(False)
        self._contrast.setObjectName("settings.contrast")
        self._motion.setObjectName("settings.motion")
        rows = SettingRows()
        rows.add(words.LANGUAGE, self._language, note=words.LANGUAGE_NOTE)
        rows.add(words.THEME, self._mode)
        rows.add(words.FONT, self._font, note=words.FONT_NOTE)
        rows.add(words.DENSITY, self._density)
        rows.add("", self._contrast, note=words.CONTRAST_NOTE)
        rows.add("", self._motion, note=words.MOTION_NOTE)
        rows.add(words.TIPS, self._tips, note=words.TIPS_NOTE)
        self.body.addLayout(rows)

    def _connect(self) -> None:
        self._language.chosen.connect(self._set_language)
        self._mode.chosen.connect(self._set_mode)
        self._density.chosen.connect(self._set_density)
        self._font.valueChanged.connect(self._set_font)
        self._contrast.clicked.connect(self._set_contrast)
        self._motion.clicked.connect(self._set_motion)
        self._tips.clicked.connect(self._show_tips_again)
        self._settings.changed.connect(self._show)
        self._theme.changed.connect(self._show)

    @Slot()
    def _show(self) -> None:
        look = self._theme.look
        self._language.choose(self._settings.values.language.value)
        self._mode.choose(self._theme.mode.value)
        self._density.choose(look.density.value)
        self._font.show_value(round(100 * look.font_factor))
        self._contrast.setChecked(look.high_contrast)
        self._motion.setChecked(look.less_motion)
        self._tips.set_ready(bool(self._settings.values.tips_done), words.ALL_TIPS)

    @Slot(str)
    def _set_language(self, key: str) -> None:
        self._settings.change(language=Language(key))

    @Slot(str)
    def _set_mode(self, key: str) -> None:
        self._theme.set_mode(ThemeMode(key))

    @Slot(str)
    def _set_density(self, key: str) -> None:
        self._change(density=Density(key))

    @Slot(int)
    def _set_font(self, percent: int) -> None:
        self._change(font_factor=percent / 100)

    @Slot(bool)
    def _set_contrast(self, on: bool) -> None:
        self._change(high_contrast=on)

    @Slot(bool)
    def _set_motion(self, on: bool) -> None:
        self._change(less_motion=on)

    @Slot()
    def _show_tips_again(self) -> None:
        self._settings.change(tips_done=())

    def _change(self, **fields: Any) -> None:
        self._theme.set_look(replace(self._theme.look, **fields))
