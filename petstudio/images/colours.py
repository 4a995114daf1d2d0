"""From any of Pillow's colour modes to RGB, by fixed rules that never look at one image alone."""

from __future__ import annotations

from typing import Final, cast

from PIL import Image

_BACKDROP: Final = "white"
# The ranges in which real values are stored; the smallest that holds a picture's values is meant.
_REAL_RANGES: Final = (1.0, 255.0, 65_535.0)


def to_rgb(image: Image.Image) -> Image.Image:
    """Return a decoded picture as RGB.

    Whole numbers of 16 or 32 bits lose their low 8 bits and end at 255. Real numbers count as 0..1,
    0..255 or 0..65535, whichever is the smallest range that holds them; below 0 is black.
    Transparent pixels show white. CMYK and LAB are converted plainly; colour profiles are not used.
    """
    if image.mode == "F":
        image = _scaled(image, 255.0 / _real_range(image))
    elif image.mode.startswith("I"):
        image = _scaled(image.convert("I"), 1 / 256)
    if image.has_transparency_data:
        return _over_backdrop(image.convert("RGBA"))
    return image if image.mode == "RGB" else image.convert("RGB")


def _scaled(image: Image.Image, factor: float) -> Image.Image:
    grey = image.point(lambda value: value * factor).convert("L")
    # A transparent grey of 16 bits names no grey of 8 bits.
    grey.info.pop("transparency", None)
    return grey


def _real_range(image: Image.Image) -> float:
    _, highest = cast("tuple[float, float]", image.getextrema())
    return next((limit for limit in _REAL_RANGES if highest <= limit), _REAL_RANGES[-1])


def _over_backdrop(image: Image.Image) -> Image.Image:
    picture = Image.new("RGB", image.size, _BACKDROP)
    picture.paste(image, mask=image)
    return picture
