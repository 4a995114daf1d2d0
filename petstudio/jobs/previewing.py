"""Pictures as a network would get them, for the window; does not need torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from petstudio.api.contributions import PretrainedWeights
from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError
from petstudio.config.recipe import AugmentationChoice, Resize
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.preview import PreviewPlan, changed_squares
from petstudio.images.decoding import read_image
from petstudio.jobs.augmentations import augmentations_of
from petstudio.plugin_host.host import PluginHost

Pixels: TypeAlias = NDArray[np.uint8]

_SHORT_SIDE: Final = 256  # of the pictures that training keeps
_GREY: Final = (0.5, 0.5, 0.5)
_DEVIATIONS: Final = 2.7  # from the mean; white is 2.6 in the palest channel


@dataclass(frozen=True, kw_only=True)
class PreviewWish:
    """What is to be drawn.

    Attributes:
        pictures: each is drawn `variants` times.
        draw: another number gives other variants.
        normalised: show what is left when the mean is taken away and the spread is evened out.
    """

    pictures: tuple[Path, ...]
    augmentations: tuple[AugmentationChoice, ...]
    size: int = 224
    variants: int = 8
    draw: int = 0
    normalised: bool = False


@dataclass(frozen=True, kw_only=True)
class Square:
    """One drawn picture, uint8 (size, size, 3)."""

    picture: Path
    pixels: Pixels


def draw_squares(host: PluginHost, wish: PreviewWish, control: RunControl) -> tuple[Square, ...]:
    """Draw what is wished; pictures that cannot be read are left out.

    Raises:
        InputError: an unknown augmentation, or an option out of range.
        PluginError: an augmentation failed.
        RunCancelledError: nobody wants it any more.
    """
    augmenter = Augmenter(seed=0, augmentations=augmentations_of(host, wish.augmentations))
    known = _known_weights(host)
    mean = known.mean if known else _GREY
    plan = PreviewPlan(size=wish.size, resize=Resize.CROP, augmenter=augmenter, mean=mean)
    epochs = range(wish.draw * wish.variants, (wish.draw + 1) * wish.variants)
    squares: list[Square] = []
    for key, path in enumerate(wish.pictures):
        control.checkpoint()
        picture = _read(path)
        if picture is None:
            continue
        for pixels in changed_squares(picture, plan, epochs, key):
            shown = _normalised(host, pixels) if wish.normalised else pixels
            square = np.round(255 * shown).astype(np.uint8)
            squares.append(Square(picture=path, pixels=square))
    return tuple(squares)


def _read(path: Path) -> Pixels | None:
    try:
        picture = read_image(path, at_least=_SHORT_SIDE)
    except ImageError:
        return None
    factor = _SHORT_SIDE / min(picture.size)
    if factor < 1:
        size = (round(picture.width * factor), round(picture.height * factor))
        picture = picture.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(picture)


def _known_weights(host: PluginHost) -> PretrainedWeights | None:
    """Return those whose mean colour most networks here have."""
    offered = (weights for item in host.architectures.values() for _, weights in item.weights)
    return next(offered, None)


def _normalised(host: PluginHost, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    known = _known_weights(host)
    mean = np.array(known.mean if known else pixels.mean(axis=(0, 1)))
    std = np.array(known.std if known else pixels.std(axis=(0, 1)))
    shown: NDArray[np.float64] = ((pixels - mean) / std / _DEVIATIONS + 1) / 2
    return shown.clip(0, 1)
