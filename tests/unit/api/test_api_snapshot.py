"""The public names of petstudio.api with their signatures, as plugins were promised them.

A change here is a change for every plugin: raise API_VERSION in petstudio/api/hooks.py with it,
then write the file anew with `python tests/unit/api/test_api_snapshot.py`.
"""

from __future__ import annotations

import dataclasses
import inspect
from enum import Enum
from pathlib import Path

import petstudio.api
from petstudio.api import API_VERSION
from petstudio.api.hooks import PetStudioSpec

SNAPSHOT = Path(__file__).with_name("api_snapshot.txt")


def described(name: str) -> list[str]:
    """Return lines on one public name."""
    item = getattr(petstudio.api, name)
    if isinstance(item, type) and issubclass(item, Enum):
        return [f"{name}: {', '.join(f'{one.name}={one.value!r}' for one in item)}"]
    if dataclasses.is_dataclass(item) and isinstance(item, type):
        fields = (f"  {name}.{field.name}: {_spelt(field)}" for field in dataclasses.fields(item))
        return [name, *fields]
    if isinstance(item, type):
        return [f"{name}({item.__bases__[0].__name__}){inspect.signature(item)}"]
    if inspect.isfunction(item):
        return [f"{name}{inspect.signature(item)}"]
    return [name]


def _spelt(field: dataclasses.Field[object]) -> str:
    has_default = field.default is not dataclasses.MISSING
    return f"{field.type}{' = ' + repr(field.default) if has_default else ''}"


def described_hooks() -> list[str]:
    hooks = {name: hook for name, hook in vars(PetStudioSpec).items() if name.startswith("pet")}
    return [f"hook {name}{inspect.signature(hook)}" for name, hook in hooks.items()]


def snapshot() -> str:
    lines = [f"API {'.'.join(map(str, API_VERSION))}"]
    for name in sorted(petstudio.api.__all__):
        lines += described(name)
    return "\n".join([*lines, *described_hooks()]) + "\n"


def test_that_the_public_api_is_the_one_that_plugins_were_promised() -> None:
    assert snapshot() == SNAPSHOT.read_text(encoding="utf-8")


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")
