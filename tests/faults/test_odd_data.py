"""Odd data on its way from a folder to a trained network: a sensible result, or a sentence."""

from __future__ import annotations

import csv
import json
import math
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from engine_fixtures import make_plan
from PIL import Image

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.errors import ImageReason, InputError
from petstudio.api.events import Event, NoticeGiven, ProgressMade, ProjectCreated
from petstudio.engine.measuring import Measuring
from petstudio.engine.predictions import confusion, most_confused
from petstudio.engine.training import Listener, Trainer
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.plans import default_metrics, training_data
from petstudio.jobs.proving import DataSource
from petstudio.jobs.verifying import verify_pictures
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import ImageRecord, LabelOrigin, NewImage, Source

QUARTER = SplitChoice(valid_share=0.25)
LABEL_OF_NAME = r"^(?P<label>.*)_\d+\.[^.]+$"


@dataclass(frozen=True, kw_only=True)
class Made:
    """A project that came of a folder, and what was told meanwhile."""

    path: Path
    events: tuple[Event, ...]
    records: Mapping[str, ImageRecord]

    @property
    def created(self) -> ProjectCreated:
        last = self.events[-1]
        assert isinstance(last, ProjectCreated)
        return last

    @property
    def notices(self) -> str:
        return "\n".join(e.message for e in self.events if isinstance(e, NoticeGiven))

    @property
    def classes(self) -> dict[str | None, int]:
        return dict(Counter(record.label for record in self.records.values()))


Import = Callable[..., Made]


@pytest.fixture(scope="module")
def host() -> PluginHost:
    return PluginHost.load()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def import_folder(host: PluginHost, root: Path) -> Import:
    """Import the folder as the window and the command line do."""

    def made(
        loader: str = "regex",
        *,
        emit: Callable[[Event], None] = lambda _: None,
        split: SplitChoice = QUARTER,
        **options: object,
    ) -> Made:
        if loader == "regex":
            options.setdefault("pattern", LABEL_OF_NAME)
        events: list[Event] = []

        def note(event: Event) -> None:
            events.append(event)
            emit(event)

        path = root.parent / "p.petstudio"
        source = DataSource(root=root, loader=loader, options=options)
        create_project(host, path, source, split)(note, RunControl())
        with Project.open(path) as project:
            records = {record.path: record for record in project.images()}
        return Made(path=path, events=tuple(events), records=records)

    return made


def draw(root: Path, *names: str) -> None:
    """Write a small picture of its own under each name."""
    for name in names:
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(list(os.fsencode(name)))
        Image.fromarray(rng.integers(0, 255, (24, 28, 3), dtype=np.uint8)).save(place, "PNG")


def numbered(label: str, count: int) -> list[str]:
    return [f"{label}_{number}.png" for number in range(count)]


def trained(host: PluginHost, project: Path) -> dict[str, float]:
    """Train a tiny network and measure it as a finished run is measured."""
    with Project.open(project) as opened:
        data = training_data(opened)
    trainer = Trainer(make_plan(epochs=1), data)
    listener = Listener(emit=lambda _: None, control=RunControl())
    predictions = trainer.run(1, "folder", listener)
    assert confusion(predictions).sum() == len(data.valid)
    most_confused(confusion(predictions), data.classes)
    return Measuring(default_metrics(host), print).measure(predictions)


def assert_numbers(metrics: Mapping[str, float]) -> None:
    assert all(math.isfinite(value) for value in metrics.values()), metrics


def is_sentence(error: Exception) -> bool:
    text = str(error)
    is_plain = not any(sign in text for sign in ("Traceback", "object at", "Error(", "None"))
    return is_plain and (text[0].isupper() or text[0].isdigit()) and text.endswith(".")


# F16: what the folder is like, and what is said


def test_that_a_folder_without_pictures_is_refused(import_folder: Import, root: Path) -> None:
    (root / "notes.txt").write_text("hello")
    with pytest.raises(InputError, match="has no pictures") as caught:
        import_folder()
    assert is_sentence(caught.value)
    assert not (root.parent / "p.petstudio").exists()


