"""What is not as it should be: files that were left out, are missing or cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from petstudio.images.listing import LeftOut
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.file_list import FileList
from petstudio.ui.widgets.text import ElidedText, Text

_TITLE: Final = "Health"
_NOT_YET: Final = "checked when you use the data"
_ROW_HEIGHT: Final = 28
_ICON_SIDE: Final = 16


class HealthCard(Card):
    """One line for each finding: icon, words, count, and a list to look at."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(_TITLE, name="data.health.card")
        self._unreadable = _Finding(theme, "Cannot be read", "unreadable")
        self._left_out = _Finding(theme, "Left out, not pictures", "left_out")
        self._missing = _Finding(theme, "Named but not there", "missing")
        self.body.setSpacing(2)
        for finding in (self._unreadable, self._left_out, self._missing):
            self.body.addWidget(finding)
        self.body.addStretch(1)

    def show_files(
        self,
        *,
        unreadable: Sequence[LeftOut] | None,
        left_out: Sequence[LeftOut] | None,
        missing: Sequence[LeftOut] | None,
    ) -> None:
        """Show the findings.

        `unreadable` is None while the pictures have not been opened, the others where the source
        has not been looked at, as for a project that was opened.
        """
        self._unreadable.show_files(unreadable)
        for finding, files in ((self._left_out, left_out), (self._missing, missing)):
            finding.setVisible(files is not None)
            finding.show_files(files)


class _Finding(QWidget):
    def __init__(self, theme: Theme, title: str, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._title = title
        self._files: Sequence[LeftOut] | None = None
        self._icon = QLabel()
        self._count = Text(tone="text2")
        self._count.setObjectName(f"data.health.{name}")
        self._see = Button(theme, "See", kind="link", small=True, name=f"data.health.{name}.see")
        self._see.setAccessibleName(f"See: {title}")
        self.setMinimumHeight(_ROW_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(ElidedText(title), 1)
        row.addWidget(self._count)
        row.addWidget(self._see)
        self._see.clicked.connect(self._open_list)
        theme.changed.connect(self._draw_icon)
        self.show_files(None)

    def show_files(self, files: Sequence[LeftOut] | None) -> None:
        self._files = files
        self._count.setText(_NOT_YET if files is None else f"{len(files):,}")
        self._count.set_tone("text3" if files is None else "text2")
        self._see.setVisible(bool(files))
        self._draw_icon()

    @Slot()
    def _draw_icon(self) -> None:
        name, token = "check-circle-fill", "ok"
        if self._files is None:
            name, token = "info", "text3"
        elif self._files:
            name, token = "warning-fill", "warn"
        pixmap = self._theme.icon(name, token).pixmap(QSize(_ICON_SIDE, _ICON_SIDE))
        self._icon.setPixmap(pixmap)

    @Slot()
    def _open_list(self) -> None:
        FileList(self._theme, self._title, self._files or (), self.window()).open()
