"""Pictures in a window of their own, with a sentence about them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.picture_list import Pictures
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.picture_grid import PictureGrid
from petstudio.ui.widgets.picture_tile import TileStyle
from petstudio.ui.widgets.text import Text

_SIZE: Final = (980, 680)


class PicturesDialog(QDialog):
    """Gone when it is closed; the grid's threads end with it."""

    def __init__(self, theme: Theme, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.grid = PictureGrid(
            theme, name="pictures.grid", style=TileStyle.CARD, tile_width=220, picture_ratio=0.75
        )
        self.setObjectName("pictures")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        close = Button(theme, tr("Close"), name="pictures.close")
        close.clicked.connect(self.accept)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.addStretch(1)
        self._buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(Text(title, kind="dialog"))
        layout.addWidget(Text(text, tone="text2", wraps=True))
        layout.addWidget(self.grid, 1)
        layout.addLayout(self._buttons)
        self.finished.connect(self.grid.shutdown)

    def add_action(self, button: Button) -> None:
        """Offer something to do with the pictures, at the left."""
        self._buttons.insertWidget(self._buttons.count() - 2, button)

    def show_pictures(self, pictures: Pictures, project: Path | None) -> None:
        """Show these, with thumbnails of what the project has kept where it has."""
        self.grid.look_in(project)
        self.grid.show_pictures(pictures)
        self.grid.setFocus()
