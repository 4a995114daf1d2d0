"""A small project, and the folder it takes its images from."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from petstudio.api.contributions import Split
from petstudio.project import database
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source

SIX_IMAGES = (
    NewImage(path="a/1.jpg", label="Birman", split=Split.TRAIN, size=11, mtime_ns=101),
    NewImage(path="a/2.jpg", label="Birman", split=Split.VALID, group="tom", size=12),
    NewImage(path="a/3.jpg", label="Beagle", split=Split.TRAIN),
    NewImage(path="a/4.jpg", label="Beagle", split=Split.VALID),
    NewImage(path="b/5.jpg", label=None),
    NewImage(path="b/6.jpg", label="Boxer", split=Split.TRAIN, unreadable="the file is empty"),
)

_NOT_FLUSHED = tuple(
    "PRAGMA synchronous=OFF" if "synchronous" in pragma else pragma for pragma in database._DURABLE
)

Make = Callable[..., Project]
ChangeDatabase = Callable[..., None]


@pytest.fixture(autouse=True)
def without_flushing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save half of this tier's time: no test here cuts the power. tests/faults flushes."""
    monkeypatch.setattr(database, "_DURABLE", _NOT_FLUSHED)
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def make_project(tmp_path: Path) -> Make:
    """Make `pets.petstudio` in the test's folder and return it open for writing."""

    def make(images: Sequence[NewImage] = SIX_IMAGES) -> Project:
        root = tmp_path / "pictures"
        root.mkdir(exist_ok=True)
        return Project.create(
            tmp_path / "pets.petstudio",
            source=Source(loader="regex", options={"pattern": r"(?P<label>.+)_\d+"}),
            root=root,
            images=images,
            split={"valid_share": 0.2, "test_share": 0.0, "seed": 42, "stratify": True},
        )

    return make


@pytest.fixture
def project(make_project: Make) -> Iterator[Project]:
    """An open project of six images."""
    with make_project() as made:
        yield made


@pytest.fixture
def closed_project(make_project: Make) -> Path:
    """The folder of a project that nobody uses."""
    with make_project() as made:
        return made.path


@pytest.fixture
def change_database() -> ChangeDatabase:
    """Run SQL on a closed project's database, past everything that PetStudio does."""

    def change(project: Path, *statements: str, database: str = "project.db") -> None:
        with closing(sqlite3.connect(project / database, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

    return change
