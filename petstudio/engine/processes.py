"""The processes that train or predict together; torch.distributed does the work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol, TypeVar

import numpy as np
import torch
import torch.distributed as dist
from numpy.typing import NDArray

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, RunCancelledError
from petstudio.api.language import tr
from petstudio.config.hardware import ANY_HARDWARE, AUTO, Hardware
from petstudio.config.placement import Placement
from petstudio.config.recipe import ALL_GPUS
from petstudio.engine.devices import choose_device

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Which rows of the global batch are this process's: `count` of `total`, from `start` on."""

    start: int
    count: int
    total: int


class Store(Protocol):
    """What is needed of torch's key-value store, for which it declares no types."""

    def wait(self, keys: list[str], timeout: timedelta) -> None: ...
    def get(self, key: str) -> bytes: ...
    def compare_set(self, key: str, expected: str, desired: str) -> bytes: ...


@dataclass(frozen=True)
class Processes:
    """This process and the others; every process has to make the same calls in the same order.

    Attributes:
        store: which all of them read and write without waiting; None for a process alone.
        hardware: what the owner of the machine wants; of several processes each takes its own GPU.
    """

    placement: Placement
    store: Store | None = None
    hardware: Hardware = ANY_HARDWARE

    @property
    def rank(self) -> int:
        return self.placement.rank

    @property
    def count(self) -> int:
        return self.placement.count

    @property
    def is_first(self) -> bool:
        return self.placement.is_first

    @property
    def is_alone(self) -> bool:
        return self.placement.is_alone

    def share(self, chunk: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return this process's part of a global batch: by position, so all parts are the batch."""
        return np.array_split(chunk, self.count)[self.rank]

    def device(self, choice: str) -> torch.device:
        """Return this process's device for a recipe's choice; of several GPUs each takes its own.

        Raises:
            InputError: the device is not there, or all processes would share it.
        """
        hardware = self.hardware if self.is_alone else ANY_HARDWARE
        device = choose_device(AUTO if choice == ALL_GPUS else choice, hardware)
        if self.is_alone or device.type == "cpu":
            return device
        if device.type != "cuda" or ":" in choice:
            raise InputError(
                tr(
                    "{count} processes cannot share the device {choice}.",
                    count=self.count,
                    choice=choice,
                ),
                cure=tr("Use --set training.device=all."),
            )
        if self.placement.local_count > gpu_count():
            raise InputError(
                tr(
                    "{local_count} processes were started on this machine, which has {gpu_count} "
                    "GPUs.",
                    local_count=self.placement.local_count,
                    gpu_count=gpu_count(),
                ),
                cure=tr("Start one process for each GPU, or use --set training.device=cpu."),
            )
        return torch.device("cuda", self.placement.local_rank)

    def names(self, device: torch.device) -> str:
        """Return what a report calls the devices of all processes."""
        return str(device) if self.is_alone else f"{self.count} × {device.type}"

    def sum(self, tensor: torch.Tensor) -> torch.Tensor:
        """Return the sum over all processes, in the same tensor."""
        if not self.is_alone:
            dist.all_reduce(tensor)
        return tensor

    def first_says(self, value: T) -> T:
        """Return the first process's value."""
        if self.is_alone:
            return value
        values = [value]
        dist.broadcast_object_list(values, src=0)
        return values[0]

    def gather(self, value: T) -> list[T]:
        """Return all processes' values by rank to the first one; an empty list to the others."""
        if self.is_alone:
            return [value]
        values: list[T | None] | None = [None] * self.count if self.is_first else None
        dist.gather_object(value, values)
        return [found for found in values or () if found is not None]

    def meet(self, images: int, *, cancelled: bool) -> Rows:
        """Wait for everybody, each with so many pictures of the global batch.

        Raises:
            RunCancelledError: in all processes together, if one of them comes `cancelled`.
        """
        told = torch.zeros(self.count + 1, dtype=torch.int64)
        told[self.rank] = images
        told[-1] = cancelled
        *counts, cancellations = self.sum(told).tolist()
        if cancellations:
            raise RunCancelledError
        return Rows(start=sum(counts[: self.rank]), count=images, total=sum(counts))

    def shared(self, control: RunControl) -> RunControl:
        """Return a control at whose checkpoints all processes wait for each other."""
        return control if self.is_alone else _SharedControl(self, control)


ALONE: Final = Processes(Placement())


class _SharedControl(RunControl):
    def __init__(self, processes: Processes, control: RunControl) -> None:
        super().__init__()
        self._processes = processes
        self._control = control

    def checkpoint(self) -> None:
        self._processes.meet(0, cancelled=is_cancelled(self._control))


def gpu_count() -> int:
    """Return how many GPUs torch can use here."""
    return torch.cuda.device_count()


def is_cancelled(control: RunControl) -> bool:
    """Block while the run is paused; say whether it was cancelled."""
    try:
        control.checkpoint()
    except RunCancelledError:
        return True
    return False
