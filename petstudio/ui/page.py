"""What every page is: a header, a body, and beside them an inspector if it wants one."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.banner import Banner
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.page_header import PageHeader
from petstudio.ui.widgets.text import ElidedText
from petstudio.ui.widgets.tip_line import TipLine

INSPECTOR_WIDTH: Final = 340
_INSPECTOR_RANGE: Final = (280, 480)
_ROOM_FOR_INSPECTOR: Final = 1200
_LETTERS_FOR_INSPECTOR: Final = 150


class PageKey(Enum):
    """The pages, in the order of the rail."""

    DATA = "data"
    LABEL = "label"
    TRAIN = "train"
    EVALUATE = "evaluate"
    PREDICT = "predict"
    RUNS = "runs"
    PLUGINS = "plugins"
    SETTINGS = "settings"


class Badge(Enum):
    """The mark of a page on the rail; OPEN, PENDING and FAILED have a number."""

    NONE = auto()
    DONE = auto()
    RUNNING = auto()
    OPEN = auto()
    PENDING = auto()
    FAILED = auto()


class Page(QWidget):
    """Base of the pages.

    A page adds cards to `body`, buttons to the header (the primary one last), and calls
    `set_inspector` once at most. Why a button cannot be pressed stands in the sentence.
    """

    badge_changed = Signal(object)
    """The new Badge."""
    page_wanted = Signal(object)
    """The PageKey of the page that the user asks for."""
    tip_heeded = Signal()
    """The user has done what the tip of this page is about."""

    def __init__(self, theme: Theme, *, title: str) -> None:
        super().__init__()
        self.theme = theme
        self.title = title
        self.banner = Banner(theme)
        self.tip = TipLine(theme)
        self.body = QVBoxLayout()
        self.inspector: QWidget | None = None
        self.badge = Badge.NONE
        self.badge_count = 0
        self._has_selection = True
        self._wants_inspector: bool | None = None
        self._sentence = ElidedText(kind="sentence")
        self._sentence.setObjectName("page.sentence")
        self._buttons = QHBoxLayout()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._fold = Button(theme, kind="ghost", icon="square-half", name="page.inspector")
        self._build_page()

    @property
    def sentence(self) -> str:
        return self._sentence.full_text

    def pieces(self) -> Iterator[None]:
        """Build what the constructor has left, in pieces; asked for once, before all else.

        Pages of which one piece would keep the window from answering override this.
        """
        return iter(())

    def set_sentence(self, text: str) -> None:
        """Say in one plain sentence how things stand."""
        self._sentence.set_full_text(text)

    def set_badge(self, badge: Badge, count: int = 0) -> None:
        """Mark the page's entry on the rail; `count` is for marks that have a number."""
        if (badge, count) != (self.badge, self.badge_count):
            self.badge, self.badge_count = badge, count
            self.badge_changed.emit(badge)

    def set_project(self, project: Path | None) -> None:
        """Show another project, or none; pages that depend on it override this."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_inspector()

    def show_inspector(self, shown: bool) -> None:
        """Say whether there is anything for the inspector to show."""
        self._has_selection = shown
        self.tip.show_useful(shown)
        self._place_inspector()

    def toggle_inspector(self) -> None:
        """Hide or show what stands at the right, however wide the window is."""
        if self.inspector is not None:
            self._wants_inspector = self.inspector.isHidden()
            self._place_inspector()

    def show_fold_tip(self, tip: str) -> None:
        """Say what the button does that hides what stands at the right."""
        self._fold.setToolTip(tip)

    def shutdown(self) -> None:
        """End what the page has running in the background; called once, before the end."""

    def add_header_button(self, button: Button) -> Button:
        """Put a button at the right end of the header."""
        self._buttons.addWidget(button)
        return button

    def add_header_field(self, field: QWidget) -> None:
        """Put a choice at the right end of the header."""
        self._buttons.addWidget(field)

    def add_header_chip(self, chip: Chip) -> Chip:
        """Put a quiet mark at the right end of the header."""
        self._buttons.addWidget(chip)
        return chip

    def set_inspector(self, widget: QWidget, *, width: int = INSPECTOR_WIDTH) -> None:
        """Show what is selected at the right, full height; Ctrl+I hides it."""
        frame = QFrame()
        frame.setObjectName("inspector")
        low, high = _INSPECTOR_RANGE
        frame.setMinimumWidth(low)
        frame.setMaximumWidth(high)
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.addWidget(widget)
        self.inspector = frame
        self._splitter.addWidget(frame)
        self._splitter.setCollapsible(1, False)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setSizes([self._splitter.width() or 1000, width])

    def _place_inspector(self) -> None:
        if self.inspector is None:
            return
        letters = self.width() / max(1, self.fontMetrics().averageCharWidth())
        has_room = self.width() >= _ROOM_FOR_INSPECTOR and letters >= _LETTERS_FOR_INSPECTOR
        wanted = has_room if self._wants_inspector is None else self._wants_inspector
        self.inspector.setVisible(self._has_selection and wanted)
        self._fold.setVisible(self._has_selection and (not has_room or not wanted))

    def _build_page(self) -> None:
        main = QWidget()
        layout = QVBoxLayout(main)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._build_page_header())
        layout.addWidget(self._build_page_body(), 1)
        self._splitter.addWidget(main)
        self._splitter.setCollapsible(0, False)
        self._splitter.setHandleWidth(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._splitter)

    def _build_page_header(self) -> QWidget:
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        self._buttons.setSpacing(8)
        buttons.addLayout(self._buttons)
        buttons.addWidget(self._fold)
        header = PageHeader(self.title, self._sentence, buttons)
        self.show_fold_tip(tr("Show or hide the details"))
        self._fold.setAccessibleName(tr("Details"))
        self._fold.clicked.connect(self.toggle_inspector)
        self._fold.hide()
        return header

    def _build_page_body(self) -> QWidget:
        inner = QWidget()
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(24, 4, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self.banner)
        layout.addWidget(self.tip)
        self.body.setSpacing(12)
        layout.addLayout(self.body, 1)
        scroll = QScrollArea()
        scroll.setObjectName("body")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        return scroll
