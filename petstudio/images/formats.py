"""Which files are pictures: by suffix when listing, by content when one cannot be opened."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from petstudio.api.errors import ImageReason
from petstudio.api.language import tr

FORMAT_NAMES: Final = tr("JPEG, PNG, BMP, GIF, TIFF, WebP and PPM")
SUFFIXES: Final = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
        *(".png", ".apng", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".webp"),
        *(".ppm", ".pgm", ".pbm", ".pnm", ".pfm"),
    )
)
HEAD_BYTES: Final = 64


@dataclass(frozen=True, kw_only=True)
class _Signature:
    magic: bytes
    looks_like: str
    reason: ImageReason
    offset: int = 0


def has_picture_suffix(name: str) -> bool:
    # Some programs leave a dot or a space behind, which Windows would have taken away.
    stem, _, suffix = name.rstrip(". ").rpartition(".")
    return bool(stem) and f".{suffix.lower()}" in SUFFIXES


def is_picture_without_suffix(path: Path) -> bool:
    """True for a regular file without any suffix that begins like one of our formats."""
    if "." in path.name:
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError:
        return False
    return any(_begins(head, signature) for signature in _OWN)


def why_unidentified(head: bytes) -> tuple[ImageReason, str]:
    """Return why no decoder accepts a file with these first bytes, and what it looks like."""
    text = head.lstrip().lower()
    for signature in _SIGNATURES:
        if _begins(head, signature) or text.startswith(signature.magic):
            return signature.reason, tr(
                "it looks like {looks_like}", looks_like=signature.looks_like
            )
    return ImageReason.NOT_AN_IMAGE, ""


def is_cut_off(head: bytes, size: int) -> bool:
    """True where the first bytes promise more than the `size` bytes of the file can hold."""
    for magic, least in _LEAST_BYTES.items():
        if head.startswith(magic):
            return size < least
    if head[:4] == b"RIFF" and len(head) >= 8:
        return size < 8 + _number(head, 4, "<I")
    for magic, order in _TIFF_HEADS.items():
        if head.startswith(magic) and len(head) >= 16:
            return size <= _number(head, *order)
    return False


def _begins(head: bytes, signature: _Signature) -> bool:
    return head.startswith(signature.magic, signature.offset)


def _number(head: bytes, offset: int, form: str) -> int:
    value: int = struct.unpack_from(form, head, offset)[0]
    return value


def _group(reason: ImageReason, names: dict[str, tuple[bytes, ...]]) -> tuple[_Signature, ...]:
    return tuple(
        _Signature(magic=magic, looks_like=name, reason=reason)
        for name, magics in names.items()
        for magic in magics
    )


# A file that begins like one of our own formats and is still not accepted is a damaged one.
_DAMAGED: Final = _group(
    ImageReason.DAMAGED,
    {
        "a JPEG picture": (b"\xff\xd8",),
        "a PNG picture": (b"\x89PNG",),
        "a BMP picture": (b"BM",),
        "a GIF picture": (b"GIF8",),
        "a TIFF picture": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
        "a PPM picture": (b"P1", b"P2", b"P3", b"P4", b"P5", b"P6", b"PF\n", b"Pf\n"),
    },
)
_UNSUPPORTED: Final = _group(
    ImageReason.UNSUPPORTED,
    {
        "a Photoshop picture": (b"8BPS",),
        "PostScript": (b"%!PS", b"\xc5\xd0\xd3\xc6"),
        "a JPEG 2000 picture": (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"),
        "a JPEG XL picture": (b"\xff\x0a", b"\0\0\0\x0cJXL "),
        "a DDS picture": (b"DDS ",),
        "a QOI picture": (b"qoif",),
        "an icon": (b"\0\0\1\0", b"\0\0\2\0", b"icns"),
        "an SGI picture": (b"\x01\xda",),
        "an XPM picture": (b"/* xpm */",),
        "an SVG drawing": (b"<svg",),
        "a GIMP picture": (b"gimp xcf",),
        "a FITS picture": (b"SIMPLE  =",),
        "a Radiance picture": (b"#?RADIANCE",),
    },
)
_BOXED: Final = tuple(
    _Signature(magic=magic, looks_like=name, reason=ImageReason.UNSUPPORTED, offset=4)
    for magic, name in (
        (b"ftypavi", tr("an AVIF picture")),
        (b"ftyphe", tr("a HEIC picture")),
        (b"ftypmif1", tr("a HEIC picture")),
        (b"ftyp", tr("a video")),
    )
)
_OTHER: Final = _group(
    ImageReason.NOT_AN_IMAGE,
    {
        "a web page": (b"<!doctype html", b"<html"),
        "a PDF document": (b"%PDF",),
        "an office document": (b"\xd0\xcf\x11\xe0",),
        "a zip archive or office document": (b"PK\3\4",),
        "a Git LFS pointer; fetch the real file with git lfs pull": (b"version https://git-lfs",),
    },
)
_WEBP: Final = (
    _Signature(
        magic=b"WEBP", looks_like=tr("a WebP picture"), reason=ImageReason.DAMAGED, offset=8
    ),
)
_OWN: Final = (*_DAMAGED, *_WEBP)
_SIGNATURES: Final = (*_OWN, *_UNSUPPORTED, *_BOXED, *_OTHER)
# The first two markers of a JPEG and the first chunk of a PNG end there.
_LEAST_BYTES: Final = {b"\xff\xd8": 4, b"\x89PNG": 33}
# Where a TIFF says at which byte its first directory stands; in BigTIFF it is a longer number.
_TIFF_HEADS: Final = {
    b"II*\0": (4, "<I"),
    b"MM\0*": (4, ">I"),
    b"II+\0": (8, "<Q"),
    b"MM\0+": (8, ">Q"),
}
