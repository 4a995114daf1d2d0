"""Copying pictures into class folders, and taking such copies back."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Callable
from io import FileIO
from itertools import count
from pathlib import Path
from typing import Final, TypeAlias

from petstudio.api.control import RunControl
from petstudio.api.errors import MachineError, RunCancelledError
from petstudio.api.events import Emit, ImageSkipped, NoticeGiven, NoticeLevel, ProgressMade
from petstudio.config.atomic import write_fault
from petstudio.config.language import counted, tr
from petstudio.jobs.copy_ledger import Copied, CopyLedger, CopyRecord, new_ledger, read_ledger
from petstudio.jobs.copy_plan import Copy, CopyPlan, numbered
from petstudio.jobs.disk import write_all
from petstudio.jobs.job import Job
from petstudio.project.names import shown_text

_Fill: TypeAlias = Callable[[FileIO, Path, CopyLedger], None]

_PIECE: Final = 1 << 20
_COPYING: Final = tr("Copying pictures")
_UNDOING: Final = tr("Taking copies back")


def copy_into_classes(plan: CopyPlan) -> Job:
    """Return the job that copies as planned; the originals stay, no file is overwritten.

    A name that is taken meanwhile gets a number. The last notice says what was done.
    """

    def job(emit: Emit, control: RunControl) -> None:
        done = 0
        fill = _link if plan.as_links else _fill
        with new_ledger(plan.target) as ledger:
            for number, copy in enumerate(plan.copies):
                _check(control, done)
                emit(ProgressMade(task=_COPYING, done=number, total=len(plan.copies)))
                _make_folder(copy.place.parent, ledger)
                reason = _copy(copy, fill, ledger)
                done += not reason
                if reason:
                    emit(ImageSkipped(path=str(copy.source), reason=reason))
        missed = len(plan.copies) - done
        rest = tr(", {missed:,} could not be read", missed=missed) if missed else ""
        where = shown_text(plan.target.name or str(plan.target))
        verb = "linked" if plan.as_links else "copied"
        words = tr(
            "{count} {verb} into {where}{rest}.",
            count=counted(done, "{count:,} picture", "{count:,} pictures"),
            verb=verb,
            where=where,
            rest=rest,
        )
        emit(NoticeGiven(level=NoticeLevel.INFO, message=words))

    return job


def undo_copies(ledger: Path) -> Job:
    """Return the job that deletes copies that are as they were made, and then their empty folders.

    What was changed since stays. The list goes when all of it was gone through.
    """

    def job(emit: Emit, control: RunControl) -> None:
        record = read_ledger(ledger)
        removed, kept = 0, 0
        for number, copy in enumerate(record.copies):
            control.checkpoint()
            emit(ProgressMade(task=_UNDOING, done=number, total=len(record.copies)))
            if copy.is_unchanged:
                copy.path.unlink()
                removed += 1
            else:
                kept += copy.path.exists()
        _remove_folders(record)
        ledger.unlink(missing_ok=True)
        rest = tr("; {kept:,} changed since, so they stay", kept=kept) if kept else ""
        what = tr("1 copy") if removed == 1 else f"{removed:,} copies"
        words = tr("{what} taken back{rest}.", what=what, rest=rest)
        emit(NoticeGiven(level=NoticeLevel.INFO, message=words))

    return job


def _check(control: RunControl, done: int) -> None:
    try:
        control.checkpoint()
    except RunCancelledError:
        kept = tr(
            "{count} copied so far; they can be taken back.",
            count=counted(done, "{count:,} picture", "{count:,} pictures"),
        )
        raise RunCancelledError(kept) from None


def _make_folder(folder: Path, ledger: CopyLedger) -> None:
    if folder.is_dir():
        return
    ledger.note_folder(folder)
    try:
        folder.mkdir()
    except OSError as error:
        raise write_fault(folder, error) from error


def _copy(copy: Copy, fill: _Fill, ledger: CopyLedger) -> str:
    """Make one copy; return why the original cannot be read, if so."""
    try:
        with copy.source.open("rb", buffering=0) as source:
            place, is_filled = _reserve(copy.place), False
            try:
                fill(source, place, ledger)
                is_filled = True
            finally:
                if not is_filled:
                    with contextlib.suppress(OSError):
                        place.unlink()  # it is empty, and ours
    except OSError as error:  # of the original; what the target refuses is a MachineError
        return (error.strerror or type(error).__name__).lower()
    return ""


def _reserve(wanted: Path) -> Path:
    """Make an empty file, so that nobody else takes the name; if it is taken, with a number."""
    for number in count(1):
        place = wanted if number == 1 else numbered(wanted, number)
        try:
            place.touch(exist_ok=False)
        except FileExistsError:
            continue
        except OSError as error:
            raise write_fault(place, error) from error
        return place
    raise AssertionError  # the loop has no end


def _fill(source: FileIO, place: Path, ledger: CopyLedger) -> None:
    """Replace an empty file of ours by the whole content at once."""
    part = place.with_name(f".{secrets.token_hex(6)}.part")
    digest, size = hashlib.sha256(), 0
    try:
        with _new_file(part) as stream:
            while piece := source.read(_PIECE):
                write_all(stream, piece, place)
                digest.update(piece)
                size += len(piece)
        _keep_times(source, part)
        ledger.note_copy(Copied(path=place, size=size, sha256=digest.hexdigest()))
        _rename(part, place)
    finally:
        part.unlink(missing_ok=True)


def _link(source: FileIO, place: Path, ledger: CopyLedger) -> None:
    """Replace an empty file of ours by another name of the original."""
    part = place.with_name(f".{secrets.token_hex(6)}.part")
    digest = hashlib.file_digest(source, "sha256").hexdigest()
    size = os.fstat(source.fileno()).st_size
    try:
        try:
            # Of the file itself: a symbolic link would get the second name, and lead nowhere there.
            os.link(os.path.realpath(source.name), part)
        except OSError as error:
            raise MachineError(
                tr(
                    "Links cannot be made in {shown_text}: {strerror}.",
                    shown_text=shown_text(str(place.parent)),
                    strerror=error.strerror,
                ),
                cure=tr("Make copies instead; links need to be on the same disk as the pictures."),
            ) from error
        ledger.note_copy(Copied(path=place, size=size, sha256=digest))
        _rename(part, place)
    finally:
        part.unlink(missing_ok=True)


def _new_file(path: Path) -> FileIO:
    try:
        return FileIO(path, "x")
    except OSError as error:
        raise write_fault(path, error) from error


def _keep_times(source: FileIO, part: Path) -> None:
    times = os.fstat(source.fileno())
    with contextlib.suppress(OSError):  # some file systems do not let us
        os.utime(part, ns=(times.st_atime_ns, times.st_mtime_ns))


def _rename(part: Path, place: Path) -> None:
    try:
        part.replace(place)
    except OSError as error:
        raise write_fault(place, error) from error


def _remove_folders(record: CopyRecord) -> None:
    for folder in reversed(record.folders):
        with contextlib.suppress(OSError):  # somebody keeps other files there
            folder.rmdir()
