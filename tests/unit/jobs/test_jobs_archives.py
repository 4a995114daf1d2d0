"""Unpacking good archives, and every kind of bad one that is known."""

from __future__ import annotations

import gzip
import io
import itertools
import os
import random
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from petstudio.api.control import RunControl
from petstudio.api.errors import (
    InputError,
    MachineError,
    PetStudioError,
    RunCancelledError,
    TrustError,
)
from petstudio.jobs.archives import Limits, extract

NOISE = random.Random(3).randbytes(5000)
PETS = {"images/Abyssinian_1.jpg": NOISE, "images/pug_7.jpg": b"p" * 700, "images/x.mat": b""}
SMALL = Limits(files=20, bytes=200_000, ratio=20, ratio_free_bytes=30_000)


def unpack(
    archive: Path,
    *,
    limits: Limits = SMALL,
    control: RunControl | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    target = archive.parent / "out" / "pets"
    extract(archive, target, control or RunControl(), on_progress, limits=limits)
    return target


def refuse(archive: Path, error: type[PetStudioError], match: str) -> None:
    """The archive is refused with a sentence and a cure, and no trace of it is left."""
    before = tree(archive.parent)
    with pytest.raises(error, match=match) as caught:
        unpack(archive)
    assert caught.value.cure
    assert tree(archive.parent) - before <= {"out"}


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def tar_of(
    path: Path, members: Iterable[tuple[str | tarfile.TarInfo, bytes]], mode: str = "w:gz"
) -> Path:
    with tarfile.open(path, mode) as archive:
        for member, content in members:
            info = tarfile.TarInfo(member) if isinstance(member, str) else member
            info.size = info.size or len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def zip_of(path: Path, members: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members:
            archive.writestr(member, content)
    return path


def special(name: str, kind: bytes, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz"])
def test_that_a_tar_archive_is_unpacked(tmp_path: Path, packing: str) -> None:
    folder = special("images", tarfile.DIRTYPE)
    archive = tar_of(tmp_path / "a", [(folder, b""), *PETS.items()], f"w:{packing}")
    assert contents(unpack(archive)) == PETS


def test_that_a_zip_archive_is_unpacked(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a", [("images/", b""), *PETS.items()])
    assert contents(unpack(archive)) == PETS


def test_that_a_tar_of_the_folder_it_stands_in_is_unpacked(tmp_path: Path) -> None:
    root = special(".", tarfile.DIRTYPE)
    members = [(f"./{name}", content) for name, content in PETS.items()]
    assert contents(unpack(tar_of(tmp_path / "a", [(root, b""), *members]))) == PETS


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
def test_that_long_names_are_kept(tmp_path: Path, form: int) -> None:
    name = "/".join(["f" * 90] * 3 + ["ü" * 100])
    with tarfile.open(tmp_path / "a", "w:gz", format=form) as archive:
        info = tarfile.TarInfo(name)
        info.size = 3
        archive.addfile(info, io.BytesIO(b"abc"))
    assert contents(unpack(tmp_path / "a")) == {name: b"abc"}


def test_that_the_kind_is_told_from_the_content(tmp_path: Path) -> None:
    assert contents(unpack(tar_of(tmp_path / "pets.zip", PETS.items()))) == PETS


def test_that_an_empty_archive_gives_an_empty_folder(tmp_path: Path) -> None:
    assert contents(unpack(zip_of(tmp_path / "a", []))) == {}


def test_that_an_archive_in_an_archive_stays_a_file(tmp_path: Path) -> None:
    inner = zip_of(tmp_path / "inner", PETS.items()).read_bytes()
    assert contents(unpack(zip_of(tmp_path / "a", [("b.zip", inner)]))) == {"b.zip": inner}


def test_that_unpacked_files_are_plain_and_private_to_write(tmp_path: Path) -> None:
    info = tarfile.TarInfo("run.sh")
    info.mode = 0o6777
    path = unpack(tar_of(tmp_path / "a", [(info, b"x")])) / "run.sh"
    assert path.stat().st_mode & (stat.S_ISUID | stat.S_ISGID | 0o133) == 0


def test_that_progress_ends_at_the_size_of_the_archive(tmp_path: Path) -> None:
    archive, seen = tar_of(tmp_path / "a", PETS.items()), []
    unpack(archive, on_progress=lambda *numbers: seen.append(numbers))
    size = archive.stat().st_size
    assert seen[-1] == (size, size)
    assert all(done <= total == size for done, total in seen)


BAD_NAMES = {
    "parent": "../evil.jpg",
    "parent in the middle": "a/../../evil.jpg",
    "absolute": "/tmp/evil.jpg",
    "two slashes": "a//evil.jpg",
    "backslash parent": "..\\evil.jpg",
    "backslash root": "\\evil.jpg",
    "share": "\\\\host\\share\\evil.jpg",
    "drive": "C:\\evil.jpg",
    "drive without a folder": "C:evil.jpg",
    "drive further down": "a/D:/evil.jpg",
    "newline": "a\nb.jpg",
    "escape": "\x1b[2Jb.jpg",
    "bell": "a\x07.jpg",
    "too long": "e" * 256,
    "too deep": "a/" * 70 + "b.jpg",
}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES.keys())
def test_that_a_tar_with_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    refuse(tar_of(tmp_path / "a", [("fine.jpg", b"x"), (name, b"x")]), TrustError, "contains")


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES.keys())
def test_that_a_zip_with_a_bad_name_is_refused(tmp_path: Path, name: str) -> None:
    refuse(zip_of(tmp_path / "a", [("fine.jpg", b"x"), (name, b"x")]), TrustError, "contains")


def test_that_a_zip_name_with_a_nul_is_refused(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a", [("evil.jpg_.png", b"x")])
    archive.write_bytes(archive.read_bytes().replace(b"evil.jpg_.png", b"evil.jpg\0.png"))
    refuse(archive, TrustError, "control characters")


def test_that_a_pax_name_with_a_nul_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.pax_headers = {"path": "evil.jpg\0.png"}
    refuse(tar_of(tmp_path / "a", [(info, b"x")]), TrustError, "control characters")


def test_that_a_refused_name_is_shown_without_its_control_characters(tmp_path: Path) -> None:
    with pytest.raises(TrustError) as caught:
        unpack(zip_of(tmp_path / "a", [("\x1b[2J\u202egpj.exe", b"x")]))
    assert str(caught.value).isprintable()


SPECIAL = {
    "symlink out": [(special("a", tarfile.SYMTYPE, "/etc"), b"")],
    "symlink in": [(special("a", tarfile.SYMTYPE, "b"), b""), ("b", b"x")],
    "file through a symlink": [(special("a", tarfile.SYMTYPE, ".."), b""), ("a/evil", b"x")],
    "hard link": [("b", b"x"), (special("a", tarfile.LNKTYPE, "b"), b"")],
    "hard link out": [(special("a", tarfile.LNKTYPE, "/etc/passwd"), b"")],
    "character device": [(special("a", tarfile.CHRTYPE), b"")],
    "block device": [(special("a", tarfile.BLKTYPE), b"")],
    "fifo": [(special("a", tarfile.FIFOTYPE), b"")],
    "unknown kind": [(special("a", b"Z"), b"")],
    "sparse": [(special("a", tarfile.GNUTYPE_SPARSE), b"")],
}


@pytest.mark.parametrize("members", SPECIAL.values(), ids=SPECIAL.keys())
def test_that_a_tar_with_anything_but_files_and_folders_is_refused(
    tmp_path: Path, members: list[tuple[str | tarfile.TarInfo, bytes]]
) -> None:
    refuse(tar_of(tmp_path / "a", members), TrustError, "contains “a”")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_that_a_zip_with_anything_but_files_and_folders_is_refused(
    tmp_path: Path, kind: int
) -> None:
    info = zipfile.ZipInfo("a")
    info.external_attr = (kind | 0o777) << 16
    refuse(zip_of(tmp_path / "a", [(info, b"/etc")]), TrustError, "link or a device")


def test_that_a_chain_of_links_that_outwits_path_checks_is_refused(tmp_path: Path) -> None:
    """The shape of CVE-2025-4517: a path so long that resolving it gives up half-way."""
    name, members = "", []
    for step in itertools.islice("abcdefghijklmnop", 8):
        members.append((special(f"{name}{'d' * 247}", tarfile.DIRTYPE), b""))
        members.append((special(f"{name}{step}", tarfile.SYMTYPE, "d" * 247), b""))
        name += f"{step}/"
    members += [(special("escape", tarfile.SYMTYPE, f"{name}../../.."), b""), ("escape/e", b"x")]
    refuse(tar_of(tmp_path / "a", members), TrustError, "link")


def test_that_a_name_given_twice_keeps_both_files(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", [("a/x.jpg", b"1"), ("a/x.jpg", b"2"), ("a/x.jpg", b"3")])
    assert contents(unpack(archive)) == {"a/x.jpg": b"1", "a/x~2.jpg": b"2", "a/x~3.jpg": b"3"}


def test_that_names_differing_in_case_stay_apart(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", [("Cat.jpg", b"1"), ("cat.JPG", b"2"), ("CAT/x", b"3")])
    assert contents(unpack(archive)) == {"Cat.jpg": b"1", "cat~2.JPG": b"2", "CAT/x": b"3"}


def test_that_names_differing_in_composition_stay_apart(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", [("caf\u00e9.jpg", b"1"), ("cafe\u0301.jpg", b"2")])
    assert sorted(contents(unpack(archive)).values()) == [b"1", b"2"]
    assert "cafe\u0301~2.jpg" in contents(tmp_path / "out" / "pets")


def test_that_a_folder_named_like_a_file_gets_a_suffix(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", [("a", b"1"), ("a/b", b"2"), ("a/c", b"3")])
    assert contents(unpack(archive)) == {"a": b"1", "a~2/b": b"2", "a~2/c": b"3"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("CON", "CON_"),
        ("nul.jpg", "nul_.jpg"),
        ("Com1.tar.gz", "Com1_.tar.gz"),
        ("lpt9/x", "lpt9_/x"),
        ("dot.", "dot._"),
        ("space ", "space _"),
        ("console.jpg", "console.jpg"),
    ],
)
def test_that_names_other_systems_reserve_get_a_suffix(
    tmp_path: Path, name: str, kept: str
) -> None:
    assert list(contents(unpack(tar_of(tmp_path / "a", [(name, b"x")])))) == [kept]


@pytest.mark.skipif(os.name != "posix", reason="file names are text elsewhere")
def test_that_names_that_are_no_unicode_keep_their_bytes(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    with tarfile.open(tmp_path / "a", "w:gz", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo(name))
    assert os.listdir(os.fsencode(unpack(tmp_path / "a"))) == [b"caf\xe9.jpg"]  # noqa: PTH208


@pytest.mark.parametrize("make", [tar_of, zip_of])
def test_that_a_ratio_bomb_is_refused(
    tmp_path: Path, make: Callable[[Path, list[tuple[str, bytes]]], Path]
) -> None:
    refuse(make(tmp_path / "a", [("a.jpg", bytes(100_000))]), TrustError, "more than 20 times")


def test_that_a_zip_lying_about_its_sizes_is_refused(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a", [("a.jpg", bytes(100_000))])
    honest = struct.pack("<L", 100_000)
    assert archive.read_bytes().count(honest) == 2
    archive.write_bytes(archive.read_bytes().replace(honest, struct.pack("<L", 10)))
    refuse(archive, InputError, "damaged")


def test_that_zip_members_sharing_their_bytes_are_refused(tmp_path: Path) -> None:
    """The shape of an overlap bomb: many entries of the directory for one piece of data."""
    archive = zip_of(tmp_path / "a", [("a.jpg", bytes(20_000)), ("b.jpg", b"")])
    with zipfile.ZipFile(archive, "a") as changed:
        twin = zipfile.ZipInfo("c.jpg")
        for field in ("compress_type", "compress_size", "file_size", "CRC", "header_offset"):
            setattr(twin, field, getattr(changed.infolist()[0], field))
        changed.filelist.append(twin)
        changed._didModify = True
    refuse(archive, TrustError, "shares its bytes")


def test_that_too_many_bytes_are_refused(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", [(f"{n}.jpg", NOISE * 6) for n in range(8)], "w")
    refuse(archive, TrustError, "more than 0.0 GB")


def test_that_too_many_files_are_refused(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", [(f"{n}.jpg", b"") for n in range(21)])
    refuse(archive, TrustError, "more than 20 files")


def test_that_too_many_folders_are_refused(tmp_path: Path) -> None:
    refuse(tar_of(tmp_path / "a", [("a/" * 21 + "b", b"")]), TrustError, "more than 20 files")


def test_that_one_name_given_three_thousand_times_ends_soon(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", [("same.jpg", b"")] * 3_000, "w:gz")
    with pytest.raises(TrustError, match="more than 2999 files"):
        unpack(archive, limits=Limits(files=2_999))


def test_that_an_archive_larger_than_the_free_space_is_refused(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", PETS.items())
    with pytest.raises(MachineError, match="0 MB that it may use"):
        unpack(archive, limits=Limits(free_share=0.0))
    assert not (tmp_path / "out" / "pets").exists()


def test_that_a_tar_header_of_absurd_size_is_refused_unread(tmp_path: Path) -> None:
    giant = special("././@LongLink", tarfile.GNUTYPE_LONGNAME)
    giant.size = 2**33
    with gzip.open(tmp_path / "a", "wb") as stream:
        stream.write(giant.tobuf(tarfile.GNU_FORMAT))
    refuse(tmp_path / "a", TrustError, "absurd size")


def test_that_a_tar_with_a_negative_size_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a")
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[124:136] = b"\xff" * 11 + b"\x00"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    with gzip.open(tmp_path / "a", "wb") as stream:
        stream.write(bytes(header) + bytes(1024))
    refuse(tmp_path / "a", PetStudioError, ".")


def test_that_endless_nested_long_names_are_refused(tmp_path: Path) -> None:
    link = special("././@LongLink", tarfile.GNUTYPE_LONGNAME)
    link.size = 2
    content = (link.tobuf(tarfile.GNU_FORMAT) + b"a".ljust(512, b"\0")) * 2000
    (tmp_path / "a").write_bytes(content)
    refuse(tmp_path / "a", PetStudioError, ".")


def test_that_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a", [("a.jpg", NOISE)])
    content = bytearray(archive.read_bytes())
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(content)
    refuse(archive, InputError, "password")


def test_that_a_zip_in_an_unusual_packing_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.jpg", NOISE)
    refuse(tmp_path / "a", InputError, "unusual way")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n" * 200, bytes(2000)])
def test_that_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    refuse(tmp_path / "a", InputError, "neither a zip nor a tar")


def test_that_a_missing_archive_is_named(tmp_path: Path) -> None:
    refuse(tmp_path / "gone.zip", InputError, r"gone\.zip")


@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_that_a_cut_tar_is_refused(tmp_path: Path, packing: str, share: float) -> None:
    members = [(f"{n}.jpg", NOISE) for n in range(5)]
    archive = tar_of(tmp_path / "a", members, f"w:{packing}")
    stop = archive.stat().st_size if packing else 5 * (512 + 5120)
    archive.write_bytes(archive.read_bytes()[: int(stop * share)])
    refuse(archive, InputError, "damaged or cut off")


def test_that_a_tar_cut_between_two_files_is_refused(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", [(f"{n}.jpg", NOISE) for n in range(5)], "w")
    archive.write_bytes(archive.read_bytes()[: 3 * (512 + 5120)])
    refuse(archive, InputError, "damaged or cut off")


def test_that_a_tar_with_a_damaged_header_is_refused(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", [(f"{n}.jpg", NOISE) for n in range(5)], "w")
    content = bytearray(archive.read_bytes())
    content[3 * (512 + 5120) + 20] ^= 1
    archive.write_bytes(content)
    refuse(archive, InputError, "damaged or cut off")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_that_a_cut_zip_is_refused(tmp_path: Path, share: float) -> None:
    archive = zip_of(tmp_path / "a", PETS.items())
    archive.write_bytes(archive.read_bytes()[: int(archive.stat().st_size * share)])
    refuse(archive, InputError, "damaged or cut off")


def test_that_a_zip_with_a_bad_checksum_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a", "w") as archive:
        archive.writestr("a.jpg", NOISE)
    content = bytearray((tmp_path / "a").read_bytes())
    content[1000] ^= 1
    (tmp_path / "a").write_bytes(content)
    refuse(tmp_path / "a", InputError, "damaged or cut off")


def test_that_a_gzip_with_a_bad_checksum_is_refused(tmp_path: Path) -> None:
    archive = tar_of(tmp_path / "a", PETS.items())
    content = bytearray(archive.read_bytes())
    content[-6] ^= 1
    archive.write_bytes(content)
    refuse(archive, InputError, "damaged or cut off")


@pytest.mark.parametrize("make", [tar_of, zip_of])
def test_that_flipped_bytes_never_leave_a_half_data_set(
    tmp_path: Path, make: Callable[[Path, list[tuple[str, bytes]]], Path]
) -> None:
    archive, draw = make(tmp_path / "a", [*PETS.items()]), random.Random(11)
    good = archive.read_bytes()
    for _ in range(150):
        content = bytearray(good)
        content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        archive.write_bytes(content)
        try:
            target = unpack(archive)
        except PetStudioError:
            assert tree(tmp_path) <= {"a", "out"}
        else:
            # A flip in a name or a date cannot be seen; the files themselves are checked.
            assert sorted(contents(target).values()) == sorted(PETS.values())
            for path in sorted(target.rglob("*"), reverse=True):
                path.unlink() if path.is_file() else path.rmdir()
            target.rmdir()


def test_that_a_cancelled_run_leaves_nothing(tmp_path: Path) -> None:
    control = RunControl()
    archive = tar_of(tmp_path / "a", PETS.items())
    with pytest.raises(RunCancelledError):
        unpack(archive, control=control, on_progress=lambda done, total: control.cancel())
    assert tree(tmp_path) == {"a", "out"}


def test_that_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    left = tmp_path / "out" / ".pets.unpacking" / "images"
    left.mkdir(parents=True)
    (left / "half.jpg").write_bytes(b"x")
    assert contents(unpack(tar_of(tmp_path / "a", PETS.items()))) == PETS
    assert tree(tmp_path / "out") == {"pets", "pets/images", *(f"pets/{name}" for name in PETS)}


def test_that_a_folder_that_is_there_is_not_touched(tmp_path: Path) -> None:
    target = tmp_path / "out" / "pets"
    target.mkdir(parents=True)
    (target / "mine.jpg").write_bytes(b"x")
    with pytest.raises(InputError, match="already there"):
        unpack(tar_of(tmp_path / "a", PETS.items()))
    assert contents(target) == {"mine.jpg": b"x"}


def test_that_a_disk_that_does_not_take_it_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    archive = tar_of(tmp_path / "a", PETS.items())
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(MachineError, match="disk is full"):
        unpack(archive)
    assert tree(tmp_path) == {"a", "out"}
