"""Sorting pictures into class folders: asked, shown before it is done, taken back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from petstudio.api.errors import PetStudioError
from petstudio.api.events import Event, NoticeGiven, Outcome, RunFinished
from petstudio.api.language import tr
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.side_job import SideJob
from petstudio.bridge.task import BackgroundCall
from petstudio.jobs.copy_lists import Latest, latest
from petstudio.jobs.copy_plan import CopyPlan, CopyWay, plan_copies
from petstudio.jobs.copy_records import CopyRecord, Home
from petstudio.jobs.copying import copy_into_classes, undo_copies
from petstudio.jobs.job import Job
from petstudio.jobs.moving import move_into_classes, plan_moves
from petstudio.jobs.moving_back import undo_moves
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.copy_question import CopyQuestion, MoveBackQuestion, TakeBackQuestion
from petstudio.ui.widgets.path_question import ask_folder

Choose: TypeAlias = Callable[[], Iterable[tuple[Path, str]]]
"""Says in the background which pictures go into which class."""

_COPYING: Final = tr("Copying")
_UNDOING: Final = tr("Undo copying")
_MOVING: Final = tr("Moving")
_MOVING_BACK: Final = tr("Moving back")
_WHERE: Final = tr("Into which folder shall the class folders be put?")
_WHERE_TO_MOVE: Final = tr("Into which of the project's folders shall the class folders be put?")

logger = logging.getLogger(__name__)


class CopyingPart(QObject):
    """One sorting at a time; the newest one can be undone, also after a new start."""

    said = Signal(str, bool)
    """What came of it, and whether it went wrong."""
    failed = Signal(object)
    """The PetStudioError because of which nothing is copied or taken back."""
    ledger_changed = Signal()
    """`can_undo` and `is_move` may be others."""
    moved = Signal()
    """Originals are elsewhere now, so that the project is to be looked at again."""

    def __init__(
        self,
        theme: Theme,
        runner: JobRunner,
        page: QWidget,
        *,
        left_out: Callable[[int], str],
    ) -> None:
        """`left_out` says why so many pictures are not copied."""
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._left_out = left_out
        self._choose: Choose = tuple
        self._count = 0
        self._way = CopyWay.COPY
        self._home: Home | None = None
        self._looked_at: Home | None = None
        self._is_moving = False
        self._problem = ""
        self._plan: CopyPlan | None = None
        self._notice = ""
        self._record: CopyRecord | None = None
        self._job = SideJob(runner, self)
        self._planning = BackgroundCall(self)
        self._looking = BackgroundCall(self)
        self._planning.done.connect(self._ask)
        self._planning.failed.connect(self.failed)
        self._looking.done.connect(self._take_latest)
        self._looking.failed.connect(self._take_nothing)
        self._job.ended.connect(self._on_ended)
        runner.events_arrived.connect(self._take)

    @property
    def can_undo(self) -> bool:
        """Whether there is something that was not taken back."""
        return self._record is not None

    @property
    def is_move(self) -> bool:
        """Whether that are originals."""
        return self._record is not None and self._record.home is not None

    def look(self, home: Home | None = None) -> None:
        """See whether there is anything to undo, of this home moves as well."""
        self._looked_at = home
        self._looking.start(lambda _control: latest(home))

    def ask(self, choose: Choose, count: int, *, way: CopyWay = CopyWay.COPY) -> None:
        """Let the user say where to, then show what would be done with `count` pictures."""
        self._choose, self._count, self._way, self._home = choose, count, way, None
        ask_folder(self._page, _WHERE, "", self.plan)

    def ask_to_move(self, choose: Choose, count: int, home: Home) -> None:
        """Let the user say where to in the project's folders; the originals shall go there."""
        self._choose, self._count, self._way, self._home = choose, count, CopyWay.MOVE, home
        ask_folder(self._page, _WHERE_TO_MOVE, str(home.root), self.plan)

    def plan(self, target: Path) -> None:
        """Find out what would be done; a question follows."""
        choose, way, home = self._choose, self._way, self._home
        if home is None:
            self._planning.start(lambda _control: plan_copies(target, choose(), way=way))
        else:
            root = home.root
            assert root is not None
            self._planning.start(lambda _control: plan_moves(root, target, choose()))

    def undo(self) -> None:
        """Ask whether the newest copies or moves shall be taken back, and do it."""
        if self._record is not None:
            kind = MoveBackQuestion if self.is_move else TakeBackQuestion
            question = kind(self._theme, self._record, self._page)
            question.accepted.connect(self._take_back)
            question.open()

    def shutdown(self) -> None:
        self._planning.shutdown()
        self._looking.shutdown()

    @Slot(object)
    def _ask(self, plan: CopyPlan) -> None:
        self._plan = plan
        rest = self._count - len(plan.copies) - plan.there
        question = CopyQuestion(self._theme, plan, self._left_out(rest), self._page)
        question.accepted.connect(self._sort)
        question.open()

    @Slot()
    def _sort(self) -> None:
        if self._plan is not None and self._plan.way is not CopyWay.MOVE:
            self._start(copy_into_classes(self._plan), _COPYING)
        elif self._plan is not None and self._home is not None:
            job = move_into_classes(self._plan, self._home.project)
            self._start(job, _MOVING, is_moving=True)

    @Slot()
    def _take_back(self) -> None:
        if self._record is not None and self._record.home is not None:
            job = undo_moves(self._record.file, self._record.home.project)
            self._start(job, _MOVING_BACK, is_moving=True)
        elif self._record is not None:
            self._start(undo_copies(self._record.file), _UNDOING)

    def _start(self, job: Job, title: str, *, is_moving: bool = False) -> None:
        self._notice, self._is_moving = "", is_moving
        try:
            self._job.start(job, title=title)
        except PetStudioError as error:  # another job has begun while the question was open
            self.failed.emit(error)

    @Slot(object)
    def _take(self, events: tuple[Event, ...]) -> None:
        if self._job.is_running:
            notices = [event.message for event in events if isinstance(event, NoticeGiven)]
            self._notice = notices[-1] if notices else self._notice

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        self.look(self._looked_at)
        if self._is_moving:
            self.moved.emit()
        is_bad = finished.outcome is Outcome.FAILED
        text = finished.message if is_bad else self._notice or finished.kept
        if text:
            self.said.emit(text, is_bad)

    @Slot(object)
    def _take_latest(self, found: Latest) -> None:
        if found.problem not in ("", self._problem):
            self.said.emit(found.problem, False)
        self._problem = found.problem
        self._show(found.record)

    @Slot(object)
    def _take_nothing(self, error: PetStudioError) -> None:
        logger.info("The newest copies are not known: %s", error)
        self._show(None)

    def _show(self, record: CopyRecord | None) -> None:
        self._record = record
        self.ledger_changed.emit()
