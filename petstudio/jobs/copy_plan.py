"""Which picture would go into which class folder, under which name: the dry run."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.project.names import shown_text

_LONGEST_NAME: Final = 255  # bytes
_LONGEST_FOLDER: Final = 200  # of these
_UNSAFE: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)  # on Windows


class CopyWay(Enum):
    """LINK: second names of the same files, which take no room. MOVE: the originals themselves."""

    COPY = "copy"
    LINK = "link"
    MOVE = "move"


@dataclass(frozen=True, kw_only=True)
class Copy:
    """One copy; its place was free when the plan was made."""

    source: Path
    place: Path


@dataclass(frozen=True, kw_only=True)
class CopyPlan:
    """Copies below a folder; `there` counts the pictures that lie where they belong already."""

    target: Path
    copies: tuple[Copy, ...]
    there: int = 0
    way: CopyWay = CopyWay.COPY

    @property
    def counts(self) -> Mapping[str, int]:
        """How many pictures each class folder gets, by its name."""
        return Counter(copy.place.parent.name for copy in self.copies)


def plan_copies(
    target: Path, classed: Iterable[tuple[Path, str]], *, way: CopyWay = CopyWay.COPY
) -> CopyPlan:
    """Plan a copy of each picture into the folder of its class; nothing is changed.

    Raises:
        InputError: the target is no folder, or there is nothing to copy.
    """
    if not target.is_dir():
        raise InputError(
            tr("There is no folder {shown_text}.", shown_text=shown_text(str(target))),
            cure=tr("Choose another."),
        )
    folders, free = _ClassFolders(target), _FreeNames()
    copies, there = [], 0
    for source, label in classed:
        wanted = folders.of(label) / source.name
        if wanted == source:
            there += 1
        else:
            copies.append(Copy(source=source, place=free.take(wanted)))
    if not copies and not there:
        raise InputError(
            tr("No picture has a class."), cure=tr("Choose others, or a lower threshold.")
        )
    return CopyPlan(target=target, copies=tuple(copies), there=there, way=way)


def numbered(path: Path, number: int) -> Path:
    """Return another name for a file: `pug.jpg` becomes `pug-2.jpg`; a long one is cut."""
    end = f"-{number}{path.suffix}"
    return path.with_name(_cut(path.stem, _LONGEST_NAME - len(os.fsencode(end))) + end)


def folder_name(label: str) -> str:
    """Return a class name as a folder's name that every system takes."""
    name = _cut(_UNSAFE.sub("_", label), _LONGEST_FOLDER).strip(" .") or "_"
    return f"_{name}" if _RESERVED.match(name) else name


def _cut(name: str, most_bytes: int) -> str:
    while name and len(os.fsencode(name)) > most_bytes:
        name = name[:-1]
    return name


class _ClassFolders:
    """Two classes never share a folder, also where capitals do not count; none lies elsewhere."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._real_target = target.resolve()
        self._folders: dict[str, Path] = {}
        self._taken: set[str] = set()

    def of(self, label: str) -> Path:
        if label not in self._folders:
            name = wanted = folder_name(label)
            number = 2
            while name.casefold() in self._taken or self._is_other(name):
                name = f"{wanted}-{number}"
                number += 1
            self._taken.add(name.casefold())
            self._folders[label] = self._target / name
        return self._folders[label]

    def _is_other(self, name: str) -> bool:
        """Whether there is something that is no folder, or one that lies elsewhere."""
        place = self._target / name
        if place.is_symlink():
            return True
        # To Python 3.11 a junction of Windows is no link.
        is_here = place.is_dir() and place.resolve().parent == self._real_target
        return place.exists() and not is_here


class _FreeNames:
    """Gives out names that no file has, each once."""

    def __init__(self) -> None:
        self._taken: dict[Path, set[str]] = {}

    def take(self, wanted: Path) -> Path:
        taken = self._taken_in(wanted.parent)
        place, number = wanted, 2
        while place.name.casefold() in taken:
            place = numbered(wanted, number)
            number += 1
        taken.add(place.name.casefold())
        return place

    def _taken_in(self, folder: Path) -> set[str]:
        if folder not in self._taken:
            there = folder.iterdir() if folder.is_dir() else ()
            self._taken[folder] = {entry.name.casefold() for entry in there}
        return self._taken[folder]
