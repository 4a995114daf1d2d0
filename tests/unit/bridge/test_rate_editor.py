"""Changing the rates that are still to come."""

from __future__ import annotations

import numpy as np
import pytest

from petstudio.bridge.rate_editor import RateEditor
from petstudio.config.rate_edit import RateEdit
from petstudio.jobs.rate_plan import StageRates


@pytest.fixture
def editor():
    """Six epochs of one rate, 1e-3, in stage 1; epoch 0 is running."""
    return RateEditor(stage_of(np.ones(24)))


def stage_of(scales):
    return StageRates(
        stage=1,
        name="all",
        start=2,
        epochs=6,
        steps_per_epoch=4,
        steps=np.arange(24),
        scales=scales,
        momenta=np.full(24, 0.9),
        highest=(1e-5, 1e-3),
    )


def rates(editor):
    return [editor.rate(handle) for handle in editor.handles]


def test_that_only_epochs_to_come_can_be_moved(editor):
    editor.go_to(3)
    assert editor.handles == [4, 5]


def test_that_a_rate_of_nothing_cannot_be_moved():
    scales = np.ones(24)
    scales[8:12] = 0.0
    assert RateEditor(stage_of(scales)).handles == [1, 3, 4, 5]


def test_that_a_moved_rate_takes_the_later_ones_along_and_no_earlier_one(editor):
    editor.move(3, 1e-4)
    assert rates(editor) == pytest.approx([1e-3, 1e-3, 1e-4, 1e-4, 1e-4])
    edit = editor.commit()
    assert edit.stage == 1
    assert edit.points == ((2, 1.0), (3, pytest.approx(0.1)))


def test_that_a_rate_that_was_moved_itself_does_not_come_along(editor):
    editor.move(4, 2e-3)
    editor.move(2, 1e-4)
    assert rates(editor) == pytest.approx([1e-3, 1e-4, 1e-4, 2e-3, 2e-3])
    assert editor.moved == {2, 4}


def test_that_the_running_epoch_keeps_its_rate(editor):
    editor.move(1, 1e-4)
    assert [editor.factor(x) for x in (0.0, 0.99, 1.0)] == pytest.approx([1.0, 1.0, 0.1])


def test_that_the_past_keeps_the_rates_that_it_had(editor):
    editor.move(1, 1e-4)
    editor.commit()
    editor.go_to(2)
    editor.move(3, 1e-2)
    assert [editor.factor(x) for x in (0.5, 1.5, 2.9, 3.0)] == pytest.approx([1.0, 0.1, 0.1, 10.0])
    assert editor.commit().points == ((2, pytest.approx(0.1)), (3, pytest.approx(10.0)))


def test_that_taking_the_only_move_away_brings_the_plan_back(editor):
    editor.move(3, 1e-4)
    editor.take_away(3)
    assert rates(editor) == pytest.approx([1e-3] * 5)
    assert editor.commit() == RateEdit(stage=1)


def test_that_a_rate_that_came_along_goes_back_to_the_plan_when_taken_away(editor):
    editor.move(2, 1e-4)
    editor.take_away(4)
    assert rates(editor) == pytest.approx([1e-3, 1e-4, 1e-4, 1e-3, 1e-3])


def test_that_a_move_in_force_is_taken_away_for_the_epochs_to_come(editor):
    editor.move(1, 1e-4)
    editor.commit()
    editor.go_to(1)
    editor.take_away(2)
    assert rates(editor) == pytest.approx([1e-3] * 4)
    assert editor.factor(1.5) == pytest.approx(0.1)


@pytest.mark.parametrize(("wanted", "got"), [(1e-12, 1e-8), (1e3, 10.0), (0.0, 1e-8)])
def test_that_rates_stay_within_bounds(editor, wanted, got):
    editor.move(2, wanted)
    assert editor.rate(2) == pytest.approx(got)


def test_that_nothing_is_told_without_a_change(editor):
    assert editor.commit() is None
    editor.move(2, 1e-4)
    editor.commit()
    assert editor.commit() is None


def test_that_a_change_can_be_reverted(editor):
    editor.move(2, 1e-4)
    editor.commit()
    editor.move(3, 1e-5)
    editor.revert()
    assert rates(editor) == pytest.approx([1e-3, 1e-4, 1e-4, 1e-4, 1e-4])


def test_that_a_change_that_an_epoch_overtakes_is_lost(editor):
    editor.move(2, 1e-4)
    editor.go_to(1)
    assert rates(editor) == pytest.approx([1e-3] * 4)
    assert not editor.is_pending


def test_that_the_engine_says_from_when_on_an_edit_is_in_force(editor):
    editor.move(1, 1e-4)
    edit = editor.commit()
    editor.go_to(1)
    editor.take(edit, 2)
    assert [editor.factor(x) for x in (1.5, 2.0)] == pytest.approx([1.0, 0.1])
    fresh = RateEditor(editor.stage)
    fresh.take(edit, 2)
    assert [fresh.factor(x) for x in (1.5, 2.0)] == pytest.approx([1.0, 0.1])
