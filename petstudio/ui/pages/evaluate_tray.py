"""The tray at the foot of the inspector: what is pending, and what to do with all of it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from petstudio.api.language import shown_number, tr
from petstudio.bridge.evaluation_view import Evaluation
from petstudio.bridge.fix_list import FixListModel
from petstudio.bridge.fix_tray import FixTray
from petstudio.ui.pages.evaluate_words import PENDING_FIXES
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.fix_list import FixList
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.text import ElidedText

_MOST_ROWS: Final = 4
_ICON: Final = 16
_REVIEW_TIP: Final = tr("Show the pictures of all pending fixes")
_RETRAIN_TIP: Final = tr("Apply the fixes, then go on to training")


class TrayPanel(QFrame):
    """Hidden while nothing is pending."""

    review_wanted = Signal()
    retrain_wanted = Signal()
    picture_chosen = Signal(object)
    """The id of a picture in the list."""

    def __init__(self, theme: Theme, tray: FixTray) -> None:
        super().__init__()
        self._theme = theme
        self._tray = tray
        self._seen: Evaluation | None = None
        self._rows = FixListModel(self)
        self._icon = QLabel()
        self._count = Chip(theme)
        self.list = FixList(theme, self._rows)
        self.review = Button(theme, tr("Review"), kind="link", small=True, name="evaluate.review")
        self.undo_all = Button(theme, tr("Undo all"), small=True, name="evaluate.undo_all")
        self.retrain = Button(
            theme,
            tr("Apply and retrain"),
            icon="arrow-clockwise",
            small=True,
            name="evaluate.retrain",
        )
        self._build()
        self._connect()
        self._draw_icon()
        self.hide()

    def show_evaluation(self, seen: Evaluation) -> None:
        self._seen = seen
        self._show_fixes()

    def shutdown(self) -> None:
        self.list.thumbnails.shutdown()

    def _build(self) -> None:
        self.setProperty("tray", True)
        head, foot = QHBoxLayout(), FlowLayout(spacing=8)
        head.setSpacing(8)
        head.addWidget(self._icon)
        head.addWidget(ElidedText(PENDING_FIXES, kind="strong"))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.review)
        foot.addWidget(self.undo_all)
        foot.addWidget(self.retrain)
        self.review.setToolTip(_REVIEW_TIP)
        self.retrain.setToolTip(_RETRAIN_TIP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self.list)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self._tray.changed.connect(self._show_fixes)
        self._theme.changed.connect(self._draw_icon)
        self._theme.changed.connect(self._show_fixes)
        self.review.clicked.connect(self.review_wanted)
        self.undo_all.clicked.connect(self._tray.clear)
        self.retrain.clicked.connect(self.retrain_wanted)
        self.list.undo_wanted.connect(self._undo)
        self.list.chosen.connect(self.picture_chosen)

    @Slot()
    def _show_fixes(self) -> None:
        fixes = self._tray.fixes
        if self._seen is not None:
            self._rows.show_fixes(fixes, self._seen)
        self._count.show_state(shown_number(len(fixes)), kind="warn")
        self.setVisible(bool(fixes))
        self.list.setFixedHeight(self.list.height_of(min(_MOST_ROWS, self._rows.rowCount())))

    @Slot(object)
    def _undo(self, image: int) -> None:
        self._tray.take_out((image,))

    @Slot()
    def _draw_icon(self) -> None:
        icon = self._theme.icon("archive-box")
        self._icon.setPixmap(icon.pixmap(QSize(_ICON, _ICON)))
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
