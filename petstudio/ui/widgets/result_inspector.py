"""The picture that is selected among the results, and what the model takes it for."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.figures import probability_text
from petstudio.bridge.models import spoken_label
from petstudio.bridge.prediction_list import TOP
from petstudio.jobs.predicted import Predicted
from petstudio.project.names import shown_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.likely_bars import LikelyBars
from petstudio.ui.widgets.picture_view import PictureView
from petstudio.ui.widgets.text import ElidedText, Text
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

_PICTURE_HEIGHT: Final = 230
_NOTHING: Final = tr("Select a picture to look at it.")
_TITLE: Final = tr("Five most likely")
_FEWER: Final = tr("All classes")


class ResultInspector(QWidget):
    """Put what stands below it into `below`."""

    def __init__(self, theme: Theme, pictures: ThumbnailCache) -> None:
        super().__init__()
        self._result: Predicted | None = None
        self._name = ElidedText(kind="section", in_the_middle=True)
        self._place = Text(kind="small", tone="text3")
        self._picture = PictureView(theme, pictures, height=_PICTURE_HEIGHT, nothing=_NOTHING)
        self._folder = ElidedText(kind="small", tone="text3", in_the_middle=True)
        self._title = Text(_TITLE, kind="strong")
        self._margin = Text(kind="small", tone="text2")
        self._bars = LikelyBars(theme, rows=TOP)
        self._reason = Text(kind="small", tone="err", wraps=True)
        self.below = QVBoxLayout()
        self._build()
        self.show_result(None)

    def show_result(self, result: Predicted | None, place: str = "") -> None:
        """Show a result; `place` says which of the selected ones it is."""
        self._result = result
        self._name.set_full_text(shown_text(result.path.name) if result else "")
        self._folder.set_full_text(shown_text(str(result.path.parent)) if result else "")
        self._place.setText(place)
        self.show_picture()
        top = result.top if result else ()
        self._bars.show_classes(top)
        self._margin.setText(_margin_words(result.margin) if result and top else "")
        self._title.setText(_TITLE if len(top) == TOP else _FEWER)
        for widget in (self._title, self._margin, self._bars):
            widget.setVisible(bool(top))
        self._reason.setText(
            tr("Cannot be read: {reason}.", reason=result.reason) if result and not top else ""
        )
        self._reason.setVisible(result is not None and not top)

    def show_picture(self) -> None:
        """Show the picture itself."""
        result = self._result
        if result is None:
            self._picture.show_file(None)
        else:
            self._picture.show_file(result.path, spoken=shown_text(result.path.name))

    def show_heat(self, pixmap: QPixmap) -> None:
        """Show where the model looked, until the next picture or `show_picture`."""
        if self._result is not None and self._result.top:
            self._picture.show_instead(
                pixmap,
                tr("heat map for {label}", label=spoken_label(self._result.label)),
            )

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._place)
        line = QHBoxLayout()
        line.addWidget(self._title, 1)
        line.addWidget(self._margin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._picture)
        layout.addWidget(self._folder)
        layout.addSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self._bars)
        layout.addWidget(self._reason)
        layout.addStretch(1)
        layout.addLayout(self.below)


def _margin_words(margin: float) -> str:
    return tr("margin {margin}", margin=probability_text(margin))
