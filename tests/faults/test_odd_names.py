"""Names of files and classes that trip programs up, all the way to predictions and back."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from terminal_fixtures import QUICK, events, petstudio

from petstudio.api.events import ImageSkipped, from_json, to_json
from petstudio.images.listing import list_images
from petstudio.jobs.plans import training_data
from petstudio.jobs.spreadsheet import plain_cell
from petstudio.project.names import shown_text
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="names are any bytes on Linux only")

STEMS = (
    b"plain", b"two words", b" leading", b"trailing ", b"dot.in.it", b"trailing.", b"mid...dots",
    b"-dash", b"--help", b"-rf", b"~", b"~root", b"$HOME", b"${x}", b"`id`", b"$(id)", b"%s",
    b"%20", b"%00", b"&amp;", b"a&b", b"a;b", b"a|b", b"a>b", b"a<b", b"<b>bold",
    b"<script>alert(1)", b"'single", b'"double', b"it's", b"back\\slash", b"c:drive", b"star*",
    b"what?", b"[range]", b"{brace}", b"#hash", b"=1+1", b"+1", b"@x", b"comma,comma",
    b"tab\there", b"new\nline", b"return\rhere", b"bell\a", b"escape\x1b[31m", b"delete\x7f",
    b"CON", b"nul", b"aux", b"caf\xc3\xa9", b"cafe\xcc\x81", "ﬁ".encode(), "猫".encode(),
    "🐈".encode(), "👩\u200d👧".encode(), "קטס".encode(), "\u202egnp.x".encode(),
    "\ufeffbom".encode(), "\u200bzero".encode(), "İı".encode(), "ＡＢ".encode(), b"latin\xe9",
    b"\xff\xfe", b"\x80", b"\xed\xa0\x80", b"\xf0\x9f", b"\xc0\xaf", b"x" * 251,
)  # fmt: skip
OTHERS = (b"UPPER.PNG", b"no_suffix", b"end.png.", b"end.png ")
NAMES = (*(stem + b".png" for stem in STEMS), *OTHERS)
FOLDERS = (b"k\xc3\xa4tzchen", b"<i>hund <i>")


def draw(path: Path, seed: int) -> None:
    colour = (200, 60, 40) if seed % 2 else (40, 60, 200)
    pixels = np.random.default_rng(seed).normal(colour, 30, (36, 40, 3))
    picture = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    with path.open("wb") as stream:
        picture.save(stream, "PNG")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("odd") / "data"
    for folder in FOLDERS:
        (root / os.fsdecode(folder)).mkdir(parents=True)
    for number, name in enumerate(NAMES):
        draw(root / os.fsdecode(FOLDERS[number % 2]) / os.fsdecode(name), number)
    return root


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    assert petstudio("new", tmp_path / "p", "--data", root, "--loader", "folder") == 0
    return tmp_path / "p.petstudio"


def expected_paths() -> set[bytes]:
    return {FOLDERS[number % 2] + b"/" + name for number, name in enumerate(NAMES)}


def test_that_there_are_sixty_names_and_more() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 60


def test_that_every_name_comes_back_from_a_project_byte_for_byte(project: Path) -> None:
    with Project.open(project) as opened:
        images = opened.images()
        assert {os.fsencode(image.path) for image in images} == expected_paths()
        assert all(image.is_usable for image in images)
        assert {os.fsencode(name) for name in opened.classes()} == set(FOLDERS)
        assert all(image.shown.isprintable() for image in images)


def test_that_a_class_that_is_no_text_comes_back_byte_for_byte(tmp_path: Path) -> None:
    for number, folder in enumerate((b"hund \xff", b"\xed\xa0\x80", b"new\nline")):
        place = tmp_path / "data" / os.fsdecode(folder)
        place.mkdir(parents=True)
        for name in ("a.png", "b.png"):
            draw(place / name, number)
    assert petstudio("new", tmp_path / "p", "--data", tmp_path / "data", "--loader", "folder") == 0
    with Project.open(tmp_path / "p.petstudio") as opened:
        found = {os.fsencode(name) for name in opened.classes()}
    assert found == {b"hund \xff", b"\xed\xa0\x80", b"new\nline"}


def test_that_a_label_by_hand_stays_with_every_name(project: Path) -> None:
    with Project.open(project) as opened:
        labels = {image.id: f"by hand {image.id}" for image in opened.images()}
        paths = {image.id: os.fsencode(image.path) for image in opened.images()}
        opened.set_labels(labels, LabelOrigin.PERSON)
    with Project.open(project) as again:
        assert {image.id: image.label for image in again.images()} == labels
        assert {image.id: os.fsencode(image.path) for image in again.images()} == paths
    with (project / "labels.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["label"] for row in csv.DictReader(stream)} == set(labels.values())


def test_that_training_reads_the_very_files(root: Path, project: Path) -> None:
    with Project.open(project) as opened:
        data = training_data(opened)
    paths = {os.fsencode(path.relative_to(root)) for path in (*data.train.paths, *data.valid.paths)}
    assert paths == expected_paths()


def test_that_a_run_and_its_predictions_lose_no_name(
    root: Path, project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert petstudio("train", project, *QUICK) == 0
    capsys.readouterr()
    table = tmp_path / "predictions.csv"
    assert petstudio("predict", project, root, "--csv", table, "--json") == 0

    told = [
        event for event in events(capsys.readouterr().out) if event["event"] == "ImagePredicted"
    ]
    assert {os.fsencode(Path(str(e["path"])).relative_to(root)) for e in told} == expected_paths()
    with table.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    cells = [plain_cell(shown_text(str(root / name))) for name in list_images(root).files]
    assert [row["path"] for row in rows] == cells
    assert len(set(cells)) == len(NAMES)
    assert {row["error"] for row in rows} == {""}
    run = next((project / "runs").iterdir())
    assert "<script>alert(1)" not in (run / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name[:20]))
def test_that_an_event_carries_a_name_through_json(name: bytes) -> None:
    event = ImageSkipped(path=os.fsdecode(name), reason="the file is gone")
    line = to_json(event)
    assert from_json(line) == event
    line.encode("utf-8")


def test_that_a_path_longer_than_the_system_allows_is_left_out_with_its_reason(
    tmp_path: Path,
) -> None:
    draw(tmp_path / "near.png", 0)
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("far.png", os.O_CREAT, dir_fd=here))
    os.close(here)
    listing = list_images(tmp_path)
    assert listing.files == ("near.png",)
    (left,) = listing.left_out
    assert left.why == "the folder cannot be read: file name too long"
