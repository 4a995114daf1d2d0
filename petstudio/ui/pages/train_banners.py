"""What the Train page says at its top: how a run ended, what went wrong on the way, what waits."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from petstudio.api.errors import PetStudioError
from petstudio.api.events import BatchDivided, Outcome, RunFinished
from petstudio.api.language import counted, tr
from petstudio.bridge.live_run import LiveRun
from petstudio.bridge.memory_need import memory_text
from petstudio.bridge.run_view import RunEnd, RunView
from petstudio.project.trash import KEPT_FOR
from petstudio.ui.widgets.banner import Banner, BannerAction, BannerKind, BannerMessage

if TYPE_CHECKING:
    from petstudio.project.records import TrashedRun

_RUN_STOPPED: Final = tr("The run was stopped.")
_RUN_FAILED: Final = tr("The run ended with an error.")
_NOTHING_KEPT: Final = tr("Nothing was trained yet, so nothing is kept.")
_NOTHING_LOST: Final = tr("It can go on from its last checkpoint, as if it had not stopped.")
_NOT_FETCHED: Final = tr("The weights were not fetched.")
_WHOLE: Final = tr("Whole batches are tried again from the next epoch on.")
_WHOLE_DETAIL: Final = tr("Where the memory is still too small, they are divided again.")
_IN_TRASH: Final = tr("It lies in the trash of the project for {days} days.", days=KEPT_FOR.days)
_NOT_STARTED: Final = tr("The queue does not go on: its next recipe cannot start.")
_LOWER: Final = tr("A tenth of the rate")
_DETAILS, _RESUME, _OPEN, _DISCARD = tr("Details"), tr("Resume"), tr("Open"), tr("Discard…")
_UNDO, _PUT_BACK, _CONTINUE, _CLEAR = tr("Undo"), tr("Put back"), tr("Continue"), tr("Clear queue")
_MEMORY, _BROKEN, _QUEUE = "memory", "broken off", "queue"  # topics


class BannersPart(QObject):
    """Puts messages on the banner; what a person answers comes back as a signal."""

    resume_wanted = Signal(object)
    open_wanted = Signal(object)
    """Both with the RunView of the run that was broken off."""
    discard_wanted = Signal(object)
    put_back_wanted = Signal(object, object)
    """With the number of a run; the second one with the Path of its project before it."""
    details_wanted = Signal(object)
    """The RunFinished whose traceback is to be shown."""
    lower_rate_wanted = Signal(object)
    """The index of the stage whose rate was too high."""
    undo_division_wanted = Signal()
    queue_go_on_wanted = Signal()
    queue_clear_wanted = Signal()

    def __init__(self, banner: Banner, parent: QObject) -> None:
        super().__init__(parent)
        self._banner = banner
        self._warned = 0
        self._division: BatchDivided | None = None
        self._offered: int | None = None

    def begin(self, run: LiveRun | None) -> None:
        """Forget what was said before a run; what it told in the past is not said again."""
        self._banner.hide()
        self._warned = len(run.warnings) if run is not None else 0
        self._division = run.division if run is not None else None
        self._offered = None

    def show_error(self, error: PetStudioError) -> None:
        self._banner.show_message("err", error.what, error.cure)

    def show_busy(self, sentence: str) -> None:
        self._banner.show_message("info", sentence)

    def show_warnings(self, run: LiveRun) -> None:
        """Say what a person should know while the run goes on, each thing once."""
        for warning in run.warnings[self._warned :]:
            self._add("warn", *_divided(warning))
        self._warned = len(run.warnings)
        if run.division != self._division:
            self._division = run.division
            self._show_division(run.division)

    def show_broken_off(self, run: RunView) -> None:
        """Say once that the latest run did not come to its end."""
        if run.number == self._offered:
            return
        self._offered = run.number
        actions = (
            BannerAction(text=_RESUME, act=partial(self.resume_wanted.emit, run)),
            BannerAction(text=_OPEN, act=partial(self.open_wanted.emit, run), stays=True),
            BannerAction(
                text=_DISCARD, act=partial(self.discard_wanted.emit, run.number), stays=True
            ),
        )
        self._add("info", _unfinished(run), _NOTHING_LOST, actions, topic=_BROKEN)

    def show_end(self, run: LiveRun | None, finished: RunFinished, waiting: int) -> None:
        """Say how a run has ended; so many recipes wait behind it."""
        match finished.outcome:
            case Outcome.COMPLETED:
                self._banner.hide()
            case Outcome.CANCELLED:
                is_empty = run is None or run.last_step is None
                kept = _NOTHING_KEPT if is_empty and not finished.kept else finished.kept
                self._show_end("info", _RUN_STOPPED, kept, (), waiting)
            case Outcome.FAILED:
                diverged = run.diverged if run is not None else None
                kept = finished.kept or (diverged.kept if diverged is not None else "")
                actions = self._failure_actions(run, finished)
                headline, cure = _divided(finished.message or _RUN_FAILED)
                self._show_end("err", headline, f"{cure} {kept}".strip(), actions, waiting)

    def show_fetched(self, finished: RunFinished) -> None:
        """Say how fetching the weights has ended."""
        if finished.outcome is Outcome.COMPLETED:
            self._banner.hide()
        else:
            kind: BannerKind = "err" if finished.outcome is Outcome.FAILED else "info"
            self._banner.show_message(kind, finished.message or _NOT_FETCHED, finished.kept)

    def show_discarded(self, project: Path, run: TrashedRun) -> None:
        """Say that a run lies in the trash; others of it are not offered any more."""
        self._banner.drop(_BROKEN)
        act = partial(self.put_back_wanted.emit, project, run.number)
        put_back = BannerAction(text=_PUT_BACK, act=act)
        headline = tr(
            "Run {number} was discarded, {size}", number=run.number, size=memory_text(run.bytes)
        )
        self._add("info", headline, _IN_TRASH, (put_back,))

    def show_queue(self, waiting: int) -> None:
        """Offer the recipes that wait since the program was closed."""
        self._add("info", _waiting(waiting), "", self._queue_actions(), topic=_QUEUE)

    def show_not_started(self, why_not: str) -> None:
        """Say why the next recipe of the queue cannot start."""
        self._add("warn", _NOT_STARTED, why_not, self._queue_actions(), topic=_QUEUE)

    def drop_queue(self) -> None:
        """Offer nothing of the queue any more, as it has gone on or is empty."""
        self._banner.drop(_QUEUE)

    def _show_division(self, division: BatchDivided | None) -> None:
        if division is None:
            self._banner.drop(_MEMORY)
            return
        headline = tr(
            "The memory is too small for {images} pictures at once.", images=division.images
        )
        detail = tr(
            "From step {step:,} on, each batch is computed in {pieces} pieces, which add up.",
            step=division.step + 1,
            pieces=division.pieces,
        )
        undo = BannerAction(text=_UNDO, act=self._undo_division)
        self._add("warn", headline, detail, (undo,), topic=_MEMORY)

    def _undo_division(self) -> None:
        self._add("info", _WHOLE, _WHOLE_DETAIL, topic=_MEMORY)
        self.undo_division_wanted.emit()

    def _show_end(
        self,
        kind: BannerKind,
        headline: str,
        kept: str,
        actions: tuple[BannerAction, ...],
        waiting: int,
    ) -> None:
        """Show it in place of all that was said while the run was going."""
        self._banner.hide()
        if waiting:
            kept = f"{kept} {_waiting(waiting)}".strip()
            actions = (*actions, *self._queue_actions())
        self._add(kind, headline, kept, actions)

    def _failure_actions(
        self, run: LiveRun | None, finished: RunFinished
    ) -> tuple[BannerAction, ...]:
        if finished.details:
            show = partial(self.details_wanted.emit, finished)
            return (BannerAction(text=_DETAILS, act=show, stays=True),)
        if run is None or run.diverged is None or run.current is None:
            return ()
        lower = partial(self.lower_rate_wanted.emit, run.stages.index(run.current))
        return (BannerAction(text=_LOWER, act=lower),)

    def _queue_actions(self) -> tuple[BannerAction, ...]:
        return (
            BannerAction(text=_CONTINUE, act=self.queue_go_on_wanted.emit),
            BannerAction(text=_CLEAR, act=self.queue_clear_wanted.emit, is_danger=True),
        )

    def _add(
        self,
        kind: BannerKind,
        headline: str,
        detail: str = "",
        actions: tuple[BannerAction, ...] = (),
        *,
        topic: str = "",
    ) -> None:
        self._banner.add(
            BannerMessage(kind=kind, headline=headline, detail=detail, actions=actions, topic=topic)
        )


def _unfinished(run: RunView) -> str:
    if run.place:
        return tr("Run {number} stopped at {place}", number=run.number, place=run.place)
    if run.end is RunEnd.STOPPED:
        return tr("Run {number} was stopped", number=run.number)
    return tr("Run {number} was broken off", number=run.number)


def _divided(message: str) -> tuple[str, str]:
    """Return the first sentence and the rest."""
    headline, dot, detail = message.partition(". ")
    return f"{headline}{dot.strip()}", detail


def _waiting(count: int) -> str:
    return counted(
        count, "{count:,} recipe waits in the queue.", "{count:,} recipes wait in the queue."
    )
