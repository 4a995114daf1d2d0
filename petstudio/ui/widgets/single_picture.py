"""One picture after the other: the picture, the classes with their keys, and a strip of others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from petstudio.api.language import tr
from petstudio.bridge.models import spoken_label
from petstudio.bridge.picture_list import Picture, Pictures, TileMark
from petstudio.project.names import shown_text
from petstudio.ui.theme import FontRole, Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.chip import Chip, ChipKind
from petstudio.ui.widgets.film_strip import FilmStrip
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.text import ElidedText
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache
from petstudio.ui.widgets.tile_painting import fitted

_SIDE: Final = 1024
_KEPT: Final = 4
_ADVANCE: Final = tr("Go on to the next picture")
_LOADING: Final = tr("Loading…")
_BROKEN: Final = tr("This picture cannot be read.")
_CLASSES_HEIGHT: Final = 76
_MOST_BUTTONS: Final = 200
_STEPS: Final[Mapping[int, int]] = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}
_CHIPS: Final[Mapping[TileMark, tuple[ChipKind, str]]] = {
    TileMark.CONFIRMED: ("accent", "check-circle-fill"),
    TileMark.SUGGESTED: ("neutral", "sparkle"),
    TileMark.PENDING: ("warn", "pencil-simple"),
    TileMark.EXCLUDED: ("neutral", "prohibit"),
    TileMark.NO_LABEL: ("neutral", ""),
    TileMark.NONE: ("neutral", ""),
}


class SinglePicture(QWidget):
    """Shows the picture at a row; `canvas` has the focus, and the page watches its keys."""

    class_given = Signal(str)
    row_wanted = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._large = ThumbnailCache(self, least_kept=_KEPT)
        self._small = ThumbnailCache(self)
        self._names: tuple[tuple[str, str], ...] = ()
        self._name = ElidedText(kind="small", tone="text2", in_the_middle=True)
        self._mark = Chip(theme)
        self.canvas = _Canvas(theme, self._large)
        self._advance = QCheckBox(_ADVANCE)
        self._strip = FilmStrip(theme, self._small)
        self._classes = QWidget()
        self._flow = FlowLayout(self._classes, spacing=6)
        self._build()
        self._strip.chosen.connect(self.row_wanted)

    @property
    def advances(self) -> bool:
        """A label that is given leads on to the next picture."""
        return self._advance.isChecked()

    def show_row(self, pictures: Pictures, row: int) -> None:
        """Show a picture of these; the one after it is fetched as well."""
        picture = pictures[row]
        self.canvas.show_picture(picture)
        self._name.set_full_text(shown_text(picture.path.name))
        words = f"{picture.mark_text or picture.title} {picture.note}".strip()
        kind, icon = _CHIPS[picture.mark]
        self._mark.show_state(words, kind=kind, icon=icon)
        self._strip.show_row(pictures, row)
        if row + 1 < len(pictures):
            self._large.pixmap(pictures[row + 1].path, _SIDE)

    def show_instead(self, stand_ins: Mapping[int, QPixmap]) -> None:
        """Draw these in place of the pictures with these keys; none to end it."""
        self.canvas.stand_ins = dict(stand_ins)
        self.canvas.update()

    def show_classes(self, names: Sequence[str], keys: Mapping[str, str]) -> None:
        """Offer the classes with their keys."""
        wanted = tuple((name, keys.get(name, "")) for name in names[:_MOST_BUTTONS])
        if wanted == self._names:
            return
        self._names = wanted
        while (item := self._flow.takeAt(0)) is not None:
            button = item.widget()
            if button is not None:
                button.deleteLater()
        for name, key in wanted:
            text = f"{key}  {spoken_label(name)}" if key else spoken_label(name)
            give = Button(self._theme, text, small=True, name=f"label.give.{name}")
            give.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the picture
            give.clicked.connect(partial(self.class_given.emit, name))
            self._flow.addWidget(give)

    def shutdown(self) -> None:
        self._large.shutdown()
        self._small.shutdown()

    def _build(self) -> None:
        self._advance.setObjectName("label.advance")
        self._advance.setChecked(True)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._mark)
        head.addWidget(self._name, 1)
        head.addWidget(self._advance)
        scroll = QScrollArea()
        scroll.setObjectName("body")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFixedHeight(_CLASSES_HEIGHT)
        scroll.setWidget(self._classes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(scroll)
        layout.addWidget(self._strip)


class _Canvas(QWidget):
    stepped = Signal(int)
    """The user wants the next picture (1) or the one before (-1)."""

    def __init__(self, theme: Theme, pixmaps: ThumbnailCache) -> None:
        super().__init__()
        self._theme = theme
        self._pixmaps = pixmaps
        self._picture: Picture | None = None
        self.stand_ins: dict[int, QPixmap] = {}
        """Pixmaps by key that are drawn instead of the pictures, such as heat maps."""
        self.setObjectName("label.canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 120))
        pixmaps.changed.connect(self.update)
        theme.changed.connect(self.update)

    def show_picture(self, picture: Picture) -> None:
        self._picture = picture
        self.setAccessibleName(picture.spoken)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(event.key())
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        super().mousePressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(self._theme.color("focus" if self.hasFocus() else "hair"))
        painter.setBrush(self._theme.color("sunken"))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), 8, 8)
        if self._picture is not None:
            self._paint_picture(painter, self._picture)
        painter.end()

    def _paint_picture(self, painter: QPainter, picture: Picture) -> None:
        pixmap = self.stand_ins.get(picture.key) or self._pixmaps.pixmap(picture.path, _SIDE)
        if pixmap is None or pixmap.isNull():
            painter.setPen(self._theme.color("text3"))
            painter.setFont(self._theme.font(FontRole.BODY))
            words = _LOADING if pixmap is None else _BROKEN
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
            return
        place = fitted(pixmap, QRectF(self.rect()).adjusted(6, 6, -6, -6))
        if picture.mark is TileMark.EXCLUDED:
            painter.setOpacity(0.35)
        painter.drawPixmap(place, pixmap, QRectF(pixmap.rect()))
