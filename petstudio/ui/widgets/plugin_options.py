"""The options of what was chosen of a kind: a scheduler, a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from petstudio.api.options import option_specs, to_mapping
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.option_form import OptionForm


class PluginOptions(QWidget):
    """A form drawn from what its plugin declares; empty for one without options, or unknown."""

    edited = Signal()

    def __init__(self, theme: Theme, offered: Mapping[str, Any], *, name: str) -> None:
        """`offered` are contributions by their keys; fields are called `name.option`."""
        super().__init__()
        self._theme = theme
        self._offered = offered
        self._name = name
        self._key = ""
        self._form: OptionForm | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 4, 0, 0)

    @property
    def is_empty(self) -> bool:
        return self._form is None

    def show_choice(self, key: str, values: Mapping[str, Any]) -> None:
        """Draw the form of another choice, or fill in the one that is there."""
        if key != self._key:
            self._replace_form(key)
        known = self._offered.get(key)
        if self._form is not None and known is not None:
            self._form.set_values({**to_mapping(known.options()), **values})

    def values(self) -> dict[str, Any] | None:
        """Return the options; None while one of them is wrong."""
        return self._form.values() if self._form is not None else {}

    def _replace_form(self, key: str) -> None:
        self._key = key
        if self._form is not None:
            self._form.hide()  # until it is deleted it would stand above the new one
            self._form.deleteLater()
            self._form = None
        known = self._offered.get(key)
        if known is not None and option_specs(known.options):
            self._form = OptionForm(self._theme, known.options, name=self._name)
            self._form.changed.connect(self.edited)
            self._layout.addWidget(self._form)
