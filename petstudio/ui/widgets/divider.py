"""Thin lines between two parts."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame


class Divider(QFrame):
    """Lies across what it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("divider", True)
        self.setFixedHeight(1)


class UprightDivider(QFrame):
    """As high as it is told, or as what it stands in."""

    def __init__(self, height: int = 0) -> None:
        super().__init__()
        self.setProperty("divider", True)
        self.setFixedWidth(1)
        if height:
            self.setFixedHeight(height)
