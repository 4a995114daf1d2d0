"""Finding the pictures below a folder, and naming what was left out and why."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import counted, tr
from petstudio.images.formats import FORMAT_NAMES, has_picture_suffix, is_picture_without_suffix
from petstudio.images.roots import Root

OTHER_KIND: Final = tr("not a picture format that PetStudio reads")
NOT_A_FILE: Final = tr("neither a file nor a folder, or a link that leads nowhere")
LISTED_ALREADY: Final = tr("this folder is listed already under another name, or holds this one")
OWN_PROJECT: Final = tr("a PetStudio project")
_PIECE: Final = 5000
_PROJECT_SUFFIX: Final = ".petstudio"
_CHOOSE_ANOTHER: Final = tr("Check the path, or choose another folder.")


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A file or folder that is not part of a listing; `path` is relative to its root."""

    path: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The pictures below a folder.

    Attributes:
        root: the folder, as given.
        files: relative paths with `/` on every system, in code point order. Names that are not
            UTF-8 hold surrogate escapes, so that they lead back to the same file.
        left_out: everything else that is not hidden, in the same order.
    """

    root: Root
    files: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def list_images(root: Path) -> Listing:
    """List the pictures below a folder by their suffix; files without one by their first bytes.

    Hidden files and folders (a leading dot) and PetStudio's own projects are not looked into. Links
    to folders are followed, but each real folder is listed once, under its real name if it has one
    below the root.

    Raises:
        InputError: the folder is missing, is not a folder, cannot be read, or has no pictures.
    """
    _check_root(root)
    walk = _Walk(root)
    walk.run()
    listing = Listing(
        root=root,
        files=tuple(sorted(walk.files)),
        left_out=tuple(sorted(walk.left_out, key=lambda entry: entry.path)),
    )
    if not listing.files:
        raise _no_pictures(listing)
    return listing


class _Walk:
    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders = [""]
        self._links: deque[str] = deque()
        self._visited = set(_identities(root.resolve().parents))
        self.files: list[str] = []
        self.left_out: list[LeftOut] = []

    def run(self) -> None:
        """Visit all real folders before the first linked one, so that real names win."""
        while self._folders or self._links:
            relative = self._folders.pop() if self._folders else self._links.popleft()
            try:
                self._visit(relative)
            except OSError as error:
                self._leave_out(
                    relative, tr("the folder cannot be read: {reason}", reason=_reason(error))
                )

    def _visit(self, relative: str) -> None:
        folder = self._root / relative
        identity = _identity(folder)
        if identity in self._visited:
            self._leave_out(relative, LISTED_ALREADY)
            return
        self._visited.add(identity)
        prefix = f"{relative}/" if relative else ""
        with os.scandir(folder) as entries:
            # Sorted, so that of two links to one folder the same one is taken on every machine.
            for entry in _by_name(entries):
                if not entry.name.startswith("."):
                    self._sort_in(entry, f"{prefix}{entry.name}")

    def _sort_in(self, entry: os.DirEntry[str], relative: str) -> None:
        try:
            is_folder, is_file = entry.is_dir(), entry.is_file()
        except OSError as error:
            self._leave_out(relative, tr("it cannot be read: {reason}", reason=_reason(error)))
            return
        if is_folder:
            self._add_folder(entry, relative)
        elif not is_file:
            self._leave_out(relative, NOT_A_FILE)
        elif has_picture_suffix(entry.name) or is_picture_without_suffix(Path(entry.path)):
            self.files.append(relative)
        else:
            self._leave_out(relative, OTHER_KIND)

    def _add_folder(self, entry: os.DirEntry[str], relative: str) -> None:
        if entry.name.endswith(_PROJECT_SUFFIX):
            self._leave_out(relative, OWN_PROJECT)
        elif entry.is_symlink():
            self._links.append(relative)
        else:
            self._folders.append(relative)

    def _leave_out(self, relative: str, why: str) -> None:
        self.left_out.append(LeftOut(path=relative, why=why))


def _by_name(entries: Iterable[os.DirEntry[str]]) -> list[os.DirEntry[str]]:
    """Sort by name; piece by piece, as other threads wait while a list is sorted."""
    pieces: list[os.DirEntry[str]] = []
    for piece in iter(lambda: list(islice(entries, _PIECE)), []):
        pieces += sorted(piece, key=_name)
    return sorted(pieces, key=_name)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _identities(folders: Iterable[Path]) -> Iterator[tuple[int, int] | str]:
    for folder in folders:
        # A parent that cannot be looked at cannot be reached through a link either.
        with contextlib.suppress(OSError):
            yield _identity(folder)


def _identity(folder: Path) -> tuple[int, int] | str:
    status = folder.stat()
    # Some file systems number nothing.
    return (status.st_dev, status.st_ino) if status.st_ino else str(folder.resolve())


def _check_root(root: Path) -> None:
    try:
        if not root.is_dir():
            raise _not_a_folder(root)
        with os.scandir(root) as entries:
            next(entries, None)
    except OSError as error:
        raise InputError(
            tr("The folder {root} cannot be read: {reason}.", root=root, reason=_reason(error)),
            cure=tr("Give yourself the right to read it, or choose another folder."),
        ) from error


def _not_a_folder(root: Path) -> InputError:
    if root.exists():
        return InputError(
            tr("{root} is a file, not a folder.", root=root),
            cure=tr("Choose the folder that holds the pictures."),
        )
    return InputError(tr("There is no folder {root}.", root=root), cure=_CHOOSE_ANOTHER)


def _no_pictures(listing: Listing) -> InputError:
    if not listing.left_out:
        return InputError(
            tr("The folder {root} is empty.", root=listing.root),
            cure=tr("Put pictures into it, or choose another folder."),
        )
    first = listing.left_out[0]
    return InputError(
        counted(
            len(listing.left_out),
            "The folder {root} has no pictures; {count} other entry was left out, first {path} "
            "({why}).",
            "The folder {root} has no pictures; {count} other entries were left out, first {path} "
            "({why}).",
            root=listing.root,
            path=first.path,
            why=first.why,
        ),
        cure=tr(
            "PetStudio reads {format_names} files. Choose another folder.",
            format_names=FORMAT_NAMES,
        ),
    )


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
