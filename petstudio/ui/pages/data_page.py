"""Data: from a folder to labelled and divided pictures, with proof, and then to a project."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget

from petstudio.api.language import tr
from petstudio.bridge.idle_steps import Pieces
from petstudio.bridge.project_view import ProjectView
from petstudio.bridge.runner import JobRunner, JobState
from petstudio.bridge.session import Session
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.page import Badge, Page
from petstudio.ui.pages import data_words as words
from petstudio.ui.pages.data_adding import DataAdding
from petstudio.ui.pages.data_banners import DataBanners
from petstudio.ui.pages.data_header import DataHeader
from petstudio.ui.pages.data_sources import DataSources
from petstudio.ui.pages.data_use import DataUse
from petstudio.ui.pages.first_run import FirstRun
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.path_question import ask_folder

if TYPE_CHECKING:
    from petstudio.bridge.prover import Fault
    from petstudio.jobs.proving import LabelProof
    from petstudio.ui.pages.data_bench import Choice, DataBench

_TITLE: Final = tr("Data")
_WHICH: Final = tr("Choose a folder of pictures")


class DataPage(Page):
    """Shows the project of the session, or a choice that may become one.

    Until there is one the page is a place to drop pictures on; the `rest` is built piece by piece
    when there is time, and what is left of it at once when it is shown.
    """

    open_requested = Signal()
    """The user wants to choose a project to open."""

    augmentation_wanted = Signal(object)
    """The AugmentationChoice of the preview shall be that of the recipe."""

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
        self._proof: LabelProof | None = None
        self._shown: Path | None = None
        self._late: ProjectView | None = None
        self._built: DataBench | None = None
        self.rest = Pieces(self._build_rest())
        self._reader = reader
        self._banners = DataBanners(self.banner, session, self)
        self._use = DataUse(host, runner, session, self._banners, self)
        self._sources = DataSources(theme, host, runner, session, self)
        self._adding = DataAdding(theme, host, runner, session, reader, self)
        self.first_run = FirstRun(theme)
        self._stack = QStackedWidget()
        self._header = DataHeader(theme, self, self._adding.button)
        self._stack.addWidget(self.first_run)
        self.body.addWidget(self._stack, 1)
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
        self._header.find_place(folder)
        self._bench.editor.show_folder(folder)
        self._show_editor()
        self._bench.editor.setFocus()
        self._ask()

    @Slot()
    def ask_for_folder(self) -> None:
        """Let the user choose the folder of the pictures."""
        ask_folder(self, _WHICH, str(self._root or ""), self.choose)

    def shutdown(self) -> None:
        if self._built is not None:
            self._built.shutdown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._late is not None:
            self._take_view(self._late)

    def _connect(self) -> None:
        self.first_run.folder_dropped.connect(self.choose)
        self.first_run.choose_requested.connect(self.ask_for_folder)
        self.first_run.sample_requested.connect(self._sources.try_sample)
        self.first_run.pets_requested.connect(self._sources.ask_for_pets)
        self.first_run.open_requested.connect(self.open_requested)
        self._header.use_wanted.connect(self._use_data)
        self._header.place_changed.connect(self._judge)
        self._use.progressed.connect(self.set_sentence)
        self._use.given_up.connect(self._go_on)
        self._adding.starting.connect(self._make_room)
        self._adding.progressed.connect(self.set_sentence)
        self._adding.failed.connect(self._go_on)
        self._adding.stopped.connect(self._go_on)
        self._adding.new_project_wanted.connect(self.choose)
        self._sources.folder_ready.connect(self._take_folder)
        self._sources.progressed.connect(self.set_sentence)
        self._banners.watch(self._sources, self._adding)
        self._runner.state_changed.connect(self._follow_runner)
        self._session.opening.connect(self._let_go)
        self._session.changed.connect(self._take_view)

    @property
    def _bench(self) -> DataBench:
        if self._built is None:
            self.rest.finish()
        assert self._built is not None
        return self._built

    def _build_rest(self) -> Iterator[None]:
        from petstudio.jobs.self_check import self_checks
        from petstudio.ui.pages.data_bench import DataBench

        yield
        bench = DataBench(self.theme, self._host, self._session, self._reader, self)
        self._stack.addWidget(bench.editor)  # first, as what comes into it later is dressed once
        yield from bench.pieces()
        yield
        self.set_inspector(bench.preview)
        self._connect_bench(bench)
        self._built = bench
        self._place_inspector()
        yield
        self.first_run.checks.show_checks(self_checks(self._host))

    def _connect_bench(self, bench: DataBench) -> None:
        bench.proved.connect(self._show_proof)
        bench.failed.connect(self._take_fault)
        bench.families_found.connect(self._divide_again)
        bench.editor.folder_dropped.connect(self._take_folder)
        bench.editor.choose_requested.connect(self._ask_for_another)
        bench.editor.edited.connect(self._ask)
        bench.editor.add_wanted.connect(self._adding.add_new)
        bench.preview.use_wanted.connect(self.augmentation_wanted)

    def _show_start(self) -> None:
        self._stack.setCurrentWidget(self.first_run)
        self.show_inspector(False)
        self._header.hide()
        self.set_sentence(words.START)

    def _show_editor(self) -> None:
        self._stack.setCurrentWidget(self._bench.editor)
        self.show_inspector(True)

    def _update_header(self, sentence: str, why_not: str) -> None:
        in_use = self._is_in_use()
        self._header.show(in_use=in_use, why_not=why_not)
        self.set_sentence(sentence)
        self.set_badge(Badge.DONE if in_use else Badge.NONE)

    @Slot(object)
    def _show_proof(self, proof: LabelProof) -> None:
        self._proof = proof
        view = self._session.view
        self._bench.show_proof(proof, view if view is not None and proof is view.proof else None)
        self._judge()

    @Slot()
    def _judge(self) -> None:
        """Say how things stand, and whether the data can be used."""
        proof = self._proof
        if proof is None or self._use.is_running or self._adding.is_running:
            return
        is_busy = self._runner.state is not JobState.IDLE
        sentence = words.sentence(proof, waits=is_busy and not self._is_in_use())
        self._update_header(sentence, proof.problem or (words.BUSY if is_busy else ""))

    def _is_in_use(self) -> bool:
        return self._used is not None and self._used == self._chosen

    @Slot()
    def _ask(self) -> None:
        self._proof = None
        self._bench.drop()
        self._chosen = self._bench.choice(self._root)
        if self._chosen is None:
            self._update_header(words.FAULTY, words.FAULTY)
        elif self._is_in_use() and self._session.view is not None:
            self._show_proof(self._session.view.proof)
        else:
            self._update_header(words.READING, words.READING)
            self._bench.ask(self._chosen)

    @Slot()
    def _use_data(self) -> None:
        if self._chosen is not None:
            self._make_room()
            self._use.start(self._chosen, self._header.place)

    @Slot(object)
    def _take_folder(self, folder: Path) -> None:
        """Add a folder to the project that is shown, if one is and the user agrees."""
        if self._is_in_use() and folder.is_dir() and folder.suffix != ".petstudio":
            self._adding.ask_about(folder)
        else:
            self.choose(folder)

    @Slot()
    def _ask_for_another(self) -> None:
        if self._is_in_use():
            self._adding.ask_for_folder()
        else:
            self.ask_for_folder()

    @Slot()
    def _make_room(self) -> None:
        self.banner.hide()
        self._bench.check.make_room()

    @Slot()
    def _go_on(self) -> None:
        self._bench.check.go_on()
        self._judge()

    @Slot()
    def _divide_again(self) -> None:
        if self._chosen is not None and not self._is_in_use():
            self._ask()

    @Slot(object)
    def _take_fault(self, fault: Fault) -> None:
        self._bench.show_fault(fault)
        self._update_header(words.FAULTY, str(fault.error))

    @Slot(object)
    def _follow_runner(self, state: JobState) -> None:
        self.first_run.set_ready(state is JobState.IDLE)
        if self._use.is_running and state is JobState.RUNNING:
            self._header.set_ready(words.BUSY)
        self._judge()

    @Slot()
    def _let_go(self) -> None:
        """Show what is opened now in place of what is being chosen."""
        self._shown = None

    @Slot(object)
    def _take_view(self, view: ProjectView | None) -> None:
        path = view.path if view else None
        is_same = path is not None and path == self._shown
        is_choosing = self._used is not None and not self._is_in_use()
        if is_same and (is_choosing or not self.isVisible()):
            self._late = view  # every edit on other pages comes by here, and the end of a run
            return
        self._shown, self._late = path, None
        self.banner.hide()
        if view is not None or self._built is not None:
            self._bench.drop()
            self._bench.look_in(view.path if view else None)
        if view is None:
            self._root = self._chosen = self._used = self._proof = None
            self.set_badge(Badge.NONE)
            self._show_start()
            return
        self._root = view.source.root
        self._header.find_place(view.source.root)
        self._bench.editor.show_view(view)
        # Read back, so that options the project does not name stand with their defaults.
        self._chosen = self._used = self._bench.choice(view.source.root)
        self._show_editor()
        self._show_proof(view.proof)
        self._banners.show_absences(view)
