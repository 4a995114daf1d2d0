"""One file gets a copy or a second name somewhere; nothing that is there is ever overwritten."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from io import FileIO
from itertools import count
from pathlib import Path
from typing import TypeAlias

from petstudio.api.errors import MachineError
from petstudio.api.language import tr
from petstudio.config.atomic import write_fault
from petstudio.jobs.copy_ledger import CopyLedger
from petstudio.jobs.copy_plan import numbered
from petstudio.jobs.copy_records import Copied, CopyRecord, pieces, sha256_of
from petstudio.jobs.disk import write_all
from petstudio.project.names import shown_text


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a file held when it was read."""

    size: int
    sha256: str


Make: TypeAlias = Callable[[FileIO, Path], Content]
"""Makes a file that has the content of another."""
Note: TypeAlias = Callable[[Copied], None]
"""Writes down what is about to get its name."""


class LinkRefusedError(MachineError):
    """A file cannot have a second name there."""


def bring(source: Path, names: Iterable[Path], part: Path, make: Make, note: Note) -> Path:
    """Make a file beside its place, then give it the first free one of these names.

    Raises:
        OSError: the original cannot be read; or no name is free, as FileExistsError.
        MachineError: the place refuses it.
    """
    with source.open("rb", buffering=0) as stream:
        part.unlink(missing_ok=True)
        try:
            content = make(stream, part)
            return _name(part, names, content, note)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def free_names(wanted: Path, taken: Container[Path] = ()) -> Iterator[Path]:
    """Return the name, then the same with numbers, without those that are in use."""
    for number in count(1):
        place = wanted if number == 1 else numbered(wanted, number)
        if place not in taken and not os.path.lexists(place):
            yield place


def copy_content(source: FileIO, part: Path) -> Content:
    """Make a copy, with the times of the original."""
    digest, size = hashlib.sha256(), 0
    with _new_file(part) as stream:
        for piece in pieces(source):
            write_all(stream, piece, part)
            digest.update(piece)
            size += len(piece)
    _keep_times(source, part)
    return Content(size=size, sha256=digest.hexdigest())


def second_name(source: FileIO, part: Path) -> Content:
    """Make another name of the same file.

    Raises:
        LinkRefusedError: the file system has none, or it is another one.
    """
    content = Content(
        size=os.fstat(source.fileno()).st_size,
        sha256=hashlib.file_digest(source, "sha256").hexdigest(),
    )
    try:
        # Of the file itself: a symbolic link would get the second name, and lead nowhere there.
        os.link(os.path.realpath(source.name), part)
    except OSError as error:
        raise LinkRefusedError(
            tr(
                "Links cannot be made in {folder}: {reason}.",
                folder=shown_text(str(part.parent)),
                reason=error.strerror,
            ),
            cure=tr("Make copies instead; links need to be on the same disk as the pictures."),
        ) from error
    return content


def verified_copy(source: FileIO, part: Path) -> Content:
    """Make a copy that is on the disk, and read it again.

    Raises:
        MachineError: it is not what was written.
    """
    content = copy_content(source, part)
    with contextlib.suppress(OSError):  # some file systems do not let us
        shutil.copystat(source.name, part)
    _flush(part)
    if sha256_of(part) != content.sha256:
        raise MachineError(
            tr("A copy in {folder} is not what was written.", folder=shown_text(str(part.parent))),
            cure=tr("The picture stays where it is. Check the disk."),
        )
    return content


def make_folder_in(ledger: CopyLedger, folder: Path) -> None:
    """Make a folder of a class, if it is not there."""
    if folder.is_dir() and not folder.is_symlink():
        return
    ledger.note_folder(folder)
    try:
        folder.mkdir()
    except OSError as error:
        raise write_fault(folder, error) from error


def clean_up(record: CopyRecord) -> None:
    """Remove what a copying left unfinished, and its folders where nobody keeps other files."""
    for part in record.parts:
        with contextlib.suppress(OSError):
            part.unlink()
    for folder in reversed(record.folders):
        with contextlib.suppress(OSError):
            folder.rmdir()


def reason_of(error: OSError) -> str:
    """Return why a file is left out, as the part of a sentence."""
    return (error.strerror or type(error).__name__).lower()


def _name(part: Path, names: Iterable[Path], content: Content, note: Note) -> Path:
    for place in names:
        note(Copied(path=place, size=content.size, sha256=content.sha256))
        try:
            place.touch(exist_ok=False)  # an empty file, so that nobody else takes the name
        except FileExistsError:
            continue
        except OSError as error:
            raise write_fault(place, error) from error
        _fill(place, part)
        return place
    raise FileExistsError


def _fill(place: Path, part: Path) -> None:
    try:
        part.replace(place)
    except OSError as error:
        with contextlib.suppress(OSError):
            place.unlink()  # it is empty, and ours
        raise write_fault(place, error) from error


def _new_file(path: Path) -> FileIO:
    try:
        return FileIO(path, "x")
    except OSError as error:
        raise write_fault(path, error) from error


def _flush(part: Path) -> None:
    try:
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
    except OSError as error:
        raise write_fault(part, error) from error


def _keep_times(source: FileIO, part: Path) -> None:
    times = os.fstat(source.fileno())
    with contextlib.suppress(OSError):  # some file systems do not let us
        os.utime(part, ns=(times.st_atime_ns, times.st_mtime_ns))
