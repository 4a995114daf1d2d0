"""A place to drop a folder on; it stays one after it has been filled."""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.text import Text

_DROP_TEXT = tr("Drop to use this")
_REFUSE_TEXT = tr("This is neither a folder nor an archive of pictures")


class WellState(Enum):
    """What is held over the well."""

    REST = auto()
    USABLE = auto()
    UNUSABLE = auto()


class DropWell(QFrame):
    """Put what it shows at rest into `content`."""

    folder_dropped = Signal(object)
    """The Path of the folder, or of an archive."""

    def __init__(
        self,
        theme: Theme,
        *,
        name: str,
        words: tuple[str, str] = (_DROP_TEXT, _REFUSE_TEXT),
        room: int = 10,
    ) -> None:
        """`words` are for what can be dropped and what cannot; `room` is above and below."""
        super().__init__()
        self._theme = theme
        self._verdicts = words
        self._state = WellState.REST
        self._verdict = Text(kind="strong")
        self._verdict.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._verdict.hide()
        self.setObjectName(name)
        self.setAcceptDrops(True)
        self.content = QVBoxLayout()
        self.content.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, room, 12, room)
        layout.addLayout(self.content)
        layout.addWidget(self._verdict)
        theme.changed.connect(self.update)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        is_usable = bool(self._read(event.mimeData()))
        self._enter(WellState.USABLE if is_usable else WellState.UNUSABLE)
        # Accepted in both cases: only then does Qt say when the drag leaves again.
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._enter(WellState.REST)

    def dropEvent(self, event: QDropEvent) -> None:
        found = self._read(event.mimeData())
        self._enter(WellState.REST)
        if found:
            event.acceptProposedAction()
            self._tell(found)

    def paintEvent(self, _event: QPaintEvent) -> None:
        border, ground = {
            WellState.REST: ("control", "sunken"),
            WellState.USABLE: ("accent", "accent_soft"),
            WellState.UNUSABLE: ("err", "err_soft"),
        }[self._state]
        pen = QPen(self._theme.color(border), 1.4 if self._state is WellState.REST else 2)
        pen.setDashPattern([5, 3])
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(self._theme.color(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _read(self, data: QMimeData) -> object:
        """Return what can be used of what is dragged."""
        return dropped_source(data)

    def _tell(self, found: object) -> None:
        self.folder_dropped.emit(found)

    def _enter(self, state: WellState) -> None:
        self._state = state
        self._verdict.setVisible(state is not WellState.REST)
        usable = state is WellState.USABLE
        self._verdict.setText(self._verdicts[0 if usable else 1])
        self._verdict.set_tone("accent_text" if usable else "err")
        self.update()


def dropped_source(data: QMimeData) -> Path | None:
    """Return the first local folder or archive among what is dragged."""
    from petstudio.jobs.unpacking import is_archive  # not needed before something is dropped

    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return next((path for path in paths if path.is_dir() or is_archive(path)), None)
