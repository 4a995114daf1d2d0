"""Images that somebody knows as they are stored are not read again, and only then."""

from __future__ import annotations

import random

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import IntegrityError, MachineError
from petstudio.bridge.project_look import view_of
from petstudio.project.project import Access, Project
from petstudio.project.records import LabelOrigin, NewImage, Source

LABELS = ("cat", "dog", "bird")


@pytest.fixture
def path(tmp_path):
    root = tmp_path / "pictures"
    root.mkdir()
    images = [
        NewImage(path=f"{number}.jpg", label=LABELS[number % 3], split=Split.TRAIN)
        for number in range(30)
    ]
    path = tmp_path / "p.petstudio"
    Project.create(path, source=Source(loader="folder"), root=root, images=images).close()
    return path


def edit_at_random(project, chance):
    ids = chance.sample(range(1, 31), k=chance.randint(1, 9))
    match chance.randrange(5):
        case 0:
            label = chance.choice((*LABELS, None))
            project.set_labels(dict.fromkeys(ids, label), LabelOrigin.PERSON)
        case 1:
            project.set_excluded(ids, chance.random() < 0.5)
        case 2:
            project.set_splits(dict.fromkeys(ids, chance.choice(list(Split))))
        case 3:
            project.undo()
        case _:
            project.redo()


def damage(path, database_of):
    """Change a label behind the back of the checksums, without a new state."""
    with Project.open(path) as project:
        database = database_of(project)
        with database.transaction():
            database.rows("UPDATE images SET label = 'x' WHERE id = 1")


def database_of(project):
    return project._opened.database


def test_that_a_view_of_what_is_known_is_that_of_a_whole_reading(path):
    chance = random.Random(7)
    view = None
    for _ in range(120):
        with Project.open(path, known=view.known if view else None) as project:
            edit_at_random(project, chance)
            view = view_of(project)
        with Project.open(path, Access.READ) as project:
            assert view_of(project) == view


def test_that_images_that_are_known_are_not_read(path):
    with Project.open(path) as project:
        known = project.known_images
    damage(path, database_of)
    with pytest.raises(IntegrityError):
        Project.open(path, Access.READ)
    with Project.open(path, Access.READ, known) as project:
        assert project.images()[0].label == "cat"


def test_that_what_another_process_has_changed_is_read(path):
    with Project.open(path) as project:
        known = project.known_images
    with Project.open(path) as other:
        other.set_labels({1: "bird"}, LabelOrigin.PERSON)
    with Project.open(path, known=known) as project:
        assert project.images()[0].label == "bird"


def test_that_an_edit_that_was_not_written_makes_no_new_state(path, monkeypatch):
    with Project.open(path) as project:
        before = project.known_images

        def fail(*_given):
            raise MachineError("The disk is full.")

        monkeypatch.setattr(project._contents.history, "_store_other_side", fail)
        with pytest.raises(MachineError):
            project.set_labels({1: "bird"}, LabelOrigin.PERSON)
        assert project.known_images == before


def test_that_what_is_known_does_not_follow_later_edits(path):
    with Project.open(path) as project:
        known = project.known_images
        project.set_labels({1: "bird"}, LabelOrigin.PERSON)
        assert known.records[1].label == "cat"
    with Project.open(path, known=known) as project:
        project.set_labels({2: "bird"}, LabelOrigin.PERSON)
    assert known.records[2].label == "dog"
