"""Decoded pictures on their way to the disk: so many bytes and no more, written in batches."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Condition

from petstudio.images.pixel_records import Picture, PixelRecord, Pixels


@dataclass(frozen=True, kw_only=True)
class PixelEntry:
    """One picture; `pixels` are the bytes to write, which may be a small JPEG of it."""

    record: PixelRecord
    pixels: Pixels
    picture: Picture


@dataclass(frozen=True, kw_only=True)
class BatchRules:
    """When it is time to write, and how much memory may wait for it, in bytes."""

    pictures: int
    bytes: int
    seconds: float
    most_waiting: int


class PixelQueue:
    """Many threads put pictures in, one takes them out; a picture is found until it is written."""

    def __init__(self, rules: BatchRules) -> None:
        self._rules = rules
        self._changed = Condition()
        self._waiting: dict[bytes, PixelEntry] = {}
        self._in_hand: dict[bytes, PixelEntry] = {}
        self._oldest = 0.0
        self._memory = 0
        self._bytes = 0
        self._flushing = 0
        self._is_closed = False

    @property
    def pending(self) -> int:
        """How many bytes are still to be written."""
        with self._changed:
            return self._bytes

    def has_room_for(self, picture: Picture) -> bool:
        with self._changed:
            return self._memory + len(picture.pixels) <= self._rules.most_waiting

    def put(self, entry: PixelEntry) -> bool:
        """Take a picture in; False if there is no room."""
        with self._changed:
            if not self.has_room_for(entry.picture):
                return False
            if not self._waiting:
                self._oldest = time.monotonic()
            self._count(self._waiting.pop(entry.record.path, None), -1)
            self._waiting[entry.record.path] = entry
            self._count(entry, 1)
            if len(self._waiting) == 1 or self._is_due():
                self._changed.notify_all()
            return True

    def find(self, key: bytes) -> PixelEntry | None:
        with self._changed:
            return self._waiting.get(key) or self._in_hand.get(key)

    def take(self) -> list[PixelEntry]:
        """Wait for the next batch, which is to be `done`; an empty one comes after the last."""
        with self._changed:
            while not self._is_due() and not self._is_closed:
                self._changed.wait(self._seconds_left())
            size = 0
            while self._waiting and size < self._rules.bytes:
                key = next(iter(self._waiting))
                self._in_hand[key] = self._waiting.pop(key)
                size += len(self._in_hand[key].pixels)
            return list(self._in_hand.values())

    def done(self) -> None:
        """Say that the batch is written, or given up."""
        with self._changed:
            for entry in self._in_hand.values():
                self._count(entry, -1)
            self._in_hand = {}
            self._changed.notify_all()

    def flush(self) -> None:
        """Have everything written now; returns when it is."""
        with self._changed:
            self._flushing += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting and not self._in_hand)
            self._flushing -= 1

    def close(self) -> None:
        """Let `take` give what is left without waiting, and then nothing."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _is_due(self) -> bool:
        if not self._waiting:
            return False
        return (
            self._flushing > 0
            or len(self._waiting) >= self._rules.pictures
            or self._bytes >= self._rules.bytes
            or self._age() >= self._rules.seconds
        )

    def _seconds_left(self) -> float | None:
        return max(0.0, self._rules.seconds - self._age()) if self._waiting else None

    def _age(self) -> float:
        return time.monotonic() - self._oldest

    def _count(self, entry: PixelEntry | None, sign: int) -> None:
        if entry is not None:
            self._memory += sign * len(entry.picture.pixels)
            self._bytes += sign * len(entry.pixels)
