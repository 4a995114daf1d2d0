"""What of the machine the program computes on, as its owner wants it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from petstudio.api.errors import OptionError
from petstudio.api.language import tr

AUTO: Final = "auto"
MOST_THREADS: Final = 256
_DEVICE: Final = re.compile(r"auto|cpu|mps|cuda(:\d+)?")


@dataclass(frozen=True, kw_only=True)
class Hardware:
    """`device` is what a recipe's "auto" stands for; 0 `threads` are what suits the machine."""

    device: str = AUTO
    threads: int = 0

    def __post_init__(self) -> None:
        """Refuse what no machine has; raises OptionError."""
        if not _DEVICE.fullmatch(self.device):
            raise OptionError(
                "device",
                tr("“{device}” is not one of: auto, cpu, mps, cuda, cuda:N.", device=self.device),
            )
        if not 0 <= self.threads <= MOST_THREADS:
            raise OptionError(
                "threads",
                tr(
                    "{threads} is not 0 to {most_threads}.",
                    threads=self.threads,
                    most_threads=MOST_THREADS,
                ),
            )


ANY_HARDWARE: Final = Hardware()
