"""The strip on the Predict page that takes pictures and folders."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QSize, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.drop_well import DropWell, WellState
from petstudio.ui.widgets.text import ElidedText

_HEIGHT: Final = 54
_ICON: Final = 20
_TITLE: Final = tr("Drop pictures or folders here")
_HINT: Final = tr("They are only read, never changed or moved.")
_DROP: Final = tr("Drop to predict these")
_REFUSE: Final = tr("These are not files or folders of this machine")
_FILES: Final = tr("Choose pictures…")
_FOLDER: Final = tr("Choose folder…")
_WATCH: Final = tr("Watch folder")
_WATCHING: Final = tr("Watching")
_WATCH_TIP: Final = tr("Predict new pictures as soon as they come into a folder")
_UNWATCH_TIP: Final = tr("Stop looking into the folder")


class PictureStrip(DropWell):
    """It stays a well after it has been filled."""

    paths_dropped = Signal(object)
    """A tuple of Paths."""
    files_wanted = Signal()
    folder_wanted = Signal()
    watch_wanted = Signal()
    """The user turned watching on or off."""
    validation_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, name="predict.well", words=(_DROP, _REFUSE), room=6)
        self._icon = QLabel()
        self._title = ElidedText(_TITLE, kind="strong", in_the_middle=True)
        self._words = ElidedText(_HINT, kind="small", tone="text2")
        self._rest = QWidget()
        self._validation = Button(theme, small=True, name="predict.validation")
        self._files = Button(theme, _FILES, small=True, icon="image", name="predict.files")
        self._folder = Button(theme, _FOLDER, small=True, icon="folder", name="predict.folder")
        self._watch = Button(theme, _WATCH, small=True, icon="eye", name="predict.watch")
        self.setMinimumHeight(_HEIGHT)
        self._build_strip()
        self._connect()
        self._draw_icon()

    def show_source(self, title: str, words: str) -> None:
        """Say what is predicted and how that stands; empty texts for nothing yet."""
        self._title.set_full_text(title or _TITLE)
        self._words.set_full_text(words or _HINT)

    def show_watching(self, is_watching: bool) -> None:
        self._watch.setText(_WATCHING if is_watching else _WATCH)
        self._watch.set_icon("eye-slash" if is_watching else "eye")
        self._watch.setToolTip(_UNWATCH_TIP if is_watching else _WATCH_TIP)

    def offer_validation(self, count: int) -> None:
        """Offer to predict some validation pictures; 0 offers nothing."""
        self._validation.setVisible(count > 0)
        self._validation.setText(tr("Use {count} validation pictures", count=count))

    def set_ready(self, is_ready: bool, why_not: str) -> None:
        for button in (self._validation, self._files, self._folder):
            button.set_ready(is_ready, why_not)

    def _read(self, data: QMimeData) -> object:
        return dropped_paths(data)

    def _tell(self, found: object) -> None:
        self.paths_dropped.emit(found)

    def _enter(self, state: WellState) -> None:
        super()._enter(state)
        self._rest.setVisible(state is WellState.REST)

    def _build_strip(self) -> None:
        self.content.addWidget(self._rest)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._words)
        row = QHBoxLayout(self._rest)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addSpacing(4)
        row.addLayout(words, 1)
        for button in (self._validation, self._files, self._folder, self._watch):
            row.addWidget(button)
        self.show_watching(False)

    def _connect(self) -> None:
        self._files.clicked.connect(self.files_wanted)
        self._folder.clicked.connect(self.folder_wanted)
        self._watch.clicked.connect(self.watch_wanted)
        self._validation.clicked.connect(self.validation_wanted)
        self._theme.changed.connect(self._draw_icon)

    @Slot()
    def _draw_icon(self) -> None:
        icon = self._theme.icon("folder-open", "accent_text")
        self._icon.setPixmap(icon.pixmap(QSize(_ICON, _ICON)))


def dropped_paths(data: QMimeData) -> tuple[Path, ...]:
    """Return the local files and folders among what is dragged."""
    return tuple(Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
