"""A clock that jumps: order by number, durations from a clock that only goes forward."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import ConflictError
from petstudio.config.recipe import recipe_from_mapping
from petstudio.project import edit_history, lock, run_table, snapshots
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage, RunState, Source

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(ROOT / "petstudio").rglob("*.py"), *(ROOT / "plugins").rglob("*.py")])
# Who may ask for the time of day, and what for.
PLACES = {
    "petstudio/project/lock.py": "since when somebody holds a project, for the message to others",
    "petstudio/project/edit_history.py": "when an edit was made, to show",
    "petstudio/project/run_table.py": "when a run was started, to show",
    "petstudio/project/snapshots.py": "how old a snapshot is, with an answer for every clock",
    "petstudio/project/trash.py": "how long a run is in the trash; a clock that went back keeps it",
    "petstudio/jobs/copy_ledger.py": "when pictures were copied, as a name and to show",
    "petstudio/bridge/job_log.py": "when a job ended, to show",
    "petstudio/bridge/live_run.py": "the time beside a line of the log",
    "petstudio/bridge/run_feed.py": "since when a run is paused, to show",
}
WALL_CLOCKS = {
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "strftime", "ctime")),
    *(f"datetime.{name}" for name in ("now", "utcnow", "today")),
    "date.today",
    *("QDateTime.currentDateTime", "QTime.currentTime", "QDateTime.currentMSecsSinceEpoch"),
}


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


def wall_clocks(tree: ast.AST) -> Iterator[str]:
    """Yield each use of the time of day, also through a name that was imported by itself."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (f"time.{a.name}" for a in node.names if f"time.{a.name}" in WALL_CLOCKS)
        name = ".".join(dotted(node).split(".")[-2:])
        if isinstance(node, ast.Attribute) and name in WALL_CLOCKS:
            yield name


def test_that_only_known_places_ask_for_the_time_of_day() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if any(wall_clocks(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == set(PLACES)


@pytest.mark.parametrize(
    "line",
    [
        "started = time.time()",
        "from time import time",
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "def f(now=datetime.now): pass",
        "date.today()",
        "QDateTime.currentDateTime()",
    ],
)
def test_that_a_use_of_the_time_of_day_is_found(line: str) -> None:
    assert list(wall_clocks(ast.parse(line)))


@pytest.mark.parametrize(
    "line", ["time.monotonic()", "time.perf_counter()", "from time import monotonic", "a.now()"]
)
def test_that_a_clock_that_only_goes_forward_is_not_found(line: str) -> None:
    assert list(wall_clocks(ast.parse(line))) == []


JUMPS = (
    datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC),  # a second before summer time in Europe
    datetime(1970, 1, 1, tzinfo=UTC),  # a clock whose battery is empty
    datetime(2100, 1, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(1, 1, 2, tzinfo=UTC),
)


class Jumping(datetime):
    """Says another time of the list at each look."""

    looks = 0

    @classmethod
    def now(cls, tz=None):
        cls.looks += 1
        return JUMPS[cls.looks % len(JUMPS)].astimezone(tz)


@pytest.fixture
def _jumping_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    Jumping.looks = 0
    for module in (lock, edit_history, run_table, snapshots):
        monkeypatch.setattr(module, "datetime", Jumping)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    images = [NewImage(path="a.jpg", label="a", split=Split.TRAIN)]
    with Project.create(
        tmp_path / "p.petstudio", source=Source(loader="x"), root=tmp_path, images=images
    ) as made:
        return made.path


@pytest.mark.usefixtures("_jumping_clock")
def test_that_edits_are_undone_in_the_order_they_were_made(path: Path) -> None:
    with Project.open(path) as project:
        for number in range(12):
            project.set_labels({1: f"label {number}"}, LabelOrigin.PERSON)
    with Project.open(path) as project:
        assert project.history()[-1].what.endswith("label 11")
        undone = [project.undo().what.rpartition(" ")[2] for _ in range(12)]
        assert undone == [str(number) for number in range(11, -1, -1)]
        assert project.images()[0].label == "a"


@pytest.mark.usefixtures("_jumping_clock")
def test_that_the_latest_run_is_the_one_started_last(path: Path) -> None:
    recipe = recipe_from_mapping({"model": {"architecture": "tiny"}})
    with Project.open(path) as project:
        for _ in range(7):
            run = project.new_run(recipe)
            project.finish_run(run.number, RunState.COMPLETED, {})
    with Project.open(path) as project:
        assert [run.number for run in project.runs()] == list(range(1, 8))
        assert project.run().number == 7


@pytest.mark.usefixtures("_jumping_clock")
def test_that_the_newest_snapshot_is_the_one_taken_last_and_the_oldest_goes(path: Path) -> None:
    with Project.open(path) as project:
        for number in range(snapshots.KEPT + 3):
            project.set_labels({1: f"label {number}"}, LabelOrigin.PERSON)
            newest = project.take_snapshot()
    numbers = [snapshot.number for snapshot in snapshots.snapshots(path)]
    assert numbers == list(range(newest.number, newest.number - snapshots.KEPT, -1))
    (path / "project.db").write_bytes(b"")
    snapshots.restore_snapshot(path)
    with Project.open(path) as project:
        assert project.images()[0].label == f"label {snapshots.KEPT + 2}"


@pytest.mark.parametrize(
    ("hours", "words", "is_old"),
    [
        (0, "less than an hour old", False),
        (1, "an hour old", False),
        (25, "25 hours old", True),
        (24 * 365 * 200, "73000 days old", True),
        (-1, "of unknown age", True),
        (-24 * 365 * 200, "of unknown age", True),
    ],
)
def test_that_no_snapshot_has_a_negative_age(hours: int, words: str, is_old: bool) -> None:
    taken = datetime.now(UTC) - timedelta(hours=hours, seconds=1)
    if hours < 0:
        taken += timedelta(seconds=61)
    snapshot = snapshots.Snapshot(number=1, taken=taken, path=Path("x"))
    assert (snapshot.age, snapshot.is_old) == (words, is_old)


@pytest.mark.parametrize("time", [0, 1, 4_102_444_800, -86_400])
def test_that_no_file_time_makes_a_lock_free(path: Path, time: int) -> None:
    with Project.open(path):
        os.utime(path / lock.LOCK_NAME, (time, time))
        with pytest.raises(ConflictError):
            Project.open(path)
    Project.open(path).close()
