"""One step of learning that several processes take together, each on its part of the batch."""

from __future__ import annotations

from inspect import signature
from typing import Any, Final

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from petstudio.api.errors import MachineError
from petstudio.api.language import tr
from petstudio.engine.devices import autocast
from petstudio.engine.global_batch import CurrentBatch
from petstudio.engine.input.batches import Batch
from petstudio.engine.network import clear_gradients
from petstudio.engine.processes import Processes
from petstudio.engine.stepping import Numbers, is_out_of_memory

# WORKAROUND: torch 2.15 renames the option that keeps buffers from being sent at every step.
_NAMES: Final = signature(DistributedDataParallel).parameters
_BUFFERS: Final = (
    "forward_sync_buffers" if "forward_sync_buffers" in _NAMES else "broadcast_buffers"
)


class SharedStep:
    """Leaves in every process the gradients of the global batch's mean loss, and returns that loss.

    Steps are not captured, and a full memory ends the run: smaller pieces in one process would
    leave the others waiting.
    """

    def __init__(
        self,
        module: nn.Module,
        numbers: Numbers,
        processes: Processes,
        current: CurrentBatch,
    ) -> None:
        """Prepare steps of `module`, what trains; all processes begin with the first one's."""
        device = next(module.parameters()).device
        # BatchNorm's statistics are those of the global batch already, equal everywhere.
        options: dict[str, Any] = {_BUFFERS: False}
        self._parallel = DistributedDataParallel(
            module, device_ids=[device] if device.type == "cuda" else None, **options
        )
        self._numbers = numbers
        self._processes = processes
        self._current = current

    def __call__(self, batch: Batch, seed: int) -> torch.Tensor:
        """Return the loss, float32 (), detached, on the device; `seed` is that of dropout.

        Raises:
            MachineError: this process has too little memory.
        """
        torch.manual_seed(seed)
        try:
            return self._learn(batch)
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            raise MachineError(
                tr(
                    "There is not enough memory to train on {count} pictures at a time.",
                    count=len(batch),
                ),
                cure=tr("Lower the batch size, which all processes share, or the image size."),
            ) from error

    def _learn(self, batch: Batch) -> torch.Tensor:
        clear_gradients(self._parallel)
        images = batch.images
        with autocast(images.device, self._numbers.precision):
            logits = self._parallel(images)
        total = self._numbers.criterion.each(logits, batch.targets).sum()
        share = total / self._current.rows.total
        # The gradients of all processes are averaged, but those of shares of a loss add up.
        self._numbers.scaler.scale(share * self._processes.count).backward()  # type: ignore[no-untyped-call]
        return self._processes.sum(share.detach())
