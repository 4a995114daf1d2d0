"""Which checkpoints are kept, how they are found, and that a foreign list leads nowhere."""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petstudio.api.errors import InputError, IntegrityError
from petstudio.api.events import CheckpointKind
from petstudio.project.checkpoint_records import kept
from petstudio.project.checkpoints import (
    CheckpointFolder,
    CheckpointRecord,
    NewCheckpoint,
)

STEP, EPOCH, STAGE, BEST = CheckpointKind
_SIZE = 100  # bytes of each checkpoint here


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "checkpoints"
    path.mkdir()
    return path


@pytest.fixture
def folder(path: Path) -> CheckpointFolder:
    return CheckpointFolder(path, budget=3 * _SIZE)


def add(
    folder: CheckpointFolder, step: int, kind: CheckpointKind = EPOCH, **more: object
) -> CheckpointRecord:
    new = NewCheckpoint(kind=kind, step=step, stage=0, epoch=step, **more)
    return folder.add(new, lambda stream: stream.write(content_of(step)))


def content_of(step: int) -> bytes:
    return b"%09d\n" % step * (_SIZE // 10)


def steps(folder: CheckpointFolder) -> list[int]:
    return [record.step for record in folder.records()]


def files(path: Path) -> set[str]:
    return {entry.name for entry in path.iterdir()}


def test_that_a_checkpoint_comes_back_as_it_was_saved(folder: CheckpointFolder) -> None:
    metrics = {"accuracy": 0.9, "loss": 0.25}
    record = add(folder, 7, STAGE, name="stage-1", metrics=metrics)
    assert folder.records() == (record,)
    assert folder.read(record) == content_of(7)
    assert (record.kind, record.step, record.epoch, record.name) == (STAGE, 7, 7, "stage-1")
    assert (record.size, record.metrics) == (_SIZE, metrics)
    assert record.sha256 == hashlib.sha256(content_of(7)).hexdigest()


def test_that_a_metric_without_a_value_can_be_kept(folder: CheckpointFolder) -> None:
    add(folder, 1, metrics={"f1": float("nan"), "loss": 1})
    [record] = folder.records()
    assert str(record.metrics) == "{'f1': nan, 'loss': 1.0}"


def test_that_order_is_that_of_saving_and_not_of_steps_or_clocks(
    folder: CheckpointFolder, path: Path
) -> None:
    for step in (9, 3, 5):
        file = path / add(folder, step).file
        os.utime(file, (10_000 - step, 10_000 - step))
    assert steps(folder) == [9, 3, 5]
    assert [record.number for record in folder.records()] == [1, 2, 3]


def test_that_the_same_content_twice_is_two_files(folder: CheckpointFolder) -> None:
    one, other = (add(folder, 4) for _ in range(2))
    assert one.sha256 == other.sha256
    assert one.file != other.file
    assert steps(folder) == [4, 4]


@pytest.mark.skipif(os.name == "nt", reason="rights are kept in another way there")
def test_that_a_checkpoint_is_private(folder: CheckpointFolder, path: Path) -> None:
    mode = (path / add(folder, 1).file).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_that_a_run_without_checkpoints_has_none(tmp_path: Path) -> None:
    assert CheckpointFolder(tmp_path / "gone", budget=0).records() == ()


def test_that_torch_is_not_needed_to_look_at_checkpoints() -> None:
    code = "import sys, petstudio.project.checkpoints; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# Pruning.


def test_that_steps_inside_an_epoch_go_as_soon_as_two_newer_ones_are_there(
    folder: CheckpointFolder, path: Path
) -> None:
    for step in range(5):
        add(folder, step, STEP)
    assert steps(folder) == [3, 4]
    assert len(files(path)) == 3


def test_that_ends_of_epochs_stay_within_the_budget(folder: CheckpointFolder) -> None:
    for step in range(6):
        add(folder, step, (EPOCH, STAGE)[step % 2])
    assert steps(folder) == [3, 4, 5]


def test_that_two_stay_whatever_they_take(path: Path) -> None:
    folder = CheckpointFolder(path, budget=0)
    for step in range(4):
        add(folder, step)
    assert steps(folder) == [2, 3]


def test_that_only_the_newest_best_one_stays_and_does_not_count(folder: CheckpointFolder) -> None:
    for step in range(4):
        add(folder, step)
        add(folder, step, BEST)
    found = [(record.kind, record.step) for record in folder.records()]
    assert found == [(EPOCH, 1), (EPOCH, 2), (EPOCH, 3), (BEST, 3)]


def test_that_what_has_a_name_stays(folder: CheckpointFolder) -> None:
    folder.give_name(add(folder, 0, STEP), "before I tried")
    add(folder, 1, BEST, name="best of the head")
    for step in range(2, 9):
        add(folder, step, (STEP, BEST)[step % 2])
    assert steps(folder) == [0, 1, 6, 7, 8]


RECORDS = st.lists(
    st.tuples(st.sampled_from(CheckpointKind), st.integers(0, 200), st.booleans()), max_size=25
)


def record_of(number: int, kind: CheckpointKind, size: int, is_named: bool) -> CheckpointRecord:
    return CheckpointRecord(
        kind=kind,
        step=number,
        stage=0,
        epoch=0,
        name=f"name {number}" if is_named else "",
        file=f"{number}",
        size=size,
        sha256="",
        number=number,
    )


@given(RECORDS, st.integers(0, 1000))
def test_that_pruning_keeps_what_must_stay_and_as_many_ends_as_fit(rows, budget: int) -> None:
    records = [record_of(number, *row) for number, row in enumerate(rows)]
    staying = kept(records, budget)
    full = [record for record in records if record.is_full]
    best = [record for record in records if not record.is_full]
    must = [*full[-2:], *best[-1:], *(record for record in records if record.name)]
    assert all(record in staying for record in must)
    assert list(staying) == [record for record in records if record in staying]

    ends = [record for record in records if record.kind in (EPOCH, STAGE) and not record.name]
    fitting = [at for at in range(len(ends) + 1) if sum(r.size for r in ends[at:]) <= budget]
    expected = {record.number for record in [*must, *ends[min(fitting) :]]}
    assert {record.number for record in staying} == expected
    assert kept(staying, budget) == staying


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(CheckpointKind), max_size=12), st.integers(0, 500))
def test_that_the_folder_holds_what_is_listed_and_nothing_else(
    tmp_path_factory, kinds, budget: int
) -> None:
    path = tmp_path_factory.mktemp("checkpoints")
    folder = CheckpointFolder(path, budget=budget)
    for step, kind in enumerate(kinds):
        assert add(folder, step, kind) == folder.records()[-1]
        assert files(path) == {"checkpoints.json", *(r.file for r in folder.records())}
    assert [folder.read(r) for r in folder.records()] == [content_of(n) for n in steps(folder)]


