"""The share of pictures that are right and sure."""

from dataclasses import dataclass
from typing import Any

from petstudio.api import Metric, hookimpl, number

PETSTUDIO_API = (1, 0)
__version__ = "0.1"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What can be chosen, with the values that a run uses."""

    sure: float = number(0.8, minimum=0.0, maximum=1.0, label="Sure from", help="A probability.")


def compute(options: Options, probabilities: Any, truth: Any) -> float:
    """Return one number: `probabilities` is (pictures, classes), `truth` the true classes."""
    is_right = probabilities.argmax(axis=1) == truth
    is_sure = probabilities.max(axis=1) >= options.sure
    return float((is_right & is_sure).mean())


@hookimpl
def petstudio_metrics() -> list[Metric[Options]]:
    return [
        Metric(
            key="sample-key",  # recipes store it: never change it
            label="Sample label",
            summary="The share of images that are right with a high probability.",
            options=Options,
            compute=compute,
        )
    ]
