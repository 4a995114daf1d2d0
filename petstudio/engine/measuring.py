"""The metrics of plugins; one that fails is told, and the others go on."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

from petstudio.api.contributions import Metric
from petstudio.api.errors import PluginError
from petstudio.api.events import Emit, NoticeGiven, NoticeLevel
from petstudio.api.language import tr
from petstudio.engine.predictions import Predictions


class Measuring:
    """Computes metrics for one job; `emit` gets a notice on each that fails, once."""

    def __init__(self, metrics: Sequence[tuple[Metric[Any], Any]], emit: Emit) -> None:
        self._metrics = list(metrics)
        self._emit = emit

    def measure(self, predictions: Predictions) -> dict[str, float]:
        """Return each metric's value by its key; nothing where there are no pictures."""
        values: dict[str, float] = {}
        for metric, options in tuple(self._metrics) if len(predictions) else ():
            try:
                values[metric.key] = metric.compute(
                    options, predictions.probabilities, predictions.targets
                )
            except PluginError as error:
                self._metrics.remove((metric, options))
                self._emit(_left_out(error))
        return values


def _left_out(error: PluginError) -> NoticeGiven:
    return NoticeGiven(
        level=NoticeLevel.WARNING,
        message=tr("{error} This job goes on without it.", error=error),
        plugin=error.plugin,
        details="".join(traceback.format_exception(error)),
    )
