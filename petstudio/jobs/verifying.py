"""Before training: are the pictures still those that were imported?"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from enum import Enum
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import counted, tr
from petstudio.images.roots import Root, file_name
from petstudio.jobs.absences import require_folders
from petstudio.jobs.wording import named
from petstudio.project.records import ImageRecord

_MOST_GONE: Final = 0.01  # of the pictures; with more, something is wrong with the place as such


class _State(Enum):
    SAME = "same"
    GONE = "gone"
    CHANGED = "changed"
    REDATED = "re-dated"


def verify_pictures(records: Sequence[ImageRecord], root: Root) -> tuple[str, ...]:
    """Compare usable pictures with what the project noted of them; return sentences to show.

    Only size and time are compared: other bytes of the same size and time are not noticed.

    Raises:
        InputError: more than 1 % of the pictures are gone, or an added folder is.
    """
    usable = [record for record in records if record.is_usable]
    require_folders(usable, root)
    found: dict[_State, list[str]] = {state: [] for state in _State}
    for record in usable:
        found[_state_of(root, record)].append(record.shown)
    if len(found[_State.GONE]) > _MOST_GONE * len(usable):
        raise _too_many_gone(found[_State.GONE], len(usable))
    notices = ((_gone, _State.GONE), (_changed, _State.CHANGED), (_redated, _State.REDATED))
    return tuple(notice(found[state]) for notice, state in notices if found[state])


def _gone(names: Sequence[str]) -> str:
    return counted(
        len(names),
        "{count:,} picture no longer there; training goes on without: {names}.",
        "{count:,} pictures no longer there; training goes on without: {names}.",
        names=named(names),
    )


def _changed(names: Sequence[str]) -> str:
    return counted(
        len(names),
        "{count:,} picture changed since the import, so the labels may no longer fit: {names}. "
        "Look at them, or make a new project of the folder.",
        "{count:,} pictures changed since the import, so the labels may no longer fit: {names}. "
        "Look at them, or make a new project of the folder.",
        names=named(names),
    )


def _redated(names: Sequence[str]) -> str:
    return counted(
        len(names),
        "{count:,} picture with another date than at the import, but of the same size, as after "
        "copying: {names}.",
        "{count:,} pictures with another date than at the import, but of the same size, as after "
        "copying: {names}.",
        names=named(names),
    )


def _state_of(root: Root, record: ImageRecord) -> _State:
    try:
        status = os.stat(file_name(root, record.path))  # noqa: PTH116
    except OSError:
        return _State.GONE
    if not stat.S_ISREG(status.st_mode):
        return _State.GONE
    if record.size == 0:
        return _State.SAME  # the project noted nothing: an empty file is no usable picture
    if status.st_size != record.size:
        return _State.CHANGED
    return _State.SAME if status.st_mtime_ns == record.mtime_ns else _State.REDATED


def _too_many_gone(names: Sequence[str], total: int) -> InputError:
    return InputError(
        counted(
            total,
            "{gone:,} of {count:,} picture are gone or cannot be reached: {names}.",
            "{gone:,} of {count:,} pictures are gone or cannot be reached: {names}.",
            gone=len(names),
            names=named(names),
        ),
        cure=tr(
            "Put them back, connect their drive, or say where they are now, on the Data page or "
            "with --data FOLDER."
        ),
    )
