"""The processor: how many cores there are, and how many of them are at work."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch

_STATISTICS: Final = Path("/proc/stat")
_WATCHED_S: Final = 0.2
_IDLE: Final = slice(3, 5)  # idle and waiting for a disk, in the first line of /proc/stat
_GUESTS: Final = slice(8, 10)  # counted in the columns before them, too


def physical_cores() -> int:
    """Return the cores that this process may use, hyper-threads not counted."""
    found = _processor().get("num_physical_cores")
    return min(int(found), usable_cores()) if found else usable_cores()


def usable_cores() -> int:
    """Return the cores that this process may use, hyper-threads counted."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def cores_in_use() -> float:
    """Watch the machine for a fifth of a second; return how many cores were at work.

    Nobody knows where the system does not tell (anything but Linux): then all of them.
    """
    try:
        before = _busy_seconds()
        started = time.monotonic()
        time.sleep(_WATCHED_S)
        return (_busy_seconds() - before) / (time.monotonic() - started)
    except (OSError, ValueError, IndexError):
        return float(os.cpu_count() or 1)


def _busy_seconds() -> float:
    """Return the seconds that all cores have worked since the start of the machine."""
    with _STATISTICS.open(encoding="ascii") as stream:
        ticks = [int(word) for word in stream.readline().split()[1:]]
    busy = sum(ticks) - sum(ticks[_IDLE]) - sum(ticks[_GUESTS])
    return busy / os.sysconf("SC_CLK_TCK")


def _processor() -> Mapping[str, Any]:  # values of several types, as torch reports them
    return torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
