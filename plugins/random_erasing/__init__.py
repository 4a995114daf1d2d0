"""A box of a picture is left out, so that a network does not rely on one detail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from petstudio.api import Augmentation, ImageTransforms, hookimpl, number
from petstudio.api.language import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PETSTUDIO_API = (1, 1)

ATTEMPTS: Final = 10
DRAWS: Final = 1 + 2 * ATTEMPTS + 2  # whether; area and shape of each attempt; where


@dataclass(frozen=True, kw_only=True)
class ErasingOptions:
    share: float = number(
        0.5, minimum=0.0, maximum=1.0, label=tr("Share"), help=tr("How many images have a box.")
    )
    least: float = number(
        0.02, minimum=0.0, maximum=1.0, label=tr("Area from"), help=tr("Share of the image.")
    )
    most: float = number(
        0.33, minimum=0.0, maximum=1.0, label=tr("Area to"), help=tr("Share of the image.")
    )

    def validate(self) -> str | None:
        return tr("“Area to” is below “Area from”.") if self.most < self.least else None


@hookimpl
def petstudio_augmentations() -> list[Augmentation[ErasingOptions]]:
    return [
        Augmentation(
            key="random-erasing",
            label=tr("Random erasing"),
            summary=tr("A box of random size and place gets the mean colour."),
            options=ErasingOptions,
            draws=DRAWS,
            draw=_draw,
        )
    ]


def _draw(options: ErasingOptions, uniforms: NDArray[np.float64]) -> ImageTransforms:
    from .boxes import draw_boxes

    return draw_boxes(options, uniforms)
