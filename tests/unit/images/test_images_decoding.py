"""The one safe decoder, on pictures made here."""

from __future__ import annotations

import ast
import os
import pickle
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageFile, PngImagePlugin

import petstudio
from petstudio.api.errors import ImageError, ImageReason
from petstudio.images import decoding
from petstudio.images.decoding import MAX_PIXELS, read_image

RED, GREEN = (255, 0, 0), (0, 128, 0)


def _reason(path: Path) -> ImageReason:
    with pytest.raises(ImageError) as caught:
        read_image(path)
    assert path.name in str(caught.value)
    assert "<" not in str(caught.value)
    return caught.value.reason


def _save(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def _gradient(width: int, height: int) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "dib", "gif", "tif", "webp", "ppm"])
def test_that_every_listed_format_comes_out_as_rgb(tmp_path: Path, suffix: str) -> None:
    path = _save(tmp_path / f"a.{suffix}", Image.new("RGB", (20, 10), RED))
    picture = read_image(path)
    assert (picture.mode, picture.size) == ("RGB", (20, 10))
    red, green, blue = picture.getpixel((5, 5))
    assert red > 245
    assert max(green, blue) < 10


def test_that_the_content_counts_and_not_the_suffix(tmp_path: Path) -> None:
    path = _save(tmp_path / "a.jpg", Image.new("RGB", (3, 3), RED), format="PNG")
    assert read_image(path).getpixel((0, 0)) == RED


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "LAB", "LA", "PA", "RGBA"])
def test_that_every_colour_mode_comes_out_as_rgb(tmp_path: Path, mode: str) -> None:
    path = _save(tmp_path / "a.tif", Image.new(mode, (4, 4)))
    assert read_image(path).mode == "RGB"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_that_a_turned_picture_comes_out_upright(
    tmp_path: Path, suffix: str, orientation: int
) -> None:
    upright = Image.new("RGB", (40, 20), GREEN)
    upright.paste(RED, (0, 0, 20, 10))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = _stored_as(upright, orientation)
    options = {"quality": 95} if suffix in ("jpg", "webp") else {}
    path = _save(tmp_path / f"a.{suffix}", stored, exif=exif, **options)
    picture = read_image(path)
    assert picture.size == (40, 20)
    assert picture.getpixel((5, 5))[0] > 200
    assert all(picture.getpixel(place)[0] < 50 for place in ((35, 5), (35, 15), (5, 15)))


def _stored_as(upright: Image.Image, orientation: int) -> Image.Image:
    turn = Image.Transpose
    inverse = {
        2: turn.FLIP_LEFT_RIGHT, 3: turn.ROTATE_180, 4: turn.FLIP_TOP_BOTTOM, 5: turn.TRANSPOSE,
        6: turn.ROTATE_90, 7: turn.TRANSVERSE, 8: turn.ROTATE_270,
    }  # fmt: skip
    return upright.transpose(inverse[orientation]) if orientation in inverse else upright


def test_that_broken_exif_leaves_the_picture_as_stored(tmp_path: Path) -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12\0\x03\xff\xff"
    path = _save(tmp_path / "a.jpg", Image.new("RGB", (8, 4), RED), exif=exif)
    assert read_image(path).size == (8, 4)


def test_that_16_bit_grey_keeps_its_high_bits(tmp_path: Path) -> None:
    values = [0, 255, 256, 32_768, 65_535]
    image = Image.new("I;16", (5, 1))
    image.putdata(values)
    for suffix in ("png", "tif"):
        picture = read_image(_save(tmp_path / f"a.{suffix}", image))
        assert [picture.getpixel((x, 0))[0] for x in range(5)] == [v >> 8 for v in values]


def test_that_a_16_bit_grey_png_may_name_a_transparent_value(tmp_path: Path) -> None:
    image = Image.new("I;16", (2, 1))
    image.putdata([0, 40_000])
    path = _save(tmp_path / "a.png", image, transparency=40_000)
    assert read_image(path).getpixel((1, 0)) == (156, 156, 156)


