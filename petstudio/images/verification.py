"""Decoding every file once in child processes, so that training meets no surprise."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from multiprocessing.connection import wait
from typing import Final

from petstudio.api.control import RunControl
from petstudio.images.checking_child import CheckRules
from petstudio.images.checking_worker import Answer, CheckingWorker
from petstudio.images.roots import Root

_MOST_WORKERS: Final = 4
_FILES_FOR_ONE: Final = 200
_BATCH: Final = 16
_TICK_S: Final = 0.2


def check_images(
    root: Root, files: Sequence[str], control: RunControl, rules: CheckRules
) -> Generator[list[Answer]]:
    """Decode all files in full; give the answers as they come, in any order.

    A file that takes longer than 10 s, or more than 1.5 GiB, or kills its process is a bad one; the
    others go on. A pause lets the batches that are under way end. Close it when you leave early:
    its processes end with it.

    Raises:
        RunCancelledError: the control was cancelled.
        MachineError: no process can be started.
    """
    waiting, left = deque(files), len(files)
    with _Crew(root, rules, _crew_size(len(files))) as crew:
        while left:
            control.checkpoint()
            crew.hand_out(waiting)
            if answers := list(crew.collect()):
                left -= len(answers)
                yield answers


def _crew_size(files: int) -> int:
    if files <= _FILES_FOR_ONE:
        return 1
    return min(_MOST_WORKERS, os.cpu_count() or 1)


class _Crew:
    """As many workers as there is work for, at most `size`; dead ones are replaced."""

    def __init__(self, root: Root, rules: CheckRules, size: int) -> None:
        # A child process need not have this one's working folder.
        self._root = root.absolute()
        self._rules = rules
        self._size = size
        self._workers: list[CheckingWorker] = []

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *_error: object) -> None:
        for worker in self._workers:
            worker.end()

    def hand_out(self, waiting: deque[str]) -> None:
        """Give each idle worker its next batch; a dead worker's files go back to the front."""
        for worker in [worker for worker in self._workers if worker.is_over]:
            self._workers.remove(worker)
            waiting.extendleft(reversed(worker.end()))
        while waiting and len(self._workers) < self._size:
            self._workers.append(CheckingWorker(self._root, self._rules))
        for worker in self._workers:
            if waiting and worker.is_idle:
                worker.give(waiting.popleft() for _ in range(min(_BATCH, len(waiting))))

    def collect(self) -> Iterator[Answer]:
        """Wait a moment, then give the answers of all workers."""
        wait([worker.connection for worker in self._workers], _TICK_S)
        for worker in self._workers:
            yield from worker.answers()
