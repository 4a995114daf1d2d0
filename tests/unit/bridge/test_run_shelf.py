"""Looking at runs in the background."""

from __future__ import annotations

import pytest
from told_runs import new_project, told_run

from petstudio.api.errors import ConflictError
from petstudio.bridge.run_shelf import RunShelf
from petstudio.project.project import Project


@pytest.fixture
def project(tmp_path):
    made = new_project(tmp_path)
    with Project.open(made) as opened:
        told_run(opened, "first", [(0.5, 0.5)])
    return made


@pytest.fixture
def shelf(qapp):
    made = RunShelf()
    yield made
    made.shutdown()


def test_that_runs_that_cannot_be_read_again_stay_as_they_were_seen(qtbot, shelf, project):
    with qtbot.waitSignal(shelf.changed):
        shelf.look(project)

    with Project.open(project), qtbot.waitSignal(shelf.failed) as failed:
        shelf.look(project)

    assert isinstance(failed.args[0], ConflictError)
    assert [row.number for row in shelf.seen.rows] == [1]
