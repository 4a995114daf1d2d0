"""Accuracy, confusion and scores of classes, against counting picture by picture."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from drawn_predictions import NOTHING, drawn, predictions_of
from hypothesis import given

from petstudio.engine.analysis.accuracy import Accuracy, wilson_interval
from petstudio.engine.analysis.per_class import class_scores, macro_score
from petstudio.engine.predictions import Predictions, confusion, most_confused, top_losses

NAMES = ("Abyssinian", "beagle", "boxer", "pug", "Ragdoll", "Sphynx")


def pictures(predictions: Predictions) -> list[tuple[int, int, list[float], float]]:
    """Return key, actual class, probabilities and loss of each picture as plain values."""
    return list(
        zip(
            predictions.keys.tolist(),
            predictions.targets.tolist(),
            predictions.probabilities.tolist(),
            predictions.losses.tolist(),
            strict=True,
        )
    )


def test_that_the_interval_of_a_share_is_wilsons() -> None:
    # 8 of 10: 0.490 to 0.943, as tables of the Wilson interval have it.
    low, high = wilson_interval(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


def test_that_nothing_is_known_without_pictures() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert Accuracy(correct=0, images=0).share == 0.0


@given(drawn())
def test_that_confusion_is_what_counting_gives(predictions: Predictions) -> None:
    classes = predictions.probabilities.shape[1]
    naive = [[0] * classes for _ in range(classes)]
    for _, actual, row, _ in pictures(predictions):
        naive[actual][row.index(max(row))] += 1
    assert confusion(predictions).tolist() == naive


@given(drawn())
def test_that_confused_pairs_stand_by_count_then_actual_then_predicted(
    predictions: Predictions,
) -> None:
    counts: dict[tuple[int, int], int] = {}
    for _, actual, row, _ in pictures(predictions):
        predicted = row.index(max(row))
        if predicted != actual:
            counts[actual, predicted] = counts.get((actual, predicted), 0) + 1
    naive = sorted(counts.items(), key=lambda item: (-item[1], *item[0]))
    found = most_confused(confusion(predictions), NAMES)
    assert [(pair.actual, pair.predicted, pair.count) for pair in found] == [
        (NAMES[actual], NAMES[predicted], count) for (actual, predicted), count in naive
    ]


@given(drawn())
def test_that_top_losses_are_the_highest_first_and_ties_in_order(predictions: Predictions) -> None:
    naive = sorted(pictures(predictions), key=lambda picture: -picture[3])
    found = top_losses(predictions, len(predictions))
    assert [top.key for top in found] == [picture[0] for picture in naive]
    for top, (_, actual, row, loss) in zip(found, naive, strict=True):
        assert (top.loss, top.actual, top.predicted) == (loss, actual, row.index(max(row)))
        assert (top.actual_probability, top.predicted_probability) == (row[actual], max(row))


def test_that_confused_pairs_stand_in_the_tutorials_order(shared_folder: Path) -> None:
    golden = json.loads((shared_folder / "reference" / "fastai-golden.json").read_text())
    case = golden["most_confused"]
    found = most_confused(np.array(case["cm_rows_actual"]), "abc")
    assert [[p.actual, p.predicted, p.count] for p in found] == case["min_val_1"]


@given(drawn())
def test_that_scores_are_what_counting_gives(predictions: Predictions) -> None:
    seen = [(actual, row.index(max(row))) for _, actual, row, _ in pictures(predictions)]
    for score in class_scores(confusion(predictions), NAMES[: predictions.probabilities.shape[1]]):
        actual = [pair for pair in seen if pair[0] == score.place]
        predicted = [pair for pair in seen if pair[1] == score.place]
        hits = sum(pair[1] == score.place for pair in actual)
        assert (score.support, score.predicted) == (len(actual), len(predicted))
        assert score.recall == (hits / len(actual) if actual else 0.0)
        assert score.precision == (hits / len(predicted) if predicted else 0.0)
        harmonic = (
            2 * score.precision * score.recall / (score.precision + score.recall) if hits else 0.0
        )
        assert score.f1 == pytest.approx(harmonic)


def test_that_a_macro_score_leaves_out_classes_that_do_not_occur() -> None:
    predictions = predictions_of([0, 0, 1], [[1, 0, 0], [0, 1, 0], [0, 1, 0]])
    macro = macro_score(class_scores(confusion(predictions), NAMES[:3]))
    # By hand: class 0 has precision 1 and recall 1/2, class 1 has 1/2 and 1; both F1 are 2/3.
    assert (macro.precision, macro.recall) == (0.75, 0.75)
    assert macro.f1 == pytest.approx(2 / 3)


def test_that_scores_of_no_pictures_are_zero() -> None:
    macro = macro_score(class_scores(confusion(NOTHING), NAMES[:3]))
    assert (macro.precision, macro.recall, macro.f1) == (0.0, 0.0, 0.0)
