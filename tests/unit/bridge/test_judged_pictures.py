"""What follows from a result, and its pictures in a grid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from petstudio.api.contributions import Split
from petstudio.bridge.class_score_model import ClassScoreModel, ScoreColumn
from petstudio.bridge.evaluation_look import judge
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.judged_pictures import JudgedPictures
from petstudio.bridge.picture_list import TileMark
from petstudio.engine.predictions import Predictions
from petstudio.jobs.results import RunResult
from petstudio.project.pending_fixes import Fix, FixKind
from petstudio.project.records import ImageRecord, LabelOrigin

CLASSES = ("Beagle", "maine_coon")
MANY = 50_000


def result(rows, *, temperature: float = 1.0) -> RunResult:
    """Return the result of pictures given by true class and probability of the first one."""
    targets = np.array([target for target, _ in rows], dtype=np.int64)
    first = np.array([share for _, share in rows], dtype=np.float32)
    probabilities = np.stack((first, 1 - first), axis=1)
    predictions = Predictions(
        keys=np.arange(1, len(rows) + 1),
        targets=targets,
        probabilities=probabilities,
        losses=-np.log(probabilities[np.arange(len(rows)), targets]),
    )
    return RunResult(
        number=1, name="x", split=Split.VALID, classes=CLASSES, predictions=predictions,
        records={key: _record(key) for key in range(1, len(rows) + 1)}, root=Path("/pets"),
        temperature=temperature,
    )  # fmt: skip


def _record(key: int) -> ImageRecord:
    return ImageRecord(
        id=key, path=f"{key}.jpg", label="Beagle", origin=LabelOrigin.LOADER, split=Split.VALID,
        group=None, excluded=False, unreadable=None, size=1, mtime_ns=1,
    )  # fmt: skip


FOUR = result([(0, 0.9), (0, 0.2), (1, 0.4), (1, 0.7)])


@pytest.fixture
def tray(qapp):
    made = FixTray()
    yield made
    made.shutdown()


def test_that_the_worst_pictures_come_first():
    judged = judge(FOUR)
    assert judged.keys_at(judged.worst_first(judged.wrong)) == (2, 4)


def test_that_pictures_that_are_not_there_have_no_place():
    assert judge(FOUR).rows_of([4, 99, 1]).tolist() == [3, 0]


def test_that_probabilities_are_those_after_the_temperature():
    plain, warm = judge(FOUR), judge(result([(0, 0.9), (1, 0.7)], temperature=2.0))
    assert float(plain.confidence[0]) == pytest.approx(0.9)
    assert float(warm.confidence[0]) == pytest.approx(0.75)


def test_that_a_card_says_both_classes_and_both_probabilities(tray):
    judged = judge(FOUR)
    card = JudgedPictures(judged, judged.rows_of([2]), tray, has_room=True)[0]
    assert (card.title, card.note) == ("maine coon  80.0 %", "1.61")
    assert (card.subtitle, card.subnote) == ("actual Beagle", "p 20.0 %")
    assert card.path == Path("/pets/2.jpg")
    assert card.is_wrong


def test_that_a_card_follows_the_tray(tray):
    judged = judge(FOUR)
    cards = JudgedPictures(judged, judged.rows_of([2, 4]), tray)
    tray.put([Fix(image=2, path="2.jpg", label="Beagle", kind=FixKind.RELABEL, to="maine_coon")])
    tray.put([Fix(image=4, path="4.jpg", label="Beagle", kind=FixKind.EXCLUDE)])
    assert (cards[0].mark, cards[0].mark_text) == (TileMark.PENDING, "→ maine coon")
    assert (cards[1].mark, cards[1].mark_text) == (TileMark.EXCLUDED, "excluded")


def test_that_many_results_are_counted_and_no_card_is_made(tray):
    rng = np.random.default_rng(0)
    rows = list(zip(rng.integers(0, 2, MANY).tolist(), rng.random(MANY).tolist(), strict=True))
    judged = judge(result(rows))
    cards = JudgedPictures(judged, judged.worst_first(judged.wrong), tray)
    assert len(cards) == int(judged.wrong.sum())
    assert cards.row_of(cards.key_at(20_000)) == 20_000


def test_that_scores_are_sorted_by_any_column(qapp):
    model = ClassScoreModel()
    model.show_scores(judge(result([(0, 0.9), (0, 0.8), (1, 0.4), (1, 0.7)])))

    def names():
        return [model.index(row, ScoreColumn.NAME).data() for row in range(2)]

    assert names() == ["maine coon", "Beagle"]
    model.sort(ScoreColumn.NAME)
    assert names() == ["Beagle", "maine coon"]
    assert model.index(1, ScoreColumn.TAKEN_FOR).data() == "Beagle, 1"
    assert model.row_of(1) == 1
