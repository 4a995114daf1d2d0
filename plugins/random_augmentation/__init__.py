"""A few random changes out of eight for each picture, as RandAugment draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from petstudio.api import Augmentation, ImageTransforms, hookimpl, integer, number
from petstudio.api.language import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PETSTUDIO_API = (1, 0)

MOST_CHANGES: Final = 4
DRAWS_OF_ONE: Final = 2  # which change, and how strong to which side


@dataclass(frozen=True, kw_only=True)
class RandomOptions:
    changes: int = integer(
        2, minimum=1, maximum=MOST_CHANGES, label=tr("Changes"), help=tr("Of each image.")
    )
    strength: float = number(
        0.5,
        minimum=0.0,
        maximum=1.0,
        label=tr("Strength"),
        help=tr("Of the strongest sensible change."),
    )


@hookimpl
def petstudio_augmentations() -> list[Augmentation[RandomOptions]]:
    return [
        Augmentation(
            key="random",
            label=tr("Random changes"),
            summary=tr("Some of: turn, shear, shift, zoom, brighten, contrast; like RandAugment."),
            options=RandomOptions,
            draws=MOST_CHANGES * DRAWS_OF_ONE,
            draw=_draw,
        )
    ]


def _draw(options: RandomOptions, uniforms: NDArray[np.float64]) -> ImageTransforms:
    from .changes import draw_changes

    return draw_changes(options, uniforms)
