"""The smoothed loss that the tutorial's tables show."""

from __future__ import annotations

from typing import Final

_BETA: Final = 0.98


class SmoothedLoss:
    """Exponential mean without start-up bias: m <- b*m + (1-b)*loss, shown as m / (1 - b^n)."""

    def __init__(self, beta: float = _BETA) -> None:
        self._beta = beta
        self._mean = 0.0
        self._count = 0

    def add(self, loss: float) -> float:
        """Take one loss and return the smoothed one."""
        self._count += 1
        self._mean = self._beta * self._mean + (1 - self._beta) * loss
        return self.value

    @property
    def state(self) -> tuple[float, int]:
        """What `restore` goes on from."""
        return self._mean, self._count

    def restore(self, state: tuple[float, int]) -> None:
        """Go on where another one stood."""
        self._mean, self._count = state

    @property
    def value(self) -> float:
        """The smoothed loss; NaN before the first."""
        if not self._count:
            return float("nan")
        return self._mean / float(1 - self._beta**self._count)
