"""Which augmentations the recipe uses, and with what options."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from petstudio.api.options import to_mapping
from petstudio.config.recipe import AugmentationChoice
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.option_form import OptionForm
from petstudio.ui.widgets.text import plain_tip


class AugmentationPanel(QWidget):
    """A check box for each one that a plugin offers, with its form below while it is ticked.

    Augmentations of a recipe that no plugin offers are kept as they are.
    """

    edited = Signal()

    def __init__(self, theme: Theme, host: PluginHost) -> None:
        super().__init__()
        self._boxes: dict[str, QCheckBox] = {}
        self._forms: dict[str, OptionForm] = {}
        self._defaults = {
            item.key: to_mapping(item.options()) for item in host.augmentations.values()
        }
        self._foreign: tuple[AugmentationChoice, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for item in host.augmentations.values():
            name = f"training.augmentation.{item.key}"
            box = QCheckBox(f"{item.label}: {item.summary}")
            box.setObjectName(name)
            box.setToolTip(plain_tip(item.summary))
            form = OptionForm(theme, item.options, name=name)
            layout.addWidget(box)
            layout.addWidget(form)
            box.toggled.connect(self._on_edited)
            form.changed.connect(self._on_edited)
            self._boxes[item.key], self._forms[item.key] = box, form
        self.show_choices(())

    def show_choices(self, choices: Iterable[AugmentationChoice]) -> None:
        """Show what a recipe uses, without a signal."""
        chosen = {choice.key: choice for choice in choices}
        self._foreign = tuple(c for key, c in chosen.items() if key not in self._boxes)
        blocker = QSignalBlocker(self)
        for key, box in self._boxes.items():
            box.setChecked(key in chosen)
            self._forms[key].setVisible(key in chosen)
            if key in chosen:
                self._forms[key].set_values({**self._defaults[key], **chosen[key].options})
        blocker.unblock()

    def values(self) -> list[dict[str, Any]] | None:
        """Return what stands in a recipe file; None while an option is wrong."""
        values: list[dict[str, Any]] = [{"key": c.key, **c.options} for c in self._foreign]
        for key, box in self._boxes.items():
            options = self._forms[key].values() if box.isChecked() else {}
            if options is None:
                return None
            if box.isChecked():
                values.append({"key": key, **options})
        return values

    @Slot()
    def _on_edited(self) -> None:
        for key, box in self._boxes.items():
            self._forms[key].setVisible(box.isChecked())
        self.edited.emit()
