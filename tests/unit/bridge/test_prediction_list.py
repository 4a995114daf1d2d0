"""Predictions in columns, and which of them are shown in which order."""

import os
from pathlib import Path

import pytest

from petstudio.api.events import ImagePredicted, ImageSkipped, ProgressMade, TopClass
from petstudio.bridge.prediction_list import PredictionList
from petstudio.bridge.shown_predictions import (
    Choice,
    ShownPredictions,
    SortBy,
    Subset,
)

CLASSES = ("pug", "Boxer", "maine_coon")


def predicted(path, *shares):
    top = tuple(
        TopClass(label=label, probability=share)
        for label, share in zip(("pug", "Boxer", "maine_coon"), shares, strict=False)
    )
    return ImagePredicted(path=path, top=tuple(sorted(top, key=lambda found: -found.probability)))


@pytest.fixture
def results():
    """Four pictures with a class and one that cannot be read, in this order."""
    made = PredictionList(CLASSES)
    made.add(
        [
            predicted("/a/d.jpg", 0.9, 0.05, 0.05),
            predicted("/a/b.jpg", 0.1, 0.5, 0.4),
            ImageSkipped(path="/a/a.jpg", reason="the file is empty"),
            predicted("/a/c.jpg", 0.1, 0.2, 0.7),
            predicted("/b/B.jpg", 0.1, 0.8, 0.1),
        ]
    )
    return made


def names(results, **choice):
    shown = ShownPredictions(results, Choice(**choice))
    return [Path(shown[row].path).name for row in range(len(shown))]


def test_that_only_results_are_taken(results):
    assert results.add([ProgressMade(task="x", done=1), predicted("/a/e.jpg", 1.0)]) == 1
    assert len(results) == 6


def test_that_a_result_comes_back_as_it_came(results):
    found = results[1]
    assert found.path == Path("/a/b.jpg")
    assert [item.label for item in found.top] == ["Boxer", "maine_coon", "pug"]
    assert found.confidence == pytest.approx(0.5)
    assert found.margin == pytest.approx(0.1)


def test_that_fewer_classes_than_places_are_no_more(results):
    assert [len(results[key].top) for key in range(5)] == [3, 3, 0, 3, 3]


def test_that_a_picture_predicted_again_keeps_its_key(results):
    results.add([predicted("/a/a.jpg", 1.0), ImageSkipped(path="/a/d.jpg", reason="gone")])
    assert len(results) == 5
    assert results[2].label == "pug"
    assert results[0].reason == "gone"
    assert results.unreadable == 1


def test_that_many_results_find_room():
    results = PredictionList(CLASSES)
    results.add([predicted(f"{number}.jpg", 0.001 * number) for number in range(1000)])
    assert len(results) == 1000
    assert results[999].confidence == pytest.approx(0.999)


def test_that_those_below_the_threshold_are_counted(results):
    assert [results.unsure(level) for level in (0.0, 0.6, 1.0)] == [0, 1, 4]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (SortBy.LEAST_CONFIDENT, ["b.jpg", "c.jpg", "B.jpg", "d.jpg", "a.jpg"]),
        (SortBy.MOST_CONFIDENT, ["d.jpg", "B.jpg", "c.jpg", "b.jpg", "a.jpg"]),
        (SortBy.SMALLEST_MARGIN, ["b.jpg", "c.jpg", "B.jpg", "d.jpg", "a.jpg"]),
        (SortBy.CLASS, ["B.jpg", "b.jpg", "c.jpg", "d.jpg", "a.jpg"]),
        (SortBy.FILE, ["b.jpg", "B.jpg", "c.jpg", "d.jpg", "a.jpg"]),
    ],
)
def test_that_each_order_ends_with_what_cannot_be_read(results, sort, order):
    assert names(results, sort=sort) == order


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"subset": Subset.UNSURE, "sure_from": 0.75}, ["b.jpg", "c.jpg"]),
        ({"subset": Subset.UNREADABLE}, ["a.jpg"]),
        ({"subset": Subset.CLASS, "label": "Boxer"}, ["b.jpg", "B.jpg"]),
        ({"at_least": 0.75}, ["B.jpg", "d.jpg"]),
    ],
)
def test_that_a_choice_shows_a_part(results, choice, expected):
    assert names(results, **choice) == expected


def test_that_a_tile_says_class_and_confidence(results):
    shown = ShownPredictions(results, Choice())
    tile = shown[shown.row_of(3)]
    assert (tile.title, tile.note, tile.is_unsure) == ("maine coon", "0.70", False)


def test_that_a_tile_below_the_threshold_is_not_sure_and_tells_its_guess(results):
    tile = ShownPredictions(results, Choice(sure_from=0.6))[0]
    assert (tile.title, tile.note, tile.is_unsure) == ("not sure", "0.50", True)
    assert tile.tip == "b.jpg, perhaps Boxer"


def test_that_a_tile_of_an_unreadable_file_has_its_name_and_the_reason(results):
    tile = ShownPredictions(results, Choice())[4]
    assert (tile.title, tile.tip, tile.share) == ("a.jpg", "the file is empty", None)


def test_that_rows_and_keys_lead_to_each_other(results):
    shown = ShownPredictions(results, Choice(at_least=0.6))
    assert [shown.row_of(shown.key_at(row)) for row in range(len(shown))] == [0, 1, 2]
    assert shown.row_of(1) is None
    assert shown.row_of(77) is None


def test_that_results_that_come_later_do_not_change_what_is_shown(results):
    shown = ShownPredictions(results, Choice())
    results.add([predicted("/a/z.jpg", 1.0)])
    assert len(shown) == 5
    assert shown.row_of(5) is None


@pytest.mark.parametrize(
    "name", ["<b>x.jpg", "=1+1.jpg", "\u202egpj.jpg", "a\nb.jpg", os.fsdecode(b"\xe9.jpg")]
)
def test_that_odd_names_are_kept_and_shown_printable(name):
    results = PredictionList(CLASSES)
    results.add([predicted(name, 0.9)])
    tile = ShownPredictions(results, Choice())[0]
    assert tile.path == Path(name)
    assert tile.tip.isprintable()
    assert tile.spoken.isprintable()


def test_that_no_results_are_nothing_to_show():
    assert len(ShownPredictions(PredictionList(), Choice(sort=SortBy.FILE))) == 0
