"""Signals and orders that pause, resume or cancel a command."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

from petstudio.api.control import RunControl
from petstudio.config.placement import Placement
from petstudio.jobs.engine_wire import Wish

_STANDARD_INPUT: Final = 0
_CHUNK_BYTES: Final = 1024


@contextmanager
def interrupts(control: RunControl, placement: Placement) -> Iterator[None]:
    """Let the first Ctrl+C end the job in order and the second one end the program.

    The end of the session and a polite kill end it in order too.

    torchrun passes a Ctrl+C on to all its processes, and ends them when one has died: the first
    one takes both as the wish to stop, the others follow it.
    """
    numbers = [signal.SIGINT, signal.SIGTERM]
    if placement.is_alone and hasattr(signal, "SIGHUP"):  # which Windows does not have
        numbers.append(signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}

    def cancel(_number: int, _frame: object) -> None:
        again = " Ctrl+C again ends at once." if placement.is_alone else ""
        sys.stderr.write(f"\nStopping after this step.{again}\n")
        control.cancel()
        if placement.is_alone:
            signal.signal(signal.SIGINT, signal.SIG_DFL)

    if placement.is_first:
        for number in numbers:
            signal.signal(number, cancel)
    else:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def obey_standard_input(control: RunControl) -> None:
    """Take orders from standard input, one a line; its end means that nobody wants the job."""
    # A thread that waits in read() cannot be stopped; it holds nothing and ends with the program.
    Thread(target=_obey, args=(control,), name="orders", daemon=True).start()


def _obey(control: RunControl) -> None:
    orders = {
        Wish.PAUSE.value: control.pause,
        Wish.RESUME.value: control.resume,
        Wish.CANCEL.value: control.cancel,
        Wish.END_WITH_EPOCH.value: control.end_with_epoch,
    }
    for line in _lines():
        order = orders.get(line)
        if order is not None:
            order()
    control.cancel()


def _lines() -> Iterator[str]:
    # Not sys.stdin: its lock, held by a waiting thread, would abort the interpreter at its end.
    rest = b""
    while chunk := os.read(_STANDARD_INPUT, _CHUNK_BYTES):
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").strip()
