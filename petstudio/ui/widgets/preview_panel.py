"""The picture that is looked at, with its label, its size and its side."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from petstudio.bridge.models import ProofRow, spoken_label
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.picture_view import PictureView
from petstudio.ui.widgets.text import ElidedText, Text
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

_PICTURE_HEIGHT: Final = 240
_NOTHING: Final = "Choose a picture in the table to look at it."


class PreviewPanel(QWidget):
    """Follows the row that is chosen in the table."""

    def __init__(self, theme: Theme, pictures: ThumbnailCache) -> None:
        super().__init__()
        self._picture = PictureView(theme, pictures, height=_PICTURE_HEIGHT, nothing=_NOTHING)
        self._name = ElidedText(kind="strong", in_the_middle=True)
        self._folder = ElidedText(kind="small", tone="text3", in_the_middle=True)
        self._facts = Text(kind="small", tone="text2", wraps=True)
        self._facts.setObjectName("data.preview.facts")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(Text("Preview", kind="section"))
        layout.addSpacing(4)
        layout.addWidget(self._picture)
        layout.addWidget(self._name)
        layout.addWidget(self._folder)
        layout.addWidget(self._facts)
        layout.addStretch(1)
        self.show_row(None)

    @Slot(object)
    def show_row(self, row: ProofRow | None) -> None:
        if row is None:
            self._picture.show_file(None)
        else:
            label = spoken_label(row.label) if row.label else ""
            self._picture.show_file(row.file, label, spoken=row.path)
        folder, _, name = row.path.rpartition("/") if row else ("", "", "")
        self._name.set_full_text(name)
        self._folder.set_full_text(folder)
        self._folder.setVisible(bool(folder))
        self._facts.setText(_facts(row))


def _facts(row: ProofRow | None) -> str:
    if row is None:
        return ""
    label = spoken_label(row.label) if row.label else "no label"
    return f"{label}, {row.side.lower()}" if row.side else label
