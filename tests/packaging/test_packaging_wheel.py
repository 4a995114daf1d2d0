"""What a person gets who installs the wheel."""

from __future__ import annotations

import zipfile

import pytest
from build_wheel import ROOT, build_wheel

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    with zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"))) as wheel:
        return frozenset(wheel.namelist())


def files_below(folder: str, installed: str) -> set[str]:
    return {
        f"{installed}/{path.relative_to(ROOT / folder).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize(
    ("folder", "installed"),
    [
        ("petstudio", "petstudio"),
        ("plugins", "petstudio/plugins"),
        ("resources", "petstudio/resources"),
    ],
)
def test_that_the_wheel_holds_every_file(
    names: frozenset[str], folder: str, installed: str
) -> None:
    assert files_below(folder, installed) - names == set()


def test_that_the_wheel_holds_what_the_program_cannot_do_without(names: frozenset[str]) -> None:
    assert {
        "petstudio/py.typed",
        "petstudio/resources/recipes/tutorial.toml",
        "petstudio/plugins/regex_labels/__init__.py",
        "petstudio/plugins/resnets/network.py",
    } <= names


def test_that_the_wheel_holds_nothing_else(names: frozenset[str]) -> None:
    places = ("petstudio/", "petstudio-")
    assert [name for name in names if not name.startswith(places) or "__pycache__" in name] == []


def test_that_the_wheel_brings_its_licence(names: frozenset[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
