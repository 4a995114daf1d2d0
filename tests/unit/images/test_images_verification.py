"""Checking files in child processes that may die, hang or run out of memory.

The checks stand at module level, because the child process finds them by their name.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from verified_images import verify_images

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError, ImageReason, MachineError, RunCancelledError
from petstudio.images.checking_child import CheckRules


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    yield
    assert multiprocessing.active_children() == []


def pass_all(path: Path) -> None:
    """Find nothing wrong."""


def fail_on_signs(path: Path) -> None:
    if "die" in path.name:
        os._exit(3)
    if "hang" in path.name:
        threading.Event().wait()


def refuse_where_torch_is(path: Path) -> None:
    if {"torch", "PySide6"} & sys.modules.keys():
        raise ImageError(str(path), ImageReason.DAMAGED)


class DiesWhereItIsImported:
    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (4,)

    def __call__(self, path: Path) -> None:
        """Is never reached."""


def _verify(
    root: Path,
    files: list[str],
    control: RunControl | None = None,
    rules: CheckRules | None = None,
) -> tuple[dict[str, ImageError], list[int]]:
    progress: list[int] = []
    control = control or RunControl()
    return verify_images(root, files, control, progress.append, rules=rules), progress


def test_that_bad_files_are_told_with_their_relative_name_and_reason(tmp_path: Path) -> None:
    (tmp_path / "cats").mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "cats" / "good.png")
    (tmp_path / "cats" / "empty.png").touch()
    files = ["gone.png", "cats/good.png", "cats/empty.png"]
    bad, progress = _verify(tmp_path, files)
    assert [(name, error.path, error.reason) for name, error in bad.items()] == [
        ("gone.png", "gone.png", ImageReason.MISSING),
        ("cats/empty.png", "cats/empty.png", ImageReason.EMPTY),
    ]
    assert progress[-1] == 3


def test_that_nothing_is_started_for_no_files(tmp_path: Path) -> None:
    assert _verify(tmp_path, []) == ({}, [])


def test_that_several_workers_share_many_files(tmp_path: Path) -> None:
    files = [f"{index}.jpg" for index in range(500)]
    bad, progress = _verify(tmp_path, files, rules=CheckRules(check=pass_all))
    assert bad == {}
    assert progress[-1] == 500
    assert progress == sorted(set(progress))


def test_that_a_file_that_kills_its_process_is_blamed_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = [f"{index}.jpg" for index in range(20)]
    files[0], files[10] = "die_0.jpg", "die_10.jpg"
    bad, progress = _verify(tmp_path, files, rules=CheckRules(check=fail_on_signs))
    assert list(bad) == ["die_0.jpg", "die_10.jpg"]
    assert bad["die_0.jpg"].reason is ImageReason.DAMAGED
    assert "exit code 3" in str(bad["die_0.jpg"])
    assert progress[-1] == 20


def test_that_a_file_that_takes_for_ever_is_blamed_and_the_rest_goes_on(tmp_path: Path) -> None:
    rules = CheckRules(check=fail_on_signs, deadline_s=2.0)
    bad, progress = _verify(tmp_path, ["0.jpg", "hang.jpg", "2.jpg"], rules=rules)
    assert list(bad) == ["hang.jpg"]
    assert "longer than 2 s" in str(bad["hang.jpg"])
    assert progress[-1] == 3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the memory limit")
def test_that_a_picture_beyond_the_memory_limit_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "big.pgm").open("wb") as stream:
        header = stream.write(b"P5 9000 9000 255\n")
        stream.truncate(header + 9000 * 9000)
    bad, _ = _verify(tmp_path, ["big.pgm"], rules=CheckRules(memory_bytes=400 * 2**20))
    assert bad["big.pgm"].reason is ImageReason.TOO_LARGE


def test_that_the_child_process_has_neither_torch_nor_qt(tmp_path: Path) -> None:
    rules = CheckRules(check=refuse_where_torch_is)
    assert _verify(tmp_path, ["a.jpg"], rules=rules) == ({}, [1])


def test_that_the_picture_layer_imports_neither_torch_nor_qt() -> None:
    code = (
        "import sys, petstudio.images.verification, petstudio.images.splitting\n"
        "import petstudio.images.listing, petstudio.images.thumbnails\n"
        "sys.exit(bool({'torch', 'PySide6'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_that_names_that_are_not_utf8_reach_the_child_process(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    bad, _ = _verify(tmp_path, [name])
    assert bad[name].reason is ImageReason.MISSING


def test_that_a_relative_folder_is_found_after_a_change_of_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pets").mkdir()
    Image.new("RGB", (9, 9)).save(tmp_path / "pets" / "a.png")
    monkeypatch.chdir(tmp_path)
    assert _verify(Path("pets"), ["a.png"]) == ({}, [1])


def test_that_cancelling_ends_the_check_and_its_processes(tmp_path: Path) -> None:
    control = RunControl()
    rules = CheckRules(check=fail_on_signs)
    with pytest.raises(RunCancelledError):
        verify_images(
            tmp_path, ["0.jpg", "hang.jpg"], control, lambda _: control.cancel(), rules=rules
        )


def test_that_an_error_of_the_caller_leaves_no_process(tmp_path: Path) -> None:
    def fail(_: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        verify_images(tmp_path, ["0.jpg"], RunControl(), fail, rules=CheckRules(check=pass_all))


def test_that_a_process_that_cannot_start_is_told_once(tmp_path: Path) -> None:
    rules = CheckRules(check=DiesWhereItIsImported())
    with pytest.raises(MachineError, match="could not be started"):
        _verify(tmp_path, ["0.jpg", "1.jpg"], rules=rules)
