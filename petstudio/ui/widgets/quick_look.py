"""One picture, as large as the window allows; the arrow keys go to the next one."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.thumbnails import Thumbnail, ThumbnailLoader
from petstudio.project.names import shown_text
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import ElidedText
from petstudio.ui.widgets.thumbnail_cache import to_pixmap
from petstudio.ui.widgets.tile_painting import fitted

_SHARE: Final = 0.86  # of the window that it stands over
_SIDE: Final = 2048
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_A: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_D: 1,
}
_LOADING: Final = tr("Loading…")
_BROKEN: Final = tr("This picture cannot be read.")


class QuickLook(QDialog):
    """Space and Esc close it; who opens it answers `stepped` with another `show_picture`."""

    stepped = Signal(int)
    """The user wants the next picture (1) or the one before (-1)."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._canvas = _Canvas(theme)
        self._name = ElidedText(kind="section", in_the_middle=True)
        self._words = ElidedText(tone="text2")
        self._close = Button(theme, tr("Close"), icon="x", small=True, name="look.close")
        self._loader = ThumbnailLoader(self)
        self._loader.arrived.connect(self._take)
        self.setObjectName("look")
        self.setWindowTitle(tr("Quick look"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._build()
        self.resize(parent.window().size() * _SHARE)
        self._close.clicked.connect(self.close)

    def show_picture(self, path: Path, words: str = "") -> None:
        """Show a file, and beside its name what is known about it."""
        self._path = path
        name = shown_text(path.name)
        self._name.set_full_text(name)
        self._words.set_full_text(words)
        self._canvas.show_words(_LOADING)
        self._canvas.setAccessibleName(f"{name}, {words}" if words else name)
        self._loader.request(path, _SIDE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Escape):
            self.close()
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        self._loader.shutdown()
        super().done(result)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._name)
        head.addWidget(self._words, 1)
        head.addWidget(self._close)
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # or Space would press it
        self._canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._canvas.setFocus()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self._canvas, 1)

    @Slot(object)
    def _take(self, thumbnails: tuple[Thumbnail, ...]) -> None:
        for thumbnail in thumbnails:
            if thumbnail.path == self._path:
                self._canvas.show_thumbnail(thumbnail)


class _Canvas(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._pixmap = QPixmap()
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def show_words(self, words: str) -> None:
        self._pixmap, self._words = QPixmap(), words
        self.update()

    def show_thumbnail(self, thumbnail: Thumbnail) -> None:
        self._pixmap, self._words = to_pixmap(thumbnail), _BROKEN
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixmap.isNull():
            painter.setPen(self._theme.color("text3"))
            painter.setFont(self._theme.font(FontRole.BODY))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            place = fitted(self._pixmap, QRectF(self.rect()))
            painter.drawPixmap(place, self._pixmap, QRectF(self._pixmap.rect()))
        painter.end()
