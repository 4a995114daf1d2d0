"""Which pictures in the folders of a project are not in the project."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from petstudio.api.errors import InputError
from petstudio.images.listing import list_images
from petstudio.images.roots import Root, file_name, folders_of, mounted_path


def folders_in_use(root: Root, known: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the first folder and of those with a picture that is known."""
    first_parts = {path.partition("/")[0] for path in known}
    return tuple(name for name in folders_of(root) if not name or name in first_parts)


def unknown_files(
    root: Root, known: Collection[str], names: Iterable[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return the pictures in these folders that are not known, as paths from their folder.

    A file that two folders lead to is one picture. A folder that is gone has none.
    """
    folders, paths = folders_of(root), frozenset(known)
    found = {name: _not_among(paths, name, _listed(folders[name])) for name in names}
    if len(folders) == 1 or not any(found.values()):
        return found
    if "" in found:
        found[""] = tuple(file for file in found[""] if file.partition("/")[0] not in folders)
    seen = {_identity(file_name(root, path)) for path in paths}
    return {name: tuple(_unseen(folders[name], files, seen)) for name, files in found.items()}


def _not_among(paths: frozenset[str], name: str, files: Iterable[str]) -> tuple[str, ...]:
    return tuple(file for file in files if mounted_path(name, file) not in paths)


def _listed(folder: Path) -> tuple[str, ...]:
    try:
        return list_images(folder).files
    except InputError:
        return ()


def _unseen(folder: Path, files: Iterable[str], seen: set[tuple[int, int] | None]) -> Iterator[str]:
    """Give each file that was not seen before; where nothing numbers files, all of them."""
    for file in files:
        identity = _identity(file_name(folder, file))
        if identity is None or identity not in seen:
            seen.add(identity)
            yield file


def _identity(file: str) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        status = os.stat(file)  # noqa: PTH116  a Path each costs more
        return (status.st_dev, status.st_ino) if status.st_ino else None
    return None
