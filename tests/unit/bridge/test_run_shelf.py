"""Looking at runs and changing them in the background."""

from __future__ import annotations

import pytest
from told_runs import new_project, told_run

from petstudio.api.errors import ConflictError, InputError
from petstudio.bridge.run_shelf import RunShelf
from petstudio.project.project import Project
from petstudio.project.records import Access


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
    assert made.shutdown()


def name_in(project):
    with Project.open(project, Access.READ) as opened:
        return opened.run(1).name


def test_that_changes_are_made_in_their_order_and_then_seen(qtbot, shelf, project):
    with qtbot.waitSignal(shelf.changed):
        shelf.look(project)

    for name in ("second", "third", "last"):
        shelf.change(lambda opened, name=name: opened.rename_run(1, name))

    qtbot.waitUntil(lambda: shelf.seen.rows[0].view.name == "last")
    assert name_in(project) == "last"


def test_that_a_change_that_fails_is_told_and_the_next_one_is_made(qtbot, shelf, project):
    with qtbot.waitSignal(shelf.changed):
        shelf.look(project)

    with qtbot.waitSignal(shelf.failed) as failed:
        shelf.change(lambda opened: opened.rename_run(1, ""))
        shelf.change(lambda opened: opened.rename_run(1, "good"))

    assert isinstance(failed.args[0], InputError)
    qtbot.waitUntil(lambda: shelf.seen.rows[0].view.name == "good")


def test_that_changes_that_wait_are_made_at_the_end(qtbot, shelf, project):
    with qtbot.waitSignal(shelf.changed):
        shelf.look(project)

    for name in ("second", "third", "last"):
        shelf.change(lambda opened, name=name: opened.rename_run(1, name))
    assert shelf.shutdown()

    assert name_in(project) == "last"


def test_that_a_change_belongs_to_the_project_in_which_it_was_made(qtbot, shelf, project):
    with qtbot.waitSignal(shelf.changed):
        shelf.look(project)
    shelf.change(lambda opened: opened.rename_run(1, "one"))
    shelf.change(lambda opened: opened.rename_run(1, "two"))

    with qtbot.waitSignals([shelf.edited, shelf.edited]):
        shelf.look(None)

    assert name_in(project) == "two"
    assert shelf.seen.rows == ()


def test_that_runs_that_cannot_be_read_again_stay_as_they_were_seen(qtbot, shelf, project):
    with qtbot.waitSignal(shelf.changed):
        shelf.look(project)

    with Project.open(project), qtbot.waitSignal(shelf.failed) as failed:
        shelf.look(project)

    assert isinstance(failed.args[0], ConflictError)
    assert [row.number for row in shelf.seen.rows] == [1]
