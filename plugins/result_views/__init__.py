"""Two looks at a result: whether rare classes suffer, and how sure right and wrong answers are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from petstudio.api import EvaluatedImages, EvaluationView, ViewData, flag, hookimpl, integer
from petstudio.api.language import tr

PETSTUDIO_API = (1, 1)


@dataclass(frozen=True, kw_only=True)
class RareOptions:
    only_evaluated: bool = flag(
        True,
        label=tr("Only evaluated classes"),
        help=tr("Leave out classes without a picture here."),
    )


@dataclass(frozen=True, kw_only=True)
class ConfidenceOptions:
    bars: int = integer(10, minimum=2, maximum=50, label=tr("Bars"), help=tr("From 0 to 100 %."))


@hookimpl
def petstudio_evaluation_views() -> list[EvaluationView[Any]]:
    return [
        EvaluationView(
            key="rare-classes",
            label=tr("Rare classes"),
            summary=tr(
                "Recall of each class beside its number of training pictures, rarest first."
            ),
            options=RareOptions,
            look=_look_at_rare_classes,
        ),
        EvaluationView(
            key="confidence",
            label=tr("Confidence"),
            summary=tr("How sure the model was of its right and of its wrong answers."),
            options=ConfidenceOptions,
            look=_look_at_confidence,
        ),
    ]


def _look_at_rare_classes(options: RareOptions, images: EvaluatedImages) -> ViewData:
    from .looks import rare_classes

    return rare_classes(options, images)


def _look_at_confidence(options: ConfidenceOptions, images: EvaluatedImages) -> ViewData:
    from .looks import confidence

    return confidence(options, images)
