"""Edits in order, none of them dropped; looks come after them."""

from __future__ import annotations

import threading

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import ConflictError, InputError
from petstudio.bridge.session import Session
from petstudio.jobs import patience
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage, Source


@pytest.fixture
def project(tmp_path):
    images = [NewImage(path=f"{n}.jpg", label="pug", split=Split.TRAIN) for n in range(5)]
    path = tmp_path / "p.petstudio"
    Project.create(path, source=Source(loader="x"), root=tmp_path, images=images).close()
    return path


@pytest.fixture
def session(qapp):
    made = Session()
    yield made
    assert made.shutdown()


@pytest.fixture
def opened(qtbot, session, project):
    with qtbot.waitSignal(session.changed, timeout=20_000):
        session.open(project)
    return session


def labels(key, label):
    return lambda project: project.set_labels({key: label}, LabelOrigin.PERSON)


def settle(qtbot, session):
    qtbot.waitUntil(lambda: session.edits_done == session.edits_asked, timeout=20_000)


def sentences(session):
    return [edit.what.rpartition(" ")[2] for edit in session.view.labels.history]


def test_that_edits_in_quick_succession_all_arrive_in_order(qtbot, opened):
    for number in range(100):
        opened.apply(labels(number % 5 + 1, f"n{number}"))
    settle(qtbot, opened)
    assert sentences(opened) == [f"n{number}" for number in range(100)]


def test_that_an_edit_that_fails_takes_no_other_with_it(qtbot, opened):
    def fail(_project):
        raise InputError("No.", cure="Never.")

    failures = []
    opened.failed.connect(failures.append)
    for edit in (labels(1, "a"), fail, labels(2, "b")):
        opened.apply(edit)
    settle(qtbot, opened)
    assert [error.what for error in failures] == ["No."]
    assert sentences(opened) == ["a", "b"]


def test_that_an_error_that_nobody_thought_of_takes_no_other_edit_with_it(qtbot, opened, caplog):
    begun, go_on = threading.Event(), threading.Event()

    def wait(_project):
        begun.set()
        assert go_on.wait(20)

    def fail(_project):
        raise ZeroDivisionError("by nothing")

    failures = []
    opened.failed.connect(failures.append)
    opened.apply(wait)
    qtbot.waitUntil(begun.is_set, timeout=20_000)
    for edit in (labels(1, "a"), fail, labels(2, "b")):  # made together, as they wait
        opened.apply(edit)
    go_on.set()
    settle(qtbot, opened)
    assert [error.what for error in failures] == [
        "Something went wrong inside PetStudio: ZeroDivisionError: by nothing"
    ]
    assert sentences(opened) == ["a", "b"]
    assert "ZeroDivisionError: by nothing" in caplog.text


def test_that_a_look_comes_after_the_edits(qtbot, opened, project):
    begun, go_on = threading.Event(), threading.Event()

    def slow(stored):
        begun.set()
        assert go_on.wait(20)
        stored.set_labels({1: "late"}, LabelOrigin.PERSON)

    seen = []
    opened.changed.connect(lambda view: seen.append(view.labels.records[1].label))
    opened.apply(slow)
    qtbot.waitUntil(begun.is_set, timeout=20_000)
    opened.open(project)
    go_on.set()
    qtbot.waitUntil(lambda: len(seen) == 2, timeout=20_000)
    assert seen == ["late", "late"]


def test_that_looking_again_shows_what_was_changed_elsewhere(qtbot, opened, project):
    with Project.open(project) as stored:
        labels(1, "elsewhere")(stored)
    with qtbot.waitSignal(opened.changed, timeout=20_000):
        opened.look_again()
    assert opened.view.labels.records[1].label == "elsewhere"


def test_that_looking_again_gets_not_in_the_way_of_opening(qtbot, opened, tmp_path):
    other = tmp_path / "other.petstudio"
    images = [NewImage(path="1.jpg", label="pug", split=Split.TRAIN)]
    Project.create(other, source=Source(loader="x"), root=tmp_path, images=images).close()
    opened.open(other)
    opened.look_again()
    qtbot.waitUntil(lambda: opened.path == other, timeout=20_000)


def test_that_the_project_can_be_looked_at_again_after_another_could_not_be_opened(
    qtbot, opened, tmp_path
):
    with qtbot.waitSignal(opened.open_failed, timeout=20_000):
        opened.open(tmp_path / "gone.petstudio")
    with qtbot.waitSignal(opened.changed, timeout=20_000):
        opened.look_again()


def test_that_undo_follows_an_edit_that_still_waits(qtbot, opened):
    opened.apply(labels(1, "a"))
    opened.undo()
    settle(qtbot, opened)
    assert opened.view.labels.records[1].label == "pug"


def test_that_what_waits_is_done_at_the_end(qtbot, opened, project):
    for number in range(20):
        opened.apply(labels(1, f"n{number}"))
    assert opened.shutdown()
    with Project.open(project) as stored:
        assert stored.images()[0].label == "n19"
        assert len(stored.history()) == 20


def test_that_what_cannot_be_done_at_the_end_is_told(monkeypatch, opened, project):
    monkeypatch.setattr(patience, "_PATIENCE_S", 0.0)
    failures = []
    opened.failed.connect(failures.append)
    with Project.open(project):
        opened.apply(labels(1, "a"))
        opened.apply(labels(1, "b"))
        assert opened.shutdown()
    assert [isinstance(error, ConflictError) for error in failures] == [True]


def test_that_edits_wait_until_another_lets_the_project_go(qtbot, opened, project):
    holder = Project.open(project)
    opened.apply(labels(1, "a"))
    qtbot.waitUntil(lambda: opened._call.is_busy, timeout=20_000)
    holder.close()
    settle(qtbot, opened)
    assert opened.view.labels.records[1].label == "a"


def test_that_edits_of_a_project_that_was_closed_are_made(qtbot, opened, project):
    opened.apply(labels(1, "a"))
    opened.apply(labels(1, "b"))
    opened.close()
    settle(qtbot, opened)
    assert opened.view is None
    with Project.open(project) as stored:
        assert stored.images()[0].label == "b"
