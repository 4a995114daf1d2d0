"""What the window knows about a project, and where it would put a new one."""

from __future__ import annotations

import pytest
from PIL import Image

from petstudio.api.contributions import Split
from petstudio.bridge.project_look import look_at
from petstudio.bridge.project_view import free_project_path, project_name
from petstudio.images.splitting import SplitChoice
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "pets"
    folder.mkdir()
    for name in ("cat_1.png", "cat_2.png", "dog_1.png"):
        Image.new("RGB", (8, 8)).save(folder / name)
    return folder


@pytest.fixture
def project(root):
    path = root.parent / "pets.petstudio"
    images = [
        NewImage(path="cat_1.png", label="cat", split=Split.TRAIN),
        NewImage(path="cat_2.png", label="cat", split=Split.VALID),
        NewImage(path="dog_1.png", label="dog", split=Split.TRAIN),
        NewImage(path="bad.png", label="dog", split=None, unreadable="the file is cut off"),
    ]
    source = Source(loader="regex", options={"pattern": "(.+)_"})
    choice = {"valid_share": 0.3, "test_share": 0.0, "seed": 5, "stratify": False}
    with Project.create(path, source=source, root=root, images=images, split=choice):
        pass
    return path


def test_that_a_new_project_stands_beside_its_pictures(root):
    assert free_project_path(root) == root.parent / "pets.petstudio"


def test_that_a_name_that_is_taken_gets_a_number(root):
    (root.parent / "pets.petstudio").mkdir()
    (root.parent / "pets-2.petstudio").mkdir()
    assert free_project_path(root) == root.parent / "pets-3.petstudio"


def test_that_a_project_is_shown_without_its_suffix(root):
    assert project_name(root.parent / "my.pets.petstudio") == "my.pets"


def test_that_a_view_holds_what_the_project_was_made_of(project, root):
    view = look_at(project)
    assert (view.source.root, view.source.loader) == (root, "regex")
    assert view.source.options == {"pattern": "(.+)_"}
    assert view.split == SplitChoice(valid_share=0.3, seed=5, stratify=False)


def test_that_a_view_proves_the_readable_pictures_and_names_the_others(project):
    view = look_at(project)
    assert view.proof.classes == (("cat", 2), ("dog", 1))
    assert [file.path for file in view.unreadable] == ["bad.png"]


def test_that_looking_leaves_the_project_free_for_others(project):
    look_at(project)
    with Project.open(project) as opened:
        assert opened.rename_class("cat", "lion")


def test_that_a_view_says_what_could_be_undone_and_redone(project):
    with Project.open(project) as opened:
        opened.rename_class("cat", "lion")
        opened.rename_class("dog", "wolf")
        opened.undo()
    view = look_at(project)
    assert "lion" in view.undo
    assert "wolf" in view.redo


def test_that_pictures_that_are_gone_do_not_hide_the_project(project, root):
    root.rename(root.with_name("elsewhere"))
    view = look_at(project)
    assert view.root_problem
    assert len(view.proof.listing.files) == 3
