"""How the curve of a sweep is read, and the keys that choose on it."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.ui.widgets.divider import Divider
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.key_hint import KeyHint
from petstudio.ui.widgets.text import Text

_TITLE: Final = tr("How to read the curve")
_HOW: Final = tr(
    "Take the part where the loss still falls steadily. Stop well before it turns up. The left end "
    "goes to the earliest layers, the right end to the head."
)
_KEYS: Final = (
    (tr("Tab"), tr("next handle")),
    ("← →", tr("move it")),
    (tr("Shift + ← →"), tr("one decade")),
    (tr("Home, End"), tr("whole range")),
    ("S", tr("next suggestion")),
)


class FinderGuide(QWidget):
    """Stands beside the finder while it is open."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("training.finder.guide")
        keys = FlowLayout(spacing=8)
        for key, words in _KEYS:
            keys.addWidget(KeyHint(key, words))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(Text(_TITLE, kind="section"))
        layout.addWidget(Text(_HOW, kind="small", tone="text2", wraps=True))
        layout.addLayout(keys)
        layout.addWidget(Divider())
