"""Data: from a folder to labelled and divided pictures, with proof, and then to a project."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget

from petstudio.bridge.project_job import ProjectJob
from petstudio.bridge.project_view import ProjectView, free_project_path, project_name
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.session import Session
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.page import Badge, Page
from petstudio.ui.pages.data_banners import DataBanners
from petstudio.ui.pages.data_sources import DataSources
from petstudio.ui.pages.first_run import FirstRun
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.chip import Chip
from petstudio.ui.widgets.path_question import ask_folder, ask_new_place
from petstudio.ui.widgets.text import plain_tip

if TYPE_CHECKING:
    from petstudio.bridge.health_check import HealthCheck
    from petstudio.bridge.prover import Fault, Prover
    from petstudio.images.splitting import SplitChoice
    from petstudio.jobs.importing import DataSource, LabelProof
    from petstudio.jobs.scanning import Families
    from petstudio.ui.pages.data_editor import DataEditor
    from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

_TITLE: Final = "Data"
_USE: Final = "Use this data"
_IN_USE: Final = "In use"
_START: Final = "Start with some pictures"
_READING: Final = "Reading labels…"
_FAULTY: Final = "This cannot be used yet, see the marked field"
_BUSY: Final = "Another job is running; wait for its end or stop it"


Choice: TypeAlias = "tuple[DataSource, SplitChoice]"


class DataPage(Page):
    """Shows the project of the session, or a choice that may become one.

    Until there is one the page is a place to drop pictures on; the rest is built when it is shown,
    or by `build_rest` when there is time.
    """

    open_requested = Signal()
    """The user wants to choose a project to open."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        session: Session,
        reader: LabelReader,
    ) -> None:
        super().__init__(theme, title=_TITLE)
        self._host = host
        self._runner = runner
        self._session = session
        self._root: Path | None = None
        self._chosen: Choice | None = None
        self._used: Choice | None = None
        self._place = Path()
        self._proof: LabelProof | None = None
        self._reader = reader
        self._job = ProjectJob(runner, self)
        self._banners = DataBanners(self.banner, session, self)
        self._sources = DataSources(theme, host, runner, session, self)
        self._first_run = FirstRun(theme)
        self._stack = QStackedWidget()
        self._where = Button(theme, icon="folder", name="data.place")
        self._use = Button(theme, _USE, kind="primary", icon="check-bold", name="data.use")
        self._chip = Chip(theme, _IN_USE, kind="ok", icon="check-bold")
        self._build()
        self._connect()
        self._show_start()

    def choose(self, folder: Path) -> None:
        """Take a folder as the source; a project is opened, an archive unpacked instead."""
        if folder.suffix == ".petstudio":
            self._session.open(folder)
            return
        if folder.is_file():
            self._sources.ask_to_unpack(folder)
            return
        self._root = folder
        self._place = free_project_path(folder)
        self._editor.show_folder(folder)
        self._show_editor()
        self._ask()

    @Slot()
    def ask_for_folder(self) -> None:
        """Let the user choose the folder of the pictures."""
        start = str(self._root or "")
        ask_folder(self, "Choose a folder of pictures", start, self.choose)

    def build_rest(self) -> None:
        """Build what is not yet in sight."""
        _ = (self._editor, self._prover)

    def shutdown(self) -> None:
        if self._is_built("_prover"):
            self._prover.shutdown()
        if self._is_built("_check"):
            self._check.shutdown()
        if self._is_built("_pictures"):
            self._pictures.shutdown()

    def _build(self) -> None:
        self.add_header_button(self._where)
        self.add_header_button(self._use)
        self.add_header_chip(self._chip)
        self._stack.addWidget(self._first_run)
        self.body.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._first_run.folder_dropped.connect(self.choose)
        self._first_run.choose_requested.connect(self.ask_for_folder)
        self._first_run.sample_requested.connect(self._sources.try_sample)
        self._first_run.pets_requested.connect(self._sources.ask_for_pets)
        self._first_run.open_requested.connect(self.open_requested)
        self._where.clicked.connect(self._ask_for_place)
        self._use.clicked.connect(self._use_data)
        self._job.progressed.connect(self.set_sentence)
        self._job.created.connect(self._session.open)
        self._job.failed.connect(self._banners.show_failure)
        self._job.failed.connect(self._judge_again)
        self._job.stopped.connect(self._banners.show_stop)
        self._job.stopped.connect(self._judge_again)
        self._sources.folder_ready.connect(self.choose)
        self._sources.progressed.connect(self.set_sentence)
        self._sources.failed.connect(self._banners.show_failure)
        self._sources.stopped.connect(self._banners.show_stop)
        self._runner.state_changed.connect(self._follow_runner)
        self._session.changed.connect(self._take_view)

    # What is built when it is needed

    def _is_built(self, part: str) -> bool:
        return part in self.__dict__  # where a cached property keeps its value

    @cached_property
    def _pictures(self) -> ThumbnailCache:
        from petstudio.ui.widgets.thumbnail_cache import ThumbnailCache

        return ThumbnailCache(self)

    @cached_property
    def _prover(self) -> Prover:
        from petstudio.bridge.prover import Prover

        prover = Prover(self._host, self._reader, self)
        prover.proved.connect(self._take_proof)
        prover.failed.connect(self._take_fault)
        return prover

    @cached_property
    def _check(self) -> HealthCheck:
        from petstudio.bridge.health_check import HealthCheck

        check = HealthCheck(self)
        check.scanned.connect(self._take_families)
        return check

    @cached_property
    def _editor(self) -> DataEditor:
        from petstudio.ui.pages.data_classes import DataClasses
        from petstudio.ui.pages.data_editor import DataEditor
        from petstudio.ui.pages.data_findings import DataFindings
        from petstudio.ui.widgets.preview_panel import PreviewPanel

        findings = DataFindings(self.theme, self._session, self._check, self)
        classes = DataClasses(self.theme, self._session, self)
        editor = DataEditor(self.theme, self._host, self._pictures, self._check, findings, classes)
        preview = PreviewPanel(self.theme, self._pictures)
        editor.folder_dropped.connect(self.choose)
        editor.choose_requested.connect(self.ask_for_folder)
        editor.edited.connect(self._ask)
        editor.row_chosen.connect(preview.show_row)
        self._stack.addWidget(editor)
        self.set_inspector(preview)
        self._place_inspector()
        return editor

    # What is shown

    def _show_start(self) -> None:
        self._stack.setCurrentWidget(self._first_run)
        self.show_inspector(False)
        for widget in (self._use, self._where, self._chip):
            widget.hide()
        self.set_sentence(_START)

    def _show_editor(self) -> None:
        self._stack.setCurrentWidget(self._editor)
        self.show_inspector(True)

    def _update_header(self, sentence: str, why_not: str) -> None:
        in_use = self._is_in_use()
        self._chip.setVisible(in_use)
        self._use.setVisible(not in_use)
        self._where.setVisible(not in_use)
        self._where.setText(f"Project: {project_name(self._place)}")
        self._where.setToolTip(plain_tip(f"Will be kept in {self._place}"))
        self._use.set_ready(not why_not, why_not)
        self.set_sentence(sentence)
        self.set_badge(Badge.DONE if in_use else Badge.NONE)

    def _show_proof(self, proof: LabelProof) -> None:
        self._proof = proof
        view = self._session.view
        is_stored = view is not None and proof is view.proof
        self._editor.show_proof(proof, is_stored=is_stored)
        self._check.look(proof, view if is_stored else None)
        self._judge()

    def _judge(self) -> None:
        """Say how things stand, and whether the data can be used."""
        proof = self._proof
        if proof is None or self._job.is_running:
            return
        classes = len(proof.classes)
        counts = (
            f"{len(proof.listing.files):,} pictures, {classes:,} "
            f"{'class' if classes == 1 else 'classes'}, {proof.unmatched:,} unmatched"
        )
        is_busy = self._runner.state is not JobState.IDLE
        why_not = proof.problem or (_BUSY if is_busy else "")
        sentence = proof.problem or counts
        if is_busy and not self._is_in_use() and not proof.problem:
            sentence = f"{counts}. {_BUSY}"
        self._update_header(sentence, why_not)

    def _is_in_use(self) -> bool:
        return self._used is not None and self._used == self._chosen

    def _read_choice(self) -> Choice | None:
        """Return what stands in the fields; None while something there is wrong."""
        options = self._editor.options()
        if self._root is None or options is None:
            return None
        from petstudio.jobs.importing import DataSource

        source = DataSource(
            root=self._root,
            loader=self._editor.loader,
            options=options,
            group=self._editor.group(),
        )
        return source, self._editor.split()

    # What the user does

    @Slot()
    def _ask(self) -> None:
        self._proof = None
        self._prover.drop()
        self._chosen = self._read_choice()
        if self._chosen is None:
            self._update_header(_FAULTY, _FAULTY)
        elif self._is_in_use() and self._session.view is not None:
            self._show_proof(self._session.view.proof)
        else:
            self._update_header(_READING, _READING)
            source, split = self._chosen
            families: Families = ()
            if self._check.root == source.root:
                families = self._check.families(near=split.alike)
            self._prover.ask(source, split, families)

    @Slot()
    def _use_data(self) -> None:
        if self._chosen is None:
            return
        from petstudio.jobs.importing import create_project

        self._check.stop()
        job = create_project(self._host, self._place, *self._chosen)
        self.banner.hide()
        self._job.start(job, title=f"Project {project_name(self._place)}", path=self._place)

    @Slot()
    def _ask_for_place(self) -> None:
        ask_new_place(self, "Where to keep the project", str(self._place), self._take_place)

    def _take_place(self, path: Path) -> None:
        self._place = path.with_name(f"{project_name(path)}.petstudio")
        self._judge()

    # What comes back

    @Slot(object)
    def _take_proof(self, proof: LabelProof) -> None:
        self._show_proof(proof)

    @Slot()
    def _take_families(self) -> None:
        """Divide once more, now that it is known which pictures belong together."""
        if self._chosen is not None and not self._is_in_use() and self._check.families(near=True):
            self._ask()

    @Slot(object)
    def _take_fault(self, fault: Fault) -> None:
        self._editor.show_fault(fault)
        self._update_header(_FAULTY, str(fault.error))

    @Slot(object)
    def _follow_runner(self, state: JobState) -> None:
        self._first_run.set_ready(state is JobState.IDLE)
        if self._job.is_running and state is JobState.RUNNING:
            self._use.set_ready(False, _BUSY)
        self._judge()

    @Slot(object)
    def _take_view(self, view: ProjectView | None) -> None:
        self.banner.hide()
        if self._is_built("_prover"):
            self._prover.drop()
        self._pictures.look_in(view.path if view else None)
        if view is None:
            if self._is_built("_check"):
                self._check.drop()
            self._root = self._chosen = self._used = self._proof = None
            self.set_badge(Badge.NONE)
            self._show_start()
            return
        self._root = view.source.root
        self._place = free_project_path(view.source.root)
        self._editor.show_view(view)
        # Read back, so that options the project does not name stand with their defaults.
        self._chosen = self._used = self._read_choice()
        self._show_editor()
        self._show_proof(view.proof)
        if view.root_problem:
            self._banners.offer_to_locate(view)

    @Slot()
    def _judge_again(self) -> None:
        self._judge()
