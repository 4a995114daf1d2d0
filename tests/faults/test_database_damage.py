"""A damaged database: no crash, no changed content unnoticed, and the snapshot is offered.

The environment variable PETSTUDIO_DAMAGES sets how many files of each kind are tried;
`pytest --log-cli-level=info` shows the figures.
"""

from __future__ import annotations

import logging
import os
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from petstudio.api.contributions import Split
from petstudio.project.image_tags import load_tags, set_tag
from petstudio.project.layout import DATABASE
from petstudio.project.project import Project
from petstudio.project.records import Access, LabelOrigin, NewImage, Source
from petstudio.project.snapshots import DamagedProjectError, restore_snapshot, snapshots
from petstudio.project.suggestions import load_suggestions, save_suggestions, suggestions_of

logger = logging.getLogger(__name__)

_TRIES = int(os.environ.get("PETSTUDIO_DAMAGES", "40"))
_BLOCK = 512
_OFFER = "A snapshot that is less than an hour old can be restored with --restore"

Damage = Callable[[bytes, random.Random], bytes]


def _flip(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def _truncate(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _zero(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) // _BLOCK) * _BLOCK
    return content[:at] + bytes(_BLOCK) + content[at + _BLOCK :]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A closed project with some pages of everything and a snapshot of the same."""
    images = [
        NewImage(path=f"{number}.jpg", label=f"breed {number % 7}", split=Split.TRAIN)
        for number in range(300)
    ]
    with Project.create(
        tmp_path / "p.petstudio", source=Source(loader="x"), root=tmp_path, images=images
    ) as made:
        for number in range(1, 40):
            made.set_labels({number: "Pug"}, LabelOrigin.PERSON)
        made.take_snapshot()
        return made.path


def _read(project: Path, access: Access) -> tuple[object, ...]:
    with Project.open(project, access) as opened:
        return (opened.images(), opened.history(), opened.source, opened.id, opened.runs())


def _outcome(project: Path, access: Access, expected: tuple[object, ...]) -> str:
    try:
        return "unharmed" if _read(project, access) == expected else "silently wrong"
    except DamagedProjectError as error:
        return "snapshot offered" if _OFFER in str(error) else f"no offer: {error}"


@pytest.mark.parametrize("damage", [_flip, _truncate, _zero])
def test_that_damage_is_noticed_and_the_snapshot_offered(project: Path, damage: Damage) -> None:
    expected = _read(project, Access.READ)
    database = project / DATABASE
    good = database.read_bytes()
    chance = random.Random(damage.__name__)
    outcomes: Counter[str] = Counter()
    for number in range(_TRIES):
        content = damage(good, chance)
        database.write_bytes(content)
        outcomes[_outcome(project, Access.READ, expected)] += 1
        if number % 10 == 0:
            outcome = _outcome(project, Access.WRITE, expected)
            assert outcome in ("unharmed", "snapshot offered")
            if outcome == "snapshot offered":
                assert database.read_bytes() == content, "a damaged file must stay as it is"
    logger.info("%s: %s", damage.__name__.strip("_"), dict(outcomes))
    assert outcomes.keys() <= {"unharmed", "snapshot offered"}
    assert outcomes["snapshot offered"] > 0


def test_that_damage_whose_message_is_no_text_is_noticed(project: Path) -> None:
    """The message of SQLite then quotes bytes that are not UTF-8."""
    database = project / DATABASE
    database.write_bytes(database.read_bytes().replace(b"CREATE TABLE", b"CREATE \xcfABLE"))
    with pytest.raises(DamagedProjectError, match=_OFFER):
        Project.open(project, Access.READ)


@pytest.mark.parametrize("damage", [_truncate, _zero])
def test_that_the_offered_snapshot_brings_everything_back(project: Path, damage: Damage) -> None:
    expected = _read(project, Access.READ)
    database = project / DATABASE
    chance = random.Random(1)
    damaged = damage(database.read_bytes(), chance)
    while damaged == database.read_bytes():
        damaged = damage(damaged, chance)
    database.write_bytes(damaged)

    aside = restore_snapshot(project)

    assert _read(project, Access.WRITE) == expected
    assert (aside / DATABASE).read_bytes() == damaged


def test_that_a_damaged_snapshot_is_passed_over_for_an_older_good_one(project: Path) -> None:
    with Project.open(project) as opened:
        opened.set_labels({1: "Beagle"}, LabelOrigin.PERSON)
        opened.take_snapshot()
    newest, older = snapshots(project)
    newest.path.write_bytes(newest.path.read_bytes()[:3000])
    (project / DATABASE).write_bytes(b"nothing")

    restore_snapshot(project)

    with Project.open(project) as opened:
        assert opened.images()[0].label == "Pug"
    assert older.path.exists()


def test_that_what_was_said_of_pictures_after_the_snapshot_is_not_said_of_others(
    project: Path,
) -> None:
    with Project.open(project) as opened:
        (later,) = opened.add_images([NewImage(path="later.jpg", label="Pug", split=Split.TRAIN)])
        set_tag(project, "blurry", [3, later.id], is_on=True)
        set_tag(project, "night", [later.id], is_on=True)
        save_suggestions(project, suggestions_of(1, ["Pug"], [(later.id, [("Pug", 1.0)])]))
    (project / DATABASE).write_bytes(b"nothing")

    restore_snapshot(project)

    with Project.open(project) as opened:
        (other,) = opened.add_images([NewImage(path="other.jpg", label="Pug", split=Split.TRAIN)])
    assert other.id > later.id  # numbers of lost pictures are never given again
    assert dict(load_tags(project)) == {"blurry": {3}}
    assert load_suggestions(project) is None
