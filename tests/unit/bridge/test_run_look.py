"""Where a run stands, in words."""

from __future__ import annotations

import pytest

from petstudio.api.events import CheckpointKind, StageStarted
from petstudio.bridge.run_look import _place
from petstudio.config.recipe import Recipe, Stage
from petstudio.project.checkpoints import CheckpointRecord
from petstudio.project.event_log import EventLog

RECIPE = Recipe(stages=(Stage(name="head", epochs=4), Stage(name="all", epochs=2)))
BEGUN = StageStarted(
    stage=0, name="head", epochs=4, steps_per_epoch=20, scheduler="constant", groups=()
)


@pytest.fixture
def events(tmp_path):
    path = tmp_path / "events.jsonl"
    with EventLog(path) as log:
        log.append(BEGUN)
    return path


def record(stage, epoch, step, kind=CheckpointKind.STEP):
    return CheckpointRecord(
        kind=kind, step=step, stage=stage, epoch=epoch, file="1.pt", size=1, sha256="0", number=1
    )


@pytest.mark.parametrize(
    ("stage", "epoch", "step", "words"),
    [
        (0, 2, 58, "stage 1, epoch 3, batch 18"),
        (1, 1, 100, "stage 2, epoch 2, before its first batch"),
        (1, 0, 81, "stage 2, epoch 1, batch 1"),
        (2, 0, 120, "the end of its last stage"),
    ],
)
def test_that_the_place_of_a_run_is_the_batch_behind_its_last_checkpoint(
    stage, epoch, step, words, events
):
    assert _place((record(stage, epoch, step),), RECIPE, events) == words


def test_that_a_run_whose_events_are_lost_has_a_place_all_the_same(tmp_path):
    place = _place((record(0, 2, 58),), RECIPE, tmp_path / "none.jsonl")
    assert place == "stage 1, epoch 3, before its first batch"


def test_that_weights_alone_are_no_place_to_go_on_from(events):
    assert _place((record(0, 2, 58, CheckpointKind.BEST),), RECIPE, events) == ""
