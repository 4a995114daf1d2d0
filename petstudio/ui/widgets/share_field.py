"""A share from 0 to 1, set with a slider or typed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.number_box import DecimalBox
from petstudio.ui.widgets.text import Text, plain_tip

_STEPS: Final = 100
_PAGE: Final = 10
_SLIDER_WIDTH: Final = 70
_LETTERS: Final = 4
_BOX_ROOM: Final = 20


class ShareField(QWidget):
    """Both parts always show the same."""

    edited = Signal(float)
    """The user chose another share."""

    def __init__(self, label: str, *, name: str, tip: str = "") -> None:
        super().__init__()
        self._label = Text(label, kind="label")
        self._slider = _Slider(Qt.Orientation.Horizontal)
        self._box = DecimalBox(0.0, 1.0, decimals=2, step=0.01)
        self.setObjectName(name)
        self.setToolTip(plain_tip(tip))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._build(label, name)
        self._slider.valueChanged.connect(self._take_slider)
        self._box.valueChanged.connect(self._take_box)

    @property
    def share(self) -> float:
        return self._box.value()

    def show_share(self, share: float) -> None:
        """Show a share without a signal."""
        blockers = QSignalBlocker(self._slider), QSignalBlocker(self._box)
        self._slider.setValue(round(_STEPS * share))
        self._box.setValue(share)
        for blocker in blockers:
            blocker.unblock()

    def _build(self, label: str, name: str) -> None:
        self._slider.setRange(0, _STEPS)
        self._slider.setPageStep(_PAGE)
        self._slider.setFixedWidth(_SLIDER_WIDTH)
        self._slider.setObjectName(f"{name}.slider")
        self._slider.setAccessibleName(label)
        self._box.setKeyboardTracking(False)
        self._box.setObjectName(f"{name}.box")
        self._box.setAccessibleName(label)
        LettersWide(self._box, _LETTERS, room=_BOX_ROOM)
        self._label.setBuddy(self._box)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self._label, self._slider, self._box):
            layout.addWidget(widget)

    @Slot(int)
    def _take_slider(self, value: int) -> None:
        self._tell(value / _STEPS)

    @Slot(float)
    def _take_box(self, value: float) -> None:
        self._tell(value)

    def _tell(self, share: float) -> None:
        self.show_share(share)
        self.edited.emit(share)


class _Slider(QSlider):
    def wheelEvent(self, event: QWheelEvent) -> None:
        # A page that scrolls must not change a value that passes under the pointer.
        event.ignore()