@pytest.mark.parametrize(
    ("values", "greys"),
    [
        ([0.0, 0.5, 1.0], [0, 127, 255]),
        ([-1.0, 100.0, 255.0], [0, 100, 255]),
        ([0.0, 32_768.0, 65_535.0], [0, 127, 255]),
    ],
)
def test_that_real_values_are_read_in_the_smallest_range_that_holds_them(
    tmp_path: Path, values: list[float], greys: list[int]
) -> None:
    image = Image.new("F", (3, 1))
    image.putdata(values)
    picture = read_image(_save(tmp_path / "a.tif", image))
    assert [picture.getpixel((x, 0))[0] for x in range(3)] == greys


def test_that_transparency_shows_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (3, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 255))
    image.putpixel((2, 0), (0, 0, 0, 51))
    picture = read_image(_save(tmp_path / "a.png", image))
    greys = [picture.getpixel((x, 0))[0] for x in range(3)]
    assert greys == [255, 0, 204]


def test_that_the_hidden_colour_of_a_palette_stays_hidden(tmp_path: Path) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    path = _save(tmp_path / "a.png", image, transparency=b"\x00\xff")
    picture = read_image(path)
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert picture.getpixel((1, 0)) == (0, 0, 255)


def test_that_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (6, 4), colour) for colour in (RED, GREEN)]
    for suffix in ("gif", "png", "webp", "tif"):
        path = tmp_path / f"a.{suffix}"
        frames[0].save(path, save_all=True, append_images=frames[1:])
        red, green, _ = read_image(path).getpixel((2, 2))
        assert red > 240
        assert green < 20


@pytest.mark.parametrize(
    ("at_least", "size"),
    [(None, (800, 600)), (601, (800, 600)), (300, (400, 300)), (150, (200, 150)), (1, (100, 75))],
)
def test_that_a_jpeg_shrinks_by_powers_of_two_but_not_below_the_wanted_side(
    tmp_path: Path, at_least: int | None, size: tuple[int, int]
) -> None:
    path = _save(tmp_path / "a.jpg", _gradient(800, 600))
    assert read_image(path, at_least=at_least).size == size


def test_that_other_formats_come_in_full_size(tmp_path: Path) -> None:
    path = _save(tmp_path / "a.png", _gradient(80, 60))
    assert read_image(path, at_least=10).size == (80, 60)


