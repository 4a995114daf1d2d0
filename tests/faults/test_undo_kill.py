"""500 random edits, undone to the start and redone to the end, with kills and restarts between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from random_edits import edit, state

from petstudio.api.contributions import Split
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source

_EDITS = 500
_PROGRAM = Path(__file__).with_name("random_edits.py")
_KILL_AFTER = (37, 90, 160)  # acknowledged steps


@pytest.fixture
def make(tmp_path: Path):
    def make(name: str) -> Path:
        images = [
            NewImage(
                path=f"{number}.jpg",
                label="beagle" if number % 3 else None,
                split=Split.TRAIN if number % 3 else None,
                group=f"family {number // 4}" if number % 5 == 0 else None,
            )
            for number in range(40)
        ]
        source = Source(loader="x")
        Project.create(
            tmp_path / name, source=source, root=tmp_path, images=images, split={"seed": 3}
        ).close()
        return tmp_path / name

    return make


@pytest.fixture
def states(make) -> list[tuple[object, ...]]:
    """The state before all edits and after each, in a project that nobody disturbs."""
    with Project.open(make("reference.petstudio")) as project:
        found = [state(project)]
        for number in range(_EDITS):
            edit(project, number)
            found.append(state(project))
    return found


def _kill_while(path: Path, what: str, after: int) -> int:
    """Let another process go on and kill it; returns how many steps it told of."""
    with subprocess.Popen(
        [sys.executable, str(_PROGRAM), str(path), what, str(_EDITS)],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(after)]
        os.kill(process.pid, signal.SIGKILL)
        lines += process.stdout.readlines()
    return len(lines)


def _done(project: Project) -> int:
    return sum(not one.undone for one in project.history())


def _check(path: Path, told: int, states: Sequence[tuple[object, ...]], expected: int) -> int:
    """Check the state after a kill; at most one step more than was told of may be there."""
    with Project.open(path) as project:
        done = _done(project)
        assert abs(done - expected) in (told, told + 1)
        assert state(project) == states[done]
    return done


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_that_500_edits_are_undone_and_redone_across_kills_and_restarts(make, states) -> None:
    path, done = make("killed.petstudio"), 0
    for after in _KILL_AFTER:
        done = _check(path, _kill_while(path, "edit", after), states, done)
    with Project.open(path) as project:
        for number in range(done, _EDITS):
            edit(project, number)
        assert state(project) == states[_EDITS]

    done = _check(path, _kill_while(path, "undo", 150), states, _EDITS)
    for stop in (100, 0):  # with a restart between
        with Project.open(path) as project:
            while done > stop:
                assert project.undo() is not None
                done -= 1
                assert state(project) == states[done]
    with Project.open(path) as project:
        assert project.undo() is None

    done = _check(path, _kill_while(path, "redo", 150), states, 0)
    with Project.open(path) as project:
        while done < _EDITS:
            assert project.redo() is not None
            done += 1
            assert state(project) == states[done]
        assert project.redo() is None


def test_that_the_history_leads_to_any_moment(make) -> None:
    chosen = (7, 0, 30, 12, 30)
    with Project.open(make("moments.petstudio")) as project:
        found = [state(project)]
        for number in range(30):
            edit(project, number)
            found.append(state(project))
        for moment in chosen:
            project.go_to_edit(moment)
            assert state(project) == found[moment]
        assert len(project.history()) == 30
