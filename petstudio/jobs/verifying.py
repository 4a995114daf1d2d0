"""Before training: are the pictures still those that were imported?"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError
from petstudio.config.language import counted, tr
from petstudio.jobs.wording import named
from petstudio.project.records import ImageRecord

_MOST_GONE: Final = 0.01  # of the pictures; with more, something is wrong with the place as such


class _State(Enum):
    SAME = "same"
    GONE = "gone"
    CHANGED = "changed"
    REDATED = "re-dated"


def verify_pictures(records: Sequence[ImageRecord], root: Path) -> tuple[str, ...]:
    """Compare usable pictures with what the project noted of them; return sentences to show.

    Only size and time are compared: other bytes of the same size and time are not noticed.

    Raises:
        InputError: more than 1 % of the pictures are gone.
    """
    usable = [record for record in records if record.is_usable]
    found: dict[_State, list[str]] = {state: [] for state in _State}
    prefix = f"{root}{os.sep}"
    for record in usable:
        found[_state_of(prefix, record)].append(record.shown)
    if len(found[_State.GONE]) > _MOST_GONE * len(usable):
        raise _too_many_gone(found[_State.GONE], len(usable))
    return tuple(
        sentence.format(
            count=counted(len(names), "{count:,} picture", "{count:,} pictures"), names=named(names)
        )
        for state, sentence in _NOTICES.items()
        if (names := found[state])
    )


_NOTICES: Final = {
    _State.GONE: tr("{count} no longer there; training goes on without: {names}."),
    _State.CHANGED: tr(
        "{count} changed since the import, so the labels may no longer fit: {names}. "
        "Look at them, or make a new project of the folder."
    ),
    _State.REDATED: tr(
        "{count} with another date than at the import, but of the same size, "
        "as after copying: {names}."
    ),
}


def _state_of(prefix: str, record: ImageRecord) -> _State:
    try:
        status = os.stat(prefix + record.path)  # noqa: PTH116  a Path each costs more than the look
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
        tr(
            "{count:,} of {count_2} are gone or cannot be reached: {named}.",
            count=len(names),
            count_2=counted(total, "{count:,} picture", "{count:,} pictures"),
            named=named(names),
        ),
        cure=tr(
            "Put them back, connect their drive, or say where they are now with --data FOLDER."
        ),
    )
