"""A spin box for a share in per cent."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal, Slot

from petstudio.ui.widgets.number_box import DecimalBox


class PercentBox(DecimalBox):
    """`share_changed` comes from the user, never from `show_share`."""

    share_changed = Signal(float)
    """Between 0 and 1."""

    def __init__(self) -> None:
        super().__init__(0, 100, decimals=1, step=1, unit="%")
        self.valueChanged.connect(self._on_value_changed)

    def show_share(self, share: float) -> None:
        blocker = QSignalBlocker(self)
        self.setValue(100 * share)
        blocker.unblock()

    @Slot(float)
    def _on_value_changed(self, value: float) -> None:
        self.share_changed.emit(value / 100)
