"""Running a command and watching it from outside: when each line came, memory, other programs."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psutil
from peers.memory import PeakMemory


@dataclass(frozen=True, kw_only=True)
class Line:
    """One JSON line that a command printed.

    Attributes:
        at: seconds since the command was started.
        values: what it says.
    """

    at: float
    values: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A command that has ended well.

    Attributes:
        seconds: from start to end.
        cpu_seconds: of the command and its children.
        others: share of the machine's processors that other programs took meanwhile, 0..1.
        peak_bytes: of the process tree; 0 where nobody looked.
    """

    lines: tuple[Line, ...]
    seconds: float
    cpu_seconds: float
    others: float
    peak_bytes: int


class CommandError(Exception):
    """A command failed; the text is what it wrote to standard error."""


def watch(
    command: Sequence[str], environment: Mapping[str, str], *, memory: bool = False
) -> Watched:
    """Run a command to its end.

    Raises:
        CommandError: its exit status is not 0.
    """
    started, busy, cpu = time.perf_counter(), _busy_seconds(), _children_seconds()
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        sampler = PeakMemory(psutil.Process(process.pid)) if memory else None
        if sampler is not None:
            sampler.start()
        assert process.stdout is not None
        lines = tuple(
            Line(at=time.perf_counter() - started, values=json.loads(text))
            for text in process.stdout
            if text.startswith("{")
        )
        peak = sampler.stop() if sampler is not None else 0
        if process.wait() != 0:
            errors.seek(0)
            raise CommandError(errors.read())
    seconds, cpu = time.perf_counter() - started, _children_seconds() - cpu
    others = (_busy_seconds() - busy - cpu) / (seconds * (os.cpu_count() or 1))
    return Watched(
        lines=lines, seconds=seconds, cpu_seconds=cpu, others=max(0.0, others), peak_bytes=peak
    )


def _busy_seconds() -> float:
    """Return what all processors together have worked, for all programs."""
    times = psutil.cpu_times()
    return sum(getattr(times, kind, 0.0) for kind in ("user", "nice", "system", "irq", "softirq"))


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