@pytest.mark.parametrize("suffix", ["jpg", "png", "bmp", "gif", "ppm"])
def test_that_a_file_that_was_cut_off_is_truncated(tmp_path: Path, suffix: str) -> None:
    path = _save(tmp_path / f"a.{suffix}", Image.effect_noise((64, 64), 90).convert("RGB"))
    path.write_bytes(path.read_bytes()[:-400])
    assert _reason(path) is ImageReason.TRUNCATED


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", ImageReason.EMPTY),
        (b"hello", ImageReason.NOT_AN_IMAGE),
        (b"<html><b>404</b></html>", ImageReason.NOT_AN_IMAGE),
        (b"%!PS-Adobe-3.0", ImageReason.UNSUPPORTED),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), ImageReason.DAMAGED),
        (b"P6 0 5 255\n", ImageReason.DAMAGED),
    ],
)
def test_that_what_is_no_picture_is_refused_with_its_reason(
    tmp_path: Path, content: bytes, reason: ImageReason
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    assert _reason(path) is reason


def test_that_a_missing_file_is_said_to_be_gone(tmp_path: Path) -> None:
    assert _reason(tmp_path / "a.jpg") is ImageReason.MISSING


def test_that_a_folder_is_not_a_picture(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").mkdir()
    assert _reason(tmp_path / "a.jpg") is ImageReason.NOT_AN_IMAGE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_that_a_named_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    assert _reason(tmp_path / "a.jpg") is ImageReason.NOT_AN_IMAGE


def test_that_a_file_without_permission_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    path = _save(tmp_path / "a.png", Image.new("RGB", (2, 2)))
    monkeypatch.setattr(Path, "open", refuse)
    assert _reason(path) is ImageReason.NO_PERMISSION


def test_that_a_file_of_more_than_512_mib_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    with path.open("wb") as stream:
        stream.truncate(decoding.MAX_FILE_BYTES + 1)
    assert _reason(path) is ImageReason.TOO_LARGE


@pytest.mark.parametrize(
    ("width", "height", "reason"),
    [
        (MAX_PIXELS - 1, 1, ImageReason.TRUNCATED),
        (1, MAX_PIXELS, ImageReason.TRUNCATED),
        (MAX_PIXELS + 1, 1, ImageReason.TOO_LARGE),
        (MAX_PIXELS, 2, ImageReason.TOO_LARGE),
        (2 * MAX_PIXELS + 1, 1, ImageReason.TOO_LARGE),
        (99_999_999, 99_999_999, ImageReason.TOO_LARGE),
    ],
)
def test_that_the_pixel_limit_is_exact(
    tmp_path: Path, width: int, height: int, reason: ImageReason
) -> None:
    path = tmp_path / "a.pgm"
    path.write_bytes(f"P5 {width} {height} 255\n".encode())
    assert _reason(path) is reason


def test_that_a_png_with_exploding_text_is_too_large(tmp_path: Path) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a" * 2_000_000, zip=True)
    path = _save(tmp_path / "a.png", Image.new("RGB", (2, 2)), pnginfo=text)
    assert _reason(path) is ImageReason.TOO_LARGE


def test_that_running_out_of_memory_is_told_as_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhaust(self: ImageFile.ImageFile) -> None:
        raise MemoryError

    path = _save(tmp_path / "a.png", Image.new("RGB", (2, 2)))
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", exhaust)
    assert _reason(path) is ImageReason.TOO_LARGE


def test_that_a_disk_error_is_told_in_the_systems_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: ImageFile.ImageFile) -> None:
        raise OSError(5, "Input/output error")

    path = _save(tmp_path / "a.png", Image.new("RGB", (2, 2)))
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load", fail)
    with pytest.raises(ImageError, match="input/output error"):
        read_image(path)


def test_that_the_error_survives_a_process_border(tmp_path: Path) -> None:
    with pytest.raises(ImageError) as caught:
        read_image(tmp_path / "a.jpg")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.path, copy.reason) == (str(tmp_path / "a.jpg"), ImageReason.MISSING)


def test_that_pillows_warnings_stay_inside_also_in_threads(tmp_path: Path) -> None:
    header = b"P5 %d 1 255\n" % (MAX_PIXELS + 1)
    paths = [tmp_path / f"{index}.pgm" for index in range(24)]
    for path in paths:
        path.write_bytes(header)
    warnings.resetwarnings()
    warnings.simplefilter("error")
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(_reason, paths)) == {ImageReason.TOO_LARGE}


def test_that_threads_decode_the_same_pictures(tmp_path: Path) -> None:
    paths = [
        _save(tmp_path / f"{index}.jpg", Image.effect_noise((60, 50), index).convert("RGB"))
        for index in range(16)
    ]
    alone = [read_image(path).tobytes() for path in paths]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda path: read_image(path).tobytes(), paths))
    assert together == alone


def test_that_the_decoder_is_the_only_place_that_opens_pictures() -> None:
    package = Path(petstudio.__file__).parent
    sources = [*package.rglob("*.py"), *(package.parent / "plugins").rglob("*.py")]
    openers = {path for path in sources if _opens_pictures(path)}
    assert openers == {package / "images" / "decoding.py"}


def _opens_pictures(source: Path) -> bool:
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr == "open":
            owner = node.value
            if "Image" in (getattr(owner, "id", ""), getattr(owner, "attr", "")):
                return True
        if isinstance(node, ast.ImportFrom) and node.module == "PIL.Image":
            return True
    return False
