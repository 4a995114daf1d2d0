"""The package list of pyproject.toml is written by hand, so it is compared with the folders."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MAPPED = {"petstudio.plugins", "petstudio.resources"}


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def listed_packages() -> list[str]:
    return pyproject()["tool"]["setuptools"]["packages"]


def pins() -> list[str]:
    return (ROOT / "pins.txt").read_text(encoding="utf-8").splitlines()


def distribution(requirement: str) -> str:
    """Return the normalised name at the beginning of a requirement."""
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_that_every_package_is_listed() -> None:
    found = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in (ROOT / "petstudio").rglob("__init__.py")
    }
    assert set(listed_packages()) == found | MAPPED


def test_that_packages_are_listed_once() -> None:
    assert len(listed_packages()) == len(set(listed_packages()))


def test_that_every_folder_of_modules_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "petstudio").rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_that_every_dependency_is_pinned() -> None:
    project = pyproject()["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {distribution(line) for line in pins()}
    assert [line for line in wanted if distribution(line) not in pinned] == []


def test_that_pins_are_plain_versions() -> None:
    plain = re.compile(r"[\w.-]+==[\w.]+(; python_version (<|>=) \"3\.\d+\")?")
    assert [line for line in pins() if not plain.fullmatch(line)] == []
