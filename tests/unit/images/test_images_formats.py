"""Which files are pictures."""

from __future__ import annotations

import pytest

from petstudio.api.errors import ImageReason
from petstudio.images.formats import has_picture_suffix, why_unidentified


@pytest.mark.parametrize("name", ["a.jpg", "A.JPG", "b.tar.png", ".x.webp", "c.Tiff", "d.pfm"])
def test_that_a_name_with_a_known_suffix_is_a_picture(name: str) -> None:
    assert has_picture_suffix(name)


@pytest.mark.parametrize("name", ["jpg", ".jpg", "a.svg", "a.jpg.txt", "a.", "a.heic", "a.psd"])
def test_that_other_names_are_no_pictures(name: str) -> None:
    assert not has_picture_suffix(name)


@pytest.mark.parametrize(
    ("head", "reason", "words"),
    [
        (b"\x89PNG\r\n\x1a\nxx", ImageReason.DAMAGED, "PNG"),
        (b"RIFF\0\0\0\0WEBPVP8 ", ImageReason.DAMAGED, "WebP"),
        (b"8BPS\0\1", ImageReason.UNSUPPORTED, "Photoshop"),
        (b"\0\0\0\x20ftypheic", ImageReason.UNSUPPORTED, "HEIC"),
        (b"\0\0\0\x20ftypisom", ImageReason.UNSUPPORTED, "video"),
        (b"\n <!DOCTYPE HTML>", ImageReason.NOT_AN_IMAGE, "web page"),
        (b"version https://git-lfs.github.com", ImageReason.NOT_AN_IMAGE, "git lfs pull"),
        (b"Dear diary", ImageReason.NOT_AN_IMAGE, ""),
        (b"", ImageReason.NOT_AN_IMAGE, ""),
    ],
)
def test_that_a_file_no_decoder_accepts_is_named_by_its_first_bytes(
    head: bytes, reason: ImageReason, words: str
) -> None:
    found, detail = why_unidentified(head)
    assert found is reason
    assert words in detail
