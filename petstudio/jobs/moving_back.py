"""Pictures that were moved go back where they were; nothing that is there is overwritten."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.events import Emit, ProgressMade
from petstudio.api.language import counted, tr
from petstudio.images.roots import Root, absent_folders
from petstudio.jobs.copy_ledger import read_ledger, shorten
from petstudio.jobs.copy_records import Copied, CopyRecord, Moved, part_in
from petstudio.jobs.disk import make_folder
from petstudio.jobs.file_copies import clean_up
from petstudio.jobs.file_moves import move_file
from petstudio.jobs.following_moves import follow_moves
from petstudio.jobs.job import Job
from petstudio.jobs.move_homes import brought_to, home_of
from petstudio.jobs.patience import open_patiently
from petstudio.jobs.undone import Undone, UndoTally
from petstudio.project.image_folders import check_data_root

_UNDOING: Final = tr("Moving pictures back")


def undo_moves(ledger: Path, project: Path) -> Job:
    """Return the job that moves pictures back, the latest first, and then removes empty folders.

    `project` is where the project of the list is now. What was changed since stays. What cannot go
    back stays in the list.
    """

    def job(emit: Emit, control: RunControl) -> None:
        with open_patiently(project) as opened:  # first of all: the records can follow
            record = brought_to(read_ledger(ledger), home_of(opened))
            _require_folders(record, opened.data_root)
        tally = UndoTally[Moved]()
        try:
            for number, moved in enumerate(reversed(record.moves)):
                control.checkpoint()
                emit(ProgressMade(task=_UNDOING, done=number, total=len(record.moves)))
                tally.add(moved, partial(_move_back, moved, record))
        finally:
            with open_patiently(project) as opened:
                follow_moves(opened, record.moves)
        clean_up(record)
        shorten(replace(record, moves=tuple(reversed(tally.left))))
        emit(tally.notice(_moved_back(tally.counts[Undone.DONE])))

    return job


def _require_folders(record: CopyRecord, root: Root) -> None:
    """Raise InputError if the drive of a folder is unplugged; one made here would hide it later."""
    files = [path for moved in record.moves for path in (moved.source, moved.place)]
    for folder in absent_folders(root).values():
        if any(file.is_relative_to(folder) for file in files):
            check_data_root(folder)


def _move_back(moved: Moved, record: CopyRecord) -> Undone:
    source, place = moved.source, moved.place
    if record.is_unfinished(source):
        source.unlink()
    if os.path.lexists(source):
        return _leave_old(moved, record)
    if not place.exists():
        return Undone.NOTHING
    if not moved.copied.is_unchanged:
        return Undone.CHANGED
    make_folder(source.parent)
    try:
        move_file(place, (source,), part_in(source.parent, record.file), _note_nothing)
    except FileExistsError:
        return Undone.TAKEN
    return Undone.DONE


def _leave_old(moved: Moved, record: CopyRecord) -> Undone:
    """The old name is in use: by the picture, if the program ended before that was removed."""
    if not os.path.lexists(moved.place):
        return Undone.NOTHING
    has_two_names = moved.copied.is_unchanged and moved.copied.is_content_of(moved.source)
    if has_two_names or record.is_unfinished(moved.place):
        moved.place.unlink()
        return Undone.NOTHING
    return Undone.TAKEN


def _note_nothing(_copied: Copied) -> None:
    """The list says already where the picture may be."""


def _moved_back(count: int) -> str:
    return counted(count, "{count:,} picture moved back.", "{count:,} pictures moved back.")
