"""The control row: which run, on what, seen how often, compared with which other one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from petstudio.api.contributions import Split
from petstudio.api.language import tr
from petstudio.bridge.evaluation_view import Evaluation
from petstudio.bridge.run_comparison import ComparedPart
from petstudio.engine.analysis.comparison import Comparison
from petstudio.project.names import shown_text
from petstudio.ui.pages.evaluate_words import part_text
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.filter_chip import FilterChip, FilterTone
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.text import Text

_SPLITS: Final = (
    (Split.VALID.value, tr("validation")),
    (Split.TEST.value, tr("test")),
    (Split.TRAIN.value, tr("training")),
)
_SPLIT_TIP: Final = tr(
    "On training pictures, which the model has learned, the accuracy says little; but wrong labels "
    "stand out there, too"
)
_VIEWS: Final = (
    ("0", tr("once")),
    ("4", tr("5 times")),
    ("8", tr("9 times")),
)  # the plain view counts, too
_VIEWS_TIP: Final = tr("Seen more often, each time changed as in training, and averaged")
_NO_OTHER: Final = ("", tr("nothing"))
_TONES: Final[Mapping[ComparedPart, FilterTone]] = {
    ComparedPart.FIXED: "ok",
    ComparedPart.BROKEN: "err",
}
_ICONS: Final = {ComparedPart.FIXED: "arrow-up", ComparedPart.BROKEN: "arrow-down"}


class EvaluateControls(QWidget):
    """Shows the choice that holds, and tells of another one."""

    chosen = Signal(object)
    """A dict with the fields of EvaluationChoice that the user changed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.run = ChoiceBox()
        self.split = ChoiceBox(_SPLITS)
        self.views = ChoiceBox(_VIEWS)
        self.other = ChoiceBox((_NO_OTHER,))
        self._verdict = Text(kind="small")
        self._column = QVBoxLayout(self)
        self._chips = {
            part: FilterChip(
                theme,
                tone=_TONES.get(part, "neutral"),
                icon=_ICONS.get(part, ""),
                name=f"evaluate.part.{part.name.lower()}",
            )
            for part in ComparedPart
        }
        self._build()
        self._connect()

    @property
    def verdict(self) -> str:
        """The sentence on the comparison; empty without one."""
        return self._verdict.text()

    def hasHeightForWidth(self) -> bool:
        # A page that scrolls would give all of its parts the room that they like, not need.
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._take_room()

    def show_evaluation(self, seen: Evaluation) -> None:
        choice = seen.choice
        names = [(str(run.number), f"{run.number}, {shown_text(run.name)}") for run in seen.runs]
        self.run.show_choices(names)
        self.other.show_choices(
            (_NO_OTHER, *(name for name in names if name[0] != self._key(seen)))
        )
        self.run.show_key(self._key(seen), tr("none"))
        self.split.show_key(choice.split.value)
        self.views.show_key(str(choice.views))
        self.other.show_key(str(choice.other or ""))
        self._show_comparison(seen.comparison, choice.part)
        if seen.comparison_problem:
            self._verdict.setText(seen.comparison_problem)
            self._verdict.show()
        self._take_room()

    def _take_room(self) -> None:
        self.setFixedHeight(self._column.totalHeightForWidth(self.width()))

    def _key(self, seen: Evaluation) -> str:
        return str(seen.choice.run or "")

    def _show_comparison(self, found: Comparison | None, chosen: ComparedPart | None) -> None:
        counts = (found.fixed, found.broken, found.both_wrong, found.both_right) if found else ()
        for (part, chip), keys in zip(self._chips.items(), counts or ((),) * 4, strict=True):
            chip.say(part_text(part, len(keys)))
            chip.setVisible(found is not None)
            chip.setChecked(part is chosen)
        self._verdict.setText(found.verdict if found is not None else "")
        self._verdict.setVisible(found is not None)

    def _build(self) -> None:
        row = FlowLayout(spacing=8)
        for word, box, name in (
            (tr("Run"), self.run, "run"),
            (tr("on"), self.split, "split"),
            (tr("seen"), self.views, "views"),
            (tr("compared with"), self.other, "other"),
        ):
            box.setObjectName(f"evaluate.{name}")
            box.setAccessibleName(word)
            row.addWidget(_labelled(word, box))
        self.split.setToolTip(_SPLIT_TIP)
        self.views.setToolTip(_VIEWS_TIP)
        for chip in self._chips.values():
            row.addWidget(chip)
        row.addWidget(self._verdict)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addLayout(row)

    def _connect(self) -> None:
        self.run.picked.connect(self._on_run)
        self.split.picked.connect(self._on_split)
        self.views.picked.connect(self._on_views)
        self.other.picked.connect(self._on_other)
        for part, chip in self._chips.items():
            chip.clicked.connect(partial(self._on_part, part))

    @Slot(str)
    def _on_run(self, key: str) -> None:
        # The run that was compared with may be this one now.
        self.chosen.emit({"run": int(key), "other": None, "part": None})

    @Slot(str)
    def _on_split(self, key: str) -> None:
        self.chosen.emit({"split": Split(key)})

    @Slot(str)
    def _on_views(self, key: str) -> None:
        self.chosen.emit({"views": int(key)})

    @Slot(str)
    def _on_other(self, key: str) -> None:
        self.chosen.emit({"other": int(key) if key else None, "part": None})

    def _on_part(self, part: ComparedPart) -> None:
        self.chosen.emit({"part": part if self._chips[part].isChecked() else None})


def _labelled(word: str, box: ChoiceBox) -> QWidget:
    pair = QWidget()
    layout = QHBoxLayout(pair)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    layout.addWidget(Text(word, kind="label"))
    layout.addWidget(box)
    return pair
