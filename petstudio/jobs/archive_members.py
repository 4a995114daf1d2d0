"""Reading zip and tar archives member by member, with nothing believed that they say of sizes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import partial
from typing import IO, Final, TypeAlias

from petstudio.api.errors import InputError, TrustError
from petstudio.api.language import tr
from petstudio.jobs.archive_names import refused

_Unpacker: TypeAlias = gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile
_BLOCK: Final = 512
_HEADER_BYTES: Final = 2**20
_ZIP_HEADER: Final = 30
# Others unpack a whole block at once: 45 bytes of bzip2 can become a megabyte in memory.
_ZIP_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PACKERS: Final[tuple[tuple[bytes, Callable[[IO[bytes]], _Unpacker]], ...]] = (
    (b"\x1f\x8b", lambda raw: gzip.GzipFile(fileobj=raw)),
    (b"BZh", bz2.BZ2File),
    (b"\xfd7zXZ\x00", lzma.LZMAFile),
)


@dataclass(frozen=True, kw_only=True)
class Member:
    """A file or folder of an archive.

    Attributes:
        size: in bytes, as the archive says; 0 for a folder.
        open: gives the content, once.
    """

    name: str
    is_folder: bool
    size: int
    open: Callable[[], IO[bytes]]


@dataclass(frozen=True, kw_only=True)
class Inflation:
    """How far packed bytes may grow: `ratio` times, asked only beyond `free_bytes`."""

    ratio: int
    free_bytes: int

    def check(self, packed: int, unpacked: int) -> None:
        """Raise TrustError when that much cannot honestly come out of that little."""
        if unpacked > self.free_bytes and unpacked > packed * self.ratio:
            raise TrustError(
                tr(
                    "The archive grows more than {ratio} times when unpacked, as no pictures do.",
                    ratio=self.ratio,
                ),
                cure=tr("Nothing was unpacked. Do not use this archive."),
            )


def read_members(raw: IO[bytes], inflation: Inflation) -> Generator[Member]:
    """Yield files and folders in order; each must be read before the next is asked for.

    The kind is told from the first bytes, not from the name. Errors of the readers themselves
    (zipfile, tarfile, the decompressors) come through as they are and mean damage.

    Raises:
        InputError: neither zip nor tar, or protected by a password.
        TrustError: a link, a device or another thing that is no file or folder; a bomb.
    """
    start = raw.read(_BLOCK)
    raw.seek(0)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        yield from _zip_members(raw, inflation)
        return
    for magic, unpack in _PACKERS:
        if start.startswith(magic):
            with unpack(raw) as stream:
                yield from _tar_members(_TarSource(stream, raw, inflation))
            return
    if start[257:262] != b"ustar":
        raise InputError(
            tr("This is neither a zip nor a tar archive."), cure=tr("Choose another file.")
        )
    yield from _tar_members(_TarSource(raw, raw, inflation))


def _zip_members(raw: IO[bytes], inflation: Inflation) -> Generator[Member]:
    with zipfile.ZipFile(raw) as archive:
        entries = archive.infolist()
        _refuse_overlap(entries, archive.start_dir)
        for entry in entries:
            _refuse_odd_entry(entry)
            inflation.check(entry.compress_size, entry.file_size)
            yield Member(
                # The other attribute is cut at a NUL character.
                name=entry.orig_filename,
                is_folder=entry.is_dir(),
                size=0 if entry.is_dir() else entry.file_size,
                open=partial(archive.open, entry),
            )


def _refuse_overlap(entries: list[zipfile.ZipInfo], end: int) -> None:
    """Members that share their packed bytes are how a small file becomes a huge one."""
    for entry in sorted(entries, key=lambda entry: entry.header_offset, reverse=True):
        if entry.header_offset + _ZIP_HEADER + entry.compress_size > end:
            raise refused(entry.orig_filename, tr("it shares its bytes with other files"))
        end = entry.header_offset


def _refuse_odd_entry(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise refused(entry.orig_filename, tr("it is a link or a device, not a file"))
    if entry.flag_bits & 1:
        raise InputError(
            tr("The archive is protected by a password."),
            cure=tr("Unpack it by hand, then use the folder."),
        )
    if entry.compress_type not in _ZIP_METHODS:
        raise InputError(
            tr("The archive is packed in an unusual way."),
            cure=tr("Unpack it by hand, then use the folder."),
        )


class _TarSource(io.RawIOBase):
    """What tarfile reads from: counts, and gives no more for headers than headers need.

    Without this, a header that announces gigabytes of a name makes tarfile read them into memory.
    """

    def __init__(self, stream: IO[bytes] | _Unpacker, raw: IO[bytes], inflation: Inflation) -> None:
        super().__init__()
        self._stream = stream
        self._raw = raw
        self._inflation = inflation
        self._allowed = 0
        self.last_block = b""

    def allow(self, count: int) -> None:
        """Let that many bytes be read until the next call."""
        self._allowed = count

    def read(self, size: int = -1) -> bytes:
        self._allowed -= size
        if size < 0 or self._allowed < 0:
            raise TrustError(
                tr("The archive has a header of absurd size."), cure=tr("Do not use it.")
            )
        self.last_block = self._stream.read(size)
        self._inflation.check(self._raw.tell(), self._stream.tell())
        return self.last_block

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


def _tar_members(source: _TarSource) -> Generator[Member]:
    source.allow(_HEADER_BYTES)
    with tarfile.open(fileobj=source, mode="r:", errors="surrogateescape") as archive:
        while (entry := archive.next()) is not None:
            _refuse_odd_member(entry)
            source.allow(entry.size + _HEADER_BYTES)
            yield Member(
                name=entry.name,
                is_folder=entry.isdir(),
                size=entry.size if entry.isreg() else 0,
                open=partial(_content, archive, entry),
            )
            # tarfile keeps them all, which for 200,000 is some hundred megabytes.
            archive.members.clear()  # type: ignore[attr-defined]
            source.allow(_HEADER_BYTES)
    _require_end(source)


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(entry)
    assert content is not None, "it is a regular file"
    return content


def _refuse_odd_member(entry: tarfile.TarInfo) -> None:
    if not (entry.isreg() or entry.isdir()):
        raise refused(entry.name, tr("it is a link or a device, not a file"))
    if entry.issparse() or entry.size < 0:
        raise refused(entry.name, tr("its size is not what is stored of it"))


def _require_end(source: _TarSource) -> None:
    """Tell the end of the archive from a cut or a damaged header, which tarfile ends at as well."""
    if source.last_block != bytes(_BLOCK):
        raise tarfile.ReadError(tr("no end mark"))
    # The checksum of a packed archive stands behind the padding.
    source.allow(_HEADER_BYTES)
    while source.read(_BLOCK):
        pass
