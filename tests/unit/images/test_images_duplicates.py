"""Files with the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.api.control import RunControl
from petstudio.api.errors import RunCancelledError
from petstudio.images import duplicates
from petstudio.images.duplicates import same_content


def write(folder: Path, *contents: bytes) -> list[Path]:
    paths = [folder / f"{number}.png" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return paths


def test_that_equal_files_are_grouped_in_order(tmp_path: Path) -> None:
    paths = write(tmp_path, b"cat", b"dog", b"cat", b"owl!", b"dog", b"cat")
    assert same_content(paths) == ((0, 2, 5), (1, 4))


def test_that_files_of_one_size_are_no_equals_by_that(tmp_path: Path) -> None:
    assert same_content(write(tmp_path, b"cat", b"dog", b"owl")) == ()


@pytest.mark.parametrize("place", [0, 5_000, 9_999])
def test_that_one_byte_makes_a_difference_wherever_it_is(tmp_path: Path, place: int) -> None:
    other = bytearray(10_000)
    other[place] = 1
    assert same_content(write(tmp_path, bytes(10_000), bytes(other), bytes(10_000))) == ((0, 2),)


def test_that_empty_and_missing_files_and_folders_are_nobodys_equals(tmp_path: Path) -> None:
    paths = write(tmp_path, b"", b"", b"cat")
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    assert same_content([*paths, *folders, tmp_path / "none"]) == ()


def test_that_two_names_of_one_file_are_equals(tmp_path: Path) -> None:
    (path,) = write(tmp_path, b"cat")
    (tmp_path / "link").symlink_to(path)
    assert same_content([path, tmp_path / "link"]) == ((0, 1),)


def test_that_there_are_no_equals_among_no_files() -> None:
    assert same_content([]) == ()


def test_that_only_files_of_one_size_are_read_and_only_equal_ends_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: dict[str, list[str]] = {"_tail": [], "_hash": []}
    for name, names in read.items():
        real = getattr(duplicates, name)
        monkeypatch.setattr(
            duplicates,
            name,
            lambda path, real=real, names=names: names.append(path.name) or real(path),
        )
    tail = bytes(5_000)
    same_content(write(tmp_path, b"a" + tail, b"b" + tail, b"c" * 5_001, b"alone"))
    assert read == {"_tail": ["0.png", "1.png", "2.png"], "_hash": ["0.png", "1.png"]}


def test_that_looking_can_be_cancelled(tmp_path: Path) -> None:
    control = RunControl()
    control.cancel()
    with pytest.raises(RunCancelledError):
        same_content(write(tmp_path, b"cat"), control.checkpoint)
