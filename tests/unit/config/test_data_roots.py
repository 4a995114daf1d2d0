"""Where projects find their images."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from petstudio.config.data_roots import data_root_of, remember_data_root
from petstudio.config.paths import data_folder


def test_that_a_folder_is_remembered_for_its_project_only() -> None:
    remember_data_root("one", Path("/pictures/one"))
    remember_data_root("two", Path("/pictures/two"))

    assert data_root_of("one") == Path("/pictures/one")
    assert data_root_of("three") is None


def test_that_a_relative_folder_is_remembered_as_the_place_it_was(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    remember_data_root("one", Path("pictures"))

    assert data_root_of("one") == tmp_path / "pictures"


def test_that_a_folder_name_that_is_not_utf8_comes_back() -> None:
    folder = Path(os.fsdecode(b"/caf\xe9\n"))

    remember_data_root("one", folder)

    assert data_root_of("one") == folder


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b'{"a": 1}', b"[" * 100_000])
def test_that_a_damaged_file_counts_as_empty_and_is_kept_aside(content: bytes) -> None:
    file = data_folder() / "data_roots.json"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)

    assert data_root_of("a") is None
    remember_data_root("one", Path("/pictures"))

    [aside] = file.parent.glob("data_roots.damaged-*.json")
    assert aside.read_bytes() == content
    assert data_root_of("one") == Path("/pictures")
