"""The runs of the project beside the Train page: what was broken off, what can be gone on from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from petstudio.bridge.checkpoint_naming import Naming, name_checkpoint
from petstudio.bridge.past_run import past_run, run_as_told
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.run_list import RunList
from petstudio.bridge.run_view import RunEnd, RunView
from petstudio.bridge.starts import best_start, started
from petstudio.bridge.task import BackgroundCall
from petstudio.ui.pages.train_banners import BannersPart


class RunsPart(QObject):
    """Looks at the runs in the background, and reads one that is to go on."""

    changed = Signal()
    """`runs`, `classes` and `pictures` are other ones now, or were looked at again."""
    go_on_wanted = Signal(object)
    """The PastRun that is to go on."""
    opened = Signal(object)
    """The LiveRun of a run that is over, with all that it has told."""

    def __init__(self, draft: RecipeDraft, banners: BannersPart, parent: QObject) -> None:
        super().__init__(parent)
        self._draft = draft
        self._project: Path | None = None
        self._list = RunList(self)
        self._past = BackgroundCall(self)
        self._opening = BackgroundCall(self)
        self._naming = BackgroundCall(self)
        self._name: Naming | None = None
        self._naming.done.connect(self._on_named)
        self._list.changed.connect(self.changed)
        self._past.done.connect(self.go_on_wanted)
        self._opening.done.connect(self.opened)
        for call in (self._naming, self._past, self._opening):
            call.failed.connect(banners.show_error)
        banners.resume_wanted.connect(self.resume)
        banners.open_wanted.connect(self.open)

    @property
    def runs(self) -> tuple[RunView, ...]:
        return self._list.runs

    @property
    def classes(self) -> int:
        """How many classes the project has; 0 while that is not known."""
        return self._list.classes

    @property
    def pictures(self) -> int:
        """How many pictures it trains on; 0 while that is not known."""
        return self._list.pictures

    @property
    def unfinished(self) -> RunView | None:
        """The latest run, if it was stopped or broken off and can go on."""
        last = self.runs[-1] if self.runs else None
        is_open = last is not None and last.end is not RunEnd.FAILED and last.can_go_on
        return last if is_open else None

    def look(self, project: Path | None) -> None:
        """Look at the runs of this project from now on, or again."""
        self._project = project
        self._list.look(project)

    @Slot(object)
    def resume(self, run: RunView) -> None:
        """Read what a run has told so far; `go_on_wanted` follows."""
        project = self._project
        if project is not None:
            self._past.start(lambda _control: past_run(project, run.number))

    @Slot(object)
    def open(self, run: RunView) -> None:
        """Read all that a run has told; `opened` follows."""
        project = self._project
        if project is not None:
            self._opening.start(lambda _control: run_as_told(project, run.number))

    @Slot(object)
    def branch(self, run: RunView) -> None:
        """Let the draft start where this run ended."""
        self.branch_at(f"{run.number}:{best_start(run)}")

    @Slot(str)
    def branch_at(self, key: str) -> None:
        """Let the draft start from a checkpoint, as `start.checkpoint` says it."""
        self._draft.start_from(started(self._draft.recipe, key, self.runs).start)

    @Slot(object)
    def name(self, naming: Naming) -> None:
        """Name a checkpoint in the background; the draft follows if it starts from it."""
        project = self._project
        if project is not None and not self._naming.is_busy:
            self._name = naming
            self._naming.start(lambda _control: name_checkpoint(project, naming))

    @Slot(object)
    def _on_named(self, _nothing: None) -> None:
        start = self._draft.recipe.start
        if self._name is not None and start.checkpoint == self._name.old_key:
            self._draft.start_from(replace(start, checkpoint=self._name.new_key))
        self._list.look(self._project)

    def shutdown(self) -> None:
        self._naming.shutdown()
        self._opening.shutdown()
        self._list.shutdown()
        self._past.shutdown()
