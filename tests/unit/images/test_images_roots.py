"""Folders that are hung into another one, and which of their pictures are not known."""

from __future__ import annotations

import os
import pickle

import pytest

from petstudio.images.roots import MountedRoot, absent_folders, file_name, folders_of, paths_of
from petstudio.images.unknown_files import folders_in_use, unknown_files


def write(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(path.as_posix().encode())
    return path


@pytest.fixture
def root(tmp_path):
    write(tmp_path / "first" / "a.jpg")
    write(tmp_path / "first" / "sub" / "b.jpg")
    write(tmp_path / "disk" / "dogs" / "sub" / "c.jpg")
    return MountedRoot(folder=tmp_path / "first", mounted={"dogs": tmp_path / "disk" / "dogs"})


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("a.jpg", "first/a.jpg"),
        ("sub/b.jpg", "first/sub/b.jpg"),
        ("dogs/sub/c.jpg", "disk/dogs/sub/c.jpg"),
        ("dogs", "first/dogs"),
        ("dogs2/c.jpg", "first/dogs2/c.jpg"),
    ],
)
def test_that_a_path_leads_to_the_folder_that_is_mounted_there(root, tmp_path, path, place):
    assert root / path == tmp_path / place
    assert file_name(root, path) == str(tmp_path / place)


def test_that_a_plain_folder_is_the_only_one(tmp_path):
    assert folders_of(tmp_path) == {"": tmp_path}
    assert file_name(tmp_path, "sub/a.jpg") == str(tmp_path / "sub" / "a.jpg")
    assert absent_folders(tmp_path) == {}


def test_that_a_mounted_folder_that_is_gone_is_named(root, tmp_path):
    assert absent_folders(root) == {}
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    assert absent_folders(root) == {"dogs": tmp_path / "disk" / "dogs"}


def test_that_another_process_can_be_given_it(root):
    assert pickle.loads(pickle.dumps(root.absolute())) == root


def test_that_only_folders_with_a_known_picture_are_in_use(root):
    assert folders_in_use(root, ["a.jpg"]) == ("",)
    assert folders_in_use(root, ["a.jpg", "dogs/x.jpg"]) == ("", "dogs")


def test_that_what_is_not_known_is_found_in_each_folder(root):
    assert unknown_files(root, ["a.jpg"], ["", "dogs"]) == {
        "": ("sub/b.jpg",),
        "dogs": ("sub/c.jpg",),
    }


def test_that_a_file_that_two_folders_lead_to_is_one_picture(root, tmp_path):
    os.link(tmp_path / "first" / "a.jpg", tmp_path / "disk" / "dogs" / "again.jpg")
    os.link(tmp_path / "first" / "sub" / "b.jpg", tmp_path / "disk" / "dogs" / "b.jpg")
    assert unknown_files(root, ["a.jpg"], ["", "dogs"]) == {
        "": ("sub/b.jpg",),
        "dogs": ("sub/c.jpg",),
    }


def test_that_a_real_folder_under_the_name_of_a_mounted_one_is_out_of_reach(root, tmp_path):
    write(tmp_path / "first" / "dogs" / "hidden.jpg")
    assert unknown_files(root, ["a.jpg", "sub/b.jpg"], [""]) == {"": ()}


def test_that_a_folder_that_is_gone_has_nothing_new(root, tmp_path):
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    assert unknown_files(root, ["a.jpg", "sub/b.jpg"], ["", "dogs"]) == {"": (), "dogs": ()}


@pytest.mark.parametrize(
    ("file", "paths"),
    [
        ("first/a.jpg", ["a.jpg"]),
        ("disk/../first/sub/b.jpg", ["sub/b.jpg"]),
        ("disk/dogs/sub/c.jpg", ["dogs/sub/c.jpg"]),
        ("first/dogs/hidden.jpg", []),
        ("disk/d.jpg", []),
        ("first", []),
    ],
)
def test_that_a_file_is_called_what_leads_back_to_it(root, tmp_path, file, paths):
    assert list(paths_of(root, tmp_path / file)) == paths


def test_that_a_file_of_a_folder_in_another_one_has_two_names(tmp_path):
    root = MountedRoot(folder=tmp_path, mounted={"dogs": tmp_path / "new"})
    assert list(paths_of(root, tmp_path / "new" / "c.jpg")) == ["dogs/c.jpg", "new/c.jpg"]


def test_that_the_topmost_folder_can_hold_pictures(tmp_path):
    topmost = type(tmp_path)(tmp_path.anchor)
    assert list(paths_of(topmost, topmost / "a.jpg")) == ["a.jpg"]
