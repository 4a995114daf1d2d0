"""Asking into which class another one goes, with what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.language import counted, tr
from petstudio.bridge.models import spoken_label
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.dialogs import Question
from petstudio.ui.widgets.text import Text

_TEXT: Final = tr("All pictures of the class get the label of the other one. Undo takes it back.")


class MergeQuestion(Question):
    """`counts` has the number of pictures of every class."""

    chosen = Signal(str)
    """The class that takes the pictures."""

    def __init__(
        self, theme: Theme, name: str, counts: Mapping[str, int], parent: QWidget, *, into: str = ""
    ) -> None:
        """`into` is the class that is proposed; empty for the first one."""
        super().__init__(theme, tr("Merge {name} into…", name=spoken_label(name)), _TEXT, parent)
        self._name = name
        self._counts = counts
        self._into = ChoiceBox((other, spoken_label(other)) for other in counts if other != name)
        if into:
            self._into.show_key(into)
        self._preview = Text(wraps=True)
        self.setObjectName("label.merge.question")
        self._into.setObjectName("label.merge.into")
        self._into.setAccessibleName(tr("Class that takes the pictures"))
        self._preview.setObjectName("label.merge.preview")
        self._column.addWidget(self._into)
        self._column.addWidget(self._preview)
        cancel = self.add_button(Button(theme, tr("Cancel"), name="label.merge.cancel"))
        merge = self.add_button(Button(theme, tr("Merge"), kind="primary", name="label.merge.do"))
        self.finish()
        self._into.picked.connect(self._show_preview)
        cancel.clicked.connect(self.reject)
        merge.clicked.connect(self._merge)
        self._show_preview()

    @Slot()
    def _show_preview(self) -> None:
        here, there = self._counts[self._name], self._counts[self._into.key]
        left = len(self._counts) - 1
        self._preview.setText(
            counted(
                left,
                "{pictures} of {name} and {there:,} of {into} become {all:,}; "
                "{count:,} class is left.",
                "{pictures} of {name} and {there:,} of {into} become {all:,}; "
                "{count:,} classes are left.",
                pictures=counted(here, "{count:,} picture", "{count:,} pictures"),
                name=spoken_label(self._name),
                there=there,
                into=spoken_label(self._into.key),
                all=here + there,
            )
        )

    @Slot()
    def _merge(self) -> None:
        self.accept()
        self.chosen.emit(self._into.key)
