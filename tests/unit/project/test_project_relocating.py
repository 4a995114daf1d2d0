"""Pictures that were moved: their records follow, nothing else changes."""

from __future__ import annotations

import pytest

from petstudio.api.errors import ConflictError, InputError
from petstudio.config.recipe import Recipe
from petstudio.project.project import Project
from petstudio.project.records import Access, LabelOrigin, NewImage


def paths(project):
    return [image.path for image in project.images()]


def reopened(project):
    project.close()
    return Project.open(project.path)


def test_that_a_picture_is_known_at_its_new_place_after_a_restart(make_project):
    project = make_project()
    project.relocate({1: "Birman/1.jpg"})
    with reopened(project) as again:
        assert paths(again)[:2] == ["Birman/1.jpg", "a/2.jpg"]
        assert again.images()[0].label == "Birman"


def test_that_two_pictures_can_take_each_other_s_place(make_project):
    project = make_project()
    project.relocate({1: "a/2.jpg", 2: "a/1.jpg"})
    with reopened(project) as again:
        assert paths(again)[:2] == ["a/2.jpg", "a/1.jpg"]


def test_that_moving_is_no_step_of_the_history(make_project):
    with make_project() as project:
        project.set_labels({1: "Boxer"}, LabelOrigin.PERSON)
        project.relocate({1: "Boxer/1.jpg"})
        project.undo()
        assert (project.images()[0].label, project.images()[0].path) == ("Birman", "Boxer/1.jpg")


@pytest.mark.parametrize("path", ["../1.jpg", "/1.jpg", "a/2.jpg"])
def test_that_a_place_outside_or_taken_is_refused_and_nothing_changes(make_project, path):
    with make_project() as project:
        before = paths(project)
        with pytest.raises(InputError, match="cannot be the place"):
            project.relocate({5: "Boxer/5.jpg", 1: path})
        assert paths(project) == before


def test_that_a_picture_whose_bringing_in_was_taken_back_holds_no_place(make_project):
    project = make_project()
    project.bring_in([NewImage(path="Birman/1.jpg", label="Birman")])
    project.undo()
    project.relocate({1: "Birman/1.jpg"})
    with reopened(project) as again:
        assert paths(again)[0] == "Birman/1.jpg"
        again.redo()
        assert paths(again)[-1] == "a/1.jpg"


def test_that_two_pictures_do_not_get_one_place(make_project):
    with make_project() as project, pytest.raises(InputError, match="cannot be the place"):
        project.relocate({1: "x.jpg", 2: "x.jpg"})


def test_that_a_project_open_to_read_is_not_changed(make_project):
    project = make_project()
    project.close()
    with (
        Project.open(project.path, Access.READ) as reader,
        pytest.raises(ConflictError, match="read-only"),
    ):
        reader.relocate({1: "x.jpg"})


def test_that_a_run_still_matches_its_data_after_a_move(make_project):
    with make_project() as project:
        project.new_run(Recipe(), "same data")
        project.relocate({1: "Birman/1.jpg"})
        assert project.runs()[0].split_fingerprint == project.split_fingerprint()


def test_that_a_run_of_other_data_still_differs_after_a_move(make_project):
    with make_project() as project:
        project.new_run(Recipe(), "other data")
        project.set_labels({1: "Boxer"}, LabelOrigin.PERSON)
        project.relocate({1: "Boxer/1.jpg"})
        assert project.runs()[0].split_fingerprint != project.split_fingerprint()
