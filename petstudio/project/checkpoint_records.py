"""What is known of a checkpoint without opening it, its file's name, and which ones are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.events import CheckpointKind
from petstudio.api.language import tr
from petstudio.project.names import shown_text

_FILE: Final = re.compile(
    r"(?P<number>[0-9]{6,9})-(?P<kind>step|epoch|stage|best)-(?P<step>[0-9]{8,15})"
    r"-(?P<stage>[0-9]{1,6})-(?P<epoch>[0-9]{1,9})-(?P<hash>[0-9a-f]{16})\.pt"
)
_LONGEST_NAME: Final = 60
_RESERVED: Final = re.compile(r"last|best|step-[0-9]+", re.IGNORECASE)
_FULL_KEPT: Final = 2
# So that the list stays short, however small the checkpoints are.
_MOST_EPOCHS: Final = 1_000


@dataclass(frozen=True, kw_only=True)
class NewCheckpoint:
    """What the one who writes it says.

    Attributes:
        step: optimiser steps done over the run.
        stage: index of the stage.
        epoch: epochs finished within the stage.
        name: such as "stage-1"; an older checkpoint that has it loses it.
        metrics: one without a value is NaN.
    """

    kind: CheckpointKind
    step: int
    stage: int
    epoch: int
    name: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CheckpointRecord(NewCheckpoint):
    """A checkpoint on the disk; `number` counts up, so that order does not depend on the clock."""

    file: str
    size: int
    sha256: str
    number: int

    @property
    def is_full(self) -> bool:
        """A run can go on from it."""
        return self.kind is not CheckpointKind.BEST

    @property
    def label(self) -> str:
        """A name that finds it."""
        plain = f"step-{self.step}" if self.is_full else "best"
        return self.name or plain


def file_name(number: int, new: NewCheckpoint, sha256: str) -> str:
    """Return a name that is used once only, and says all that a lost list is made anew from."""
    place = f"{new.step:08}-{new.stage}-{new.epoch}"
    return f"{number:06}-{new.kind.value}-{place}-{sha256[:16]}.pt"


def record_of_file(name: str, size: int, sha256: str) -> CheckpointRecord | None:
    """Return what a file's name says; None if it is no checkpoint's, or not of this content."""
    match = _FILE.fullmatch(name)
    if match is None:
        return None
    record = CheckpointRecord(
        kind=CheckpointKind(match["kind"]),
        step=int(match["step"]),
        stage=int(match["stage"]),
        epoch=int(match["epoch"]),
        file=name,
        size=size,
        sha256=sha256,
        number=int(match["number"]),
    )
    return record if name == file_name(record.number, record, sha256) else None


def number_of_file(name: str) -> int | None:
    """Return the number in a checkpoint's file name; None for the name of another file."""
    match = _FILE.fullmatch(name)
    return int(match["number"]) if match else None


def check_name(name: str) -> None:
    """Raise InputError if a person cannot give a checkpoint this name."""
    is_plain = name.isprintable() and name == name.strip() and not set(name) & set('/\\:*?"<>|')
    if not is_plain or not 1 <= len(name) <= _LONGEST_NAME or name in (".", ".."):
        raise InputError(
            tr(
                "“{shown_text}” cannot be the name of a checkpoint.",
                shown_text=shown_text(name)[:80],
            ),
            cure=tr(
                "Use 1 to {longest_name} letters, digits and spaces.", longest_name=_LONGEST_NAME
            ),
        )
    if _RESERVED.fullmatch(name):
        raise InputError(
            tr("“{name}” is what PetStudio calls a checkpoint.", name=name),
            cure=tr("Use another name."),
        )


def kept(records: Sequence[CheckpointRecord], budget: int) -> tuple[CheckpointRecord, ...]:
    """Return the records that stay, of those given oldest first.

    The two newest full ones, the newest best one, and all with a name stay whatever they take. Of
    the other ends of epochs and stages, the newest whose total is within the budget (in bytes).
    """
    full = [record.number for record in records if record.is_full]
    best = [record.number for record in records if not record.is_full]
    staying = {*full[-_FULL_KEPT:], *best[-1:], *(r.number for r in records if r.name)}
    staying.update(_within(records, budget))
    return tuple(record for record in records if record.number in staying)


def _within(records: Iterable[CheckpointRecord], budget: int) -> Iterable[int]:
    kinds = (CheckpointKind.EPOCH, CheckpointKind.STAGE)
    ends = [record for record in records if record.kind in kinds and not record.name]
    for record in reversed(ends[-_MOST_EPOCHS:]):
        budget -= record.size
        if budget < 0:
            return
        yield record.number
