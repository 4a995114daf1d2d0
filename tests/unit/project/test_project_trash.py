"""Runs that were thrown away: they can come back, until their time is over."""

from __future__ import annotations

import contextlib
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from petstudio.api.errors import ConflictError, InputError, MachineError
from petstudio.config.recipe import ModelChoice, Recipe
from petstudio.project import trash
from petstudio.project.project import Project
from petstudio.project.records import Access, RunState

RECIPE = Recipe(seed=7, model=ModelChoice(architecture="resnet18"))


def made_run(project: Project) -> int:
    run = project.new_run(RECIPE)
    (run.path / "events.jsonl").write_bytes(b"x" * 1000)
    project.finish_run(run.number, RunState.COMPLETED, {"accuracy": 0.9})
    return run.number


def make_older(project: Path, days: float) -> None:
    """Give all that lies in the trash a date so many days ago."""
    then = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y%m%dT%H%M%SZ")
    for path in (project / "trash").iterdir():
        path.rename(path.with_name(f"{path.name.partition('.')[0]}.{then}"))


def test_that_a_run_in_the_trash_is_no_run_of_the_project(project) -> None:
    made_run(project)
    kept = made_run(project)
    made = project.run(1)

    thrown = project.trash_run(1)

    assert (thrown.number, thrown.name) == (1, "resnet18")
    assert timedelta(0) <= datetime.now(UTC) - thrown.when < timedelta(minutes=1)
    assert [run.number for run in project.runs()] == [kept]
    assert project.run().number == kept
    assert not made.folder.path.exists()
    assert project.trashed_runs() == (thrown,)


def test_that_the_trash_tells_the_space_of_a_run_with_all_its_files(project) -> None:
    made_run(project)
    folder = project.run(1).folder
    (folder.checkpoints_path / "best").write_bytes(b"x" * 5000)

    expected = 6000 + folder.recipe_path.stat().st_size

    assert project.trash_run(1).bytes == expected


def test_that_a_run_that_is_asked_for_is_said_to_be_in_the_trash(project) -> None:
    made_run(project)
    project.trash_run(1)

    with pytest.raises(InputError, match=r"Run 1 is in the trash\. Put it back first"):
        project.run(1)
    with pytest.raises(InputError, match="in the trash"):
        project.trash_run(1)


def test_that_a_run_comes_back_as_it_was(project) -> None:
    made_run(project)
    before = project.run(1)
    project.trash_run(1)

    assert project.restore_run(1) == before
    assert project.runs() == (before,)
    assert project.trashed_runs() == ()
    assert (before.folder.path / "events.jsonl").stat().st_size == 1000


def test_that_a_run_that_is_not_in_the_trash_cannot_be_put_back(project) -> None:
    made_run(project)

    with pytest.raises(InputError, match="Run 1 is not in the trash"):
        project.restore_run(1)


def test_that_a_run_that_is_going_on_is_not_thrown_away(project) -> None:
    run = project.new_run(RECIPE)

    with run.hold(), pytest.raises(ConflictError, match="Run 1 is going on"):
        project.trash_run(1)

    assert run.path.is_dir()


def test_that_a_run_whose_folder_was_removed_by_hand_can_be_thrown_away(project) -> None:
    run = project.new_run(RECIPE)
    for path in (run.recipe_path, run.checkpoints_path, run.path):
        path.unlink() if path.is_file() else path.rmdir()

    project.trash_run(1)

    assert project.runs() == ()


def test_that_emptying_frees_the_space_and_uses_no_number_again(project) -> None:
    made_run(project)
    made_run(project)
    size = project.trash_run(2).bytes

    assert project.empty_trash() == size
    assert project.trashed_runs() == ()
    assert list((project.path / "trash").iterdir()) == []
    assert project.new_run(RECIPE).number == 3


def test_that_what_was_emptied_stays_gone_after_opening_again(project) -> None:
    made_run(project)
    project.trash_run(1)
    project.empty_trash()
    project.close()

    with Project.open(project.path) as again:
        assert (again.runs(), again.trashed_runs()) == ((), ())


