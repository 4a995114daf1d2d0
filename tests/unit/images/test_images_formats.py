"""Which files are pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from petstudio.api.errors import ImageReason
from petstudio.images.formats import (
    has_picture_suffix,
    is_cut_off,
    is_picture_without_suffix,
    why_unidentified,
)


@pytest.mark.parametrize(
    "name", ["a.jpg", "A.JPG", "b.tar.png", ".x.webp", "c.Tiff", "d.pfm", "e.png.", "f.jpg "]
)
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


@pytest.mark.parametrize(
    ("head", "size", "expected"),
    [
        (b"\xff\xd8", 2, True),
        (b"\xff\xd8\xff\xe0" + bytes(60), 5000, False),
        (b"\x89PNG\r\n\x1a\n", 8, True),
        (b"RIFF\x64\0\0\0WEBP", 107, True),
        (b"RIFF\x64\0\0\0WEBP", 108, False),
        (b"RIFF", 4, False),
        (b"II*\0\x40\0\0\0" + bytes(8), 64, True),
        (b"II*\0\x40\0\0\0" + bytes(8), 65, False),
        (b"MM\0*\0\0\0\x40" + bytes(8), 64, True),
        (b"II+\0\x08\0\0\0" + b"\xff" * 8, 16, True),
        (b"MM\0*", 4, False),
        (b"Dear diary", 10, False),
        (b"", 0, False),
    ],
)
def test_that_a_head_that_promises_more_than_the_file_is_cut_off(
    head: bytes, size: int, expected: bool
) -> None:
    assert is_cut_off(head, size) is expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("photo", b"\xff\xd8\xff\xe0", True),
        ("photo", b"RIFF\0\0\0\0WEBPVP8 ", True),
        ("photo", b"Dear diary", False),
        ("photo", b"8BPS\0\1", False),
        ("photo", b"", False),
        ("photo.txt", b"\xff\xd8\xff\xe0", False),
    ],
)
def test_that_only_a_name_without_suffix_is_judged_by_its_first_bytes(
    tmp_path: Path, name: str, content: bytes, expected: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    assert is_picture_without_suffix(tmp_path / name) is expected


def test_that_a_file_that_is_gone_is_no_picture(tmp_path: Path) -> None:
    assert not is_picture_without_suffix(tmp_path / "photo")
