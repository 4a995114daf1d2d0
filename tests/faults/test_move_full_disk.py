"""A disk that fills up while pictures are moved: each is whole, with its label, and goes back."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no limit of file sizes", allow_module_level=True)

import resource

from small_disk import small_disk_at

from petstudio.api.control import RunControl
from petstudio.api.errors import MachineError
from petstudio.jobs.copy_ledger import ledger_folder
from petstudio.jobs.copy_lists import moves_of
from petstudio.jobs.following_moves import follow_moves
from petstudio.jobs.move_homes import home_of
from petstudio.jobs.moving import move_into_classes, plan_moves
from petstudio.jobs.moving_back import undo_moves
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source

_PICTURES = 6
_PICTURE_BYTES = 60_000
_SMALL_DISK_KIB = 200


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(_PICTURES):
        (folder / f"{number}.jpg").write_bytes(content(number))
    return folder


@pytest.fixture
def project(tmp_path: Path, root: Path) -> Path:
    images = [NewImage(path=f"{number}.jpg", label="pug") for number in range(_PICTURES)]
    source = Source(loader="x")
    with Project.create(tmp_path / "p.petstudio", source=source, root=root, images=images) as made:
        return made.path


@pytest.fixture
def small_disk(root: Path) -> Iterator[Path]:
    """Another file system inside the folder of the pictures."""
    with small_disk_at(root / "disk", kib=_SMALL_DISK_KIB) as disk:
        yield disk


def content(number: int) -> bytes:
    return bytes([number]) * _PICTURE_BYTES


def contents(root: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in root.rglob("*.jpg"))


def move(root: Path, target: Path, project: Path) -> None:
    classed = [(root / f"{number}.jpg", "pug") for number in range(_PICTURES)]
    job = move_into_classes(plan_moves(root, target, classed), project)
    job(lambda _event: None, RunControl())


def move_back(project: Path) -> None:
    for file in ledger_folder().glob("*.jsonl"):
        undo_moves(file, project)(lambda _event: None, RunControl())


def assert_whole(root: Path, project: Path) -> None:
    assert contents(root) == [content(number) for number in range(_PICTURES)]
    with Project.open(project) as opened:
        follow_moves(opened, moves_of(home_of(opened)))
        assert all((root / image.path).is_file() for image in opened.images())


@contextmanager
def files_may_grow_to(limit: int) -> Iterator[None]:
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@pytest.mark.parametrize("limit", [0, 100, 300, 700, 1300])
def test_that_a_list_that_cannot_grow_stops_the_move_and_no_picture_is_lost(
    root: Path, project: Path, limit: int
) -> None:
    with files_may_grow_to(limit), pytest.raises(MachineError, match="disk"):
        move(root, root, project)
    assert_whole(root, project)
    move_back(project)
    assert sorted(path.name for path in root.glob("*.jpg")) == [f"{n}.jpg" for n in range(6)]


def test_that_a_full_file_system_keeps_the_rest_where_it_was(
    root: Path, project: Path, small_disk: Path
) -> None:
    with pytest.raises(MachineError, match="The disk is full") as caught:
        move(root, small_disk, project)
    assert "moved so far; they can be moved back." in str(caught.value)
    assert 0 < len(list((small_disk / "pug").iterdir())) < _PICTURES
    assert_whole(root, project)
    move_back(project)
    assert sorted(path.name for path in root.glob("*.jpg")) == [f"{n}.jpg" for n in range(6)]
    assert not list(small_disk.iterdir())
