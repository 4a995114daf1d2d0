"""What is on the disk after a power cut: a model of a file system, fed by what the program does.

Until a file is flushed, its content may be anything; until the folder is flushed, each change of a
name may have happened or not.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

Names = dict[str, bytes]


class Kind(Enum):
    CREATE = "create"
    FLUSH = "flush"
    RENAME = "rename"
    REMOVE = "remove"
    FLUSH_FOLDER = "flush folder"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step on the disk; `content` is what a flushed file holds, `to` a renamed one's name."""

    kind: Kind
    name: str = ""
    to: str = ""
    content: bytes = b""


class Disk:
    """Notes every step that changes a folder; makes the step of number `failing` fail."""

    def __init__(self, folder: Path, monkeypatch, failing: int | None = None, error=OSError):
        self.steps: list[Step] = []
        self._folder = folder
        self._failing = failing
        self._error = error
        self._names: dict[int, str] = {}
        self._real = {name: getattr(os, name) for name in ("open", "fsync", "replace", "unlink")}
        for name in self._real:
            monkeypatch.setattr(os, name, getattr(self, f"_{name}"))

    def _note(self, step: Step) -> None:
        self.steps.append(step)
        if len(self.steps) - 1 == self._failing:
            raise self._error

    def _open(self, path, flags, *rest, **more):
        if flags & os.O_CREAT:
            self._note(Step(kind=Kind.CREATE, name=Path(path).name))
        descriptor = self._real["open"](path, flags, *rest, **more)
        self._names[descriptor] = Path(path).name
        return descriptor

    def _fsync(self, descriptor):
        name = self._names[descriptor]
        if name == self._folder.name:
            self._note(Step(kind=Kind.FLUSH_FOLDER))
        else:
            content = (self._folder / name).read_bytes()
            self._note(Step(kind=Kind.FLUSH, name=name, content=content))

    def _replace(self, source, target):
        self._note(Step(kind=Kind.RENAME, name=Path(source).name, to=Path(target).name))
        self._real["replace"](source, target)

    def _unlink(self, path):
        if Path(path).exists():
            self._note(Step(kind=Kind.REMOVE, name=Path(path).name))
        self._real["unlink"](path)


def after_power_cut(before: Names, steps: Sequence[Step], done: int) -> Iterator[Names]:
    """Yield each different content of a folder that a cut after `done` of the steps may leave."""
    contents = {step.name: step.content for step in steps if step.kind is Kind.FLUSH}
    flushed = {step.name for step in steps[:done] if step.kind is Kind.FLUSH}
    drafts = [step.name for step in steps[:done] if step.kind is Kind.CREATE]
    variants = [_variants(contents.get(name, b"unflushed"), name in flushed) for name in drafts]
    seen = set()
    for chosen in itertools.product(*variants):
        for names in _foldings(before, steps[:done], dict(zip(drafts, chosen, strict=True))):
            key = frozenset(names.items())
            if key not in seen:
                seen.add(key)
                yield names


def _variants(content: bytes, is_flushed: bool) -> list[bytes]:
    if is_flushed:
        return [content]
    return [b"", content[: len(content) // 2], bytes(len(content)), content]


def _foldings(before: Names, steps: Sequence[Step], drafts: Names) -> Iterator[Names]:
    """Yield the folder for each choice of the changes that were not flushed."""
    changes = (Kind.CREATE, Kind.RENAME, Kind.REMOVE)
    flushes = [at for at, step in enumerate(steps) if step.kind is Kind.FLUSH_FOLDER]
    safe = flushes[-1] if flushes else 0
    pending = [at for at, step in enumerate(steps) if at >= safe and step.kind in changes]
    for chosen in itertools.product([True, False], repeat=len(pending)):
        lost = {at for at, is_there in zip(pending, chosen, strict=True) if not is_there}
        names = dict(before)
        for at, step in enumerate(steps):
            if step.kind is Kind.CREATE and at not in lost:
                names[step.name] = drafts[step.name]
            if step.kind is Kind.RENAME and at not in lost:
                names.pop(step.name, None)
                names[step.to] = drafts[step.name]
            if step.kind is Kind.REMOVE and at not in lost:
                names.pop(step.name, None)
        yield names
