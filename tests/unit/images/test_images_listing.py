"""Listing the pictures below a folder."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from petstudio.api.errors import InputError
from petstudio.images import listing
from petstudio.images.listing import list_images

needs_posix_names = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="the file system takes only Unicode names"
)
needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")


def _touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _left_out(root: Path) -> dict[str, str]:
    return {entry.path: entry.why for entry in list_images(root).left_out}


def test_that_pictures_of_all_folders_are_listed_in_code_point_order(tmp_path: Path) -> None:
    _touch(tmp_path, "b/2.jpg", "b/10.JPG", "B/1.png", "a.gif", "b.webp", "ä/x.tif")
    assert list_images(tmp_path).files == (
        "B/1.png", "a.gif", "b.webp", "b/10.JPG", "b/2.jpg", "ä/x.tif",
    )  # fmt: skip


def test_that_hidden_files_and_folders_are_passed_over_silently(tmp_path: Path) -> None:
    _touch(tmp_path, "a.jpg", ".b.jpg", ".git/c.jpg", "d/.e/f.jpg")
    found = list_images(tmp_path)
    assert found.files == ("a.jpg",)
    assert found.left_out == ()


def test_that_files_of_other_kinds_are_named(tmp_path: Path) -> None:
    _touch(tmp_path, "a.jpg", "notes.txt", "x/raw.cr2", "no_suffix")
    left_out = list_images(tmp_path).left_out
    assert [entry.path for entry in left_out] == ["no_suffix", "notes.txt", "x/raw.cr2"]
    assert {entry.why for entry in left_out} == {listing.OTHER_KIND}


def test_that_a_petstudio_project_among_the_pictures_is_left_out(tmp_path: Path) -> None:
    _touch(tmp_path, "a.jpg", "pets.petstudio/cache/thumb.jpg")
    assert list_images(tmp_path).files == ("a.jpg",)
    assert _left_out(tmp_path) == {"pets.petstudio": listing.OWN_PROJECT}


@needs_links
def test_that_a_loop_of_links_ends(tmp_path: Path) -> None:
    _touch(tmp_path, "a/1.jpg", "b/2.jpg")
    (tmp_path / "a" / "to_b").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "to_a").symlink_to(tmp_path / "a")
    (tmp_path / "b" / "to_root").symlink_to(tmp_path)
    assert list_images(tmp_path).files == ("a/1.jpg", "b/2.jpg")


@needs_links
def test_that_a_real_folder_is_listed_under_its_real_name(tmp_path: Path) -> None:
    _touch(tmp_path, "z/1.jpg")
    (tmp_path / "a_link").symlink_to(tmp_path / "z")
    assert list_images(tmp_path).files == ("z/1.jpg",)
    assert _left_out(tmp_path) == {"a_link": listing.LISTED_ALREADY}


@needs_links
def test_that_a_link_to_a_folder_elsewhere_is_followed_once(tmp_path: Path) -> None:
    _touch(tmp_path, "elsewhere/1.jpg", "root/0.jpg")
    (tmp_path / "root" / "first").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "root" / "second").symlink_to(tmp_path / "elsewhere")
    assert list_images(tmp_path / "root").files == ("0.jpg", "first/1.jpg")


@needs_links
def test_that_a_link_to_a_parent_is_not_followed(tmp_path: Path) -> None:
    _touch(tmp_path, "other/1.jpg", "root/0.jpg")
    (tmp_path / "root" / "up").symlink_to(tmp_path)
    assert list_images(tmp_path / "root").files == ("0.jpg",)


@needs_links
def test_that_dangling_links_and_links_to_themselves_are_named(tmp_path: Path) -> None:
    _touch(tmp_path, "a.jpg")
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (tmp_path / "self.jpg").symlink_to(tmp_path / "self.jpg")
    assert sorted(_left_out(tmp_path)) == ["gone.jpg", "self.jpg"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_that_a_named_pipe_is_not_a_picture(tmp_path: Path) -> None:
    _touch(tmp_path, "a.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    assert _left_out(tmp_path) == {"pipe.jpg": listing.NOT_A_FILE}


@needs_posix_names
def test_that_names_that_are_not_utf8_lead_back_to_their_file(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    _touch(tmp_path, name)
    assert list_images(tmp_path).files == (name,)
    assert (tmp_path / list_images(tmp_path).files[0]).is_file()


@needs_posix_names
@pytest.mark.parametrize(
    "name", ["-rf.jpg", "a\nb.jpg", "a\\b.jpg", "100%.jpg", "'\".jpg", "\u202eb.jpg", "ends .jpg"]
)
def test_that_odd_names_are_kept_as_they_are(tmp_path: Path, name: str) -> None:
    _touch(tmp_path, name)
    assert list_images(tmp_path).files == (name,)


def _refuse(monkeypatch: pytest.MonkeyPatch, refused: Path) -> None:
    """Make one folder unreadable also for root, for whom permission bits do not count."""
    scandir = os.scandir

    def guarded(path: Path) -> Iterator[Any]:
        if Path(path) == refused:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(listing.os, "scandir", guarded)


def test_that_an_unreadable_folder_is_named_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _touch(tmp_path, "open/1.jpg", "shut/2.jpg")
    _refuse(monkeypatch, tmp_path / "shut")
    found = list_images(tmp_path)
    assert found.files == ("open/1.jpg",)
    assert found.left_out[0].path == "shut"
    assert "permission denied" in found.left_out[0].why


def test_that_an_unreadable_root_is_refused_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refuse(monkeypatch, tmp_path)
    with pytest.raises(InputError, match="permission denied") as caught:
        list_images(tmp_path)
    assert "right to read" in caught.value.cure


def test_that_a_missing_folder_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"There is no folder .*nowhere"):
        list_images(tmp_path / "nowhere")


def test_that_a_file_instead_of_a_folder_is_refused(tmp_path: Path) -> None:
    _touch(tmp_path, "a.jpg")
    with pytest.raises(InputError, match="a file, not a folder"):
        list_images(tmp_path / "a.jpg")


def test_that_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is empty"):
        list_images(tmp_path)


def test_that_a_folder_without_pictures_is_refused_with_what_it_has(tmp_path: Path) -> None:
    _touch(tmp_path, "b.txt", "a.doc")
    with pytest.raises(InputError, match=r"2 other entries were left out, first a\.doc") as caught:
        list_images(tmp_path)
    assert "JPEG" in caught.value.cure