def test_that_the_list_stays_short_however_small_checkpoints_are() -> None:
    records = [record_of(number, EPOCH, 1, is_named=False) for number in range(3000)]
    assert kept(records, 10**9) == tuple(records[-1000:])


# Finding and naming.


@pytest.fixture
def filled(folder: CheckpointFolder) -> CheckpointFolder:
    add(folder, 10, STAGE, name="stage-1")
    add(folder, 15, BEST)
    add(folder, 20)
    add(folder, 1200, STEP)
    return folder


@pytest.mark.parametrize(
    ("name", "step"), [("last", 1200), ("best", 15), ("stage-1", 10), ("step-20", 20)]
)
def test_that_a_checkpoint_is_found_by_its_name(
    filled: CheckpointFolder, name: str, step: int
) -> None:
    assert filled.find(name).step == step


def test_that_the_last_one_is_one_that_a_run_can_go_on_from(filled: CheckpointFolder) -> None:
    add(filled, 1300, BEST)
    assert filled.find("last").step == 1200


@pytest.mark.parametrize("name", ["step-15", "stage-2", "", "LAST", "step-x", "../1", "\n" * 500])
def test_that_an_unknown_name_is_told_what_there_is(filled: CheckpointFolder, name: str) -> None:
    with pytest.raises(InputError, match="Known: step-1200, step-20, best, stage-1") as caught:
        filled.find(name)
    assert len(str(caught.value)) < 500
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["last", "best"])
def test_that_an_empty_run_has_no_last_and_no_best_one(folder: CheckpointFolder, name: str) -> None:
    with pytest.raises(InputError, match="Known: none"):
        folder.find(name)


def test_that_a_name_is_remembered(filled: CheckpointFolder) -> None:
    named = filled.give_name(filled.find("step-20"), "größer als 0,9")
    assert named == filled.find("größer als 0,9") == filled.find("step-20")


