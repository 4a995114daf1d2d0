"""Likely label errors: labels that the model contradicts more than chance would."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from petstudio.api.language import counted, tr
from petstudio.bridge.evaluation_view import Evaluation, Judged
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.fixing import Fixing
from petstudio.ui.pages.evaluate_pictures import PicturesTab
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.text import Text

_OPEN, _CHECKED = "open", "checked"
_KINDS: Final = {_OPEN: tr("To look at"), _CHECKED: tr("Found right")}
_EXPLANATION: Final = tr(
    "The likeliest errors come first. K says that a label is right, and it leaves this list."
)


class LabelErrorsTab(PicturesTab):
    """Found by confident learning; see `petstudio.engine.analysis.label_errors`."""

    def __init__(self, theme: Theme, tray: FixTray, fixing: Fixing) -> None:
        super().__init__(theme, tray, fixing, name="evaluate.label_errors")
        self._seen: Evaluation | None = None
        self._shown: frozenset[int] = frozenset()
        self.kind = Segmented(_KINDS, name="evaluate.label_errors.kind", spoken=tr("Which labels"))
        self._count = Text(kind="small", tone="text3")
        self._build()
        self.kind.chosen.connect(self._refilter)
        tray.changed.connect(self._follow)

    def show_evaluation(self, seen: Evaluation) -> None:
        self._seen = seen
        self._show()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.kind)
        row.addWidget(Text(_EXPLANATION, kind="small", wraps=True), 1)
        row.addWidget(self._count)
        self.pictures.setAccessibleName(tr("Likely label errors"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(row)
        layout.addWidget(self.pictures, 1)

    @Slot(str)
    def _refilter(self, _key: str) -> None:
        self._show()
        self.picked.emit(self.pick())

    @Slot()
    def _follow(self) -> None:
        judged = self._seen.judged if self._seen is not None else None
        if judged is not None and self._wanted(judged) != self._shown:
            self._show()
            if self.isVisible():
                self.picked.emit(self.pick())

    def _wanted(self, judged: Judged) -> frozenset[int]:
        suspects = frozenset(error.key for error in judged.label_errors)
        if self.kind.key == _OPEN:
            return suspects - self._tray.checked
        return self._tray.checked & frozenset(judged.place_of)

    def _show(self) -> None:
        judged = self._seen.judged if self._seen is not None else None
        if self._seen is None or judged is None:
            return
        self._shown = wanted = self._wanted(judged)
        ranked = [error.key for error in judged.label_errors if error.key in wanted]
        others = sorted(wanted.difference(ranked))
        self._count.setText(counted(len(wanted), "{count:,} picture", "{count:,} pictures"))
        self.show_rows(self._seen, judged.rows_of([*ranked, *others]))
