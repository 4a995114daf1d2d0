"""How the pictures are divided: share, seed, proportions, and what stays together."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from petstudio.api.contributions import Split
from petstudio.api.language import tr
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.proving import LabelProof
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.keep_together import KeepTogether
from petstudio.ui.widgets.letters_wide import LettersWide
from petstudio.ui.widgets.number_box import NumberBox
from petstudio.ui.widgets.shield_line import ShieldLine
from petstudio.ui.widgets.split_bar import LEAST_PERCENT, MOST_PERCENT, SplitBar
from petstudio.ui.widgets.text import Text

_TITLE = tr("Split")
_GIVEN = tr("as the source says")
_STRATIFY_TIP = tr("Every class gives the same share of its pictures.")
_SEED_TIP = tr("The same seed and pictures give the same split again.")


class SplitCard(Card):
    """The bar and the box show the same share; the counts come from the proof."""

    edited = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(_TITLE, hint=" ", name="data.split.card")
        self._test_share = 0.0
        self._shares = Text(kind="small", tone="text2")
        self.bar = SplitBar(theme)
        self.share = _number(
            LEAST_PERCENT, MOST_PERCENT, "data.split.share", tr("Validation share"), unit="%"
        )
        self.seed = _number(0, 2**31 - 1, "data.split.seed", tr("Seed"))
        self.seed.setToolTip(_SEED_TIP)
        self.stratify = QCheckBox(tr("Stratify"))
        self.stratify.setObjectName("data.split.stratify")
        self.stratify.setToolTip(_STRATIFY_TIP)
        self.together = KeepTogether()
        self.shield = ShieldLine(theme)
        self._build()
        self.show_choice(SplitChoice())
        self._connect()

    @property
    def is_open(self) -> bool:
        """Whether there is anything to choose: a source may say where each picture belongs."""
        return self.bar.isEnabled()

    def choice(self) -> SplitChoice:
        return SplitChoice(
            valid_share=self.share.value() / 100,
            test_share=self._test_share,
            seed=self.seed.value(),
            stratify=self.stratify.isChecked(),
            by_folder=self.together.by_folder,
            alike=self.together.alike,
        )

    def show_choice(self, choice: SplitChoice, group: str = "") -> None:
        """Show a choice, and by which pattern pictures belong together, without a signal."""
        self.together.show_choice(by_folder=choice.by_folder, alike=choice.alike, group=group)
        percent = round(100 * choice.valid_share)
        for widget, value in ((self.bar, percent), (self.share, percent), (self.seed, choice.seed)):
            blocked = widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(blocked)
        blocked = self.stratify.blockSignals(True)
        self.stratify.setChecked(choice.stratify)
        self.stratify.blockSignals(blocked)
        self._test_share = choice.test_share
        self.bar.update()

    def show_proof(self, proof: LabelProof | None) -> None:
        """Show what the split gives, and whether there is anything left to choose."""
        sides = proof.sides if proof else {}
        counts = sides.get(Split.TRAIN, 0), sides.get(Split.VALID, 0), sides.get(Split.TEST, 0)
        self.bar.show_counts(*counts)
        total = max(1, sum(counts))
        self._shares.setText(" / ".join(f"{100 * count / total:.0f}" for count in counts) + " %")
        self._shares.setVisible(proof is not None)
        is_given = proof is not None and proof.is_split_given
        self.hint.set_full_text(_GIVEN if is_given else "")
        for widget in (self.bar, self.share, self.seed, self.stratify, self.together):
            widget.setEnabled(proof is not None and not is_given)

    def _build(self) -> None:
        self.add_action(self._shares)
        self.body.addWidget(self.bar)
        row = FlowLayout(spacing=12)
        row.addWidget(_labelled(tr("Validation"), self.share))
        row.addWidget(_labelled(tr("Seed"), self.seed, self.stratify))
        self.body.addLayout(row)
        self.body.addWidget(self.together)
        self.body.addWidget(self.shield)
        self.body.addStretch(1)

    def _connect(self) -> None:
        self.bar.valueChanged.connect(self._take_bar)
        self.share.valueChanged.connect(self._take_share)
        self.seed.valueChanged.connect(self.edited)
        self.stratify.toggled.connect(self.edited)
        self.together.edited.connect(self.edited)

    @Slot(int)
    def _take_bar(self, percent: int) -> None:
        self.share.setValue(percent)

    @Slot(int)
    def _take_share(self, percent: int) -> None:
        blocked = self.bar.blockSignals(True)
        self.bar.setValue(percent)
        self.bar.blockSignals(blocked)
        self.bar.update()
        self.edited.emit()


def _number(low: int, high: int, name: str, spoken: str, *, unit: str = "") -> NumberBox:
    box = NumberBox(low, high, unit=unit)
    box.setObjectName(name)
    box.setAccessibleName(spoken)
    LettersWide(box, 6, room=28, most=10)
    return box


def _labelled(caption: str, field: QWidget, *others: QWidget) -> QWidget:
    label = Text(caption, kind="label")
    label.setBuddy(field)
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addWidget(label)
    row.addWidget(field)
    for other in others:
        row.addSpacing(8)
        row.addWidget(other)
    return pair