def test_that_a_run_goes_for_good_after_thirty_days(project) -> None:
    made_run(project)
    project.trash_run(1)
    project.close()
    make_older(project.path, 29.9)

    with Project.open(project.path) as again:
        assert len(again.trashed_runs()) == 1

    make_older(project.path, 30.1)
    with Project.open(project.path, Access.READ) as looked_at:
        assert len(looked_at.trashed_runs()) == 1
    with Project.open(project.path) as again:
        assert again.trashed_runs() == ()


def test_that_a_date_in_the_future_keeps_a_run_in_the_trash(project) -> None:
    made_run(project)
    project.trash_run(1)
    project.close()
    make_older(project.path, -400)

    with Project.open(project.path) as again:
        assert again.restore_run(1).number == 1


def test_that_the_trash_of_a_project_open_for_reading_is_only_looked_at(project) -> None:
    made_run(project)
    made_run(project)
    project.trash_run(1)
    project.close()

    with Project.open(project.path, Access.READ) as looked_at:
        assert [run.number for run in looked_at.trashed_runs()] == [1]
        for change in (
            lambda: looked_at.restore_run(1),
            lambda: looked_at.trash_run(2),
            looked_at.empty_trash,
        ):
            with pytest.raises(ConflictError, match="read-only"):
                change()
        assert [run.number for run in looked_at.runs()] == [2]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_that_a_link_in_the_trash_is_neither_a_run_nor_followed(project, tmp_path) -> None:
    outside = tmp_path / "mine"
    outside.mkdir()
    (outside / "letter.txt").write_text("kept", encoding="utf-8")
    made_run(project)
    project.trash_run(1)
    (thrown,) = (project.path / "trash").iterdir()
    (thrown / "link").symlink_to(outside)
    (project.path / "trash" / "7-x.20200101T000000Z").symlink_to(outside)

    project.empty_trash()

    assert (outside / "letter.txt").read_text(encoding="utf-8") == "kept"


def _ways_to_break(project: Project) -> dict[str, object]:
    return {
        "throwing": lambda: project.trash_run(1),
        "bringing back": lambda: project.restore_run(1),
        "emptying": project.empty_trash,
    }


class KilledError(BaseException):
    """Stands for a kill: nothing of the program's own catches it."""


@pytest.mark.parametrize("change", ["throwing", "bringing back", "emptying"])
@pytest.mark.parametrize("step", range(4))
def test_that_a_kill_at_any_step_leaves_the_run_whole_or_on_its_way_out(
    project, monkeypatch, change: str, step: int
) -> None:
    made_run(project)
    before = project.run(1)
    if change != "throwing":
        project.trash_run(1)
    left = iter(range(step))

    def stepping(real):
        def call(*arguments, **more):
            if next(left, None) is None:
                raise KilledError
            return real(*arguments, **more)

        return call

    with monkeypatch.context() as cut:
        cut.setattr(trash, "sync_folder", stepping(trash.sync_folder))
        cut.setattr(Path, "rename", stepping(Path.rename))
        cut.setattr(os, "unlink", stepping(os.unlink))
        cut.setattr(os, "rmdir", stepping(os.rmdir))
        with contextlib.suppress(KilledError):
            _ways_to_break(project)[change]()
    project.close()

    with Project.open(project.path) as again:
        is_there, is_away = again.runs() == (before,), len(again.trashed_runs()) == 1
        if change == "emptying":
            assert not is_there
            again.empty_trash()
            assert list((again.path / "trash").iterdir()) == []
            assert again.new_run(RECIPE).number == 2
        else:
            assert is_there != is_away
            assert (again.restore_run(1) if is_away else again.run(1)) == before
            assert (before.folder.path / "events.jsonl").stat().st_size == 1000


def test_that_what_cannot_be_deleted_does_not_shut_the_user_out(project, monkeypatch) -> None:
    made_run(project)
    project.trash_run(1)
    project.close()
    make_older(project.path, 31)

    def refuse(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(trash.shutil, "rmtree", refuse)

    with Project.open(project.path) as again:
        assert again.runs() == ()
        with pytest.raises(MachineError, match="could not be deleted"):
            again.empty_trash()
