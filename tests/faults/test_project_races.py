"""Many programs open one project at once: one writes, the others are told who.

The environment variable PETSTUDIO_RACES sets how many races of two are run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage, Source

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

_CROWD = 100
_RACES = int(os.environ.get("PETSTUDIO_RACES", "10"))
# For each line on its input, a number, forks so many processes that open the project at once. Each
# says how it went in one line; the one that writes labels a picture and stays until it is killed.
_NURSERY = """
import os, signal, sys
from pathlib import Path
from petstudio.project.lock import FolderLockedError
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

def open_at_once(start):
    os.read(start, 1)
    try:
        project = Project.open(Path(sys.argv[1]))
    except FolderLockedError as error:
        say("refused", error.holder.pid if error.holder else None)
        os._exit(0)
    except BaseException as error:
        say("failed", type(error).__name__, error)
        os._exit(1)
    project.set_labels({1: f"by {os.getpid()}"}, LabelOrigin.PERSON)
    say("writes", os.getpid())
    signal.pause()

assert not {"torch", "PySide6"} & set(sys.modules)
while count := sys.stdin.readline():
    start, go = os.pipe()
    pids = []
    for _ in range(int(count)):
        pid = os.fork()
        if pid == 0:
            os.close(go)
            open_at_once(start)
        pids.append(pid)
    os.close(start)
    os.close(go)
    for pid in pids:
        os.waitpid(pid, 0)
    say("all gone")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with Project.create(
        tmp_path / "p.petstudio",
        source=Source(loader="x"),
        root=tmp_path,
        images=[NewImage(path="1.jpg", label=None)],
    ) as made:
        return made.path


@pytest.fixture
def nursery(project: Path):
    with subprocess.Popen(
        [sys.executable, "-c", _NURSERY, str(project)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.stdin.close()
    assert process.returncode == 0


def race(nursery: subprocess.Popen[str], count: int) -> tuple[int, Counter[str]]:
    """Return the process that writes, which is killed then, and how often what was said."""
    nursery.stdin.write(f"{count}\n")
    nursery.stdin.flush()
    said = [nursery.stdout.readline().split() for _ in range(count)]
    writers = [int(words[1]) for words in said if words[0] == "writes"]
    for pid in writers:
        os.kill(pid, signal.SIGKILL)
    assert nursery.stdout.readline() == "all gone\n"
    assert len(writers) == 1, said
    return writers[0], Counter(" ".join(words) for words in said)


def test_that_of_a_hundred_that_open_at_once_one_writes_and_is_named_to_all_others(
    project: Path, nursery
) -> None:
    writer, said = race(nursery, _CROWD)
    assert said == {f"writes {writer}": 1, f"refused {writer}": _CROWD - 1}


def test_that_a_project_whose_holder_was_killed_opens_again_with_all_it_saved(
    project: Path, nursery
) -> None:
    writer, _ = race(nursery, 2)
    with Project.open(project) as opened:
        assert opened.images()[0].label == f"by {writer}"
        opened.set_labels({1: "again"}, LabelOrigin.PERSON)


def test_that_of_two_that_race_again_and_again_one_writes(project: Path, nursery) -> None:
    writers = [race(nursery, 2)[0] for _ in range(_RACES)]
    with Project.open(project) as opened:
        labels = [edit.what.removeprefix("Label 1 image as by ") for edit in opened.history()]
    assert labels == [str(writer) for writer in writers]
