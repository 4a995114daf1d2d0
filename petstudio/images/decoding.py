"""The one safe decoder: the only place in the program that opens a picture file."""

from __future__ import annotations

import contextlib
import io
import logging
import stat
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    PpmImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from petstudio.api.errors import ImageError, ImageReason
from petstudio.api.language import tr
from petstudio.images.colours import to_rgb
from petstudio.images.faults import image_error
from petstudio.images.formats import HEAD_BYTES
from petstudio.images.pixel_records import Picture

MAX_FILE_BYTES: Final = 512 * 2**20
MAX_PIXELS: Final = 89_478_485
# Naming the readers registers exactly these; Pillow would import all of its own for one WebP file.
_READERS: Final[tuple[type[ImageFile.ImageFile], ...]] = (
    JpegImagePlugin.JpegImageFile,
    PngImagePlugin.PngImageFile,
    BmpImagePlugin.BmpImageFile,
    BmpImagePlugin.DibImageFile,
    GifImagePlugin.GifImageFile,
    TiffImagePlugin.TiffImageFile,
    WebPImagePlugin.WebPImageFile,
    PpmImagePlugin.PpmImageFile,
)
_FORMATS: Final = tuple(str(reader.format) for reader in _READERS)
# What broken EXIF data raises, seen from Pillow 13 over its own test pictures.
EXIF_FAULTS: Final = (
    OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, struct.error,
)  # fmt: skip
_PILLOW: Final = r"PIL\."


def read_image(path: Path, *, at_least: int | None = None) -> Image.Image:
    """Return the first frame, upright, as RGB; safe to call from any thread.

    `at_least` lets a JPEG be decoded at a half, quarter or eighth of its size, as long as its short
    side stays at least that many pixels long.

    Raises:
        ImageError: the file cannot be read, for any reason of its own.
        MachineError: the program has too many files open.
    """
    with opened(path) as image:
        if at_least is not None:
            image.draft(None, (at_least, at_least))
        image.load()
        # A picture is worth more than its metadata: with broken EXIF it stays as it is stored.
        with contextlib.suppress(*EXIF_FAULTS):
            ImageOps.exif_transpose(image, in_place=True)
        return to_rgb(image)


def read_picture(path: Path, *, at_least: int | None = None) -> Picture:
    """Return the pixels of `read_image`, sooner for most JPEG files; the same to the bit.

    The decoding processes do without it: they are many, and small as long as they load no numpy.

    Raises:
        ImageError, MachineError: as `read_image`.
    """
    from petstudio.images.plain_jpeg import plain_pixels  # here: loading it takes numpy

    with opened(path) as image:
        pixels = plain_pixels(image, at_least)
    if pixels is not None:
        return Picture(height=pixels.shape[0], width=pixels.shape[1], pixels=pixels.data.cast("B"))
    rgb = read_image(path, at_least=at_least)
    return Picture(height=rgb.height, width=rgb.width, pixels=bytearray(rgb.tobytes()))


def read_kept_jpeg(content: bytes, size: tuple[int, int]) -> Image.Image:
    """Return an RGB picture that this program wrote itself, width x height as it noted them.

    Raises:
        ImageError: the content is not such a picture.
    """
    _quiet_pillow()
    name = tr("a picture in the cache")
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG",))
        if image.size == size:  # looked at first, as in any other file
            image.load()
    except Exception as error:
        # As with any other file: whatever the decoder raises says that the content is damaged.
        raise ImageError(name, ImageReason.DAMAGED) from error
    if image.size != size or image.mode != "RGB":
        raise ImageError(name, ImageReason.BAD_DIMENSIONS)
    return image


@contextlib.contextmanager
def opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    """Give the picture with its header read and its size checked, but not decoded.

    Every exception raised inside the block becomes one of ours that names the path.
    """
    _quiet_pillow()
    head, size = b"", 0
    try:
        size = _check_file(path)
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            image = Image.open(stream, formats=_FORMATS)
            _check_size(path, *image.size)
            yield image
    except ImageError:
        raise
    except Exception as error:
        # Whatever a damaged file makes a decoder raise is a fault of that file.
        raise image_error(path, error, head, size) from error


def _check_file(path: Path) -> int:
    """Return the size in bytes."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        # Opening a named pipe would wait for ever.
        raise ImageError(str(path), ImageReason.NOT_AN_IMAGE, tr("it is not a regular file"))
    if status.st_size == 0:
        raise ImageError(str(path), ImageReason.EMPTY)
    if status.st_size > MAX_FILE_BYTES:
        detail = tr(
            "{size:.0f} MiB; the limit is {limit} MiB",
            size=status.st_size / 2**20,
            limit=MAX_FILE_BYTES // 2**20,
        )
        raise ImageError(str(path), ImageReason.TOO_LARGE, detail)
    return status.st_size


def _check_size(path: Path, width: int, height: int) -> None:
    if width < 1 or height < 1:
        raise ImageError(str(path), ImageReason.BAD_DIMENSIONS)
    if width * height > MAX_PIXELS:
        detail = tr(
            "{width} x {height} pixels; the limit is {max_pixels:.1f} million",
            width=width,
            height=height,
            max_pixels=MAX_PIXELS / 1000000.0,
        )
        raise ImageError(str(path), ImageReason.TOO_LARGE, detail)


def _quiet_pillow() -> None:
    """Keep Pillow's warnings and log lines to itself, in the whole process.

    `warnings.catch_warnings` is not safe in threads, so the filter is put in once and stays; it is
    looked for on each call because a test runner or a library may have put the old list back.
    """
    for _, _, _, module, _ in warnings.filters:
        if getattr(module, "pattern", None) == _PILLOW:
            return
    warnings.filterwarnings("ignore", module=_PILLOW)
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
