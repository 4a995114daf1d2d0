"""After a write that failed, the old file is there and nothing else is."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from petstudio.api.errors import MachineError
from petstudio.config.atomic import replacing, sync_folder, write_bytes, write_text, write_with


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "recipe.toml"
    path.write_text("old")
    return path


def test_that_a_file_gets_its_new_content(old: Path) -> None:
    write_bytes(old, b"new")
    assert old.read_bytes() == b"new"
    assert names(old.parent) == ["recipe.toml"]


def test_that_text_is_written_as_it_stands(tmp_path: Path) -> None:
    write_text(tmp_path / "x", "straße\n")
    assert (tmp_path / "x").read_bytes() == "straße\n".encode()


def test_that_the_old_content_is_there_until_the_end(old: Path) -> None:
    with replacing(old) as stream:
        stream.write(b"new")
        assert old.read_text() == "old"
    assert old.read_text() == "new"


def test_that_an_error_of_the_writer_keeps_the_old_file(old: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_with(old, lambda stream: stream.write(b"half") and 1 / 0)
    assert old.read_text() == "old"
    assert names(old.parent) == ["recipe.toml"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EFBIG, errno.EDQUOT])
def test_that_a_full_disk_keeps_the_old_file_and_is_said(
    old: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(MachineError, match=r"disk is full.*MB are free") as caught:
        write_bytes(old, b"new")
    assert "old file is unchanged" in caught.value.cure
    assert old.read_text() == "old"
    assert names(old.parent) == ["recipe.toml"]


def test_that_a_rename_that_fails_keeps_the_old_file(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(MachineError, match="permission denied"):
        write_bytes(old, b"new")
    assert old.read_text() == "old"
    assert names(old.parent) == ["recipe.toml"]


def test_that_a_failed_flush_is_not_tried_again(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []

    def refuse(descriptor: int) -> None:
        flushed.append(descriptor)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(MachineError):
        write_bytes(old, b"new")
    assert len(flushed) == 1


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be flushed there")
def test_that_content_is_flushed_before_the_rename_and_the_folder_after_it(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_flush, real_replace = os.fsync, Path.replace

    def flush(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append("flush folder" if is_folder else "flush file")
        real_flush(descriptor)

    def replace(source: Path, target: Path) -> Path:
        steps.append("rename")
        return real_replace(source, target)

    monkeypatch.setattr(os, "fsync", flush)
    monkeypatch.setattr(Path, "replace", replace)
    write_bytes(old, b"new")
    assert steps == ["flush file", "rename", "flush folder"]


def test_that_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match=r"gone.x could not be written"):
        write_bytes(tmp_path / "gone" / "x", b"")


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_that_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("kept")
    (tmp_path / "link").symlink_to("target")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "target").read_text() == "kept"
    assert not (tmp_path / "link").is_symlink()


@pytest.mark.skipif(os.name == "nt", reason="rights are kept in another way there")
def test_that_a_file_is_private(tmp_path: Path) -> None:
    write_bytes(tmp_path / "x", b"")
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["ü" * 120, "🐈" * 60, "x" * 255], ids=["accents", "cats", "long"])
def test_that_the_longest_names_can_be_written(tmp_path: Path, name: str) -> None:
    write_bytes(tmp_path / name, b"new")
    assert names(tmp_path) == [name]


def test_that_a_folder_can_be_flushed(tmp_path: Path) -> None:
    sync_folder(tmp_path)
