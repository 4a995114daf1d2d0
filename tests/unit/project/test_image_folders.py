"""Folders that were added to a project: what they are called, and where each user has them."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError, IntegrityError
from petstudio.config.data_roots import data_root_of
from petstudio.config.paths import HOME_VARIABLE
from petstudio.images.roots import folders_of
from petstudio.project.image_folders import mount_name
from petstudio.project.project import Access, Project
from petstudio.project.records import AddedFolder, NewImage, Source
from petstudio.project.table_rows import put_meta


@pytest.fixture
def path(tmp_path):
    root = tmp_path / "pictures"
    (root / "cats").mkdir(parents=True)
    images = [NewImage(path="dogs/1.jpg", label="dog", split=Split.TRAIN)]
    path = tmp_path / "p.petstudio"
    Project.create(path, source=Source(loader="folder"), root=root, images=images).close()
    return path


def added(name="more", **options):
    return AddedFolder(name=name, source=Source(loader="regex", options=options), group="g")


def test_that_an_added_folder_is_there_when_the_project_is_opened_again(path, tmp_path):
    with Project.open(path) as project:
        project.folders.add(added(pattern="(.)"), tmp_path)
    with Project.open(path, Access.READ) as project:
        assert project.folders.added == {"more": added(pattern="(.)")}
        assert project.data_root / "more/1.jpg" == tmp_path / "1.jpg"


@pytest.mark.parametrize(
    ("folder", "name"),
    [("birds", "birds"), ("cats", "cats-2"), ("dogs", "dogs-2"), ("a\nb", "a_nb")],
)
def test_that_a_name_is_that_of_the_folder_unless_it_is_taken(path, tmp_path, folder, name):
    (tmp_path / "disk" / folder).mkdir(parents=True)
    with Project.open(path, Access.READ) as project:
        paths = [image.path for image in project.images()]
        assert project.folders.name_for(tmp_path / "disk" / folder, paths) == name


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        (PurePosixPath("/disk/birds"), "birds"),
        (PurePosixPath("/disk/12:30"), "12_30"),
        (PurePosixPath("/disk/c:"), "c_"),
        (PurePosixPath("/disk/a\\b"), "a_b"),
        (PurePosixPath("/disk/tab\there"), "tab_there"),
        (PurePosixPath("/"), "pictures"),
        (PureWindowsPath("D:/disk/birds"), "birds"),
        (PureWindowsPath("D:/"), "pictures"),
        (PureWindowsPath("//server/share"), "pictures"),
    ],
)
def test_that_a_name_is_one_name_on_every_system(folder, name):
    assert mount_name(folder) == name
    assert PureWindowsPath(name).parts == PurePosixPath(name).parts == (name,)
    assert not PureWindowsPath(name).drive


def test_that_a_folder_keeps_its_name(path, tmp_path):
    with Project.open(path) as project:
        project.folders.add(added(), tmp_path)
        assert project.folders.name_for(tmp_path, []) == "more"


def test_that_a_folder_that_is_not_there_is_not_added(path, tmp_path):
    with Project.open(path) as project:
        with pytest.raises(InputError):
            project.folders.add(added(), tmp_path / "none")
        assert not project.folders.added


def test_that_each_user_says_where_it_is(path, tmp_path):
    moved = tmp_path / "moved"
    moved.mkdir()
    with Project.open(path) as project:
        project.folders.add(added(), tmp_path)
        project.folders.locate(moved, "more")
        assert folders_of(project.data_root)["more"] == moved
        assert data_root_of(project.id) == tmp_path / "pictures"


def test_that_it_is_looked_for_in_the_first_folder_where_nobody_said(path, tmp_path, monkeypatch):
    with Project.open(path) as project:
        project.folders.add(added(), tmp_path)
        monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "another user"))
        project.folders.locate(tmp_path / "pictures")
        assert folders_of(project.data_root)["more"] == tmp_path / "pictures" / "more"


@pytest.mark.parametrize("name", ["..", "", "a/b", "a\0b"])
def test_that_a_name_that_leads_elsewhere_is_refused(path, name):
    text = '{"loader": "folder", "options": {}, "group": ""}'
    with Project.open(path) as project:
        database = project._opened.database
        with database.transaction():
            put_meta(database, {f"folder.{name}": text})
    with pytest.raises(IntegrityError):
        Project.open(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"loader": "x", "options": 3, "group": ""}'])
def test_that_a_folder_that_petstudio_would_not_write_is_refused(path, text):
    with Project.open(path) as project:
        database = project._opened.database
        with database.transaction():
            put_meta(database, {"folder.more": text})
    with pytest.raises(IntegrityError):
        Project.open(path)
