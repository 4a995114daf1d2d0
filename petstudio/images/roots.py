"""From the path of a picture in a project to its file, wherever its folder is on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class MountedRoot:
    """A folder that others are hung into under names, as a system mounts its disks.

    `root / "dogs/1.jpg"` is `1.jpg` in the folder that is mounted as `dogs`. What lies in a real
    folder of that name is out of reach.
    """

    folder: Path
    mounted: Mapping[str, Path] = field(default_factory=dict)

    def __truediv__(self, path: str) -> Path:
        folder, inside = self.place(path)
        return folder / inside

    def __str__(self) -> str:
        return str(self.folder)

    def absolute(self) -> MountedRoot:
        mounted = {name: folder.absolute() for name, folder in self.mounted.items()}
        return MountedRoot(folder=self.folder.absolute(), mounted=mounted)

    def place(self, path: str) -> tuple[Path, str]:
        """Return the real folder of a picture, and its path from there."""
        name, slash, inside = path.partition("/")
        folder = self.mounted.get(name) if slash else None
        return (self.folder, path) if folder is None else (folder, inside)


Root: TypeAlias = Path | MountedRoot
"""Where pictures are: `root / path` is the file of one."""


def file_name(root: Root, path: str) -> str:
    """Return `str(root / path)`; a Path each would cost more than a look at the file."""
    folder, inside = root.place(path) if isinstance(root, MountedRoot) else (root, path)
    return f"{folder}{os.sep}{inside}"


def folders_of(root: Root) -> Mapping[str, Path]:
    """Return the real folders by the names they are mounted under; the first has none."""
    return {"": root.folder, **root.mounted} if isinstance(root, MountedRoot) else {"": root}


def mounted_path(name: str, inside: str) -> str:
    """Return what a picture of a folder is called in a project."""
    return f"{name}/{inside}" if name else inside


def paths_of(root: Root, file: Path) -> Iterator[str]:
    """Give what a file can be called in a project: none where it is out of reach, or several.

    A folder may lie in another one; the name in the inner one comes first. Links are not followed.
    """
    place = _absolute(file)
    inner_first = sorted(folders_of(root).items(), key=lambda item: -len(item[1].parts))
    for name, folder in inner_first:
        start = f"{_absolute(folder).removesuffix(os.sep)}{os.sep}"
        if place.startswith(start):
            path = mounted_path(name, place.removeprefix(start).replace(os.sep, "/"))
            if _absolute(root / path) == place:  # else one is mounted over it
                yield path


def absent_folders(root: Root) -> Mapping[str, Path]:
    """Return the mounted folders that are not there now, by name."""
    folders = folders_of(root).items()
    return {name: folder for name, folder in folders if name and not folder.is_dir()}


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100  resolve() would follow links
