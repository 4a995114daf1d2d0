"""The augmentation of fastai's lesson: flip, rotation, zoom, perspective warp and light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from petstudio.api import Augmentation, ImageTransforms, flag, hookimpl, number
from petstudio.api.language import tr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PETSTUDIO_API = (1, 0)

DRAWS: Final = 17


@dataclass(frozen=True, kw_only=True)
class TutorialOptions:
    flip: bool = flag(True, label=tr("Mirror"), help=tr("Left to right, for half of the images."))
    max_rotate: float = number(
        10.0,
        minimum=0.0,
        maximum=180.0,
        label=tr("Rotation"),
        unit="°",
        help=tr("To either side, at most"),
    )
    max_zoom: float = number(
        1.1,
        minimum=1.0,
        maximum=4.0,
        label=tr("Zoom"),
        unit="×",
        help=tr("Into the image, at most."),
    )
    max_warp: float = number(
        0.2,
        minimum=0.0,
        maximum=0.3,
        label=tr("Warp"),
        help=tr("Strength of a tilted view, at most."),
    )
    max_lighting: float = number(
        0.2,
        minimum=0.0,
        maximum=0.9,
        label=tr("Light"),
        help=tr("Change of brightness and contrast."),
    )
    shift: float = number(
        0.0,
        minimum=0.0,
        maximum=0.5,
        label=tr("Shift"),
        help=tr(
            "Share of the side, in both directions; for small pictures, which are not cropped."
        ),
    )
    p_affine: float = number(
        0.75,
        minimum=0.0,
        maximum=1.0,
        label=tr("Share of shapes"),
        help=tr("How many images are rotated, zoomed and warped, each by itself."),
        advanced=True,
    )
    p_lighting: float = number(
        0.75,
        minimum=0.0,
        maximum=1.0,
        label=tr("Share of lights"),
        help=tr("How many images change in brightness and contrast, each by itself."),
        advanced=True,
    )


@hookimpl
def petstudio_augmentations() -> list[Augmentation[TutorialOptions]]:
    return [
        Augmentation(
            key="tutorial",
            label=tr("Tutorial"),
            summary=tr("Mirror, rotate, zoom, tilt and light, as in fastai's lesson on pets."),
            options=TutorialOptions,
            draws=DRAWS,
            draw=_draw,
        )
    ]


def _draw(options: TutorialOptions, uniforms: NDArray[np.float64]) -> ImageTransforms:
    from .laws import draw_transforms

    return draw_transforms(options, uniforms)
