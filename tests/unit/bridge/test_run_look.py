"""Where a run stands, in words."""

from __future__ import annotations

import pytest

from petstudio.api.events import CheckpointKind
from petstudio.bridge.run_look import _place
from petstudio.project.checkpoints import CheckpointRecord


@pytest.mark.parametrize(
    ("epoch", "step", "words"),
    [
        (1, 1, "stage 1, after 1 epoch and 1 step in all"),
        (3, 1250, "stage 1, after 3 epochs and 1,250 steps in all"),
    ],
)
def test_that_the_place_of_a_run_counts_its_epochs_and_steps(epoch, step, words):
    record = CheckpointRecord(
        kind=CheckpointKind.EPOCH,
        step=step,
        stage=0,
        epoch=epoch,
        file="1.pt",
        size=1,
        sha256="0",
        number=1,
    )
    assert _place((record,)) == words
