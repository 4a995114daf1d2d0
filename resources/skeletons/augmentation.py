"""Some pictures are turned by a quarter."""

from dataclasses import dataclass
from typing import Any

from petstudio.api import Augmentation, ImageTransforms, hookimpl, number

PETSTUDIO_API = (1, 0)
__version__ = "0.1"


@dataclass(frozen=True, kw_only=True)
class Options:
    """Each field becomes a field of the form; the values are kept in the recipe."""

    share: float = number(0.5, minimum=0.0, maximum=1.0, label="Share", help="Of the pictures.")


def draw(options: Options, uniforms: Any) -> ImageTransforms:
    """Turn numbers in [0, 1), a row for each picture, into one change for each of them.

    All chance comes from `uniforms`, so that a run can be repeated.
    """
    import numpy as np

    count = len(uniforms)
    angles = np.where(uniforms[:, 0] < options.share, np.pi / 2, 0.0)
    angles = np.where(uniforms[:, 1] < 0.5, angles, -angles)
    # From a place in the new picture to one in the old, both -1..1, x to the right and y down.
    homography = np.tile(np.eye(3), (count, 1, 1))
    homography[:, 0, 0] = homography[:, 1, 1] = np.cos(angles)
    homography[:, 0, 1] = np.sin(angles)
    homography[:, 1, 0] = -np.sin(angles)
    return ImageTransforms(
        homography=homography, brightness=np.zeros(count), contrast=np.ones(count)
    )


@hookimpl
def petstudio_augmentations() -> list[Augmentation[Options]]:
    return [
        Augmentation(
            key="sample-key",  # recipes store it: never change it
            label="Sample label",
            summary="A quarter turn to either side, for some pictures.",
            options=Options,
            draws=2,  # how many numbers `draw` gets for each picture
            draw=draw,
        )
    ]
