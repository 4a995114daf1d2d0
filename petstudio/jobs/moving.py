"""Moving pictures into class folders: only when a person asks, and never over a file."""

from __future__ import annotations

from collections.abc import Container, Iterable
from functools import partial
from pathlib import Path
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, MachineError, RunCancelledError
from petstudio.api.events import Emit, ImageSkipped, NoticeGiven, NoticeLevel, ProgressMade
from petstudio.api.language import counted, tr
from petstudio.images.roots import Root, folders_of, paths_of
from petstudio.jobs.copy_ledger import CopyLedger, new_ledger, read_ledger
from petstudio.jobs.copy_plan import Copy, CopyPlan, CopyWay, plan_copies
from petstudio.jobs.file_copies import free_names, make_folder_in, reason_of
from petstudio.jobs.file_moves import move_file
from petstudio.jobs.following_moves import follow_moves
from petstudio.jobs.job import Job
from petstudio.jobs.move_homes import home_of
from petstudio.jobs.patience import open_patiently
from petstudio.project.names import shown_text

_MOVING: Final = tr("Moving pictures")


def plan_moves(root: Root, target: Path, classed: Iterable[tuple[Path, str]]) -> CopyPlan:
    """Plan to move each picture of a project into the folder of its class; nothing is changed.

    Raises:
        InputError: as for copies, or the target is in no folder of the project's pictures.
    """
    for folder in folders_of(root).values():
        real = target.resolve()
        if real.is_relative_to(folder.resolve()):
            inside = folder / real.relative_to(folder.resolve())
            if any(paths_of(root, inside / "class")):
                return plan_copies(inside, classed, way=CopyWay.MOVE)
    raise InputError(
        tr("{folder} is not inside the folder of the pictures.", folder=shown_text(str(target))),
        cure=tr(
            "Choose one inside {folder}, so that the project finds them, or copy them instead.",
            folder=shown_text(str(root)),
        ),
    )


def move_into_classes(plan: CopyPlan, project: Path) -> Job:
    """Return the job that moves as planned; the records of the project follow.

    A name that is taken meanwhile gets a number. The last notice says what was done.
    """

    def job(emit: Emit, control: RunControl) -> None:
        with open_patiently(project) as opened:  # first of all: the records can follow
            home = home_of(opened)
            known = frozenset(opened.data_root / image.path for image in opened.images())
        with new_ledger(plan.target, home) as ledger:
            try:
                done = _move_all(plan, ledger, known, emit, control)
            finally:
                with open_patiently(project) as opened:
                    follow_moves(opened, read_ledger(ledger.path).moves)
        emit(NoticeGiven(level=NoticeLevel.INFO, message=_words(plan, done)))

    return job


def _move_all(
    plan: CopyPlan, ledger: CopyLedger, known: Container[Path], emit: Emit, control: RunControl
) -> int:
    done = 0
    try:
        for number, copy in enumerate(plan.copies):
            control.checkpoint()
            emit(ProgressMade(task=_MOVING, done=number, total=len(plan.copies)))
            make_folder_in(ledger, copy.place.parent)
            reason = _move(copy, ledger, known)
            done += not reason
            if reason:
                emit(ImageSkipped(path=str(copy.source), reason=reason))
    except RunCancelledError:
        raise RunCancelledError(_so_far(done)) from None
    except MachineError as error:
        raise MachineError(error.what, cure=f"{error.cure} {_so_far(done)}".strip()) from error
    return done


def _so_far(done: int) -> str:
    return counted(
        done,
        "{count:,} picture moved so far; it can be moved back.",
        "{count:,} pictures moved so far; they can be moved back.",
    )


def _move(copy: Copy, ledger: CopyLedger, known: Container[Path]) -> str:
    """Move one picture; return why it stays where it is, if so."""
    if copy.source.is_symlink():
        return tr("it is a link to another file")
    names, part = free_names(copy.place, known), ledger.part_in(copy.place.parent)
    try:
        move_file(copy.source, names, part, partial(ledger.note_move, copy.source))
    except OSError as error:  # of the original; what the target refuses is a MachineError
        return reason_of(error)
    return ""


def _words(plan: CopyPlan, done: int) -> str:
    said = counted(
        done,
        "{count:,} picture moved into {where}.",
        "{count:,} pictures moved into {where}.",
        where=shown_text(plan.target.name or str(plan.target)),
    )
    missed = len(plan.copies) - done
    rest = (
        counted(missed, "{count:,} stays where it was.", "{count:,} stay where they were.")
        if missed
        else ""
    )
    return f"{said} {rest}".strip()
