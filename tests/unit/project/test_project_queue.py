"""The file of the recipes that wait: what was put in comes out, and nothing else does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from petstudio.api.errors import IntegrityError
from petstudio.config.recipe import Recipe, Stage, StartChoice
from petstudio.project.layout import QUEUE
from petstudio.project.recipe_queue import load_queue, save_queue

FIRST = Recipe(stages=(Stage(name="head", epochs=2),))
SECOND = Recipe(
    stages=(Stage(name="head", epochs=2), Stage(name="all", epochs=1, rate=(1e-5, 1e-3))),
    start=StartChoice(checkpoint="1:stage-1", stage=1),
)


def test_that_recipes_come_back_in_their_order(tmp_path: Path) -> None:
    save_queue(tmp_path, [SECOND, FIRST, FIRST])
    assert load_queue(tmp_path) == (SECOND, FIRST, FIRST)


@pytest.mark.parametrize("is_written", [False, True])
def test_that_a_project_without_a_queue_has_an_empty_one(tmp_path: Path, is_written: bool) -> None:
    if is_written:
        save_queue(tmp_path, [])
    assert load_queue(tmp_path) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe",
        b"recipes = 3",
        b"recipes = [3]",
        b"[[recipes]]\nunknown = 1",
        b"[[recipes]]\nseed = 'x'",
        b"[[recipes]]\nschema_version = 99",
        b"x = [" * 5000,
        b"#" * (2 << 20),
    ],
)
def test_that_a_damaged_queue_is_one_sentence_and_stays_as_it_is(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / QUEUE).write_bytes(content)
    with pytest.raises(IntegrityError, match=r"queue\.toml, cannot be read"):
        load_queue(tmp_path)
    assert (tmp_path / QUEUE).read_bytes() == content


def test_that_a_queue_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    other, project = tmp_path / "other.toml", tmp_path / "project"
    project.mkdir()
    save_queue(tmp_path, [FIRST])
    (tmp_path / QUEUE).rename(other)
    (project / QUEUE).symlink_to(other)
    with pytest.raises(IntegrityError):
        load_queue(project)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes to make")
def test_that_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / QUEUE)
    with pytest.raises(IntegrityError):
        load_queue(tmp_path)
