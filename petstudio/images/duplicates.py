"""Files with the same bytes, found by reading as little as possible."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

Groups: TypeAlias = tuple[tuple[int, ...], ...]

_TAIL_BYTES: Final = 4096  # photos of the same size by chance differ there


def same_content(paths: Sequence[Path], on_file: Callable[[], object] = lambda: None) -> Groups:
    """Return the positions of files with equal bytes, two or more in a group, in order.

    Files of a size of their own are not read. Empty files and those that cannot be read are
    nobody's equals. `on_file` is called before each look at a file.
    """

    def parts(group: Iterable[int], key: Callable[[Path], Hashable]) -> Iterator[tuple[int, ...]]:
        found: dict[Hashable, list[int]] = {}
        for position in group:
            on_file()
            with contextlib.suppress(OSError):
                found.setdefault(key(paths[position]), []).append(position)
        return (tuple(part) for name, part in found.items() if name and len(part) > 1)

    groups: Groups = (tuple(range(len(paths))),)
    for key in (_size, _tail, _hash):
        groups = tuple(part for group in groups for part in parts(group, key))
    return tuple(sorted(groups))


def _size(path: Path) -> int:
    return path.stat().st_size


def _tail(path: Path) -> bytes:
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        return stream.read(_TAIL_BYTES)


def _hash(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
