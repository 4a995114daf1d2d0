"""Choosing and ordering pictures, the keys of classes, counts that follow edits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from petstudio.api.contributions import Split
from petstudio.bridge.class_keys import class_keys
from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.label_rows import LabelChoice, LabelFacts, LabelOrder, LabelState, rows_of
from petstudio.bridge.label_tiles import LabelPictures
from petstudio.bridge.label_view import LabelView, hits_of, tally_of
from petstudio.bridge.picture_list import TileMark
from petstudio.project import changes
from petstudio.project.image_columns import SLICE, ImageColumns
from petstudio.project.records import ImageRecord, LabelOrigin
from petstudio.project.suggestions import suggestions_of

CLASSES = ("beagle", "pug")


def record(key, label=None, **others) -> ImageRecord:
    facts = {
        "path": f"{key}.jpg", "origin": LabelOrigin.LOADER, "split": None, "group": None,
        "excluded": False, "unreadable": None, "size": 1, "mtime_ns": 1,
    }  # fmt: skip
    return ImageRecord(id=key, label=label, **{**facts, **others})


RECORDS = ImageColumns.of(
    (
        record(1, "pug", split=Split.TRAIN),
        record(2),
        record(3),
        record(4, "beagle", split=Split.VALID, origin=LabelOrigin.PERSON),
        record(5, origin=LabelOrigin.PERSON),
        record(6, "pug", excluded=True),
        record(7, unreadable="empty"),
        record(8),
    )
)
SUGGESTIONS = suggestions_of(
    1,
    CLASSES,
    [
        (1, [("beagle", 0.9), ("pug", 0.1)]),
        (2, [("pug", 0.8), ("beagle", 0.2)]),
        (3, [("beagle", 0.55), ("pug", 0.45)]),
        (4, [("beagle", 0.6), ("pug", 0.4)]),
    ],
)
FACTS = LabelFacts(
    records=RECORDS,
    tags={"night": frozenset({3, 8})},
    suggestions=SUGGESTIONS,
    classes=frozenset(CLASSES),
)


def shown(facts, choice) -> tuple[int, ...]:
    return tuple(rows_of(facts, choice).tolist())


@pytest.fixture
def board() -> LabelBoard:
    tally = tally_of(RECORDS, SUGGESTIONS)
    view = LabelView(root=None, records=RECORDS, tally=tally, suggestions=SUGGESTIONS)
    return LabelBoard(view)


@pytest.mark.parametrize(
    ("choice", "keys"),
    [
        (LabelChoice(), (1, 2, 3, 4, 5, 6, 7, 8)),
        (LabelChoice(state=LabelState.OPEN), (2, 3, 8)),
        (LabelChoice(state=LabelState.SUGGESTED), (2, 3)),
        (LabelChoice(state=LabelState.LABELLED), (1, 4)),
        (LabelChoice(state=LabelState.BY_PERSON), (4,)),
        (LabelChoice(state=LabelState.DISAGREES), (1,)),
        (LabelChoice(state=LabelState.NONE_OF_THESE), (5,)),
        (LabelChoice(state=LabelState.EXCLUDED), (6,)),
        (LabelChoice(state=LabelState.UNREADABLE), (7,)),
        (LabelChoice(label="beagle"), (3, 4)),
        (LabelChoice(split=Split.VALID), (4,)),
        (LabelChoice(tag="night"), (3, 8)),
        (LabelChoice(tag="night", state=LabelState.SUGGESTED), (3,)),
        (LabelChoice(tag="gone"), ()),
        (LabelChoice(order=LabelOrder.LEAST_SURE), (3, 4, 2, 1, 5, 6, 7, 8)),
        (LabelChoice(order=LabelOrder.MARGIN), (3, 4, 2, 1, 5, 6, 7, 8)),
    ],
)
def test_that_a_choice_shows_these_pictures(choice, keys) -> None:
    assert shown(FACTS, choice) == keys


def test_that_the_most_different_pictures_come_first() -> None:
    """The most doubtful one leads; then comes the one that overlaps least with it."""
    answers = [
        (1, [("a", 0.50), ("b", 0.30), ("c", 0.20)]),
        (2, [("a", 0.52), ("b", 0.30), ("c", 0.18)]),
        (3, [("c", 0.90), ("b", 0.06), ("a", 0.04)]),
    ]
    suggestions = suggestions_of(1, "abc", answers)
    records = ImageColumns.of(record(key) for key in (1, 2, 3))
    facts = LabelFacts(records=records, tags={}, suggestions=suggestions, classes=frozenset("abc"))
    assert shown(facts, LabelChoice(order=LabelOrder.DIFFERENT)) == (1, 3, 2)


def test_that_what_is_suggested_of_a_class_that_is_gone_does_not_count() -> None:
    facts = replace(FACTS, classes=frozenset({"beagle"}))
    assert shown(facts, LabelChoice(state=LabelState.SUGGESTED)) == (3,)
    assert shown(facts, LabelChoice(label="pug")) == (1, 6)


@pytest.mark.parametrize("order", list(LabelOrder))
def test_that_no_picture_gets_lost_in_any_order(order) -> None:
    assert sorted(shown(FACTS, LabelChoice(order=order))) == sorted(RECORDS)
    bare = replace(FACTS, tags={}, suggestions=None)
    assert sorted(shown(bare, LabelChoice(order=order))) == sorted(RECORDS)


def test_that_names_are_sorted_across_the_slices() -> None:
    count = 2 * SLICE + 3
    records = ImageColumns.of(record(key, path=f"{count - key:06}.jpg") for key in range(1, count))
    facts = LabelFacts(records=records, tags={}, suggestions=None, classes=frozenset())
    assert shown(facts, LabelChoice()) == tuple(range(count - 1, 0, -1))


def test_that_a_picture_is_found_in_any_order(board) -> None:
    pictures = LabelPictures(board, np.array([5, 2, 8]))
    assert [pictures.row_of(key) for key in (2, 5, 8, 1, 9)] == [1, 0, 2, None, None]


@pytest.mark.parametrize("count", [0, 1, 10, 11, 36, 37, 120, 686, 1000])
def test_that_no_code_of_a_class_begins_another_one(count) -> None:
    names = [f"class {number:04}" for number in range(count)]
    keys = class_keys(names)
    codes = list(keys.by_code)
    assert len(codes) == min(count, 10 + 26 * 26)
    assert list(keys.by_code.values()) == names[: len(codes)]
    assert not any(a != b and b.startswith(a) for a in codes for b in codes)


def test_that_the_first_classes_have_digits_and_then_single_letters() -> None:
    keys = class_keys([f"{number:02}" for number in range(37)]).by_class
    assert [keys["00"], keys["09"], keys["10"], keys["34"]] == ["1", "0", "`a", "`y"]
    assert [keys["35"], keys["36"]] == ["`za", "`zb"]


def test_that_counts_follow_what_was_asked_for(board) -> None:
    assert (board.left, board.classes) == (3, (("beagle", 1), ("pug", 1)))
    assert (board.suggested["pug"], board.suggested["beagle"]) == (1, 1)
    edit = changes.relabel(board.records([2, 8]), {2: "pug", 8: "birman"}, LabelOrigin.PERSON)
    board.ask(1, edit.records)
    assert (board.left, board.classes) == (1, (("beagle", 1), ("birman", 1), ("pug", 2)))
    assert board.suggested["pug"] == 0
    board.forget(edits_done=1)
    assert (board.left, board.classes) == (3, (("beagle", 1), ("pug", 1)))


def test_that_a_newer_view_leaves_what_is_still_asked_for(board) -> None:
    board.ask(1, changes.exclude(board.records([2]), [2], True).records)
    board.ask(2, changes.exclude(board.records([3]), [3], True).records)
    board.renew(board.view, edits_done=1)
    assert [board.record(key).excluded for key in (2, 3)] == [False, True]


def test_that_tiles_tell_how_a_picture_stands(board) -> None:
    tiles = [LabelPictures(board, RECORDS.ids)[row] for row in range(8)]
    assert [tile.mark for tile in tiles] == [
        TileMark.CONFIRMED,
        TileMark.SUGGESTED,
        TileMark.SUGGESTED,
        TileMark.CONFIRMED,
        TileMark.NO_LABEL,
        TileMark.EXCLUDED,
        TileMark.NO_LABEL,
        TileMark.NO_LABEL,
    ]
    assert [tiles[at].title for at in (1, 4, 6, 7)] == [
        "pug",
        "none of these",
        "7.jpg",
        "no label",
    ]
    assert tiles[1].note == ".80"
    assert tiles[6].tip == "7.jpg: empty"


def test_that_a_suggestion_of_a_class_that_is_gone_is_not_offered(board) -> None:
    board.ask(1, changes.rename(board.all_records(), "beagle", "hound").records)
    assert board.open_suggestion(3) is None
    assert board.open_suggestion(2) == ("pug", pytest.approx(0.8))


def test_that_decisions_are_counted_where_something_was_suggested() -> None:
    decided = RECORDS.changed(
        [
            record(2, "pug", origin=LabelOrigin.SUGGESTION),
            record(3, "pug", origin=LabelOrigin.PERSON),
            record(8, "pug", origin=LabelOrigin.PERSON),
        ]
    )
    assert hits_of((8, 3, 2, 1), decided, SUGGESTIONS) == (1, 2)
    assert hits_of((8, 3, 2, 1), decided, None) == (0, 0)
