"""kill -9 while labelling: what was acknowledged is there.

The environment variable PETSTUDIO_KILLS sets how often; `pytest --log-cli-level=info` shows the
figures.
"""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source

logger = logging.getLogger(__name__)

_IMAGES = 50
_KILLS = int(os.environ.get("PETSTUDIO_KILLS", "20"))
_MOST_LABELS = 20
# For each line on its input, starts a process that labels until it is killed and prints a label
# only after `set_labels` has returned. Forking saves 20 starts of the interpreter.
_NURSERY = """
import itertools, os, sys
from pathlib import Path
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin

def label_for_ever(kill):
    print("pid", os.getpid(), flush=True)
    project = Project.open(Path(sys.argv[1]))
    images = [image.id for image in project.images()]
    for number in itertools.count():
        image, label = images[number % len(images)], f"{kill}-{number}"
        project.set_labels({image: label}, LabelOrigin.PERSON)
        print(image, label, flush=True)

assert not {"torch", "PySide6"} & set(sys.modules)
while kill := sys.stdin.readline().strip():
    child = os.fork()
    if child == 0:
        label_for_ever(kill)
    os.waitpid(child, 0)
    print("dead", flush=True)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    images = [NewImage(path=f"{number}.jpg", label=None) for number in range(_IMAGES)]
    with Project.create(
        tmp_path / "p.petstudio", source=Source(loader="x"), root=tmp_path, images=images
    ) as made:
        return made.path


def _label_and_kill(nursery: subprocess.Popen[str], kill: int, after: int) -> list[tuple[int, str]]:
    """Return what was acknowledged by a process that is killed after `after` labels or later."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{kill}\n")
    nursery.stdin.flush()
    pid = int(nursery.stdout.readline().removeprefix("pid "))
    lines = [nursery.stdout.readline() for _ in range(after)]
    os.kill(pid, signal.SIGKILL)
    lines += iter(nursery.stdout.readline, "dead\n")
    return [(int(image), label) for image, label in (line.split() for line in lines)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_that_no_acknowledged_label_is_lost_by_a_kill(project: Path) -> None:
    chance = random.Random(1)
    acknowledged: list[tuple[int, str]] = []
    with subprocess.Popen(
        [sys.executable, "-c", _NURSERY, str(project)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        for kill in range(_KILLS):
            acknowledged += _label_and_kill(nursery, kill, chance.randrange(_MOST_LABELS))

    with Project.open(project) as again:
        found = {image.id: image.label for image in again.images()}
        saved = [edit.what.rpartition(" ")[2] for edit in again.history()]
    labels = [label for _, label in acknowledged]
    lost = sorted(set(labels) - set(saved))
    logger.info("%d kills, %d acknowledged labels, %d lost", _KILLS, len(labels), len(lost))
    assert lost == []
    assert [label for label in saved if label in set(labels)] == labels
    # A kill may fall between saving a label and acknowledging it: one more per kill, at most.
    unacknowledged = set(saved) - set(labels)
    assert len(unacknowledged) <= _KILLS
    newest = dict(acknowledged)
    assert all(found[i] == label or found[i] in unacknowledged for i, label in newest.items())


def test_that_every_commit_is_flushed_and_nothing_foreign_is_trusted(project: Path) -> None:
    pragmas = ("journal_mode", "synchronous", "locking_mode", "foreign_keys", "trusted_schema")

    with Project.open(project) as opened:
        values = [opened._opened.database.rows(f"PRAGMA {pragma}") for pragma in pragmas]

    assert values == [[("wal",)], [(2,)], [("exclusive",)], [(1,)], [(0,)]]
