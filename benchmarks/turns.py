"""Side-by-side timing: the cases take turns, so that a machine's mood hits all of them alike."""

from __future__ import annotations

import os
import platform
import re
import shlex
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Row:
    """One case: median seconds a round, and the median of its ratio to the first case."""

    name: str
    seconds: float
    ratio: float


def take_turns(cases: Mapping[str, Callable[[], object]], rounds: int) -> list[Row]:
    """Time every case in every round; the first case is what the others are compared with."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for case in cases.values():
        case()  # caches and lazy imports are not what is measured
    for _ in range(rounds):
        for name, case in cases.items():
            started = time.perf_counter()
            case()
            times[name].append(time.perf_counter() - started)
    base = next(iter(times.values()))
    return [
        Row(
            name=name,
            seconds=statistics.median(taken),
            ratio=statistics.median(b / t for b, t in zip(base, taken, strict=True)),
        )
        for name, taken in times.items()
    ]


def print_table(title: str, rows: list[Row], *, items: int, unit: str) -> None:
    """Print a Markdown table; speed is items a second, the ratio is times the first row's."""
    print(f"\n### {title}\n\n| case | {unit}/s | times the first |\n|---|---|---|")
    for row in rows:
        print(f"| {row.name} | {items / row.seconds:,.0f} | {row.ratio:.2f} |")


def print_machine(*versions: str) -> None:
    """Print what the figures were measured on, and with which command."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    print(
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}, "
        f"{platform.system()}, Python {platform.python_version()}"
    )
    print(", ".join(versions))
    print(f"`{shlex.join(['python', *sys.argv])}`")


def _processor() -> str:
    """Return the processor's name; Python itself knows it on few systems."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
