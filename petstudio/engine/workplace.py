"""Where a finished model works: what it computes on, and where decoded pictures are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import torch

from petstudio.config.hardware import ANY_HARDWARE, AUTO, Hardware
from petstudio.engine.devices import choose_device, prepare
from petstudio.engine.input.store import StorePlan


@dataclass(frozen=True, kw_only=True)
class Workplace:
    """Without a `store` nothing is kept."""

    hardware: Hardware = ANY_HARDWARE
    store: StorePlan = field(default_factory=lambda: StorePlan(memory_budget=0))

    def device(self) -> torch.device:
        """Return the device; raises InputError where it is not there."""
        return choose_device(AUTO, self.hardware)

    def ready_device(self) -> torch.device:
        """Return the device like `device`, made ready to compute."""
        device = self.device()
        prepare(device, threads=self.hardware.threads)
        return device


ANYWHERE: Final = Workplace()
