"""Which epoch of a run is the best one so far, and when a stage has stopped improving."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from petstudio.api.contributions import Metric
from petstudio.api.errors import OptionError
from petstudio.api.language import tr
from petstudio.config.recipe import VALIDATION_LOSS
from petstudio.engine.checkpoint import Best, Position


@dataclass(frozen=True, kw_only=True)
class Monitor:
    """The number by which epochs are compared."""

    key: str
    higher_is_better: bool

    @classmethod
    def of(cls, key: str, metrics: tuple[tuple[Metric[Any], Any], ...]) -> Monitor:
        """Return the monitor of a recipe; OptionError if there is no such metric."""
        if key == VALIDATION_LOSS:
            return cls(key=key, higher_is_better=False)
        known = {metric.key: metric for metric, _ in metrics}
        if key not in known:
            raise OptionError(
                "training.monitor",
                tr("there is no metric “{key}”.", key=key),
                cure=tr("Known: {known}.", known=", ".join([VALIDATION_LOSS, *known])),
            )
        return cls(key=key, higher_is_better=known[key].higher_is_better)

    def value(self, valid_loss: float, metrics: Mapping[str, float]) -> float:
        """Return the number of an epoch; NaN where it was not measured."""
        return valid_loss if self.key == VALIDATION_LOSS else metrics.get(self.key, math.nan)

    def is_better(self, value: float, best: Best | None) -> bool:
        """Say whether an epoch with this number is the best so far; NaN never is."""
        if not math.isfinite(value):
            return False
        if best is None:
            return True
        return value > best.value if self.higher_is_better else value < best.value


class BestEpoch:
    """The best epoch so far with a copy of its weights in the machine's memory.

    Attributes:
        found: None before the first epoch that could be compared.
        idle: epochs since then within the current stage.
        weights: None where only the checkpoint store has them.
        is_saved: whether the store has them.
    """

    def __init__(self, monitor: Monitor, found: Best | None = None, idle: int = 0) -> None:
        self._monitor = monitor
        self.found = found
        self.idle = idle
        self.weights: dict[str, torch.Tensor] | None = None
        self.is_saved = True

    def compare(self, valid_loss: float, metrics: Mapping[str, float], place: Position) -> bool:
        """Take the numbers of the epoch that ends here; say whether it is the best one now.

        If it is, `keep` has to be told its weights.
        """
        value = self._monitor.value(valid_loss, metrics)
        is_best = self._monitor.is_better(value, self.found)
        if is_best:
            self.found = Best(
                stage=place.stage, epoch=place.epochs - 1, steps=place.steps, value=value
            )
        if math.isfinite(value):  # what was not measured does not tell that nothing improves
            self.idle = 0 if is_best else self.idle + 1
        return is_best

    def keep(self, weights: Mapping[str, torch.Tensor]) -> None:
        """Copy the weights of the epoch that has just been found to be the best."""
        self.weights = {name: t.detach().to("cpu", copy=True) for name, t in weights.items()}
        self.is_saved = False