def test_that_a_checkpoint_can_get_another_name(filled: CheckpointFolder) -> None:
    filled.give_name(filled.find("stage-1"), "head")
    assert filled.find("head").step == 10
    with pytest.raises(InputError):
        filled.find("stage-1")


def test_that_a_name_is_not_taken_from_another_checkpoint_by_a_person(
    filled: CheckpointFolder,
) -> None:
    with pytest.raises(InputError, match="Another checkpoint"):
        filled.give_name(filled.find("last"), "stage-1")
    assert filled.find("stage-1").step == 10


def test_that_the_end_of_a_stage_that_is_trained_again_takes_the_name(
    filled: CheckpointFolder,
) -> None:
    add(filled, 30, STAGE, name="stage-1")
    assert filled.find("stage-1").step == 30
    assert filled.find("step-10").name == ""


def test_that_a_checkpoint_that_is_gone_gets_no_name(filled: CheckpointFolder) -> None:
    record = filled.find("last")
    for step in range(3):
        add(filled, step)
    with pytest.raises(InputError, match="not there any more"):
        filled.give_name(record, "good")


BAD_NAMES = ["", " ", "a ", " a", "x" * 61, "a/b", "a\\b", "..", ".", "a\0b", "a\nb", "\u202ex"]
BAD_NAMES += ["C:", "a*", "what?", '"', "<b>", "a|b", "\ud800", "last", "Best", "step-3"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_that_a_name_that_cannot_be_one_is_refused(filled: CheckpointFolder, name: str) -> None:
    before = filled.records()
    with pytest.raises(InputError):
        filled.give_name(before[0], name)
    if name:
        with pytest.raises(InputError):
            add(filled, 5, name=name)
    assert filled.records() == before


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=50, deadline=None)
def test_that_every_name_is_refused_or_found_again(tmp_path_factory, name: str) -> None:
    folder = CheckpointFolder(tmp_path_factory.mktemp("checkpoints"), budget=0)
    record = add(folder, 1)
    try:
        folder.give_name(record, name)
    except InputError:
        return
    assert folder.find(name).step == 1


# Sweeping.


def test_that_sweeping_removes_what_a_killed_process_left_and_nothing_else(
    filled: CheckpointFolder, path: Path
) -> None:
    before = files(path)
    orphan = "000009-epoch-00000009-0-0-0123456789abcdef.pt"
    drafts = (".0123456789ab.part", ".checkpoints.json.0123456789ab.part")
    for name in (orphan, *drafts, "notes.txt", "model.pt", ".hidden.part"):
        (path / name).write_text("x")
    filled.sweep()
    assert files(path) == {*before, "notes.txt", "model.pt", ".hidden.part"}


def test_that_the_number_of_an_orphan_is_not_used_again(
    filled: CheckpointFolder, path: Path
) -> None:
    (path / "000009-epoch-00000009-0-0-0123456789abcdef.pt").write_text("x")
    assert add(filled, 5).number == 10


def test_that_a_lost_list_is_made_anew_and_written_by_the_sweep(
    filled: CheckpointFolder, path: Path, caplog
) -> None:
    before = filled.records()
    (path / "checkpoints.json").write_bytes(b"{")
    with caplog.at_level(logging.WARNING):
        found = filled.records()
    assert "damaged" in caplog.text
    assert found == tuple(replace(record, name="", metrics={}) for record in before)
    assert (path / "checkpoints.json").read_bytes() == b"{"
    filled.sweep()
    caplog.clear()
    assert filled.records() == found
    assert caplog.text == ""


def test_that_a_lost_list_is_made_anew_by_the_next_save(
    filled: CheckpointFolder, path: Path
) -> None:
    (path / "checkpoints.json").unlink()
    assert add(filled, 1300).number == 5
    assert steps(filled) == [10, 15, 20, 1200, 1300]
    assert files(path) == {"checkpoints.json", *(r.file for r in filled.records())}


def test_that_a_file_whose_name_lies_about_its_content_is_not_found_again(
    filled: CheckpointFolder, path: Path
) -> None:
    last = path / filled.records()[-1].file
    last.write_bytes(content_of(999))
    (path / "checkpoints.json").unlink()
    assert steps(filled) == [10, 15, 20]


# Lists that others wrote.


def signed(ledger: object) -> bytes:
    text = json.dumps(ledger, sort_keys=True)
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    return json.dumps({"sha256": digest, "ledger": ledger}).encode("ascii")


