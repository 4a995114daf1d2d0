"""What a learning-rate sweep tries, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from petstudio.api.errors import OptionError
from petstudio.api.language import tr


@dataclass(frozen=True, kw_only=True)
class SweepChoice:
    """Rates from the first to the last by equal factors, one batch each.

    Batch i has the rate start * (end / start) ** (i / steps), so the end itself is never reached.
    With `stops_early` the sweep ends when the smoothed loss is four times its lowest value.
    """

    start_rate: float = 1e-7
    end_rate: float = 10.0
    steps: int = 100
    stops_early: bool = True

    def __post_init__(self) -> None:
        """Raise OptionError for what cannot be swept."""
        if not 0 < self.start_rate < self.end_rate <= 1e6:
            raise OptionError(
                "sweep",
                tr(
                    "{start_rate:g} to {end_rate:g} is no range of growing rates.",
                    start_rate=self.start_rate,
                    end_rate=self.end_rate,
                ),
            )
        if not 6 <= self.steps <= 100_000:
            raise OptionError("sweep", tr("{steps} batches are not 6 to 100000.", steps=self.steps))

    def rate(self, step: int) -> float:
        """Return the rate of a batch, counted from 0."""
        return float(self.start_rate * (self.end_rate / self.start_rate) ** (step / self.steps))
