"""What is different between two runs: a line for what it is, a line for how it was and is."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from petstudio.api.language import counted, tr
from petstudio.bridge.run_differences import Difference, RunDifferences
from petstudio.ui.widgets.text import Text

_NO_OTHER: Final = tr(
    "Choose a baseline, or tick this run and one other, to see what is different."
)
_NONE: Final = tr("Settings, data and versions are the same.")
_ARROW: Final = "→"


class DifferencesList(QWidget):
    """Scrolls where there are many."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[Text] = []
        self._title = Text(kind="section")
        self._inner = QWidget()
        self._lines = QVBoxLayout(self._inner)
        self._scroll = QScrollArea()
        self._build()
        self.show_differences(None)

    def show_differences(self, found: RunDifferences | None) -> None:
        """Show them; None while there is nothing to compare with."""
        self._clear()
        if found is None:
            self._title.setText(tr("Different"))
            self._add(Text(_NO_OTHER, kind="small", tone="text3", wraps=True))
        else:
            self._title.setText(tr("Different from {run}", run=found.there))
            for difference in found.differences:
                self._add_difference(difference)
            words = _same_words(found.same) if found.differences else _NONE
            self._add(Text(words, kind="small", tone="text3", wraps=True))
        self._lines.addStretch(1)

    def texts(self) -> list[str]:
        """All lines, for those who read them aloud."""
        return [text.text() for text in self._texts]

    def _build(self) -> None:
        self.setObjectName("runs.differences")
        self._lines.setContentsMargins(0, 0, 4, 0)
        self._lines.setSpacing(1)
        self._scroll.setObjectName("runs.differences.scroll")
        self._scroll.setWidget(self._inner)
        self._scroll.setWidgetResizable(True)
        for ground in (self._inner, self._scroll.viewport()):
            ground.setAutoFillBackground(False)  # that of the inspector shows through
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(tr("Differences"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self._title)
        layout.addWidget(self._scroll, 1)

    def _add_difference(self, difference: Difference) -> None:
        self._add(Text(difference.what, kind="small", tone="text2"))
        values = Text(f"{difference.there} {_ARROW} {difference.here}", kind="mono", wraps=True)
        values.setAccessibleName(difference.spoken)
        self._add(values)
        self._lines.addSpacing(5)

    def _add(self, text: Text) -> None:
        self._texts.append(text)
        self._lines.addWidget(text)

    def _clear(self) -> None:
        while self._lines.takeAt(0) is not None:
            pass
        for text in self._texts:
            text.hide()
            text.deleteLater()
        self._texts.clear()


def _same_words(count: int) -> str:
    return counted(count, "{count:,} other setting the same.", "{count:,} other settings the same.")