def ledger_of(path: Path) -> dict:
    return json.loads((path / "checkpoints.json").read_bytes())["ledger"]


OUTSIDE = "000001-stage-00000010-0-10-0123456789abcdef.pt"
HOSTILE_VALUES = {
    "file": [
        *(f"../{OUTSIDE}", f"/etc/{OUTSIDE}", f"a/{OUTSIDE}", f"..\\{OUTSIDE}", f"C:{OUTSIDE}"),
        *(f"./{OUTSIDE}", f"{OUTSIDE}\n", f"{OUTSIDE}\0", f"file:{OUTSIDE}", "", "..", "/", "~"),
        *("/etc/passwd", "../outside.pt", "checkpoints.json", OUTSIDE, None, 3, ["x"], {}),
    ],
    "size": [-1, -(10**30), 10**30, 1.5, "100", None, True, 1 << 51],
    "number": [0, -1, 2, 10**12, "1", None, 1.0],
    "step": [-10, 11, "10", 10**400, 1e300],
    "stage": [-1, 1, None],
    "epoch": [-1, 1, "0"],
    "kind": ["epoch", "STAGE", "", "other", None, 1, ["stage"]],
    "sha256": ["", "0" * 64, "x", None, "../../etc"],
    "name": ["../x", "a/b", "best", "x" * 61, None, 5, "\n"],
    "metrics": [None, [], {"x": "y"}, {"x": [1]}, {"x": 10**400}, "x"],
    "unknown": [1],
}


def hostile_records() -> list:
    return [(key, value) for key, values in HOSTILE_VALUES.items() for value in values]


class Opens:
    """Paths that were opened while `watching`; a hook cannot be taken out again."""

    def __init__(self) -> None:
        self.watching = False
        self.paths: list[str] = []
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.watching and event == "open" and not isinstance(arguments[0], int):
            self.paths.append(os.fsdecode(arguments[0]))


@pytest.fixture(scope="module")
def opens() -> Opens:
    return Opens()


def use(folder: CheckpointFolder, opens: Opens) -> None:
    opens.paths.clear()
    opens.watching = True
    try:
        for record in folder.records():
            folder.read(record)
        folder.find("last")
        folder.sweep()
    finally:
        opens.watching = False


@pytest.mark.parametrize(("key", "value"), hostile_records())
def test_that_a_list_with_a_foreign_value_opens_nothing_outside(
    filled: CheckpointFolder, path: Path, opens: Opens, key: str, value: object, caplog
) -> None:
    (path.parent / "outside.pt").write_bytes(content_of(10))
    (path.parent / OUTSIDE).write_bytes(content_of(10))
    ledger = ledger_of(path)
    ledger["records"][0][key] = value
    (path / "checkpoints.json").write_bytes(signed(ledger))
    use(filled, opens)
    assert {str(Path(opened).parent) for opened in opens.paths if opened != str(path)} == {
        str(path)
    }
    assert "damaged" in caplog.text
    assert steps(filled) == [10, 15, 20, 1200]
    assert (path.parent / OUTSIDE).exists()


def test_that_the_signed_list_of_these_tests_would_be_believed(
    filled: CheckpointFolder, path: Path, caplog
) -> None:
    before = filled.records()
    (path / "checkpoints.json").write_bytes(signed(ledger_of(path)))
    assert filled.records() == before
    assert caplog.text == ""


HOSTILE_LEDGERS = {
    "deep": b"[" * 200_000,
    "deep and closed": b'{"sha256": "", "ledger": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a list": b"[]",
    "a number": b"5",
    "a long number": b"9" * 100_000,
    "nothing": b"null",
    "not UTF-8": b"\xff\xfe",
    "not finite": b'{"sha256": "", "ledger": NaN}',
    "no records": signed({"format": 1}),
    "records are a number": signed({"format": 1, "records": 5}),
    "records are text": signed({"format": 1, "records": "abc"}),
    "a record is a list": signed({"format": 1, "records": [[]]}),
    "the format is text": signed({"format": "1", "records": []}),
    "a million": signed({"format": 1, "records": [{"file": OUTSIDE}] * 1_000_000}),
    "too long": b" " * (9 << 20),
}


@pytest.mark.parametrize("content", HOSTILE_LEDGERS.values(), ids=HOSTILE_LEDGERS)
def test_that_a_foreign_list_is_refused(
    filled: CheckpointFolder, path: Path, content: bytes, caplog
) -> None:
    (path / "checkpoints.json").write_bytes(content)
    assert steps(filled) == [10, 15, 20, 1200]
    assert "damaged" in caplog.text
    assert len(caplog.text) < 1_000