def test_that_one_class_is_refused(import_folder: Import, root: Path) -> None:
    draw(root, *numbered("cat", 5))
    with pytest.raises(InputError, match=r"1 class \(cat\)") as caught:
        import_folder()
    assert is_sentence(caught.value)


def test_that_a_class_with_one_picture_is_learned_and_told(host, import_folder, root) -> None:
    draw(root, *numbered("cat", 9), *numbered("dog", 9), "owl_0.png")
    made = import_folder()
    assert "Only 1 picture: owl" in made.notices
    assert made.records["owl_0.png"].split is Split.TRAIN
    assert_numbers(trained(host, made.path))


def test_that_a_class_whose_pictures_are_all_unreadable_is_no_class(
    host, import_folder, root
) -> None:
    draw(root, *numbered("cat", 9), *numbered("dog", 9))
    for name in numbered("owl", 3):
        (root / name).write_bytes(b"nothing")
    made = import_folder()
    assert (made.created.classes, made.created.unreadable) == (2, 3)
    assert_numbers(trained(host, made.path))


def test_that_too_few_readable_classes_are_refused(import_folder: Import, root: Path) -> None:
    draw(root, *numbered("cat", 4))
    for name in numbered("dog", 4):
        (root / name).write_bytes(b"")
    with pytest.raises(InputError, match="4 pictures of 8 cannot be read") as caught:
        import_folder()
    assert is_sentence(caught.value)
    assert not (root.parent / "p.petstudio").exists()


def exclude_class(project: Path, label: str, *splits: Split) -> None:
    with Project.open(project) as opened:
        chosen = [
            image.id for image in opened.images() if image.label == label and image.split in splits
        ]
        opened.set_excluded(chosen, excluded=True)


@pytest.mark.parametrize(
    "splits", [(Split.TRAIN, Split.VALID), (Split.TRAIN,), (Split.VALID,)], ids=str
)
def test_that_a_class_that_a_filter_empties_costs_no_number(
    host, import_folder, root, splits
) -> None:
    draw(root, *numbered("cat", 9), *numbered("dog", 9), *numbered("owl", 9))
    made = import_folder()
    exclude_class(made.path, "owl", *splits)
    assert_numbers(trained(host, made.path))


def test_that_a_filter_that_leaves_one_class_is_refused(import_folder, root) -> None:
    draw(root, *numbered("cat", 4), *numbered("dog", 4))
    made = import_folder()
    exclude_class(made.path, "dog", Split.TRAIN, Split.VALID)
    with Project.open(made.path) as opened, pytest.raises(InputError) as caught:
        training_data(opened)
    assert "at least 2 classes" in str(caught.value)


def test_that_a_project_without_training_pictures_is_refused(import_folder, root) -> None:
    draw(root, *numbered("cat", 4), *numbered("dog", 4))
    made = import_folder()
    with Project.open(made.path) as opened:
        opened.set_splits({image.id: Split.VALID for image in opened.images()})
        with pytest.raises(InputError, match="0 training pictures"):
            training_data(opened)


def test_that_a_project_without_validation_pictures_has_no_metrics(
    host, import_folder, root
) -> None:
    draw(root, *numbered("cat", 9), *numbered("dog", 9))
    made = import_folder(split=SplitChoice(valid_share=0.0))
    assert made.created.valid == 0
    assert trained(host, made.path) == {}


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("(?P<label>zebra)", "No file got a label"),
        ("(?P<label>)", "No file got a label"),
        ("(?P<label> *)cat", "No file got a label"),
        ("(?P<label>cat", "not a valid regular expression"),
        ("cat", "does not say which part"),
        ("(a)(b)", "does not say which part"),
        ("(?P<label>.)(?P<other>.)", "a group named other"),
        ("", "does not say which part"),
        ("(?P<label>cat|dog)_(?P<group>zebra)", "No file got a label"),
    ],
)
def test_that_a_pattern_that_cannot_serve_is_refused(import_folder, root, pattern, words) -> None:
    draw(root, *numbered("cat", 3), *numbered("dog", 3))
    with pytest.raises(InputError, match=words) as caught:
        import_folder(pattern=pattern)
    assert is_sentence(caught.value)


