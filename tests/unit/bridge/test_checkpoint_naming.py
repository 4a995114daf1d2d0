"""Naming a checkpoint of a real project, and what the window sees of its runs."""

from __future__ import annotations

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import ConflictError, InputError
from petstudio.api.events import CheckpointKind
from petstudio.bridge.checkpoint_naming import Naming, name_checkpoint, name_problem
from petstudio.bridge.run_look import look_at_runs
from petstudio.bridge.starts import starts_of
from petstudio.config.recipe import Recipe, Stage, StartChoice
from petstudio.project.checkpoints import CheckpointFolder, NewCheckpoint
from petstudio.project.project import Project
from petstudio.project.records import Access, NewImage, RunState, Source

RECIPE = Recipe(stages=(Stage(name="head", epochs=4), Stage(name="all", epochs=2)))


def save(folder, kind, step, stage, epoch, name=""):
    new = NewCheckpoint(kind=kind, step=step, stage=stage, epoch=epoch, name=name)
    checkpoints = CheckpointFolder(folder.checkpoints_path, budget=1 << 30)
    return checkpoints.add(new, lambda stream: stream.write(b"x" * step))


@pytest.fixture
def project(tmp_path):
    """A project whose run 1 has two checkpoints, and whose run 2 started from its stage-1."""
    image = NewImage(path="a.jpg", label="cat", split=Split.TRAIN)
    path = tmp_path / "pets.petstudio"
    with Project.create(path, source=Source(loader="x"), root=tmp_path, images=[image]) as made:
        first = made.new_run(RECIPE)
        save(first, CheckpointKind.EPOCH, 20, 0, 2)
        save(first, CheckpointKind.STAGE, 40, 1, 0, "stage-1")
        made.finish_run(1, RunState.COMPLETED, {"accuracy": 0.9})
        start = StartChoice(checkpoint="1:stage-1", stage=1)
        made.new_run(Recipe(stages=RECIPE.stages, start=start))
        made.finish_run(2, RunState.COMPLETED, {"accuracy": 0.8})
    return path


def look(project):
    with Project.open(project, Access.READ) as opened:
        return look_at_runs(opened).runs


def naming(project, name):
    kept = look(project)[0].checkpoints[-1]
    return Naming(run=1, file=kept.file, former=kept.name, name=name)


def test_that_a_run_tells_where_it_started_and_which_stages_it_ran(project):
    first, second = look(project)
    assert (first.parent, first.start, len(first.stages)) == (None, "", 2)
    assert (second.parent, second.start) == (1, "stage-1")
    assert [stage.name for stage in second.stages] == ["all"]


def test_that_a_checkpoint_tells_its_place_and_size(project):
    end, epoch = look(project)[0].checkpoints
    assert (end.name, end.ends_stage, end.stages_done, end.size) == ("stage-1", True, 1, 40)
    assert (epoch.name, epoch.ends_stage, epoch.step, epoch.size) == ("step-20", False, 20, 20)
    assert not end.has_own_name
    assert not epoch.has_own_name


def test_that_a_named_checkpoint_can_be_started_from(project):
    name_checkpoint(project, naming(project, "before unfreezing"))
    runs = look(project)
    assert runs[0].checkpoints[-1].has_own_name
    assert "1:before unfreezing" in [key for key, _ in starts_of(runs, Recipe().model)]


def test_that_no_checkpoint_goes_when_one_is_named(project):
    name_checkpoint(project, naming(project, "mine"))
    assert [kept.name for kept in look(project)[0].checkpoints] == ["stage-1", "mine"]


@pytest.mark.parametrize("name", ["", "best", "last", "step-3", "stage-2", "Stage-1", "a/b", " a"])
def test_that_what_cannot_be_a_name_is_said_and_nothing_is_named(project, name):
    assert name_problem(name)
    with pytest.raises(InputError):
        name_checkpoint(project, naming(project, name))
    assert look(project)[0].checkpoints[-1].name == "step-20"


def test_that_an_ordinary_name_has_no_problem():
    assert name_problem("before unfreezing") == ""


def test_that_a_name_that_another_one_has_is_refused(project):
    name_checkpoint(project, naming(project, "mine"))
    end = look(project)[0].checkpoints[0]
    with pytest.raises(InputError, match="Another checkpoint"):
        name_checkpoint(project, Naming(run=1, file=end.file, former="stage-1", name="mine"))


def test_that_a_run_that_is_going_on_is_left_alone(project):
    wish = naming(project, "mine")
    with Project.open(project, Access.READ) as opened:
        folder = opened.run(1).folder
    with folder.hold(), pytest.raises(ConflictError):
        name_checkpoint(project, wish)


def test_that_a_checkpoint_that_is_gone_is_said(project):
    with pytest.raises(InputError, match="not there any more"):
        name_checkpoint(project, Naming(run=1, file="gone.pt", former="step-5", name="mine"))


def test_that_keys_are_those_of_a_start():
    wish = Naming(run=7, file="x.pt", former="step-20", name="mine")
    assert (wish.old_key, wish.new_key) == ("7:step-20", "7:mine")
