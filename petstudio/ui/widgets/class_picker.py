"""Choosing a class from a list by its key, the arrows or the mouse."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.class_keys import LEAD, ClassKeys
from petstudio.bridge.models import spoken_label
from petstudio.ui.widgets.text import Text

_WIDTH: Final = 280
_HEIGHT: Final = 340
_TITLE: Final = tr("Relabel as: type its key")


class ClassPicker(QFrame):
    """Takes a class as soon as its key is complete, or on Enter or a click; Esc takes none."""

    picked = Signal(str)
    """The class, as it is stored."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._keys = ClassKeys()
        self._names: tuple[str, ...] = ()
        self._typed = ""
        self._lines = QStringListModel(self)
        self.view = _View()
        self.setObjectName("evaluate.picker")
        self.setProperty("card", True)
        self.resize(_WIDTH, _HEIGHT)
        self.view.setModel(self._lines)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(Text(_TITLE, kind="small"))
        layout.addWidget(self.view, 1)
        self.view.clicked.connect(self._take)
        self.view.typed.connect(self._type)

    def open(self, keys: ClassKeys, place: QPoint) -> None:
        """Ask for one of these classes."""
        self._keys, self._names, self._typed = keys, tuple(keys.by_class), ""
        self._lines.setStringList(
            [f"{spoken_label(name)}  ·  {code}" for name, code in keys.by_class.items()]
        )
        self.view.setCurrentIndex(self._lines.index(0))
        self.move(place)
        self.show()
        self.view.setFocus()

    @Slot(str)
    def _type(self, text: str) -> None:
        if text in ("\r", "\n"):
            self._take(self.view.currentIndex())
            return
        typed = text if text.isdigit() else (self._typed or LEAD) + text.lower().strip(LEAD)
        if typed in self._keys.by_code:
            self._pick(self._keys.by_code[typed])
        else:
            self._typed = typed if self._keys.follows(typed) else ""

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            self._pick(self._names[index.row()])

    def _pick(self, name: str) -> None:
        self.hide()
        self.picked.emit(name)


class _View(QListView):
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(_TITLE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (event.text().isprintable() and event.text()) or event.text() in ("\r", "\n"):
            self.typed.emit(event.text())
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()  # the popup closes
        else:
            super().keyPressEvent(event)
