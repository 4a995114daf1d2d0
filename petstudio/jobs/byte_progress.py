"""Progress in bytes, told about once for each megabyte."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from petstudio.api.events import Emit, ProgressMade

OnBytes: TypeAlias = Callable[[int, int], None]

_REPORT_BYTES: Final = 2**20


def byte_reporter(emit: Emit, task: str) -> OnBytes:
    """Return a function that reports a task's bytes, done and in all."""
    return seldom(lambda done, total: emit(ProgressMade(task=task, done=done, total=total)))


def seldom(report: OnBytes) -> OnBytes:
    """Pass on about one call for each megabyte, and the last one."""
    reported = -_REPORT_BYTES

    def pass_on(done: int, total: int) -> None:
        nonlocal reported
        if abs(done - reported) >= _REPORT_BYTES or done == total:
            reported = done
            report(done, total)

    return pass_on
