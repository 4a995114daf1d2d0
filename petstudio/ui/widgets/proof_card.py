"""The proof that the labels are right: every file with the label it got."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot

from petstudio.api.language import counted, tr
from petstudio.bridge.models import ProofModel, ProofRow
from petstudio.jobs.proving import LabelProof
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.card import Card
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.proof_table import ProofTable
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

_TITLE = tr("Label proof")
_AMBIGUOUS = tr("In these names the pattern fits in more than one place, with different labels.")
_ASIDE = tr("Files without a label are left aside when you use the data.")


class ProofCard(Card):
    """A table with unmatched files first, and what there is to count."""

    row_chosen = Signal(object)
    """The ProofRow that is looked at, or None."""

    def __init__(self, theme: Theme, pictures: ThumbnailCache) -> None:
        super().__init__(_TITLE, hint=" ", name="data.proof.card")
        self._model = ProofModel(self)
        self.table = ProofTable(theme, self._model, pictures)
        self.unmatched = Chip(theme)
        self.unmatched.setObjectName("data.unmatched")
        self.unmatched.setToolTip(_ASIDE)
        self.ambiguous = Chip(theme)
        self.ambiguous.setObjectName("data.ambiguous")
        self.ambiguous.setToolTip(_AMBIGUOUS)
        self.add_action(self.unmatched)
        self.add_action(self.ambiguous)
        self.body.addWidget(self.table, 1)
        self.table.row_chosen.connect(self._pass_on)
        self.show_proof(None)

    def show_proof(self, proof: LabelProof | None) -> None:
        self.unmatched.setVisible(proof is not None)
        self.ambiguous.setVisible(proof is not None and bool(proof.ambiguous))
        files = len(proof.listing.files) if proof else 0
        unmatched = proof.unmatched if proof else 0
        self.hint.set_full_text(_files_words(files, unmatched) if proof else "")
        if unmatched:
            self.unmatched.show_state(
                tr("{unmatched:,} unmatched", unmatched=unmatched), kind="warn", icon="warning-fill"
            )
        else:
            self.unmatched.show_state(tr("0 unmatched"), kind="ok", icon="check-bold")
        if proof and proof.ambiguous:
            text = tr("{ambiguous:,} ambiguous", ambiguous=proof.ambiguous)
            self.ambiguous.show_state(text, kind="warn", icon="warning-fill")
        self._model.show_proof(proof)

    @Slot(object)
    def _pass_on(self, row: ProofRow | None) -> None:
        self.row_chosen.emit(row)


def _files_words(files: int, unmatched: int) -> str:
    if unmatched:
        return counted(files, "{count:,} file, unmatched first", "{count:,} files, unmatched first")
    return counted(files, "{count:,} file", "{count:,} files")
