"""Copying pictures into class folders, and taking such copies back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.api.events import Emit, ImageSkipped, NoticeGiven, NoticeLevel, ProgressMade
from petstudio.api.language import counted, tr
from petstudio.jobs.copy_ledger import CopyLedger, new_ledger, read_ledger, shorten
from petstudio.jobs.copy_plan import Copy, CopyPlan, CopyWay
from petstudio.jobs.copy_records import Copied, CopyRecord
from petstudio.jobs.file_copies import (
    Make,
    bring,
    clean_up,
    copy_content,
    free_names,
    make_folder_in,
    reason_of,
    second_name,
)
from petstudio.jobs.job import Job
from petstudio.jobs.undone import Undone, UndoTally
from petstudio.project.names import shown_text

_COPYING: Final = tr("Copying pictures")
_UNDOING: Final = tr("Taking copies back")


def copy_into_classes(plan: CopyPlan) -> Job:
    """Return the job that copies as planned; the originals stay, no file is overwritten.

    A name that is taken meanwhile gets a number. The last notice says what was done.
    """

    def job(emit: Emit, control: RunControl) -> None:
        done = 0
        make = second_name if plan.way is CopyWay.LINK else copy_content
        with new_ledger(plan.target) as ledger:
            for number, copy in enumerate(plan.copies):
                _check(control, done)
                emit(ProgressMade(task=_COPYING, done=number, total=len(plan.copies)))
                make_folder_in(ledger, copy.place.parent)
                reason = _copy(copy, make, ledger)
                done += not reason
                if reason:
                    emit(ImageSkipped(path=str(copy.source), reason=reason))
        emit(NoticeGiven(level=NoticeLevel.INFO, message=_words(plan, done)))

    return job


def undo_copies(ledger: Path) -> Job:
    """Return the job that deletes copies that are as they were made, and then their empty folders.

    What was changed since stays. Copies that cannot be deleted stay in the list.
    """

    def job(emit: Emit, control: RunControl) -> None:
        record = read_ledger(ledger)
        tally = UndoTally[Copied]()
        for number, copy in enumerate(record.copies):
            control.checkpoint()
            emit(ProgressMade(task=_UNDOING, done=number, total=len(record.copies)))
            tally.add(copy, partial(_take_back, copy, record))
        clean_up(record)
        shorten(replace(record, copies=tuple(tally.left)))
        emit(tally.notice(_taken_back(tally.counts[Undone.DONE])))

    return job


def _check(control: RunControl, done: int) -> None:
    try:
        control.checkpoint()
    except RunCancelledError:
        raise RunCancelledError(
            counted(
                done,
                "{count:,} picture copied so far; it can be taken back.",
                "{count:,} pictures copied so far; they can be taken back.",
            )
        ) from None


def _copy(copy: Copy, make: Make, ledger: CopyLedger) -> str:
    """Make one copy; return why the original cannot be read, if so."""
    part = ledger.part_in(copy.place.parent)
    try:
        bring(copy.source, free_names(copy.place), part, make, ledger.note_copy)
    except OSError as error:  # of the original; what the target refuses is a MachineError
        return reason_of(error)
    return ""


def _take_back(copy: Copied, record: CopyRecord) -> Undone:
    if copy.is_unchanged:
        copy.path.unlink()
        return Undone.DONE
    if record.is_unfinished(copy.path):
        copy.path.unlink()
        return Undone.NOTHING
    return Undone.CHANGED if copy.path.exists() else Undone.NOTHING


def _words(plan: CopyPlan, done: int) -> str:
    where = shown_text(plan.target.name or str(plan.target))
    missed = len(plan.copies) - done
    if plan.way is CopyWay.LINK:
        said = counted(
            done,
            "{count:,} picture linked into {where}.",
            "{count:,} pictures linked into {where}.",
            where=where,
        )
    else:
        said = counted(
            done,
            "{count:,} picture copied into {where}.",
            "{count:,} pictures copied into {where}.",
            where=where,
        )
    rest = tr("{missed:,} could not be read.", missed=missed) if missed else ""
    return f"{said} {rest}".strip()


def _taken_back(count: int) -> str:
    return counted(count, "{count:,} copy taken back.", "{count:,} copies taken back.")
