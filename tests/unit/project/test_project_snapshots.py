"""Snapshots: when they are taken, and how one is put back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from petstudio.api.errors import ConflictError, IntegrityError
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage
from petstudio.project.snapshots import (
    KEPT,
    newest_snapshot,
    restore_snapshot,
    snapshots,
)


def _label(project: Project, label: str) -> None:
    project.set_labels({1: label}, LabelOrigin.PERSON)


def _damage(project: Path) -> bytes:
    content = b"damaged" * 1000
    (project / "project.db").write_bytes(content)
    return content


def _age(project: Path, age: timedelta) -> None:
    snapshot = newest_snapshot(project)
    assert snapshot is not None
    taken = (datetime.now(UTC) - age).strftime("%Y%m%dT%H%M%SZ")
    snapshot.path.rename(snapshot.path.with_name(f"{snapshot.number:06}-{taken}.db"))


def test_that_a_damaged_database_offers_the_newest_snapshot_with_its_age(project) -> None:
    project.take_snapshot()
    project.close()
    _age(project.path, timedelta(hours=3, minutes=5))
    _damage(project.path)

    with pytest.raises(IntegrityError, match="A snapshot that is 3 hours old can be restored"):
        Project.open(project.path)


def test_that_restoring_brings_back_the_snapshot_and_keeps_the_damaged_file(project) -> None:
    _label(project, "Pug")
    project.take_snapshot()
    _label(project, "Boxer")
    project.close()
    content = _damage(project.path)

    aside = restore_snapshot(project.path)

    assert (aside / "project.db").read_bytes() == content
    assert "Boxer" in (aside / "labels.csv").read_text(encoding="utf-8")
    with Project.open(project.path) as again:
        assert again.images()[0].label == "Pug"
        again.undo()
        assert again.images()[0].label == "Birman"


def _restored_with_one_more(path: Path, name: str) -> int:
    """Lose what came since the newest snapshot, take in a picture, and return its number."""
    _damage(path)
    restore_snapshot(path)
    with Project.open(path) as again:
        (image,) = again.add_images([NewImage(path=name, label="Pug")])
        return image.id


def test_that_new_pictures_never_get_the_numbers_of_lost_ones(project) -> None:
    project.take_snapshot()
    (lost,) = project.add_images([NewImage(path="lost.jpg", label="Pug")])
    project.close()
    numbers = [lost.id, *(_restored_with_one_more(project.path, f"{n}.jpg") for n in range(3))]
    assert len(set(numbers)) == len(numbers)


def test_that_numbers_stay_free_in_snapshots_that_are_taken_later(project) -> None:
    project.take_snapshot()
    project.close()
    first = _restored_with_one_more(project.path, "first.jpg")
    with Project.open(project.path) as again:
        again.take_snapshot()
        (lost,) = again.add_images([NewImage(path="lost.jpg", label="Pug")])
    last = _restored_with_one_more(project.path, "last.jpg")
    assert first < lost.id < last


def test_that_a_missing_database_can_be_restored(project) -> None:
    _label(project, "Pug")
    project.take_snapshot()
    project.close()
    (project.path / "project.db").unlink()
    with pytest.raises(IntegrityError, match=r"missing.*can be restored"):
        Project.open(project.path)

    restore_snapshot(project.path)

    with Project.open(project.path) as again:
        assert again.images()[0].label == "Pug"


def test_that_a_damaged_snapshot_is_passed_over_for_an_older_one(project) -> None:
    _label(project, "Pug")
    project.take_snapshot()
    _label(project, "Boxer")
    newest = project.take_snapshot()
    project.close()
    newest.path.write_bytes(newest.path.read_bytes().replace(b"Boxer", b"Boxes"))
    _damage(project.path)

    restore_snapshot(project.path)

    with Project.open(project.path) as again:
        assert again.images()[0].label == "Pug"


def test_that_without_a_good_snapshot_nothing_is_changed(closed_project) -> None:
    content = _damage(closed_project)

    with pytest.raises(IntegrityError, match="no snapshot that can be restored"):
        restore_snapshot(closed_project)

    assert (closed_project / "project.db").read_bytes() == content


def test_that_an_open_project_is_not_restored(project) -> None:
    project.take_snapshot()

    with pytest.raises(ConflictError):
        restore_snapshot(project.path)


def test_that_the_oldest_snapshots_go(project) -> None:
    for _ in range(KEPT + 2):
        project.take_snapshot()

    assert [snapshot.number for snapshot in snapshots(project.path)] == [*range(12, 2, -1)]


def test_that_an_unchanged_project_gets_no_snapshot(closed_project) -> None:
    Project.open(closed_project).close()

    assert snapshots(closed_project) == ()


def test_that_a_changed_project_gets_its_first_snapshot_when_opened_again(project) -> None:
    _label(project, "Pug")
    project.close()

    with Project.open(project.path):
        assert [snapshot.number for snapshot in snapshots(project.path)] == [1]


@pytest.mark.parametrize(
    ("age", "numbers"),
    [
        (timedelta(hours=23), [1]),
        (timedelta(hours=25), [2, 1]),
        (timedelta(days=-300), [2, 1]),  # the clock went back since
    ],
)
def test_that_opening_takes_a_snapshot_when_the_newest_is_a_day_old(
    project, age: timedelta, numbers: list[int]
) -> None:
    project.take_snapshot()
    project.close()
    _age(project.path, age)

    with Project.open(project.path):
        assert [snapshot.number for snapshot in snapshots(project.path)] == numbers


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(minutes=5), "less than an hour old"),
        (timedelta(hours=30), "30 hours old"),
        (timedelta(days=9), "9 days old"),
        (timedelta(days=-9), "of unknown age"),
    ],
)
def test_that_the_age_is_told_in_words(project, age: timedelta, words: str) -> None:
    project.take_snapshot()
    _age(project.path, age)

    newest = newest_snapshot(project.path)

    assert newest is not None
    assert newest.age == words


def test_that_foreign_files_among_the_snapshots_are_passed_over(project) -> None:
    taken = project.take_snapshot()
    for name in ("999999-20261399T000000Z.db", "notes.db", "000007-20260101T000000Z.txt"):
        (project.path / "snapshots" / name).write_text("x")
    (project.path / "snapshots" / "000009-20260101T000000Z.db").symlink_to(taken.path)

    assert snapshots(project.path) == (taken,)


def test_that_a_snapshot_leaves_no_temporary_file(project) -> None:
    taken = project.take_snapshot()

    assert list((project.path / "tmp").iterdir()) == []
    assert re.fullmatch(r"000001-\d{8}T\d{6}Z\.db", taken.path.name)
    assert [entry.name for entry in taken.path.parent.iterdir()] == [taken.path.name]
