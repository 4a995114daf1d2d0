"""Decoding in several processes at once: in threads, much of it waits for the interpreter lock."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Final

from petstudio.api.errors import ImageError, ImageReason
from petstudio.api.language import tr
from petstudio.images.decoder_process import DecoderLostError, DecoderProcess, DecoderRules
from petstudio.images.pixel_records import Picture

logger = logging.getLogger(__name__)

_TICK_S: Final = 0.5
_FEWEST_CORES: Final = 6  # below, threads keep the cores as busy
_MOST_PROCESSES: Final = 16
_MOST_IN_A_ROW: Final = 3  # pictures lost with none read in between: it is not the pictures


def sensible_processes(cores: int) -> int:
    """Return how many processes decode best on so many cores; 0 means that threads do.

    A quarter of the cores is left for what the program does with the pictures.
    """
    return 0 if cores < _FEWEST_CORES else min(_MOST_PROCESSES, cores * 3 // 4)


class DecoderPool:
    """Hands pictures to `count` processes; safe to use from several threads.

    They are started in the background once there is enough to do, replaced when they die or hang,
    let go when there is nothing to do, and end by themselves when the program is killed. Where
    processes cannot live, the caller is left to decode by himself.
    """

    def __init__(
        self,
        count: int,
        rules: DecoderRules | None = None,
        *,
        notice: Callable[[str], None] = logger.warning,
    ) -> None:
        """Start nothing yet; `close` must be called. `notice` is told once, in any thread."""
        self._count = count
        self._rules = rules or DecoderRules()
        self._notice = notice
        self._changed = Condition()
        self._processes: set[DecoderProcess] = set()
        self._idle: list[DecoderProcess] = []
        self._busy = 0
        self._asked = 0
        self._last_asked = time.monotonic()
        self._starter: Thread | None = None
        self._watch: Thread | None = None
        self._has_failed = False  # no more processes are started
        self._is_given_up = False  # those that are there are not used either
        self._lost_in_a_row = 0
        self._closing = Event()

    def read(self, path: Path, *, at_least: int | None = None) -> Picture | None:
        """Return what `decoding.read_image` makes of the file; None while no process is there.

        A process that dies or takes too long is replaced once. A picture that is lost twice is
        damaged, unless several in a row are: then no process is used any more.

        Raises:
            ImageError: the picture cannot be read, or was lost twice.
        """
        process = self._take()
        if process is None:
            return None
        try:
            return self._read_with(process, path, at_least)
        except DecoderLostError as error:
            logger.warning("%s is decoded once more: %s", path, error.what)
        replacement = self._replacement(path)
        if replacement is None:
            return None
        try:
            return self._read_with(replacement, path, at_least)
        except DecoderLostError as error:
            if self._is_the_machine(error):
                return None
            raise ImageError(str(path), ImageReason.DAMAGED, error.what) from error

    def start(self) -> None:
        """Start the processes that are missing; returns when they are ready."""
        with self._changed:
            missing = self._count - len(self._processes)
            if self._watch is None and not self._closing.is_set():
                self._watch = Thread(target=self._watch_over, name="decoders", daemon=True)
                self._watch.start()
        started: list[DecoderProcess] = []
        try:
            while len(started) < missing:
                started.append(self._new())
        except DecoderLostError as error:
            self._give_up(error)
            # What they take of the machine's limits the program needs for its own files.
            started = self._halved(started)
        for process in started:
            self._make_ready(process)

    def close(self) -> None:
        """End all processes and wait for them; who still reads loses his picture."""
        with self._changed:
            self._closing.set()
            self._changed.notify_all()
            for process in self._processes:
                process.kill()
            self._dismiss()
            # The others are ended by the threads that wait for them, which now fail.
            self._changed.wait_for(lambda: not self._processes)
        for thread in (self._starter, self._watch):
            if thread is not None:
                thread.join()

    def _take(self) -> DecoderProcess | None:
        with self._changed:
            self._asked += 1
            self._last_asked = time.monotonic()
            self._start_if_worth_it()
            while self._busy and not self._idle and self._is_in_use():
                self._changed.wait()
            if not self._idle or not self._is_in_use():
                return None
            self._busy += 1
            return self._idle.pop()

    def _read_with(self, process: DecoderProcess, path: Path, at_least: int | None) -> Picture:
        try:
            return process.read(path, at_least)
        finally:
            with self._changed:
                if not process.is_lost:
                    self._lost_in_a_row = 0
                self._busy -= 1
                self._put_back(process)

    def _replacement(self, path: Path) -> DecoderProcess | None:
        """Return a process of its own for one picture; None where none can be started."""
        # Not one of the others: a picture that kills processes would meet them one by one.
        try:
            process = self._new()
        except DecoderLostError as error:
            if self._closing.is_set():
                raise ImageError(str(path), ImageReason.DAMAGED, error.what) from error
            self._give_up(error)
            return None
        with self._changed:
            self._busy += 1
        return process

    def _is_the_machine(self, error: DecoderLostError) -> bool:
        """Note that a picture was lost twice; True once processes are given up altogether."""
        with self._changed:
            self._lost_in_a_row += 1
            if self._lost_in_a_row >= _MOST_IN_A_ROW and not self._closing.is_set():
                self._is_given_up = True
                self._dismiss()
        if self._is_given_up:
            self._give_up(error)
        return self._is_given_up

    def _is_in_use(self) -> bool:
        return not self._closing.is_set() and not self._is_given_up

    def _new(self) -> DecoderProcess:
        process = DecoderProcess(self._rules)
        with self._changed:
            if not self._closing.is_set():
                self._processes.add(process)
                return process
        process.end()
        raise DecoderLostError(tr("no more processes are started at the end"))

    def _halved(self, started: list[DecoderProcess]) -> list[DecoderProcess]:
        half = len(started) // 2
        with self._changed:
            for process in started[half:]:
                self._processes.discard(process)
                process.end()
        return started[:half]

    def _make_ready(self, process: DecoderProcess) -> None:
        try:
            process.wait_until_ready()
        except DecoderLostError as error:
            self._give_up(error)
        with self._changed:
            self._put_back(process)

    def _put_back(self, process: DecoderProcess) -> None:
        """Let others have it, or end it if it is of no use; the lock is held."""
        if not process.is_lost and self._is_in_use():
            self._idle.append(process)
            self._changed.notify()
            return
        self._processes.discard(process)
        process.end()
        self._changed.notify_all()

    def _start_if_worth_it(self) -> None:
        if self._starter is not None and self._starter.is_alive():
            return
        is_complete = len(self._processes) >= self._count
        if is_complete or self._has_failed or self._closing.is_set():
            return
        if self._asked > self._rules.patience:
            self._starter = Thread(target=self.start, name="start of decoders", daemon=True)
            self._starter.start()

    def _give_up(self, error: DecoderLostError) -> None:
        """Start no more; pictures are decoded by the processes there are, or by the caller."""
        with self._changed:
            is_first = not self._has_failed and not self._closing.is_set()
            self._has_failed = self._has_failed or is_first
        if is_first:
            self._notice(
                tr(
                    "Pictures are decoded without further processes, slower: {what}.",
                    what=error.what,
                )
            )

    def _watch_over(self) -> None:
        while not self._closing.wait(_TICK_S):
            with self._changed:
                for process in self._processes:
                    process.kill_if_late()
                is_unused = time.monotonic() - self._last_asked > self._rules.idle_s
                if is_unused and not self._busy:
                    self._dismiss()

    def _dismiss(self) -> None:
        """Let the idle processes go; the lock is held."""
        for process in self._idle:
            self._processes.discard(process)
            process.end()
        self._idle.clear()
        self._asked = 0
        self._changed.notify_all()
