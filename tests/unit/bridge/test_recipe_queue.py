"""Recipes that wait: kept on the disk, held after a restart, and told in one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from petstudio.api.events import Outcome
from petstudio.bridge.recipe_queue import RecipeQueue, queue_words
from petstudio.config.recipe import Recipe, Stage, StartChoice
from petstudio.project.layout import QUEUE
from petstudio.project.recipe_queue import load_queue, save_queue


def recipe(seed: int) -> Recipe:
    return Recipe(seed=seed, stages=(Stage(name="head", epochs=2),))


@pytest.fixture
def queue(qtbot: QtBot, tmp_path: Path) -> Iterator[RecipeQueue]:
    made = RecipeQueue()
    made.look(tmp_path)
    qtbot.waitUntil(lambda: not made._file.is_reading)
    yield made
    made.shutdown()


def seeds(queue: RecipeQueue) -> list[int]:
    return [one.seed for one in queue.recipes]


def test_that_recipes_are_moved_and_removed_and_the_disk_follows(
    queue: RecipeQueue, tmp_path: Path
) -> None:
    for seed in (1, 2, 3):
        queue.add(recipe(seed))
    queue.move(2, 0)
    queue.remove(1)
    assert seeds(queue) == [3, 2]
    queue.shutdown()
    assert [one.seed for one in load_queue(tmp_path)] == [3, 2]


@pytest.mark.parametrize(("place", "to"), [(0, -1), (1, 2), (0, 0)])
def test_that_a_recipe_moves_to_places_that_exist_only(
    queue: RecipeQueue, place: int, to: int
) -> None:
    queue.add(recipe(1))
    queue.add(recipe(2))
    queue.move(place, to)
    assert seeds(queue) == [1, 2]


def test_that_recipes_found_on_the_disk_are_held(qtbot: QtBot, tmp_path: Path) -> None:
    save_queue(tmp_path, [recipe(1)])
    queue = RecipeQueue()
    with qtbot.waitSignal(queue.found):
        queue.look(tmp_path)
    assert seeds(queue) == [1]
    assert not queue.goes_on_after(Outcome.COMPLETED)
    queue.go_on()
    assert queue.goes_on_after(Outcome.COMPLETED)
    queue.shutdown()


def test_that_what_is_added_before_the_file_is_read_comes_behind_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    save_queue(tmp_path, [recipe(1)])
    queue = RecipeQueue()
    with qtbot.waitSignal(queue.found):
        queue.look(tmp_path)
        queue.add(recipe(2))
    queue.shutdown()
    assert [one.seed for one in load_queue(tmp_path)] == [1, 2]


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.CANCELLED])
def test_that_recipes_wait_after_a_run_that_did_not_come_to_its_end(
    queue: RecipeQueue, outcome: Outcome
) -> None:
    queue.add(recipe(1))
    assert not queue.goes_on_after(outcome)
    assert queue.is_held


def test_that_an_empty_queue_is_never_held(queue: RecipeQueue) -> None:
    queue.hold()
    assert not queue.is_held
    queue.add(recipe(1))
    queue.hold()
    queue.clear()
    assert not queue.is_held


def test_that_a_damaged_file_is_said_and_a_new_recipe_begins_another(
    qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / QUEUE).write_text("recipes = 3")
    queue = RecipeQueue()
    with qtbot.waitSignal(queue.failed) as said:
        queue.look(tmp_path)
    assert "cannot be read" in str(said.args[0])
    queue.add(recipe(1))
    queue.shutdown()
    assert [one.seed for one in load_queue(tmp_path)] == [1]


def test_that_another_project_has_its_own_queue(
    qtbot: QtBot, queue: RecipeQueue, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    queue.add(recipe(1))
    queue.look(other)
    qtbot.waitUntil(lambda: not queue._file.is_reading)
    assert queue.recipes == ()
    queue.add(recipe(2))
    queue.shutdown()
    assert [one.seed for one in load_queue(tmp_path)] == [1]
    assert [one.seed for one in load_queue(other)] == [2]


def test_that_a_recipe_that_waits_says_what_it_does() -> None:
    stages = (Stage(name="head", epochs=2), Stage(name="all layers", epochs=1))
    start = StartChoice(checkpoint="1:stage-1", stage=1)
    assert queue_words(Recipe(stages=stages)) == "head, all layers: 3 epochs, resnet34"
    assert queue_words(Recipe(stages=stages, start=start)) == (
        "all layers: 1 epoch, resnet34, from run 1, stage-1"
    )


def test_that_recipes_that_could_not_be_written_are_written_at_the_end(
    qtbot: QtBot, queue: RecipeQueue, tmp_path: Path
) -> None:
    (tmp_path / QUEUE).mkdir()
    with qtbot.waitSignal(queue.failed):
        queue.add(recipe(1))
    (tmp_path / QUEUE).rmdir()
    queue.shutdown()
    assert [one.seed for one in load_queue(tmp_path)] == [1]
