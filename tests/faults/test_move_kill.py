"""kill -9 while pictures are moved and moved back, at every step that changes a file.

`pytest --log-cli-level=info` shows at how many steps.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from petstudio.api.control import RunControl
from petstudio.jobs.copy_ledger import ledger_folder, read_ledger
from petstudio.jobs.copy_lists import moves_of
from petstudio.jobs.following_moves import follow_moves
from petstudio.jobs.move_homes import home_of
from petstudio.jobs.moving import move_into_classes, plan_moves
from petstudio.jobs.moving_back import undo_moves
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source

logger = logging.getLogger(__name__)

_LABELS = {"a.jpg": "pug", "b.jpg": "pug", "c.jpg": "boxer"}
_MOST_STEPS = 400
# For each line on its input, starts a process that moves pictures, or moves them back, and kills
# itself at a step. Python tells of each of them before it asks the system.
_NURSERY = """
import errno, os, signal, sys
from pathlib import Path
from petstudio.api.control import RunControl
from petstudio.jobs.copy_ledger import ledger_folder
from petstudio.jobs.moving import move_into_classes, plan_moves
from petstudio.jobs.moving_back import undo_moves
from petstudio.project.project import Project

STEPS = {"os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir"}

def refuse_link(*_):
    raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))

def moving(project):
    with Project.open(project) as opened:
        root = opened.data_root
        classed = [(root / image.path, image.label) for image in opened.images()]
    return move_into_classes(plan_moves(root, root, classed), project)

def live(what, way, step, project):
    if way == "copies":
        os.link = refuse_link
    if what == "move":
        job = moving(project)
    else:
        job = undo_moves(next(ledger_folder().glob("*.jsonl")), project)
    left = step

    def die_at_step(event, args):
        nonlocal left
        is_file = event == "open" and isinstance(args[2], int) and args[2] & os.O_ACCMODE
        if event in STEPS or is_file:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(die_at_step)
    job(lambda event: None, RunControl())

while line := sys.stdin.readline():
    what, way, step, project = line.strip().split(" ", 3)
    child = os.fork()
    if child == 0:
        live(what, way, int(step), Path(project))
        os._exit(0)
    print(os.waitpid(child, 0)[1], flush=True)
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@dataclass(kw_only=True)
class Place:
    root: Path
    project: Path

    def contents(self) -> dict[str, str]:
        """Every file below the folder of pictures, but for what is not finished."""
        return {
            path.relative_to(self.root).as_posix(): path.read_text()
            for path in self.root.rglob("*.jpg")
        }

    def records(self) -> dict[str, str | None]:
        with Project.open(self.project) as opened:
            return {image.path: image.label for image in opened.images()}

    def follow(self) -> None:
        with Project.open(self.project) as opened:
            follow_moves(opened, moves_of(home_of(opened)))

    def undo(self) -> None:
        for list_file in ledger_folder().glob("*.jsonl"):
            if read_ledger(list_file).home is not None:
                undo_moves(list_file, self.project)(lambda _event: None, RunControl())

    def assert_as_before(self) -> None:
        assert self.contents() == {name: f"the picture {name}" for name in _LABELS}
        assert self.records() == _LABELS
        assert sorted(path.name for path in self.root.rglob("*")) == sorted(_LABELS)


@pytest.fixture
def new_place(tmp_path: Path) -> Callable[[], Place]:
    def make() -> Place:
        for list_file in ledger_folder().glob("*.jsonl"):
            list_file.unlink()
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        root = folder / "pictures"
        root.mkdir(parents=True)
        for name in _LABELS:
            (root / name).write_text(f"the picture {name}")
        images = [NewImage(path=name, label=label) for name, label in _LABELS.items()]
        path, source = folder / "p.petstudio", Source(loader="x")
        with Project.create(path, source=source, root=root, images=images):
            return Place(root=root, project=path)

    return make


@pytest.fixture(params=["second names", "copies"])
def way(request: pytest.FixtureRequest) -> str:
    return str(request.param).partition(" ")[0]


@pytest.fixture
def live() -> Iterator[Callable[..., bool]]:
    """Move pictures, or move them back, and return whether that was killed at this step."""
    with subprocess.Popen(
        [sys.executable, "-c", _NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None

        def start(what: str, way: str, step: int, project: Path) -> bool:
            nursery.stdin.write(f"{what} {way} {step} {project}\n")
            nursery.stdin.flush()
            return int(nursery.stdout.readline()) != 0

        yield start
        nursery.stdin.close()


@pytest.mark.slow
def test_that_a_kill_while_pictures_move_loses_none_and_all_go_back(
    new_place: Callable[[], Place], live: Callable[..., bool], way: str
) -> None:
    for step in range(1, _MOST_STEPS):
        place = new_place()
        was_killed = live("move", way, step, place.project)
        found = place.contents()
        assert {text for text in found.values() if text} == {
            f"the picture {name}" for name in _LABELS
        }, step
        place.follow()
        assert all((place.root / path).read_text() for path in place.records()), step
        assert sorted(place.records().values()) == sorted(_LABELS.values())
        place.undo()
        place.assert_as_before()
        if not was_killed:
            logger.info("%s: killed at each of %d steps", way, step - 1)
            return
    raise AssertionError("it never came to its end")


@pytest.mark.slow
def test_that_a_kill_while_pictures_go_back_loses_none_and_all_go_back_then(
    new_place: Callable[[], Place], live: Callable[..., bool], way: str
) -> None:
    for step in range(1, _MOST_STEPS):
        place = new_place()
        classed = [(place.root / name, label) for name, label in _LABELS.items()]
        job = move_into_classes(plan_moves(place.root, place.root, classed), place.project)
        job(lambda _event: None, RunControl())
        was_killed = live("back", way, step, place.project)
        texts = {text for text in place.contents().values() if text}
        assert texts == {f"the picture {name}" for name in _LABELS}, step
        place.follow()
        assert all((place.root / path).read_text() for path in place.records()), step
        place.undo()
        place.assert_as_before()
        if not was_killed:
            logger.info("%s: killed at each of %d steps", way, step - 1)
            return
    raise AssertionError("it never came to its end")