@pytest.mark.parametrize("key", ["number", "name"])
def test_that_a_list_that_says_something_twice_is_refused(
    filled: CheckpointFolder, path: Path, key: str, caplog
) -> None:
    ledger = ledger_of(path)
    if key == "number":
        ledger["records"].append(ledger["records"][0])
    else:
        ledger["records"][2]["name"] = "stage-1"
    (path / "checkpoints.json").write_bytes(signed(ledger))
    assert steps(filled) == [10, 15, 20, 1200]
    assert "damaged" in caplog.text


def test_that_the_list_of_a_newer_program_is_left_alone(
    filled: CheckpointFolder, path: Path
) -> None:
    content = signed({"format": 2, "records": "otherwise"})
    (path / "checkpoints.json").write_bytes(content)
    before = files(path)
    for act in (filled.records, filled.sweep, lambda: add(filled, 5)):
        with pytest.raises(IntegrityError, match="newer"):
            act()
    assert files(path) == before
    assert (path / "checkpoints.json").read_bytes() == content


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_that_links_in_the_folder_are_not_followed(
    filled: CheckpointFolder, path: Path, opens: Opens
) -> None:
    record = filled.records()[-1]
    outside = path.parent / "outside"
    (path / record.file).rename(outside)
    (path / record.file).symlink_to(outside)
    opens.paths.clear()
    opens.watching = True
    with pytest.raises(IntegrityError, match="not a plain file"):
        filled.read(record)
    assert filled.find("last").step == 20
    opens.watching = False
    assert record.file not in {Path(opened).name for opened in opens.paths}
    listed = path.parent / "listed"
    (path / "checkpoints.json").rename(listed)
    (path / "checkpoints.json").symlink_to(listed)
    assert steps(filled) == [10, 15, 20]
    filled.sweep()
    assert not (path / "checkpoints.json").is_symlink()
    assert outside.read_bytes() == content_of(1200)


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_that_a_folder_that_is_a_link_is_refused(filled: CheckpointFolder, path: Path) -> None:
    record = filled.records()[-1]
    link = path.parent / "link"
    link.symlink_to(path)
    linked = CheckpointFolder(link, budget=0)
    before = files(path)
    acts = (linked.records, linked.sweep, lambda: linked.read(record), lambda: add(linked, 5))
    for act in acts:
        with pytest.raises(IntegrityError, match="link"):
            act()
    assert files(path) == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no such pipes")
def test_that_a_pipe_in_the_place_of_a_checkpoint_does_not_block(
    filled: CheckpointFolder, path: Path
) -> None:
    record = filled.records()[-1]
    (path / record.file).unlink()
    os.mkfifo(path / record.file)
    with pytest.raises(IntegrityError):
        filled.read(record)


@pytest.mark.parametrize("file", ["../outside.pt", "/etc/passwd", "checkpoints.json", ""])
def test_that_a_record_of_the_caller_leads_nowhere_else(
    filled: CheckpointFolder, file: str
) -> None:
    with pytest.raises(IntegrityError):
        filled.read(replace(filled.records()[-1], file=file))


@pytest.mark.parametrize("spoilt", [{"step": -1}, {"stage": -1}, {"epoch": -1}, {"step": 10**16}])
def test_that_a_checkpoint_that_could_not_be_listed_is_not_written(
    filled: CheckpointFolder, path: Path, spoilt: dict[str, int]
) -> None:
    new = replace(NewCheckpoint(kind=STEP, step=1, stage=0, epoch=0), **spoilt)
    before = files(path)
    with pytest.raises(IntegrityError):
        filled.add(new, lambda stream: pytest.fail("it was written"))
    assert files(path) == before


def test_that_the_sha256_is_right_for_a_writer_that_likes_to_go_back(
    filled: CheckpointFolder,
) -> None:
    """What has passed is hashed already; zipfile goes back in a file, and not in a pipe."""

    def write(stream: IO[bytes]) -> None:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a", content_of(1))
            archive.writestr("b", content_of(2))

    record = filled.add(NewCheckpoint(kind=STEP, step=1, stage=0, epoch=0), write)
    with zipfile.ZipFile(io.BytesIO(filled.read(record))) as archive:
        assert archive.read("b") == content_of(2)