def test_that_a_pattern_that_matches_some_leaves_the_rest_aside(host, import_folder, root) -> None:
    draw(root, *numbered("cat", 9), *numbered("dog", 9), "_5.png", "unnumbered.png")
    made = import_folder()
    assert made.created.unmatched == 2
    assert "2 files without a label, left aside: _5.png, unnumbered.png" in made.notices
    assert_numbers(trained(host, made.path))


LABELS = {
    "dot": ".",
    "two dots": "..",
    "slash": "a/b",
    "backslash": "a\\b",
    "space inside": "a b",
    "markup": "<b>cat</b>",
    "formula": "=1+1",
    "emoji": "🐈",
    "right to left": "\u202eגב",
    "composed": "caf\u00e9",
    "decomposed": "cafe\u0301",
    "newline": "a\nb",
    "nan": "nan",
    "number": "0",
    "longest": "x" * 200,
}


@pytest.mark.parametrize("label", LABELS.values(), ids=LABELS)
def test_that_an_odd_label_is_kept_as_it_is(host, import_folder, root, label) -> None:
    draw(root, *numbered("cat", 9), *numbered("odd", 9))
    with (root / "labels.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["file", "label"])
        writer.writerows((name, "cat") for name in numbered("cat", 9))
        writer.writerows((name, label) for name in numbered("odd", 9))
    made = import_folder("table", path_column="file")
    assert made.classes == {"cat": 9, label: 9}
    assert_numbers(trained(host, made.path))


def test_that_an_empty_label_is_none(import_folder, root) -> None:
    draw(root, *numbered("cat", 3), *numbered("dog", 3), "odd_0.png", "odd_1.png")
    rows = {name: name[:3] for name in (*numbered("cat", 3), *numbered("dog", 3))}
    lines = [
        f"{name},{label}" for name, label in {**rows, "odd_0.png": "", "odd_1.png": " "}.items()
    ]
    (root / "labels.csv").write_text("\n".join(["file,label", *lines]))
    made = import_folder("table", path_column="file")
    assert made.classes == {"cat": 3, "dog": 3, None: 2}


def test_that_a_label_too_long_is_refused_in_words(import_folder, root) -> None:
    draw(root, *numbered("cat", 3), *numbered("x" * 201, 3))
    with pytest.raises(InputError, match="200 characters") as caught:
        import_folder()
    assert is_sentence(caught.value)
    assert not (root.parent / "p.petstudio").exists()


def test_that_a_label_set_by_hand_must_be_one(import_folder, root) -> None:
    draw(root, *numbered("cat", 3), *numbered("dog", 3))
    made = import_folder()
    with Project.open(made.path) as opened:
        for label in ("", " ", "x" * 201, "\ud800"):
            with pytest.raises(InputError) as caught:
                opened.set_labels({1: label}, LabelOrigin.PERSON)
            assert is_sentence(caught.value)


def test_that_ten_thousand_classes_make_a_project_and_a_network(host, root) -> None:
    draw(root, "one.png")
    images = [
        NewImage(path="one.png" if n == 0 else f"{n}.png", label=f"class {n // 2}", split=split)
        for n, split in enumerate([Split.TRAIN, Split.VALID] * 10_000)
    ]
    project = root.parent / "p.petstudio"
    Project.create(project, source=Source(loader="x"), root=root, images=images).close()
    with Project.open(project) as opened:
        data = training_data(opened)
        assert len(opened.classes()) == 10_000
    assert sorted(set(data.train.targets.tolist())) == list(range(10_000))


@pytest.mark.slow
def test_that_a_folder_of_ten_thousand_classes_is_imported(import_folder, root) -> None:
    draw(root, "one.png")
    content = (root / "one.png").read_bytes()
    (root / "one.png").unlink()
    for number in range(20_000):
        # What stands behind the end of a PNG makes no difference to it but in its bytes.
        (root / f"{number // 2}_{number}.png").write_bytes(content + b"%d" % number)
    made = import_folder()
    assert (made.created.classes, made.created.images) == (10_000, 20_000)
    assert made.created.train + made.created.valid == 20_000


# F17: the same bytes more than once


def copy_of(root: Path, first: str, second: str) -> None:
    (root / second).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(root / first, root / second)


def test_that_equal_pictures_are_on_one_side_whatever_the_seed(import_folder, root) -> None:
    draw(root, *numbered("cat", 20), *numbered("dog", 20))
    for number in range(0, 20, 2):
        copy_of(root, f"cat_{number}.png", f"cat_{number + 100}.png")
    seen = set()
    for seed in range(5):
        made = import_folder(split=SplitChoice(valid_share=0.4, seed=seed))
        sides = [
            (made.records[f"cat_{n}.png"].split, made.records[f"cat_{n + 100}.png"].split)
            for n in range(0, 20, 2)
        ]
        assert all(one is other for one, other in sides)
        seen |= {one for one, _ in sides}
        assert "20 pictures have the same bytes as another" in made.notices
        shutil.rmtree(made.path)
    assert seen == {Split.TRAIN, Split.VALID}


def test_that_a_group_and_its_equals_stay_together(import_folder, root) -> None:
    names = [f"cat-{tom}_{number}.png" for tom in range(8) for number in range(2)]
    draw(root, *names, *[f"dog-{rex}_0.png" for rex in range(8)])
    copy_of(root, "cat-0_0.png", "cat-9_0.png")
    made = import_folder(pattern=r"(?P<label>\w+)-(?P<group>\d)_")
    family = ("cat-0_0.png", "cat-0_1.png", "cat-9_0.png")
    assert len({made.records[name].split for name in family}) == 1
    assert made.records["cat-9_0.png"].group == "9"


def test_that_equal_pictures_in_two_classes_are_a_conflict(host, import_folder, root) -> None:
    draw(root, *numbered("cat", 9), *numbered("dog", 9))
    copy_of(root, "cat_0.png", "dog_7.png")
    made = import_folder()
    assert "cat_0.png (cat) = dog_7.png (dog)" in made.notices
    assert made.records["cat_0.png"].split is made.records["dog_7.png"].split
    assert_numbers(trained(host, made.path))


def test_that_equal_pictures_across_the_split_of_a_source_are_told(import_folder, root) -> None:
    draw(
        root,
        *(
            f"{part}/{label}/{n}.png"
            for part in ("train", "valid")
            for label in "ab"
            for n in "1234"
        ),
    )
    copy_of(root, "train/a/1.png", "valid/a/9.png")
    made = import_folder("folder")
    assert "on both sides of the split" in made.notices
    assert "train/a/1.png = valid/a/9.png" in made.notices


def test_that_pictures_that_are_all_equal_are_all_learned(host, import_folder, root) -> None:
    draw(root, "cat_0.png")
    for name in (*numbered("cat", 12)[1:], *numbered("dog", 12)):
        copy_of(root, "cat_0.png", name)
    made = import_folder()
    assert len({record.split for record in made.records.values()}) == 1
    assert "different labels" in made.notices
    assert trained(host, made.path) == {}


# F10 and F11: files that vanish, change or cannot be read; folders that lead in circles


def test_that_a_picture_that_vanishes_during_the_import_is_told(host, import_folder, root) -> None:
    draw(root, *numbered("cat", 60), *numbered("dog", 9))

    def remove(event: Event) -> None:
        if isinstance(event, ProgressMade) and event.task == "Checking pictures" and event.done:
            (root / "dog_8.png").unlink(missing_ok=True)

    made = import_folder(emit=remove)
    record = made.records["dog_8.png"]
    assert record.unreadable == ImageReason.MISSING.value
    assert (record.is_usable, made.created.unreadable) == (False, 1)
    assert_numbers(trained(host, made.path))


def test_that_a_picture_that_is_cut_during_the_import_is_told(import_folder, root) -> None:
    draw(root, *numbered("cat", 60), *numbered("dog", 9))

    def cut(event: Event) -> None:
        if isinstance(event, ProgressMade) and event.task == "Checking pictures" and event.done:
            os.truncate(root / "dog_8.png", 300)

    made = import_folder(emit=cut)
    assert made.records["dog_8.png"].unreadable == ImageReason.TRUNCATED.value


def test_that_a_picture_that_changes_after_it_was_checked_is_noticed_before_training(
    import_folder, root
) -> None:
    draw(root, *numbered("cat", 5), *numbered("dog", 5))

    def replace_last(event: Event) -> None:
        is_last = isinstance(event, ProgressMade) and event.done == event.total > 0
        if is_last and event.task == "Checking pictures":
            (root / "dog_4.png").write_bytes(b"nothing")

    made = import_folder(emit=replace_last)
    assert made.records["dog_4.png"].is_usable
    (notice,) = verify_pictures(list(made.records.values()), root)
    assert notice.startswith("1 picture changed since the import")
    assert "dog_4.png" in notice


_IMPORT = r"""
import sys
from pathlib import Path
from petstudio.api.control import RunControl
from petstudio.api.events import to_json
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.proving import DataSource
from petstudio.plugin_host.host import PluginHost

if __name__ == "__main__":
    root = Path(sys.argv[1])
    source = DataSource(root=root, loader="regex", options={"pattern": r"^(?P<label>.*)_\d+"})
    job = create_project(PluginHost.load(), root.parent / "p.petstudio", source, SplitChoice())
    job(lambda event: print(to_json(event), flush=True), RunControl())
"""


def without_special_rights() -> list[str]:
    """Return the start of a command for which the rights of files bind, also if root calls it."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may read everything, and there is no setpriv to change that")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs the rights of Unix")
def test_that_what_may_not_be_read_is_told_and_the_rest_is_imported(root) -> None:
    draw(root, *numbered("cat", 5), *numbered("dog", 5), *numbered("closed/owl", 3))
    script = root.parent / "importing.py"
    script.write_text(_IMPORT)
    (root / "cat_4.png").chmod(0)
    (root / "closed").chmod(0)
    try:
        done = subprocess.run(
            [*without_special_rights(), sys.executable, str(script), str(root)],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        (root / "closed").chmod(0o700)
    assert done.returncode == 0, done.stderr
    *events, created = [json.loads(line) for line in done.stdout.splitlines()]
    skipped = {e["path"]: e["reason"] for e in events if e["event"] == "ImageSkipped"}
    assert skipped == {"cat_4.png": ImageReason.NO_PERMISSION.value}
    assert (created["images"], created["unreadable"], created["left_out"]) == (10, 1, 1)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_that_circles_of_links_are_imported_once_and_end(import_folder, root) -> None:
    draw(root, *(f"{label}/{number}.png" for label in ("cat", "dog") for number in range(4)))
    (root / "cat" / "up").symlink_to(root)
    (root / "cat" / "dogs").symlink_to(root / "dog")
    (root / "dog" / "cats").symlink_to(root / "cat")
    (root / "gone.png").symlink_to(root / "nowhere.png")
    (root / "self.png").symlink_to(root / "self.png")
    made = import_folder("folder")
    assert made.classes == {"cat": 4, "dog": 4}
    assert made.created.left_out == 5


@pytest.mark.skipif(sys.platform != "linux", reason="needs bind mounts")
def test_that_a_folder_mounted_twice_is_imported_once(import_folder, root) -> None:
    draw(root, *(f"{label}/{number}.png" for label in ("cat", "dog") for number in range(4)))
    again = root / "twice"
    again.mkdir()
    mount = ["mount", "--bind", str(root / "cat"), str(again)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a folder")
    try:
        made = import_folder("folder")
        assert len(made.records) == 8
        assert made.created.left_out == 1
    finally:
        subprocess.run(["umount", str(again)], check=True)
