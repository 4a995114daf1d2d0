"""What went wrong with one picture file, as an ImageError instead of Pillow's many exceptions."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from petstudio.api.errors import ImageError, ImageReason, MachineError
from petstudio.api.language import tr
from petstudio.images.formats import is_cut_off, why_unidentified

_NO_SUCH_FILE: Final = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)
_TOO_MANY_FILES: Final = (errno.EMFILE, errno.ENFILE)
_FORBIDDEN: Final = (errno.EACCES, errno.EPERM)


def image_error(path: Path, error: Exception, head: bytes, size: int) -> ImageError | MachineError:
    """Return the error to raise for `error`; `head` holds the first of the file's `size` bytes.

    Pillow's own texts are not passed on: they hold object representations.
    """
    if isinstance(error, OSError) and error.errno in _TOO_MANY_FILES:
        # No fault of the picture: passed over as a bad one, it would be missed without a word.
        return MachineError(
            tr("{path} cannot be opened: the program has too many files open.", path=path),
            cure=tr("Raise the limit of open files (ulimit -n), then try again."),
        )
    return ImageError(str(path), *_reason(error, head, size))


def _reason(error: Exception, head: bytes, size: int) -> tuple[ImageReason, str]:
    if isinstance(error, OSError) and error.errno is not None:
        return _system_reason(error)
    if isinstance(error, MemoryError):
        return ImageReason.TOO_LARGE, tr("not enough memory")
    if is_cut_off(head, size):
        return ImageReason.TRUNCATED, ""
    if isinstance(error, UnidentifiedImageError):
        return why_unidentified(head)
    return _decoders_reason(error), ""


def _decoders_reason(error: Exception) -> ImageReason:
    text = str(error).lower()
    if isinstance(error, Image.DecompressionBombError) or "too large" in text:
        return ImageReason.TOO_LARGE
    if isinstance(error, EOFError) or "truncated" in text:
        return ImageReason.TRUNCATED
    return ImageReason.DAMAGED


def _system_reason(error: OSError) -> tuple[ImageReason, str]:
    if error.errno in _NO_SUCH_FILE:
        return ImageReason.MISSING, ""
    if error.errno in _FORBIDDEN:
        return ImageReason.NO_PERMISSION, ""
    return ImageReason.DAMAGED, tr(
        "the system says: {reason}", reason=(error.strerror or tr("cannot read")).lower()
    )
