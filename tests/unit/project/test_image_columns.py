"""Columns say the same as the records that they stand for."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from petstudio.api.contributions import Split
from petstudio.project.image_columns import SLICE, ImageColumns
from petstudio.project.names import all_stay_inside, stays_inside
from petstudio.project.records import ImageRecord, LabelOrigin

BEYOND_64_BITS = 1 << 70


def record(key: int, chance: random.Random) -> ImageRecord:
    return ImageRecord(
        id=key,
        path=f"{key}-{chance.randrange(9)}.jpg",
        label=chance.choice((None, "cat", "dog")),
        origin=chance.choice(list(LabelOrigin)),
        split=chance.choice((None, *Split)),
        group=chance.choice((None, "one", "two")),
        excluded=chance.random() < 0.2,
        unreadable=chance.choice((None, None, "empty")),
        size=chance.randrange(1 << 60),
        mtime_ns=chance.choice((1, BEYOND_64_BITS)),
    )


def records(count: int, seed: int = 1) -> dict[int, ImageRecord]:
    chance = random.Random(seed)
    return {key: record(key, chance) for key in range(1, count + 1)}


def test_that_records_come_back_as_they_were() -> None:
    given = records(100)
    columns = ImageColumns.of(given.values())
    assert columns == given
    assert list(columns.values()) == list(given.values())


def test_that_records_of_several_slices_come_back_in_order() -> None:
    given = records(2 * SLICE + 1)
    assert list(ImageColumns.of(given.values()).values()) == list(given.values())


def test_that_there_may_be_no_record() -> None:
    assert dict(ImageColumns.of(())) == {}
    assert dict(ImageColumns.of(()).present) == {}


@pytest.mark.parametrize("key", [-1, 0, 4, 6, 8])
def test_that_an_unknown_id_is_a_key_error(key: int) -> None:
    chance = random.Random(1)
    columns = ImageColumns.of([record(3, chance), record(5, chance), record(7, chance)])
    assert key not in columns
    with pytest.raises(KeyError):
        columns[key]


def test_that_changed_columns_are_those_of_the_changed_records() -> None:
    chance = random.Random(3)
    given = records(50)
    columns = ImageColumns.of(given.values())
    for _ in range(100):
        new = [record(chance.randint(1, 60), chance) for _ in range(chance.randint(0, 9))]
        new += [record(max(given) + 1, chance)] * chance.randint(0, 1)
        new = [one for one in new if one.id in given or one.id > max(given)]
        given = dict(sorted({**given, **{one.id: one for one in new}}.items()))
        columns = columns.changed(new)
        assert list(columns.items()) == list(given.items())


def test_that_a_change_leaves_the_columns_before_it_as_they_were() -> None:
    given = records(20)
    columns = ImageColumns.of(given.values())
    columns.changed([replace(given[4], label="newt", size=7, mtime_ns=2)])
    assert columns == given


def test_that_a_label_shares_all_other_columns() -> None:
    columns = ImageColumns.of(records(20).values())
    changed = columns.changed([replace(columns[4], label="newt")])
    assert changed.paths is columns.paths
    assert changed.splits is columns.splits


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("are_present", lambda one: one.is_present),
        ("are_labelled", lambda one: one.label is not None),
        ("are_readable", lambda one: one.unreadable is None),
        ("are_undecided", lambda one: one.is_undecided),
    ],
)
def test_that_rows_are_those_of_which_their_records_say_so(rows, said) -> None:
    given = records(300)
    columns = ImageColumns.of(given.values())
    assert getattr(columns, rows).tolist() == [said(one) for one in given.values()]
    chosen = columns.only(getattr(columns, rows))
    assert chosen == {key: one for key, one in given.items() if said(one)}


@pytest.mark.parametrize(
    "path",
    ["", "/", "/a", "a/", "a//b", ".", "..", "./a", "../a", "a/.", "a/..", "a/../b", "a\0b",
     "a", "a/b", ".a", "..a", "a..", "a/...", "a/b.jpg", " ", "a\nb", "a\\b", "c:d"],
)  # fmt: skip
def test_that_paths_asked_together_stay_inside_as_each_does(path: str) -> None:
    assert all_stay_inside([path]) == stays_inside(path)
    assert all_stay_inside(["x/y", path, "z"]) == stays_inside(path)
    assert all_stay_inside([])
