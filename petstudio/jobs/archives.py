"""Unpacking an archive from anywhere: plain files and folders only, inside the target, all or none.

Not tarfile's or zipfile's own extraction: those follow links, believe sizes, and were broken again
and again. With no link ever created, tricks with paths have nothing to stand on.
"""

from __future__ import annotations

import contextlib
import lzma
import os
import shutil
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import IO, Final, TypeAlias, TypeVar

from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, MachineError, TrustError
from petstudio.api.language import tr
from petstudio.config.atomic import sync_folder, write_fault
from petstudio.jobs.archive_members import Inflation, Member, read_members
from petstudio.jobs.archive_names import Places, refused, split_name
from petstudio.jobs.disk import make_folder, write_all

T = TypeVar("T")
OnBytes: TypeAlias = Callable[[int, int], None]

_CHUNK: Final = 2**18
_DAMAGE: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    struct.error,
    OSError,  # gzip and bz2 say so; errors of writing have become MachineError before
    EOFError,
    ValueError,
    ArithmeticError,
    LookupError,
    RuntimeError,
)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much an archive may become.

    Attributes:
        files: files and folders together.
        bytes: on disk; never more than `free_share` of what is free at the start.
        ratio: unpacked to packed bytes, asked beyond `ratio_free_bytes` only.
    """

    files: int = 200_000
    bytes: int = 100 * 2**30
    free_share: float = 0.8
    ratio: int = 200
    ratio_free_bytes: int = 10 * 2**20


def extract(
    archive: Path,
    target: Path,
    control: RunControl,
    on_progress: OnBytes,
    *,
    limits: Limits = Limits(),
) -> None:
    """Unpack a zip, tar, tar.gz, tar.bz2 or tar.xz into the new folder `target`.

    The folder appears when everything is in it; after an error or a cancel there is nothing.
    `on_progress` is told how many bytes of the archive are read, and how many there are.

    Raises:
        RunCancelledError: the user cancelled.
        InputError: not such an archive, damaged, with a password, or `target` is there already.
        TrustError: a link, a device, a name that leads out of the folder, or a bomb.
        MachineError: the disk is full or cannot be written.
    """
    if target.exists():
        raise InputError(
            tr("{target} is already there.", target=target),
            cure=tr("Choose another place or remove it."),
        )
    with _open(archive) as raw, _new_folder(target) as folder:
        size, room = archive.stat().st_size, _Room(limits, folder)

        def tick(count: int) -> None:
            room.use(count)
            control.checkpoint()
            on_progress(min(raw.tell(), size), size)

        inflation = Inflation(ratio=limits.ratio, free_bytes=limits.ratio_free_bytes)
        with contextlib.closing(read_members(raw, inflation)) as members:
            for member in _sound(members, archive):
                _unpack(member, folder, room, _sound(_chunks(member), archive), tick)
        on_progress(size, size)


class _Room:
    """Where members go, and what may still come."""

    def __init__(self, limits: Limits, folder: Path) -> None:
        self.places = Places()
        self._limits = limits
        self._free = int(shutil.disk_usage(folder).free * limits.free_share)
        self._used = 0

    def use(self, count: int) -> None:
        self._used += count
        if len(self.places) > self._limits.files:
            raise TrustError(
                tr(
                    "The archive holds more than {files} files and folders.",
                    files=self._limits.files,
                ),
                cure=tr("Nothing was unpacked. Unpack it by hand if you trust it."),
            )
        if self._used > self._limits.bytes:
            raise TrustError(
                tr(
                    "The archive unpacks to more than {bytes:.1f} GB.",
                    bytes=self._limits.bytes / 1000000000.0,
                ),
                cure=tr("Nothing was unpacked. Unpack it by hand if you trust it."),
            )
        if self._used > self._free:
            raise MachineError(
                tr(
                    "The archive needs more than the {free:.0f} MB that it may use here.",
                    free=self._free / 1000000.0,
                ),
                cure=tr("Free some space and try again; nothing was unpacked."),
            )


def _unpack(
    member: Member,
    folder: Path,
    room: _Room,
    chunks: Iterator[bytes],
    tick: Callable[[int], None],
) -> None:
    parts = split_name(member.name)
    if member.is_folder:
        make_folder(folder.joinpath(*room.places.folder(parts)))
        tick(0)
        return
    if not parts:
        raise refused(member.name, tr("it is a file without a name"))
    path = folder.joinpath(*room.places.file(parts))
    tick(0)
    make_folder(path.parent)
    with _new_file(path) as stream:
        for chunk in chunks:
            tick(len(chunk))
            write_all(stream, chunk, path)


def _chunks(member: Member) -> Iterator[bytes]:
    count = 0
    with member.open() as source:
        while chunk := source.read(_CHUNK):
            count += len(chunk)
            yield chunk
    if count != member.size:
        raise EOFError


def _sound(items: Iterator[T], archive: Path) -> Iterator[T]:
    """Pass on what a reader gives; whatever it raises over bad bytes becomes one sentence."""
    while True:
        try:
            item = next(items)
        except StopIteration:
            return
        except _DAMAGE as error:
            raise InputError(
                tr(
                    "The archive {archive} is damaged or cut off. Nothing was unpacked.",
                    archive=archive.name,
                ),
                cure=tr("Fetch or copy it again."),
            ) from error
        yield item


def _open(archive: Path) -> IO[bytes]:
    try:
        return archive.open("rb")
    except OSError as error:
        raise InputError(
            tr("The archive {archive} cannot be read.", archive=archive),
            cure=tr("Check that it is there and its rights."),
        ) from error


def _new_file(path: Path) -> FileIO:
    extra = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        return FileIO(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | extra, 0o644), "wb")
    except OSError as error:
        raise write_fault(path, error) from error


@contextlib.contextmanager
def _new_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target` that becomes it, or nothing."""
    folder = target.with_name(f".{target.name[:40]}.unpacking")
    try:
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was killed
        make_folder(target.parent)
        folder.mkdir()
    except OSError as error:
        raise write_fault(target, error) from error
    try:
        yield folder
        _put_in_place(folder, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _put_in_place(folder: Path, target: Path) -> None:
    try:
        for path in [folder, *folder.rglob("*")]:
            if path.is_dir():
                sync_folder(path)
            else:
                with path.open("rb+") as stream:
                    os.fsync(stream.fileno())
        folder.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise write_fault(target, error) from error
