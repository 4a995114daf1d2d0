"""What a list of copies or moves says, and whether a file is still what it says."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Final

from petstudio.images.roots import Root

_PIECE: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Copied:
    """A file as it was when it got its name."""

    path: Path
    size: int
    sha256: str

    @property
    def is_unchanged(self) -> bool:
        """Whether the file is still that very copy."""
        return self.is_content_of(self.path)

    def is_content_of(self, path: Path) -> bool:
        """Whether a file, no link to one, has this content."""
        try:
            if path.is_symlink() or path.stat().st_size != self.size:
                return False
            return sha256_of(path) == self.sha256
        except OSError:
            return False


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A picture that was moved, or was about to be when the program ended."""

    source: Path
    copied: Copied

    @property
    def place(self) -> Path:
        """Where it is now."""
        return self.copied.path


@dataclass(frozen=True, kw_only=True)
class Home:
    """A project whose pictures are moved, and where these are; old lists know only its folder."""

    project: Path
    id: str = ""
    root: Root | None = None


@dataclass(frozen=True, kw_only=True)
class CopyRecord:
    """One copying or moving: where to, the files, and the folders that were made for them.

    `home` is of the pictures that were moved, as it was then; None where they were copied.
    """

    file: Path
    target: Path
    copies: tuple[Copied, ...] = ()
    moves: tuple[Moved, ...] = ()
    folders: tuple[Path, ...] = ()
    home: Home | None = None

    def is_unfinished(self, place: Path) -> bool:
        """Whether the program ended when this file of ours had its name but not its content."""
        try:
            return place.lstat().st_size == 0 and part_in(place.parent, self.file).exists()
        except OSError:
            return False

    @property
    def parts(self) -> Iterator[Path]:
        """Where unfinished files may lie, if the program ended in the middle."""
        places = (copied.path for copied in self.copies)
        moved = (path for one in self.moves for path in (one.place, one.source))
        folders = {*self.folders, *(path.parent for path in (*places, *moved))}
        return (part_in(folder, self.file) for folder in folders)


def part_in(folder: Path, ledger: Path) -> Path:
    """Return how an unfinished file is called; no two lists have the same name for theirs."""
    return folder / f".{ledger.stem}.part"


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with path.open("rb") as stream:
        digest = hashlib.sha256()
        for piece in pieces(stream):
            digest.update(piece)
    return digest.hexdigest()


def pieces(stream: BufferedReader | FileIO) -> Iterator[bytes]:
    """Read a file to its end."""
    stream.seek(os.SEEK_SET)
    while piece := stream.read(_PIECE):
        yield piece
