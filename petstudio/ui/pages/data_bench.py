"""What the Data page works with once there are pictures: proof, health, cards and preview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.language import tr
from petstudio.bridge.batch_labels import shuffled_labels
from petstudio.bridge.health_check import HealthCheck
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.prover import Fault, Prover
from petstudio.bridge.session import Session
from petstudio.images.roots import folders_of
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.previewing import PreviewWish
from petstudio.jobs.proving import DataSource, LabelProof
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.pages.class_questions import ClassQuestions
from petstudio.ui.pages.data_editor import DataEditor
from petstudio.ui.pages.data_findings import DataFindings
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.batch_dialog import BatchDialog
from petstudio.ui.widgets.preview_panel import PreviewPanel
from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

Choice: TypeAlias = tuple[DataSource, SplitChoice]
_TAKEN: Final = tr("There is a class of this name; draw one onto the other to merge them.")


class DataBench(QObject):
    """Proves a choice and shows what comes of it; the page decides what is chosen.

    What is seen of it is made by `pieces`, which comes before all else.
    """

    proved = Signal(object)
    """The LabelProof of the newest question."""
    failed = Signal(object)
    """Its Fault."""
    families_found = Signal()
    """It is known now which pictures belong together, so a choice may be divided otherwise."""

    def __init__(
        self, theme: Theme, host: PluginHost, session: Session, reader: LabelReader, page: QWidget
    ) -> None:
        super().__init__(page)
        self._theme = theme
        self._host = host
        self._session = session
        self._page = page
        self._proof: LabelProof | None = None
        self._pictures = ThumbnailCache(self)
        self._prover = Prover(host, reader, self)
        self.check = HealthCheck(self)
        findings = DataFindings(theme, session, self.check, page)
        classes = ClassQuestions(
            theme, page, counts=self._stored_classes, rename=self._rename, taken=_TAKEN
        )
        self.editor = DataEditor(theme, host, self._pictures, self.check, findings, classes)

    def pieces(self) -> Iterator[None]:
        """Build the cards and the preview, one by one."""
        yield from self.editor.pieces()
        yield
        self.preview = PreviewPanel(self._theme, self._host, self._pictures)
        self._connect()

    def choice(self, root: Path | None) -> Choice | None:
        """Return what stands in the fields; None while something there is wrong."""
        options = self.editor.options()
        if root is None or options is None:
            return None
        source = DataSource(
            root=root, loader=self.editor.loader, options=options, group=self.editor.group()
        )
        return source, self.editor.split()

    def ask(self, choice: Choice) -> None:
        """Prove this, instead of what was asked before."""
        source, split = choice
        is_known = self.check.root == source.root
        if folders_of(self.check.root)[""] != source.root:
            self.check.drop()  # what was found elsewhere
        families = self.check.families(near=split.alike) if is_known else ()
        self._prover.ask(source, split, families)

    def drop(self) -> None:
        """Answer nothing more until the next question."""
        self._prover.drop()
        self._proof = None

    def show_proof(self, proof: LabelProof, view: ProjectView | None) -> None:
        """Show what a source gives, or what the project of the view stores."""
        self._proof = proof
        self.editor.show_proof(proof, is_stored=view is not None)
        self.check.look(proof, view)

    def show_fault(self, fault: Fault) -> None:
        """Say what is wrong at the field; the last proof stays in sight."""
        self.editor.show_fault(fault)

    def look_in(self, project: Path | None) -> None:
        """Make thumbnails of what a project's training has kept; None forgets what was checked."""
        self._pictures.look_in(project)
        if project is None:
            self.check.drop()

    def shutdown(self) -> None:
        for part in (self._prover, self.check, self.preview, self._pictures):
            part.shutdown()

    def _connect(self) -> None:
        self._prover.proved.connect(self.proved)
        self._prover.failed.connect(self.failed)
        self.check.scanned.connect(self._tell_families)
        self.editor.row_chosen.connect(self.preview.show_row)
        self.preview.batch_wanted.connect(self._show_batch)

    def _stored_classes(self) -> Mapping[str, int]:
        view = self._session.view
        return dict(view.proof.classes) if view is not None else {}

    def _rename(self, old: str, new: str) -> None:
        self._session.apply(lambda project: project.rename_class(old, new))

    @Slot()
    def _tell_families(self) -> None:
        if self.check.families(near=True):
            self.families_found.emit()

    @Slot(object)
    def _show_batch(self, wish: PreviewWish) -> None:
        labels = shuffled_labels(self._proof) if self._proof else {}
        if labels:
            BatchDialog(self._theme, self._host, wish, labels, self._page.window()).open()
