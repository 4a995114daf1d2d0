"""Looking at all pictures of a folder once: can they be read, what are they, which look alike."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError
from petstudio.images.checking_child import CheckRules
from petstudio.images.duplicates import same_content
from petstudio.images.near_duplicates import near_pairs
from petstudio.images.picture_facts import PictureFacts, facts_of
from petstudio.images.roots import Root, file_name
from petstudio.images.verification import check_images
from petstudio.jobs.kept_facts import SeenPicture, facts_file, load_facts, save_facts

Families: TypeAlias = tuple[tuple[str, ...], ...]
"""Paths of pictures that belong together, two or more in each."""

_RULES = CheckRules(check=facts_of, tells=True)


@dataclass(frozen=True, kw_only=True)
class PictureScan:
    """What the files say, whatever their labels are.

    Attributes:
        seen: all pictures that can be read, by path, in the order given.
        unreadable: the others, each with its fault.
        equal: pictures with the same bytes.
        alike: pairs that look the same although their bytes differ; of equal pictures, the first.
    """

    root: Root
    seen: Mapping[str, SeenPicture]
    unreadable: Mapping[str, ImageError]
    equal: Families
    alike: Families

    def families(self, *, near: bool) -> Families:
        """Return what must not be on two sides of a split; near-duplicates only if `near`."""
        return (*self.equal, *self.alike) if near else self.equal


def scan_pictures(
    root: Root,
    files: Sequence[str],
    control: RunControl,
    tell: Callable[[int], None],
    *,
    known: dict[str, SeenPicture] | None = None,
) -> PictureScan:
    """Decode all files in child processes; `tell` gets the number that are done.

    Pictures that did not change since they became `known` are not looked at again; those that are
    looked at become known at once, so that a scan goes on where another one was cancelled.

    Raises:
        RunCancelledError: the control was cancelled.
        MachineError: no process can be started.
    """
    known = {} if known is None else known
    unreadable = _look_at(root, files, known, control, tell)
    seen = {file: known[file] for file in files if file in known and file not in unreadable}
    equal = equal_pictures(root, tuple(seen), control)
    return PictureScan(
        root=root,
        seen=seen,
        unreadable={file: unreadable[file] for file in files if file in unreadable},
        equal=equal,
        alike=_alike(seen, equal, control),
    )


def _look_at(
    root: Root,
    files: Sequence[str],
    known: dict[str, SeenPicture],
    control: RunControl,
    tell: Callable[[int], None],
) -> dict[str, ImageError]:
    """Make known what is new or changed; return what cannot be read."""
    stamps = {file: _stamp(root, file) for file in files}
    left = [file for file in files if file not in known or _stamp_of(known[file]) != stamps[file]]
    unreadable: dict[str, ImageError] = {}
    done = len(files) - len(left)
    tell(done)
    with contextlib.closing(check_images(root, left, control, _RULES)) as checked:
        for answers in checked:
            for file, told in answers:
                if isinstance(told, ImageError):
                    unreadable[file] = told
                elif isinstance(told, PictureFacts):
                    size, mtime_ns = stamps[file]
                    known[file] = SeenPicture(size=size, mtime_ns=mtime_ns, facts=told)
            done += len(answers)
            tell(done)
    return unreadable


def scan_project(
    project: Path,
    root: Root,
    files: Sequence[str],
    control: RunControl,
    tell: Callable[[int], None],
    *,
    known: dict[str, SeenPicture] | None = None,
) -> PictureScan:
    """Do as `scan_pictures` does with what a project has kept of the scans before, and keep it.

    Raises:
        RunCancelledError: the control was cancelled; what was seen is kept.
        MachineError: no process can be started.
    """
    kept = facts_file(project)
    known = {} if known is None else known
    if not known:
        known.update(load_facts(kept))
    before = dict(known)
    try:
        return scan_pictures(root, files, control, tell, known=known)
    finally:
        if known != before:
            save_facts(kept, known)


def equal_pictures(root: Root, files: Sequence[str], control: RunControl) -> Families:
    """Return groups of files with the same bytes; raises RunCancelledError."""
    groups = same_content([root / file for file in files], control.checkpoint)
    return tuple(tuple(files[place] for place in group) for group in groups)


def _alike(seen: Mapping[str, SeenPicture], equal: Families, control: RunControl) -> Families:
    copies = {file for group in equal for file in group[1:]}
    files = [file for file in seen if file not in copies]
    pairs = near_pairs([seen[file].facts.fingerprint for file in files], control.checkpoint)
    return tuple((files[first], files[second]) for first, second in pairs)


def _stamp_of(seen: SeenPicture) -> tuple[int, int]:
    return seen.size, seen.mtime_ns


def _stamp(root: Root, file: str) -> tuple[int, int]:
    """Return size and time; zeros if it is gone."""
    with contextlib.suppress(OSError):
        status = os.stat(file_name(root, file))  # noqa: PTH116  a Path each costs more
        return status.st_size, status.st_mtime_ns
    return 0, 0
