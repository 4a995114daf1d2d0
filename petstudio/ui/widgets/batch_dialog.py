"""A whole training batch: different pictures, changed as in training, with their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.models import spoken_label
from petstudio.bridge.preview_feed import PreviewFeed
from petstudio.jobs.previewing import PreviewWish, Square
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.squares_view import SquaresView
from petstudio.ui.widgets.text import Text

_TITLE: Final = tr("A batch, as the network gets it")
_TEXT: Final = tr("Training pictures, each with the label that it is learned with.")
_COLUMNS: Final = 6
_ROWS: Final = 3
_WIDTH: Final = 860


class BatchDialog(QDialog):
    """Draws another batch when it is asked to; its thread ends with it."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        wish: PreviewWish,
        labels: Mapping[Path, str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._wish = wish
        self._labels = labels
        self._paths = tuple(labels)
        self._turn = 0
        self._feed = PreviewFeed(host, self)
        self.squares = SquaresView(
            theme, columns=_COLUMNS, rows=_ROWS, name="batch.squares", spoken=_TITLE, has_words=True
        )
        self._more = Button(theme, tr("Another batch"), icon="shuffle", name="batch.more")
        self._close = Button(theme, tr("Close"), name="batch.close")
        self._build()
        self._more.clicked.connect(self._draw)
        self._close.clicked.connect(self.accept)
        self._feed.drawn.connect(self._show)
        self.finished.connect(self._feed.shutdown)
        self._draw()

    def _build(self) -> None:
        self.setObjectName("batch")
        self.setWindowTitle(_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        buttons = QHBoxLayout()
        buttons.addWidget(self._more)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(Text(_TITLE, kind="dialog"))
        layout.addWidget(Text(_TEXT, tone="text2"))
        layout.addWidget(self.squares, 1)
        layout.addLayout(buttons)
        self.squares.setMinimumSize(_WIDTH, self.squares.heightForWidth(_WIDTH))

    @Slot()
    def _draw(self) -> None:
        count = _COLUMNS * _ROWS
        start = self._turn * count
        chosen = [self._paths[(start + n) % len(self._paths)] for n in range(count)]
        wish = replace(self._wish, pictures=tuple(chosen), variants=1, draw=self._turn)
        self._turn += 1
        self._feed.want(wish)

    @Slot(object)
    def _show(self, squares: Sequence[Square]) -> None:
        words = [spoken_label(self._labels[square.picture]) for square in squares]
        self.squares.show_squares(squares, words)
