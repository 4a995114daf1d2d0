"""A disk that fills up at any byte while something is saved: the old version stays, and is told.

The environment variable PETSTUDIO_LIMITS sets at how many sizes each kind of saving is stopped;
`pytest --log-cli-level=info` shows the figures.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("this system has no limit of file sizes", allow_module_level=True)

import saving
from saving import KINDS, try_to_save
from small_disk import small_disk_at

logger = logging.getLogger(__name__)

_LIMITS = int(os.environ.get("PETSTUDIO_LIMITS", "10"))
_FULL = "MachineError: The disk is full: "
# SQLite does not say that a file may not grow; free space tells a full disk from a failing one.
_FAILED = "MachineError: The disk failed while p.petstudio/project.db was used."
_SMALL_DISK_KIB = 3000


def attempts(kind: str, folder: Path) -> list[dict[str, object]]:
    command = [sys.executable, saving.__file__, kind, str(folder), str(_LIMITS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_file_that_may_not_grow_keeps_the_old_version(kind: str, tmp_path: Path) -> None:
    unlimited, *limited = attempts(kind, tmp_path)
    assert (unlimited["error"], unlimited["found"]) == ("", 1)
    assert len(limited) == _LIMITS
    errors = [str(each["error"]) for each in limited if each["error"]]
    logger.info("%s: %d limits, %d times refused", kind, len(limited), len(errors))
    assert errors
    assert all(error.startswith((_FULL, _FAILED)) for error in errors)
    for each in limited:
        expected = 0 if each["error"] else 1
        assert (each["found"], each["again"], each["left"]) == (expected, 1, []), each


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk_at(tmp_path / "disk", kib=_SMALL_DISK_KIB) as disk:
        yield disk


def fill(disk: Path, leave: int) -> Path:
    """Take what is free on the disk but so many bytes."""
    filler = disk / "filler"
    status = os.statvfs(disk)
    with filler.open("wb") as stream:
        stream.write(bytes(max(0, status.f_bavail * status.f_frsize - leave)))
    return filler


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_full_disk_keeps_the_old_version_and_is_called_full(
    kind: str, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = [0, 4096, 16384, 49152]
    told = []
    for number, leave in enumerate(free):

        def allow(limit: int, leave: int = leave) -> None:
            if limit < 0:
                (small_disk / "filler").unlink(missing_ok=True)
            else:
                fill(small_disk, leave)

        monkeypatch.setattr(saving, "allow", allow)
        outcome = try_to_save(kind, small_disk / str(number), 1)
        expected = 0 if outcome["error"] else 1
        assert (outcome["found"], outcome["again"], outcome["left"]) == (expected, 1, [])
        if outcome["error"]:
            told.append(outcome["error"])
    assert told
    assert all(error.startswith(_FULL) for error in told), told


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("labels", "log")])
def test_that_a_flush_that_fails_counts_as_not_saved(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite flushes by itself, the log only now and then; all others through os.fsync."""
    real, failed = os.fsync, []

    def fail_once(descriptor: int) -> None:
        if not failed:
            failed.append(os.fstat(descriptor).st_ino)
            raise OSError(errno.EIO, "Input/output error")
        assert os.fstat(descriptor).st_ino not in failed, "flushed again after a failure"
        real(descriptor)

    def allow(limit: int) -> None:
        monkeypatch.setattr(os, "fsync", fail_once if limit >= 0 else real)

    monkeypatch.setattr(saving, "allow", allow)
    outcome = try_to_save(kind, tmp_path / "a", 1)
    assert failed
    assert outcome["error"].startswith("MachineError: ")
    assert "could not be written: input/output error" in outcome["error"]
    assert (outcome["found"], outcome["again"], outcome["left"]) == (0, 1, [])
