"""Worst first: pictures by their loss, with filters."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from petstudio.api.language import counted, tr
from petstudio.bridge.evaluation_view import Evaluation, Judged, Rows
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.fixing import Fixing
from petstudio.bridge.models import spoken_label
from petstudio.ui.pages.evaluate_pictures import PicturesTab
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.text import Text

_WRONG, _ALL = "wrong", "all"
_KINDS: Final = {_WRONG: tr("Mistakes"), _ALL: tr("All")}
_LOSS, _SURE, _UNSURE = "loss", "sure", "unsure"
_ORDERS: Final = (
    (_LOSS, tr("highest loss first")),
    (_SURE, tr("most sure first")),
    (_UNSURE, tr("least sure first")),
)
_ANY: Final = ("", tr("any class"))
_EXPLANATION: Final = tr(
    "Predicted with its probability and loss, then actual with its probability"
)


class WorstTab(PicturesTab):
    """Shows mistakes only until all are asked for."""

    def __init__(self, theme: Theme, tray: FixTray, fixing: Fixing) -> None:
        super().__init__(theme, tray, fixing, name="evaluate.worst")
        self._seen: Evaluation | None = None
        self.kind = Segmented(_KINDS, name="evaluate.worst.kind", spoken=tr("Which pictures"))
        self.actual = ChoiceBox((_ANY,))
        self.predicted = ChoiceBox((_ANY,))
        self.order = ChoiceBox(_ORDERS)
        self._count = Text(kind="small", tone="text3")
        self._build()
        self.kind.chosen.connect(self._refilter)
        for box in (self.actual, self.predicted, self.order):
            box.picked.connect(self._refilter)

    def show_evaluation(self, seen: Evaluation) -> None:
        self._seen = seen
        classes = seen.judged.classes if seen.judged is not None else ()
        choices = (_ANY, *((str(i), spoken_label(name)) for i, name in enumerate(classes)))
        self.actual.show_choices(choices)
        self.predicted.show_choices(choices)
        self._show()

    def _build(self) -> None:
        row = FlowLayout(spacing=8)
        row.addWidget(self.kind)
        for word, box, name in (
            (tr("actual"), self.actual, "actual"),
            (tr("predicted"), self.predicted, "predicted"),
            (tr("order"), self.order, "order"),
        ):
            box.setObjectName(f"evaluate.worst.{name}")
            box.setAccessibleName(word)
            if box is not self.order:
                row.addWidget(Text(word, kind="label"))
            row.addWidget(box)
        row.addWidget(self._count)
        self.pictures.setAccessibleName(_EXPLANATION)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(row)
        layout.addWidget(self.pictures, 1)

    @Slot(str)
    def _refilter(self, _key: str) -> None:
        self._show()
        self.picked.emit(self.pick())

    def _show(self) -> None:
        judged = self._seen.judged if self._seen is not None else None
        if self._seen is None or judged is None:
            return
        rows = self._rows(judged)
        self._count.setText(counted(len(rows), "{count:,} picture", "{count:,} pictures"))
        self.show_rows(self._seen, rows)

    def _rows(self, judged: Judged) -> Rows:
        chosen = np.ones(len(judged.predictions), dtype=bool)
        if self.kind.key == _WRONG:
            chosen &= judged.wrong
        if self.actual.key:
            chosen &= judged.predictions.targets == int(self.actual.key)
        if self.predicted.key:
            chosen &= judged.predicted == int(self.predicted.key)
        rows = judged.worst_first(chosen)
        if self.order.key == _LOSS:
            return rows
        sureness = judged.confidence[rows]
        order = np.argsort(-sureness if self.order.key == _SURE else sureness, kind="stable")
        return np.asarray(rows[order], dtype=np.int64)
