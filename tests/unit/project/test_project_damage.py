"""Damaged database files: noticed, or without effect; never a crash, never a wrong label."""

from __future__ import annotations

import contextlib
import os
import random
from pathlib import Path

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import IntegrityError
from petstudio.project.project import Project
from petstudio.project.records import Access, LabelOrigin, NewImage

_TRIES = 60
_BLOCK = 512


@pytest.fixture
def database(make_project) -> Path:
    """The database of a closed project with a few pages of everything."""
    images = [
        NewImage(path=f"{n}.jpg", label=f"breed {n % 7}", split=Split.TRAIN) for n in range(300)
    ]
    with make_project(images) as project:
        for number in range(1, 40):
            project.set_labels({number: "Pug"}, LabelOrigin.PERSON)
        return project.path / "project.db"


def _read(project: Path) -> tuple[object, ...]:
    with Project.open(project, Access.READ) as opened:
        return (opened.images(), opened.history(), opened.source, opened.id, opened.runs())


def _assert_noticed_or_harmless(database: Path, damaged: list[bytes]) -> None:
    before = _read(database.parent)
    for content in damaged:
        database.write_bytes(content)
        with contextlib.suppress(IntegrityError):
            assert _read(database.parent) == before


def test_that_a_flipped_bit_never_changes_what_is_read(database: Path) -> None:
    good = database.read_bytes()
    chance = random.Random(1)
    damaged = []
    for _ in range(_TRIES):
        content = bytearray(good)
        content[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
        damaged.append(bytes(content))

    _assert_noticed_or_harmless(database, damaged)


def test_that_a_zeroed_block_never_changes_what_is_read(database: Path) -> None:
    good = database.read_bytes()
    chance = random.Random(2)
    starts = [chance.randrange(len(good) // _BLOCK) * _BLOCK for _ in range(_TRIES)]

    _assert_noticed_or_harmless(
        database, [good[:at] + bytes(_BLOCK) + good[at + _BLOCK :] for at in starts]
    )


def test_that_every_truncation_is_noticed(database: Path) -> None:
    size = database.stat().st_size
    chance = random.Random(3)

    for length in sorted((chance.randrange(size) for _ in range(_TRIES)), reverse=True):
        os.truncate(database, length)
        with pytest.raises(IntegrityError):
            _read(database.parent)
