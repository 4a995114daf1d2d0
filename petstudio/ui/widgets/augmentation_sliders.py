"""The options of an augmentation as sliders and switches, drawn from their declaration."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QSlider, QWidget

from petstudio.api.contributions import Augmentation
from petstudio.api.language import shown_number
from petstudio.api.options import OptionKind, OptionSpec, option_specs, to_mapping
from petstudio.config.recipe import AugmentationChoice
from petstudio.ui.widgets.text import Text, plain_tip

_STEPS: Final = 100


class AugmentationSliders(QWidget):
    """Options that have no slider, and those for experts, keep their defaults."""

    edited = Signal()

    def __init__(self, augmentation: Augmentation[Any]) -> None:
        super().__init__()
        self._key = augmentation.key
        self._defaults = to_mapping(augmentation.options())
        self._flags: dict[str, QCheckBox] = {}
        self._sliders: dict[str, _OptionSlider] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for spec in option_specs(augmentation.options):
            if spec.advanced:
                continue
            if spec.kind is OptionKind.FLAG:
                self._add_flag(grid, spec)
            elif spec.kind is OptionKind.NUMBER and None not in (spec.minimum, spec.maximum):
                self._add_slider(grid, spec)

    @property
    def choice(self) -> AugmentationChoice:
        """The augmentation with the options that stand here."""
        flags = {name: box.isChecked() for name, box in self._flags.items()}
        numbers = {name: slider.number for name, slider in self._sliders.items()}
        return AugmentationChoice(key=self._key, options={**self._defaults, **flags, **numbers})

    def _add_flag(self, grid: QGridLayout, spec: OptionSpec) -> None:
        box = QCheckBox(spec.label)
        box.setObjectName(f"data.preview.{spec.name}")
        box.setToolTip(plain_tip(spec.help))
        box.setChecked(bool(spec.default))
        box.toggled.connect(self.edited)
        self._flags[spec.name] = box
        grid.addWidget(box, grid.rowCount(), 0, 1, 3)

    def _add_slider(self, grid: QGridLayout, spec: OptionSpec) -> None:
        slider = _OptionSlider(spec)
        value = Text(slider.spoken, kind="small", tone="text2")
        value.setMinimumWidth(value.fontMetrics().horizontalAdvance("± 180.0°"))
        value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label = Text(spec.label, kind="small", tone="text2")
        label.setBuddy(slider)
        slider.told.connect(value.setText)
        slider.valueChanged.connect(self._tell)
        self._sliders[spec.name] = slider
        row = grid.rowCount()
        for column, widget in enumerate((label, slider, value)):
            grid.addWidget(widget, row, column)

    @Slot()
    def _tell(self) -> None:
        self.edited.emit()


class _OptionSlider(QSlider):
    told = Signal(str)
    """What the number is now, in words."""

    def __init__(self, spec: OptionSpec) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        assert spec.minimum is not None
        assert spec.maximum is not None
        self._unit = spec.unit
        self._low, self._high = spec.minimum, spec.maximum
        self._default = float(spec.default)
        self.setObjectName(f"data.preview.{spec.name}")
        self.setAccessibleName(spec.label)
        self.setToolTip(plain_tip(spec.help))
        self.setRange(0, _STEPS)
        self.setPageStep(10)
        self._default_step = round(_STEPS * (self._default - self._low) / (self._high - self._low))
        self.setValue(self._default_step)
        self.valueChanged.connect(self._say)

    @property
    def number(self) -> float:
        if self.value() == self._default_step:
            return self._default  # which need not be a whole number of steps
        return self._low + (self._high - self._low) * self.value() / _STEPS

    @property
    def spoken(self) -> str:
        return f"{shown_number(self.number, '.3g')}{self._unit}"

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A panel that scrolls must not change a value that passes under the pointer.
        event.ignore()

    @Slot()
    def _say(self) -> None:
        self.told.emit(self.spoken)
