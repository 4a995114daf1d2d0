"""Names in an archive become names on this disk: refused, kept, or made safe for every system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from petstudio.api.errors import TrustError
from petstudio.api.language import tr

Parts: TypeAlias = tuple[str, ...]

_SEPARATORS: Final = re.compile(r"[/\\]")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_MAX_BYTES: Final = 255
_MAX_PARTS: Final = 64


def split_name(name: str) -> Parts:
    """Return the folders and the file of a member's name; empty for the archive's own root.

    `.` stands for nothing ("./images/a.jpg" is what tar writes for the folder it stands in).

    Raises:
        TrustError: absolute, with a drive, `..`, an empty part, control characters, or too long.
    """
    parts = _SEPARATORS.split(name)
    if len(parts) > 1 and not parts[-1]:
        parts.pop()  # a folder's name ends with a separator
    for part in parts:
        problem = _problem(part)
        if problem:
            raise refused(name, problem)
    if len(parts) > _MAX_PARTS:
        raise refused(name, tr("it has too many folders inside one another"))
    return tuple(part for part in parts if part != ".")


def refused(name: str, why: str) -> TrustError:
    """Return the error for a member that does not belong in an archive of pictures."""
    shown = "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in name[:200]
    )
    return TrustError(
        tr("The archive contains “{shown}”: {why}. Nothing was unpacked.", shown=shown, why=why),
        cure=tr(
            "Do not use this archive unless you trust whoever made it; then unpack it by hand."
        ),
    )


class Places:
    """Gives every member a place of its own, also where names differ only in case or accents.

    A name that another one already has, or that some system reserves, gets a suffix.
    """

    def __init__(self) -> None:
        self._folders: dict[Parts, Parts] = {(): ()}
        self._taken: dict[Parts, int] = {}

    def __len__(self) -> int:
        return len(self._taken)

    def folder(self, parts: Parts) -> Parts:
        """Return where a folder goes; the same for the same name."""
        if parts not in self._folders:
            self._folders[parts] = self._take(self.folder(parts[:-1]), parts[-1])
        return self._folders[parts]

    def file(self, parts: Parts) -> Parts:
        """Return where a new file goes."""
        return self._take(self.folder(parts[:-1]), parts[-1])

    def _take(self, folder: Parts, name: str) -> Parts:
        name = candidate = _made_safe(name)
        first = _key((*folder, name))
        while (key := _key((*folder, candidate))) in self._taken:
            self._taken[first] += 1  # counted, so that a name given 100,000 times costs no search
            path = PurePosixPath(name)
            candidate = f"{path.stem}~{self._taken[first]}{path.suffix}"
        self._taken[key] = 1
        return (*folder, candidate)


def _problem(part: str) -> str:
    if not part:
        return tr("it is an absolute path or has an empty part")
    if part == "..":
        return tr("it leads out of the archive's folder")
    if _DRIVE.match(part):
        return tr("it names a drive")
    if _CONTROL.search(part):
        return tr("it has control characters")
    if len(part.encode("utf-8", "surrogateescape")) > _MAX_BYTES:
        return tr("it is too long")
    return ""


def _made_safe(name: str) -> str:
    stem, dot, suffix = name.partition(".")
    if _RESERVED.fullmatch(name):
        return f"{stem}_{dot}{suffix}"
    return f"{name}_" if name.endswith((".", " ")) else name


def _key(parts: Parts) -> Parts:
    # Twice normalised, since folding the case may compose or decompose.
    return tuple(
        unicodedata.normalize("NFC", unicodedata.normalize("NFC", part).casefold())
        for part in parts
    )
