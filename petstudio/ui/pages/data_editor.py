"""The cards of the Data page: source, proof, classes, split, health."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from petstudio.api.language import tr
from petstudio.bridge.health_check import HealthCheck
from petstudio.bridge.models import ProofRow
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.prover import Fault
from petstudio.images.listing import LeftOut
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.proving import LabelProof
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages.class_questions import ClassQuestions
from petstudio.ui.pages.data_findings import DataFindings
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.classes_card import ClassesCard
from petstudio.ui.widgets.drop_well import dropped_source
from petstudio.ui.widgets.health_card import HealthCard
from petstudio.ui.widgets.health_words import AFTER_USE, AFTER_USE_CLASSES
from petstudio.ui.widgets.pair import Pair
from petstudio.ui.widgets.proof_card import ProofCard
from petstudio.ui.widgets.source_card import SourceCard
from petstudio.ui.widgets.split_card import SplitCard
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

_SHARES: Final = (58, 42)
_NOT_THERE: Final = tr("the table names it, the folder does not have it")


class DataEditor(QWidget):
    """Shows a choice and its proof, and says when the user changed the choice.

    The cards are made by `pieces`, which comes before all else.
    """

    edited = Signal()
    folder_dropped = Signal(object)
    choose_requested = Signal()
    add_wanted = Signal()
    """The pictures that have come into the folder shall come into the project."""
    row_chosen = Signal(object)
    """The ProofRow that is looked at, or None."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        pictures: ThumbnailCache,
        check: HealthCheck,
        findings: DataFindings,
        classes: ClassQuestions,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._host = host
        self._pictures = pictures
        self._check = check
        self._findings = findings
        self._questions = classes
        self._is_stored = False
        self._unreadable: Sequence[LeftOut] = ()
        self.setAcceptDrops(True)  # beside the well, too

    def pieces(self) -> Iterator[None]:
        """Make and place the cards, one by one."""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self._source = SourceCard(self._theme, self._host.loaders, self._pictures)
        yield
        layout.addWidget(self._source)
        self.setFocusProxy(self._source)
        yield
        self._proof = ProofCard(self._theme, self._pictures)
        self._classes = ClassesCard(self._theme)
        layout.addWidget(Pair(self._proof, self._classes, shares=_SHARES), 1)
        yield
        self._split = SplitCard(self._theme)
        yield
        self._health = HealthCard(self._theme, self._check)
        yield
        layout.addWidget(Pair(self._split, self._health, shares=_SHARES))
        self._connect()

    @property
    def loader(self) -> str:
        return self._source.loader

    def options(self) -> dict[str, Any] | None:
        """Return the loader's options, or None when one of them is wrong, which is then shown."""
        return self._source.values()

    def split(self) -> SplitChoice:
        return self._split.choice()

    def group(self) -> str:
        """Return the pattern by which pictures belong together; empty for none."""
        return self._split.together.group

    def show_folder(self, folder: Path) -> None:
        """Show another folder, with the choices made so far."""
        self._unreadable = ()
        self._source.well.show_folder(folder)
        self._show(None, is_stored=False)

    def show_view(self, view: ProjectView) -> None:
        """Show the choices that a project was made of."""
        self._unreadable = view.unreadable
        self._source.well.show_folder(view.source.root, [added.path for added in view.added])
        self._source.show_choice(view.source.loader, view.source.options)
        self._split.show_choice(view.split, view.source.group)

    def show_proof(self, proof: LabelProof, *, is_stored: bool) -> None:
        """Show what a source gives, or what a project stores."""
        self._source.well.show_pictures(proof.listing)
        self._source.clear_problems()
        self._source.show_mark(not is_stored and not proof.problem)
        self._show(proof, is_stored=is_stored)

    def show_fault(self, fault: Fault) -> None:
        """Say what is wrong at the field; the last proof stays in sight."""
        self._source.show_mark(False)
        self._source.show_fault(fault)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_source(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        source = dropped_source(event.mimeData())
        if source is not None:
            event.acceptProposedAction()
            self.folder_dropped.emit(source)

    def _show(self, proof: LabelProof | None, *, is_stored: bool) -> None:
        self._proof.show_proof(proof)
        self._classes.show_classes(
            proof.classes if proof else (), "" if is_stored else AFTER_USE_CLASSES
        )
        self._split.show_proof(proof)
        was_listed = proof is not None and not is_stored
        self._health.show_files(
            unreadable=self._unreadable,
            left_out=proof.listing.left_out if proof and was_listed else (),
            missing=_as_missing(proof) if proof and was_listed else (),
        )
        self._is_stored = is_stored
        self._findings.show_proof(proof, is_stored=is_stored)
        self._show_shield()

    def _connect(self) -> None:
        self._source.edited.connect(self.edited)
        self._source.folder_dropped.connect(self.folder_dropped)
        self._source.choose_requested.connect(self.choose_requested)
        self._split.edited.connect(self.edited)
        self._proof.row_chosen.connect(self._pass_on)
        self._check.changed.connect(self._show_shield)
        self._classes.rename_wanted.connect(self._questions.ask_to_rename)
        self._classes.merge_wanted.connect(self._questions.ask_to_merge)
        self._findings.merge_wanted.connect(self._questions.ask_to_merge)
        self._health.add_wanted.connect(self.add_wanted)
        self._health.finding_wanted.connect(self._findings.see)
        self._split.shield.show_wanted.connect(self._findings.see_crossing)
        self._split.shield.fix_wanted.connect(self._fix_split)

    @Slot()
    def _show_shield(self) -> None:
        health = self._check.health
        why_no_fix = ""
        if health is not None and not self._is_stored and not self._can_keep_alike:
            why_no_fix = AFTER_USE
        self._split.shield.show_shield(health.shield if health else None, why_no_fix=why_no_fix)

    @property
    def _can_keep_alike(self) -> bool:
        """Whether a split that is still open would be whole with near-duplicates kept together."""
        return self._split.is_open and not self._split.together.alike

    @Slot()
    def _fix_split(self) -> None:
        if self._is_stored:
            self._findings.fix()
        else:
            self._split.together.keep_alike()

    @Slot(object)
    def _pass_on(self, row: ProofRow | None) -> None:
        self._source.show_example(row)
        self.row_chosen.emit(row)


def _as_missing(proof: LabelProof) -> list[LeftOut]:
    return [LeftOut(path=path, why=_NOT_THERE) for path in proof.missing]
