"""Suggestions of a run that knew classes by names that they do not have any more."""

from __future__ import annotations

import pytest

from petstudio.bridge.project_look import look_at
from petstudio.config.recipe import Recipe
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage, Source
from petstudio.project.suggestions import save_suggestions, suggestions_of

CLASSES = ("beagle", "pug")


@pytest.fixture
def project(tmp_path):
    """Two labelled pictures, and a third one for which run 1 suggests a pug."""
    images = [
        NewImage(path=f"{number}.jpg", label=label)
        for number, label in enumerate((*CLASSES, None), start=1)
    ]
    path = tmp_path / "p.petstudio"
    source = Source(loader="x")
    with Project.create(path, source=source, root=tmp_path, images=images) as opened:
        opened.rename_class("beagle", "hound")
        opened.rename_class("hound", "beagle")
        opened.new_run(Recipe())
    found = suggestions_of(1, CLASSES, [(3, [("pug", 0.8), ("beagle", 0.2)])])
    save_suggestions(path, found)
    return path


def suggested(path):
    return look_at(path).labels.suggestions.top(3)[0]


def test_that_a_suggestion_follows_the_renames_since_its_run(project):
    with Project.open(project) as opened:
        opened.rename_class("pug", "mops")
        opened.rename_class("mops", "carlin")
    assert suggested(project) == "carlin"


def test_that_a_suggestion_follows_a_merge(project):
    with Project.open(project) as opened:
        opened.rename_class("pug", "beagle")
    assert look_at(project).labels.suggestions.all_of(3) == (("beagle", 1.0),)


def test_that_a_suggestion_follows_an_undo(project):
    with Project.open(project) as opened:
        opened.rename_class("pug", "mops")
        opened.undo()
    assert suggested(project) == "pug"


def test_that_renames_before_the_run_do_not_count(project):
    assert look_at(project).labels.suggestions.classes == CLASSES


def test_that_a_class_that_is_called_so_again_is_another_one(project):
    with Project.open(project) as opened:
        opened.rename_class("pug", "mops")
        opened.set_labels({3: "pug"}, LabelOrigin.PERSON)
    assert suggested(project) == "mops"


def test_that_suggestions_of_a_run_that_is_gone_stay_as_they_are(project):
    with Project.open(project) as opened:
        opened.finish_run(1, opened.runs()[0].state.COMPLETED, {})
        opened.rename_class("pug", "mops")
        opened.trash_run(1)
    assert suggested(project) == "pug"
