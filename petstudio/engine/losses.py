"""Losses of steps, read from the device without stopping it at each one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

import torch

_READ_INTERVAL_S: Final = 0.1
_MOST_UNREAD: Final = 64  # bounds how far the loop may run ahead of the device


@dataclass(frozen=True, kw_only=True)
class _OnItsWay:
    """Losses copied to the host, there once the event has happened."""

    values: torch.Tensor
    event: torch.cuda.Event

    def read(self) -> list[float]:
        self.event.synchronize()
        return [float(value) for value in self.values.tolist()]


class LossReader:
    """Takes one loss a step and gives them back in order, some steps later on a GPU."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._unread = torch.zeros(_MOST_UNREAD, device=device)
        self._count = 0
        self._on_its_way: _OnItsWay | None = None
        self._last_read = time.monotonic()

    def add(self, loss: torch.Tensor) -> list[float]:
        """Take a step's loss, float32 (); return those of earlier steps that have arrived."""
        if self._device.type != "cuda":
            return [loss.item()]
        self._unread[self._count].copy_(loss)
        self._count += 1
        is_due = time.monotonic() - self._last_read > _READ_INTERVAL_S
        return self._exchange() if is_due or self._count == _MOST_UNREAD else []

    def rest(self) -> list[float]:
        """Wait for all losses that were taken and return them."""
        if self._device.type != "cuda":
            return []
        return [*self._exchange(), *self._exchange()]

    def _exchange(self) -> list[float]:
        """Send what has come since the last time; return what was sent then."""
        arrived = self._on_its_way.read() if self._on_its_way else []
        self._on_its_way = self._send() if self._count else None
        self._last_read = time.monotonic()
        return arrived

    def _send(self) -> _OnItsWay:
        values = torch.empty(self._count, pin_memory=True)
        values.copy_(self._unread[: self._count], non_blocking=True)
        event = torch.cuda.Event()  # type: ignore[no-untyped-call]
        event.record()
        self._count = 0
        return _OnItsWay(values=values, event=event)
