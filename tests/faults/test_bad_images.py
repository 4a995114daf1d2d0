"""The corpus of bad and odd pictures: each is read or refused as its manifest demands."""

from __future__ import annotations

import csv
import multiprocessing
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import ImageChops, ImageStat

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError
from petstudio.images.decoding import read_image
from petstudio.images.listing import list_images
from petstudio.images.probing import probe_size
from petstudio.images.verification import verify_images

Row = Mapping[str, str]
LOADABLE, REJECTED = "loadable", "must-be-rejected-with-clear-error"


@pytest.fixture
def corpus(shared_folder: Path) -> Path:
    folder = shared_folder / "corpora" / "bad-images"
    if not folder.is_dir():
        pytest.skip("the corpus of bad images is not in the shared data folder")
    return folder


@pytest.fixture
def rows(corpus: Path) -> list[Row]:
    with (corpus / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _size(row: Row) -> tuple[int, int]:
    return int(row["rgb_width"]), int(row["rgb_height"])


def test_that_the_corpus_is_complete(corpus: Path, rows: list[Row]) -> None:
    names = {row["filename"] for row in rows}
    assert len(names) == 125
    assert names == {path.name for path in (corpus / "files").iterdir()}


def test_that_every_loadable_file_gives_an_rgb_picture_of_its_size(
    corpus: Path, rows: list[Row]
) -> None:
    for row in rows:
        if row["expected"] == LOADABLE:
            picture = read_image(corpus / "files" / row["filename"])
            assert (row["filename"], picture.mode, picture.size) == (
                row["filename"], "RGB", _size(row),
            )  # fmt: skip


def test_that_probing_measures_what_decoding_gives(corpus: Path, rows: list[Row]) -> None:
    for row in rows:
        if row["expected"] == LOADABLE:
            assert probe_size(corpus / "files" / row["filename"]) == _size(row), row["filename"]


def test_that_every_hopeless_file_is_refused_in_words(corpus: Path, rows: list[Row]) -> None:
    for row in rows:
        if row["expected"] == REJECTED:
            _assert_clear_refusal(corpus / "files" / row["filename"])


def _assert_clear_refusal(path: Path) -> None:
    with pytest.raises(ImageError) as caught:
        read_image(path)
    text = str(caught.value)
    assert path.name in text
    assert caught.value.reason.value in text
    assert not any(sign in text for sign in ("<", "Traceback", "Error", "object at", "PIL"))


def test_that_doubtful_files_are_read_or_refused_in_words(corpus: Path, rows: list[Row]) -> None:
    for row in rows:
        if row["expected"] not in (LOADABLE, REJECTED):
            try:
                picture = read_image(corpus / "files" / row["filename"])
            except ImageError:
                _assert_clear_refusal(corpus / "files" / row["filename"])
            else:
                assert picture.mode == "RGB"


def test_that_deep_greys_keep_more_than_one_level(corpus: Path, rows: list[Row]) -> None:
    deep = [row["filename"] for row in rows if row["kind"] == "16-bit-or-float"]
    for name in deep:
        low, high = ImageStat.Stat(read_image(corpus / "files" / name).convert("L")).extrema[0]
        assert low < high, name


def test_that_the_turned_portraits_are_all_upright(corpus: Path) -> None:
    upright = read_image(corpus / "files" / "hopper_orientation_2.jpg")
    turned = [*(corpus / "files").glob("hopper_orientation_*")]
    assert len(turned) == 3
    for path in turned:
        difference = ImageChops.difference(upright, read_image(path))
        assert max(ImageStat.Stat(difference).mean) < 8, path.name


def test_that_verifying_the_whole_folder_agrees_with_the_manifest(
    corpus: Path, rows: list[Row]
) -> None:
    files = sorted(row["filename"] for row in rows)
    bad = verify_images(corpus / "files", files, RunControl(), lambda _: None)
    expected = {row["filename"]: row["expected"] for row in rows}
    assert [name for name in files if expected[name] == LOADABLE and name in bad] == []
    assert [name for name in files if expected[name] == REJECTED and name not in bad] == []
    assert all(str(error).startswith(f"{name}: ") for name, error in bad.items())
    assert multiprocessing.active_children() == []


def test_that_listing_counts_every_file_of_the_folder(corpus: Path) -> None:
    listing = list_images(corpus / "files")
    assert len(listing.files) + len(listing.left_out) == 125
