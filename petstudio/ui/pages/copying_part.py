"""Copying pictures into class folders: asked, shown before it is done, taken back."""

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
from petstudio.jobs.copy_ledger import CopyRecord, latest_record
from petstudio.jobs.copy_plan import CopyPlan, plan_copies
from petstudio.jobs.copying import copy_into_classes, undo_copies
from petstudio.jobs.job import Job
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.copy_question import CopyQuestion, TakeBackQuestion
from petstudio.ui.widgets.path_question import ask_folder

Choose: TypeAlias = Callable[[], Iterable[tuple[Path, str]]]
"""Says in the background which pictures go into which class."""

_COPYING: Final = tr("Copying")
_UNDOING: Final = tr("Undo copying")
_WHERE: Final = tr("Into which folder shall the class folders be put?")

logger = logging.getLogger(__name__)


class CopyingPart(QObject):
    """One copying at a time; the newest one can be undone, also after a new start."""

    said = Signal(str, bool)
    """What came of it, and whether it went wrong."""
    failed = Signal(object)
    """The PetStudioError because of which nothing is copied or taken back."""
    ledger_changed = Signal()
    """`can_undo` may be another."""

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
        self._as_links = False
        self._plan: CopyPlan | None = None
        self._notice = ""
        self._record: CopyRecord | None = None
        self._job = SideJob(runner, self)
        self._planning = BackgroundCall(self)
        self._looking = BackgroundCall(self)
        self._planning.done.connect(self._ask)
        self._planning.failed.connect(self.failed)
        self._looking.done.connect(self._take_record)
        self._looking.failed.connect(self._take_no_record)
        self._job.ended.connect(self._on_ended)
        runner.events_arrived.connect(self._take)

    @property
    def can_undo(self) -> bool:
        """Whether there are copies that were not taken back."""
        return self._record is not None

    def look(self) -> None:
        """See whether there is anything to undo."""
        self._looking.start(lambda _control: latest_record())

    def ask(self, choose: Choose, count: int, *, as_links: bool = False) -> None:
        """Let the user say where to, then show what would be done with `count` pictures."""
        self._choose, self._count, self._as_links = choose, count, as_links
        ask_folder(self._page, _WHERE, "", self.plan)

    def plan(self, target: Path) -> None:
        """Find out what copying would do; a question follows."""
        choose, as_links = self._choose, self._as_links
        self._planning.start(lambda _control: plan_copies(target, choose(), as_links=as_links))

    def undo(self) -> None:
        """Ask whether the newest copies shall be taken back, and do it."""
        if self._record is not None:
            question = TakeBackQuestion(self._theme, self._record, self._page)
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
        question.accepted.connect(self._copy)
        question.open()

    @Slot()
    def _copy(self) -> None:
        if self._plan is not None:
            self._start(copy_into_classes(self._plan), _COPYING)

    @Slot()
    def _take_back(self) -> None:
        if self._record is not None:
            self._start(undo_copies(self._record.file), _UNDOING)

    def _start(self, job: Job, title: str) -> None:
        self._notice = ""
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
        self.look()
        is_bad = finished.outcome is Outcome.FAILED
        text = finished.message if is_bad else self._notice or finished.kept
        if text:
            self.said.emit(text, is_bad)

    @Slot(object)
    def _take_record(self, record: CopyRecord | None) -> None:
        self._record = record
        self.ledger_changed.emit()

    @Slot(object)
    def _take_no_record(self, error: PetStudioError) -> None:
        logger.info("The newest copies are not known: %s", error)
        self._take_record(None)
