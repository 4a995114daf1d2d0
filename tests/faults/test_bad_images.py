"""The corpus of bad and odd pictures: each is read or refused as its manifest demands."""

from __future__ import annotations

import csv
import multiprocessing
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from engine_fixtures import make_plan
from PIL import ImageChops, ImageStat
from verified_images import verify_images

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError, ImageReason
from petstudio.api.events import Event, ImageSkipped, ProjectCreated
from petstudio.engine.training import Listener, Trainer
from petstudio.images.decoding import read_image
from petstudio.images.listing import list_images
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.plans import training_data
from petstudio.jobs.proving import DataSource
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import ImageRecord

Row = Mapping[str, str]
LOADABLE, REJECTED = "loadable", "must-be-rejected-with-clear-error"
CLASSES = ("odd", "even")
# The manifest suggests reasons for a loader that knows all of Pillow's formats.
REASONS = {
    "empty-file": {ImageReason.EMPTY},
    "too-large": {ImageReason.TOO_LARGE},
    "truncated": {ImageReason.TRUNCATED},
    "damaged": {ImageReason.DAMAGED},
    "damaged-or-not-an-image": {ImageReason.DAMAGED, ImageReason.NOT_AN_IMAGE},
    "not-an-image": {ImageReason.NOT_AN_IMAGE},
    "unsupported-format": {ImageReason.UNSUPPORTED},
    "bad-dimensions": {ImageReason.BAD_DIMENSIONS},
}
FOREIGN = {ImageReason.NOT_AN_IMAGE, ImageReason.UNSUPPORTED}
# What other formats are called; their files are refused for what they are.
FOREIGN_NAMES = ("fli_", "eps_", "hdf5", "WAlaska")
# "P632" is read as the letters of a PPM, not as a size, by Pillow as well.
OWN_REASONS = {"negative_size.ppm": {ImageReason.DAMAGED}}


@dataclass(frozen=True, kw_only=True)
class Import:
    """The corpus as a project; `names` gives the project's paths by the manifest's names."""

    project: Path
    root: Path
    names: Mapping[str, str]
    events: tuple[Event, ...]
    records: Mapping[str, ImageRecord]
    left_out: frozenset[str]


@pytest.fixture(scope="module")
def corpus() -> Path:
    folder = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "bad-images"
    if not folder.is_dir():
        pytest.skip("the shared corpus of bad images is not beside this checkout")
    return folder


@pytest.fixture(scope="module")
def imported(
    corpus: Path, rows: list[Row], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Import]:
    """Import a copy of the corpus as two classes, with the loader for folders."""
    root = tmp_path_factory.mktemp("corpus")
    for name in CLASSES:
        (root / name).mkdir()
    names = {
        row["filename"]: f"{CLASSES[place % 2]}/{row['filename']}" for place, row in enumerate(rows)
    }
    for name, path in names.items():
        shutil.copyfile(corpus / "files" / name, root / path)
    events: list[Event] = []
    project = root / "p.petstudio"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PETSTUDIO_HOME", str(tmp_path_factory.mktemp("home")))
        source = DataSource(root=root, loader="folder", options={})
        job = create_project(PluginHost.load(), project, source, SplitChoice(valid_share=0.25))
        job(events.append, RunControl())
        with Project.open(project) as opened:
            records = {record.path: record for record in opened.images()}
        yield Import(
            project=project,
            root=root,
            names=names,
            events=tuple(events),
            records=records,
            left_out=frozenset(entry.path for entry in list_images(root).left_out),
        )


@pytest.fixture(scope="module")
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


def _expected_reasons(row: Row) -> set[ImageReason]:
    is_foreign = row["core_exception"] == "UnidentifiedImageError" and (
        row["format"] or row["filename"].startswith(FOREIGN_NAMES)
    )
    reasons = OWN_REASONS.get(row["filename"], REASONS[row["reason"]])
    return reasons | FOREIGN if is_foreign else reasons


def test_that_every_loadable_file_of_an_imported_folder_can_be_used(
    imported: Import, rows: list[Row]
) -> None:
    for row in rows:
        if row["expected"] == LOADABLE:
            record = imported.records[imported.names[row["filename"]]]
            picture = read_image(imported.root / record.path)
            assert (record.path, record.unreadable, record.is_usable) == (record.path, None, True)
            assert (record.path, picture.mode, picture.size) == (record.path, "RGB", _size(row))


def test_that_every_hopeless_file_of_an_imported_folder_is_kept_with_its_reason(
    imported: Import, rows: list[Row]
) -> None:
    for row in rows:
        path = imported.names[row["filename"]]
        if row["expected"] == REJECTED and path not in imported.left_out:
            reasons = {reason.value for reason in _expected_reasons(row)}
            assert imported.records[path].unreadable in reasons, path
            assert not imported.records[path].is_usable


def test_that_only_files_with_a_foreign_suffix_are_left_out_of_an_imported_folder(
    imported: Import, rows: list[Row]
) -> None:
    foreign = {
        imported.names[row["filename"]] for row in rows if row["core_outcome"] != "ok"
    }  # fmt: skip
    assert {path for path in imported.left_out if not path.endswith(".petstudio")} <= foreign
    assert imported.records.keys().isdisjoint(imported.left_out)
    assert len(imported.records) + len(imported.left_out) == 125 + 1  # the project itself


def test_that_doubtful_files_of_an_imported_folder_are_used_or_kept_with_a_reason(
    imported: Import, rows: list[Row]
) -> None:
    known = {reason.value for reason in ImageReason}
    for row in rows:
        path = imported.names[row["filename"]]
        if row["expected"] not in (LOADABLE, REJECTED) and path not in imported.left_out:
            record = imported.records[path]
            assert record.is_usable or record.unreadable in known


def test_that_an_import_tells_each_file_it_cannot_use_and_counts_them(imported: Import) -> None:
    told = {
        event.path: event.reason for event in imported.events if isinstance(event, ImageSkipped)
    }
    kept = {path: record.unreadable for path, record in imported.records.items()}
    assert told == {path: reason for path, reason in kept.items() if reason is not None}
    created = imported.events[-1]
    assert isinstance(created, ProjectCreated)
    assert (created.images, created.unreadable) == (len(kept), len(told))
    assert created.train + created.valid == len(kept) - len(told)


def test_that_an_imported_folder_of_bad_images_can_be_trained_on(imported: Import) -> None:
    with Project.open(imported.project) as project:
        project.folders.locate(imported.root)
        data = training_data(project)
    events: list[Event] = []
    trainer = Trainer(make_plan(epochs=1), data)
    predictions = trainer.run(1, "folder", Listener(emit=events.append, control=RunControl()))
    assert [event for event in events if isinstance(event, ImageSkipped)] == []
    assert len(predictions.targets) == len(data.valid) > 10
