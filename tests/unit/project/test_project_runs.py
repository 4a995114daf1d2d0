"""Runs: folders, states, and what a killed program leaves."""

from __future__ import annotations

import math

import pytest

from petstudio.api.errors import ConflictError, InputError
from petstudio.config.recipe import ModelChoice, Recipe
from petstudio.config.recipe_file import load_recipe
from petstudio.project.project import Project
from petstudio.project.records import Access, RunState

RECIPE = Recipe(seed=7, model=ModelChoice(architecture="resnet18"))


def test_that_a_new_run_has_a_folder_with_its_recipe(project) -> None:
    run = project.new_run(RECIPE)

    assert run.path == project.path / "runs" / "1-resnet18"
    assert load_recipe(run.recipe_path) == RECIPE
    assert run.checkpoints_path.is_dir()


def test_that_a_run_keeps_its_name_and_its_folder_a_safe_one(project) -> None:
    run = project.new_run(RECIPE, "../Ünï\ncode: 2 \N{CAT FACE}")

    assert run.path == project.path / "runs" / "1-uni-code-2"
    assert run.name == "../Ünï\\ncode: 2 \N{CAT FACE}"


def test_that_a_name_without_letters_gets_a_folder_too(project) -> None:
    assert project.new_run(RECIPE, "\N{CAT FACE}").path.name == "1-run"


def test_that_a_run_remembers_the_split_it_saw(project) -> None:
    fingerprint = project.split_fingerprint()
    run = project.new_run(RECIPE)
    project.set_excluded([1], True)

    assert project.run(run.number).split_fingerprint == fingerprint


def test_that_a_finished_run_keeps_its_metrics_after_reopening(project) -> None:
    run = project.new_run(RECIPE)
    project.finish_run(run.number, RunState.COMPLETED, {"accuracy": 0.9, "loss": math.nan})
    project.close()

    with Project.open(project.path, Access.READ) as again:
        record = again.run()
        assert (record.number, record.state) == (1, RunState.COMPLETED)
        assert record.metrics["accuracy"] == 0.9
        assert math.isnan(record.metrics["loss"])
        assert record.folder == run


def test_that_the_latest_completed_run_is_the_default(project) -> None:
    states = [RunState.COMPLETED, RunState.COMPLETED, RunState.FAILED, RunState.CANCELLED]
    for state in states:
        project.finish_run(project.new_run(RECIPE).number, state, {})

    assert project.run().number == 2


def test_that_without_a_completed_run_the_cure_is_to_train(project) -> None:
    project.new_run(RECIPE)

    with pytest.raises(InputError, match="Train first"):
        project.run()


def test_that_an_unknown_run_is_refused_with_the_known_ones(project) -> None:
    project.new_run(RECIPE)

    with pytest.raises(InputError, match=r"There is no run 5. Known: 1\."):
        project.run(5)
    with pytest.raises(InputError, match="There is no run 5"):
        project.finish_run(5, RunState.FAILED, {})


def test_that_a_run_that_nobody_runs_any_more_is_interrupted(project) -> None:
    project.new_run(RECIPE)
    project.close()

    with Project.open(project.path) as again:
        assert again.run(1).state is RunState.INTERRUPTED


def test_that_a_run_that_is_held_goes_on_while_the_project_is_opened(project) -> None:
    run = project.new_run(RECIPE)
    project.close()

    with run.hold(), Project.open(project.path) as again:
        assert again.run(1).state is RunState.RUNNING


def test_that_a_run_is_held_once(project) -> None:
    run = project.new_run(RECIPE)

    with run.hold(), pytest.raises(ConflictError, match="in use"), run.hold():
        pass


def test_that_a_number_is_not_used_again_after_a_kill_before_the_row(project) -> None:
    (project.path / "runs" / "4-resnet18").mkdir()

    assert project.new_run(RECIPE).number == 5
    assert [run.number for run in project.runs()] == [5]


def test_that_a_run_in_a_project_open_for_reading_is_refused(closed_project) -> None:
    with Project.open(closed_project, Access.READ) as project, pytest.raises(ConflictError):
        project.new_run(RECIPE)

    assert list((closed_project / "runs").iterdir()) == []
