"""Model and checkpoint files that mean harm: their payload makes a folder, the canary.

Each kind is a function that writes one file. Pickles are put together opcode by opcode, so that
they can say what no pickler would write.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import safetensors.torch
import torch
from engine_fixtures import build_tiny
from torch import nn

from petstudio.api import NoOptions
from petstudio.engine.network import Network

Write: TypeAlias = Callable[[Path, Path], object]  # (file to make, canary)
HUGE = 10**6
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Kind:
    """One way to do harm.

    Attributes:
        suffix: of the name under which such a file comes.
        write: makes it.
        has_good_body: its body's tensors may well serve as weights.
        is_special: no plain file, so it is made where it is needed.
    """

    name: str
    suffix: str
    write: Write
    has_good_body: bool = False
    is_special: bool = False

    def __str__(self) -> str:
        return self.name


class Payload:
    """Calls a function when it is unpickled by somebody careless."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


# Pickle opcodes, protocol 2


def found(module: str, name: str) -> bytes:
    return f"c{module}\n{name}\n".encode()


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def whole(value: int) -> bytes:
    data = pickle.encode_long(value)
    return b"\x8a" + bytes([len(data)]) + data


def pair(*items: bytes) -> bytes:
    return b"(" + b"".join(items) + b"t"


def called(function: bytes, *arguments: bytes) -> bytes:
    return function + pair(*arguments) + b"R"


def table(**items: bytes) -> bytes:
    return b"}(" + b"".join(text(name) + item for name, item in items.items()) + b"u"


def pickled(body: bytes) -> bytes:
    return b"\x80\x02" + body + b"."


def storage(count: int, key: str = "0", kind: str = "FloatStorage") -> bytes:
    return pair(text("storage"), found("torch", kind), text(key), text("cpu"), whole(count)) + b"Q"


def tensor(
    size: tuple[int, ...], stride: tuple[int, ...], *, stored: bytes, offset: int = 0
) -> bytes:
    return called(
        found("torch._utils", "_rebuild_tensor_v2"),
        stored,
        whole(offset),
        pair(*map(whole, size)),
        pair(*map(whole, stride)),
        b"\x89",
        called(found("collections", "OrderedDict")),
    )


FLOATS = struct.pack("<8f", *range(8))
GOOD = tensor((8,), (1,), stored=storage(8))


def torch_zip(
    data: bytes, *more: tuple[str, bytes], compression: int = zipfile.ZIP_STORED
) -> Write:
    """Return what writes a file as `torch.save` does, with this pickle in it."""

    def write(path: Path, _canary: Path) -> None:
        with zipfile.ZipFile(path, "w", compression) as archive:
            archive.writestr("archive/data.pkl", data)
            archive.writestr("archive/byteorder", "little")
            archive.writestr("archive/version", "3\n")
            archive.writestr("archive/data/0", FLOATS)
            for name, content in more:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of two members with one name
                    archive.writestr(name, content)

    return write


def in_zip(body: Callable[[Path], bytes]) -> Write:
    """Return what writes a pickle that uses the canary."""
    return lambda path, canary: torch_zip(pickled(body(canary)))(path, canary)


def made_by_torch(content: Callable[[Path], object], **options: Any) -> Write:
    return lambda path, canary: torch.save(content(canary), path, **options)


def raw(content: Callable[[Path], bytes]) -> Write:
    return lambda path, canary: path.write_bytes(content(canary))


def mkdir(canary: Path) -> bytes:
    return called(found("posix", "mkdir"), text(str(canary)))


def command(canary: Path) -> str:
    return f"mkdir {canary}"


def script(canary: Path) -> str:
    return f"__import__('os').mkdir({str(canary)!r})"


PICKLES: dict[str, Write] = {
    "os.system": made_by_torch(lambda c: {"a": Payload(os.system, command(c))}),
    "posix.mkdir by its opcode": in_zip(lambda c: table(a=mkdir(c))),
    "builtins.exec": in_zip(lambda c: table(a=called(found("builtins", "exec"), text(script(c))))),
    "builtins.eval": in_zip(lambda c: table(a=called(found("builtins", "eval"), text(script(c))))),
    "Python 2's __builtin__": in_zip(
        lambda c: table(a=called(found("__builtin__", "eval"), text(script(c))))
    ),
    "subprocess": in_zip(
        lambda c: table(a=called(found("subprocess", "getoutput"), text(command(c))))
    ),
    "a call as a key": in_zip(lambda c: b"}" + mkdir(c) + GOOD + b"s"),
    "a call as an argument": in_zip(
        lambda c: called(found("collections", "OrderedDict"), b"]" + mkdir(c) + b"a")
    ),
    "a call in a storage's id": in_zip(
        lambda c: table(a=pair(text("storage"), mkdir(c), text("0"), text("cpu"), whole(8)) + b"Q")
    ),
    "a call before the good part": in_zip(lambda c: mkdir(c) + b"0" + table(a=GOOD)),
    "getattr on an allowed module": in_zip(
        lambda c: called(
            called(found("builtins", "getattr"), found("torch", "os"), text("mkdir")), text(str(c))
        )
    ),
    "a dotted name": in_zip(lambda c: called(found("torch", "os.mkdir"), text(str(c)))),
    "a name with a space": in_zip(
        lambda c: called(found("collections OrderedDict", "x"), text(str(c)))
    ),
    "functools.partial": in_zip(
        lambda c: called(called(found("functools", "partial"), found("os", "mkdir")), text(str(c)))
    ),
    "operator.attrgetter": in_zip(
        lambda c: called(
            called(found("operator", "attrgetter"), text("mkdir")), found("torch", "os")
        )
    ),
    "numpy's reconstruct": in_zip(
        lambda c: called(
            found("numpy.core.multiarray", "_reconstruct"), found("os", "mkdir"), text(str(c))
        )
    ),
    "numpy's scalar of objects": in_zip(
        lambda c: called(
            found("numpy.core.multiarray", "scalar"),
            called(found("numpy", "dtype"), text("O8")),
            called(found("_codecs", "encode"), text(pickled(mkdir(c)).decode("latin1"))),
        )
    ),
    "torch's load by reduce": in_zip(
        lambda c: called(found("torch", "load"), text("/dev/zero"), b"\x89")
    ),
    "torch.hub": in_zip(lambda c: called(found("torch.hub", "load"), text("a/b"), text("c"))),
    "torch's compile of text": in_zip(
        lambda c: called(found("torch.jit", "CompilationUnit"), text("def f(): pass"))
    ),
    "BUILD of a class": in_zip(
        lambda c: found("torch.nn", "Module") + b")\x81" + table(a=mkdir(c)) + b"b"
    ),
    "BUILD of a function": in_zip(
        lambda c: (
            found("torch._utils", "_rebuild_tensor_v2")
            + table(__code__=found("os", "mkdir"))
            + b"b"
        )
    ),
    "BUILD of a storage type": in_zip(
        lambda c: found("torch", "FloatStorage") + table(a=GOOD) + b"b"
    ),
    "BUILD over an OrderedDict's methods": in_zip(
        lambda c: (
            called(found("collections", "OrderedDict"))
            + text("a")
            + GOOD
            + b"s"
            + table(items=text("x"), keys=text("x"), pop=text("x"), __class__=text("x"))
            + b"b"
        )
    ),
    "BUILD of a tensor": in_zip(lambda c: table(a=GOOD + pair(storage(HUGE), whole(5)) + b"b")),
    "INST": in_zip(lambda c: b"(" + text(str(c)) + b"iposix\nmkdir\n"),
    "OBJ": in_zip(lambda c: b"(" + found("posix", "mkdir") + text(str(c)) + b"o"),
    "NEWOBJ": in_zip(lambda c: found("posix", "mkdir") + pair(text(str(c))) + b"\x81"),
    "STACK_GLOBAL": in_zip(lambda c: called(text("posix") + text("mkdir") + b"\x93", text(str(c)))),
    "an extension registry code": in_zip(lambda c: b"\x82\x01" + pair(text(str(c))) + b"R"),
    "an allowed function with wrong types": in_zip(
        lambda c: called(found("torch._utils", "_rebuild_tensor_v2"), *[text(str(c))] * 6)
    ),
    "an allowed class with wrong types": in_zip(
        lambda c: called(found("collections", "OrderedDict"), whole(3))
    ),
    "a storage of another class": in_zip(
        lambda c: (
            pair(
                text("storage"),
                found("collections", "OrderedDict"),
                text("0"),
                text("cpu"),
                whole(8),
            )
            + b"Q"
        )
    ),
    "a storage in another folder": in_zip(
        lambda c: table(a=tensor((8,), (1,), stored=storage(8, key="../../../../etc/passwd")))
    ),
    "an endless pickle": in_zip(lambda c: b"(" * 100),
    "a text and no table": in_zip(lambda c: text("x")),
    "more than tensors": in_zip(lambda c: table(a=GOOD, b=text(str(c)))),
    "keys that are no text": in_zip(lambda c: b"}" + whole(1) + GOOD + b"s"),
    "a tensor that holds itself": in_zip(lambda c: b"}q\x00" + text("a") + b"h\x00s"),
    "lists 10,000 deep": in_zip(lambda c: b"]" * 10_000 + b"a" * 9_999),
    "a negative size": in_zip(lambda c: table(a=tensor((-8,), (1,), stored=storage(8)))),
    "a negative stride": in_zip(lambda c: table(a=tensor((8,), (-1,), stored=storage(8)))),
    "an offset outside": in_zip(lambda c: table(a=tensor((8,), (1,), stored=storage(8), offset=5))),
    "a negative offset": in_zip(
        lambda c: table(a=tensor((8,), (1,), stored=storage(8), offset=-4))
    ),
    "a size of 2^70": in_zip(lambda c: table(a=tensor((2**70,), (1,), stored=storage(8)))),
    "a negative storage": in_zip(lambda c: table(a=tensor((8,), (1,), stored=storage(-8)))),
}
# What would take memory if it were believed.
BOMBS: dict[str, Write] = {
    "10^6 x 10^6 numbers": in_zip(
        lambda c: table(a=tensor((HUGE, HUGE), (HUGE, 1), stored=storage(8)))
    ),
    "a storage that lies about its size": in_zip(
        lambda c: table(a=tensor((HUGE, HUGE), (HUGE, 1), stored=storage(HUGE**2)))
    ),
    "a small view seen as large": in_zip(
        lambda c: table(a=tensor((HUGE, HUGE), (0, 0), stored=storage(8)))
    ),
    "bytearray(10^10)": in_zip(
        lambda c: table(a=called(found("builtins", "bytearray"), whole(10**10)))
    ),
    "torch.FloatTensor(10^5, 10^5)": in_zip(
        lambda c: table(a=called(found("torch", "FloatTensor"), whole(10**5), whole(10**5)))
    ),
    "torch.Tensor(10^10)": in_zip(
        lambda c: table(a=called(found("torch", "Tensor"), whole(10**10)))
    ),
    "UntypedStorage(10^10)": in_zip(
        lambda c: table(a=called(found("torch.storage", "UntypedStorage"), whole(10**10)))
    ),
    "a large view made a copy": in_zip(
        lambda c: table(
            a=called(
                found("torch._utils", "_rebuild_device_tensor_from_cpu_tensor"),
                tensor((10**5, 10**5), (0, 0), stored=storage(8)),
                found("torch", "float64"),
                text("cpu"),
                b"\x89",
            )
        )
    ),
    "a tensor without memory": in_zip(
        lambda c: table(
            a=called(
                found("torch._utils", "_rebuild_meta_tensor_no_storage"),
                found("torch", "float32"),
                pair(whole(HUGE), whole(HUGE)),
                pair(whole(HUGE), whole(1)),
                b"\x89",
            )
        )
    ),
    "four million empty tables": in_zip(lambda c: b"}" * (4 * MEGABYTE)),
    "compressed members": torch_zip(
        pickled(table(a=tensor((50 * MEGABYTE,), (1,), stored=storage(50 * MEGABYTE, key="1")))),
        ("archive/data/1", bytes(200 * MEGABYTE)),
        compression=zipfile.ZIP_DEFLATED,
    ),
    "10^5 members": torch_zip(
        pickled(table(a=GOOD)), *((f"archive/data/{i}", b"") for i in range(1, 10**5))
    ),
}


def overlapping(path: Path, canary: Path) -> None:
    """A thousand members that are one and the same part of the file."""
    torch_zip(pickled(table(a=GOOD)), ("archive/data/1", bytes(MEGABYTE)))(path, canary)
    data = path.read_bytes()
    end = data.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack("<10xHLL", data[end : end + 20])
    entry_start = data.rindex(b"PK\x01\x02", start, end)
    entry = data[entry_start:end]
    more = b"".join(entry[:-1] + b"%c" % (i % 26 + 65) for i in range(1000))
    ending = data[end : end + 8] + struct.pack(
        "<HHLL", count + 1000, count + 1000, size + len(more), start
    )
    path.write_bytes(data[:end] + more + ending + bytes(2))


def zip_after_pickle(path: Path, canary: Path) -> None:
    torch_zip(pickled(table(a=GOOD)))(path, canary)
    path.write_bytes(pickled(mkdir(canary)) + path.read_bytes())


def zip_after_zip(path: Path, canary: Path) -> None:
    """Python reads the last one; who counts from the beginning reads the first."""
    torch_zip(pickled(mkdir(canary) + b"0" + table(a=GOOD)))(path, canary)
    first = path.read_bytes()
    torch_zip(pickled(table(a=GOOD)))(path, canary)
    path.write_bytes(first + path.read_bytes())


def zip_in_comment(path: Path, canary: Path) -> None:
    torch_zip(pickled(mkdir(canary)))(path, canary)
    evil = path.read_bytes()
    torch_zip(pickled(table(a=GOOD)))(path, canary)
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = evil


def with_trailing_bytes(path: Path, canary: Path) -> None:
    torch_zip(pickled(table(a=GOOD)))(path, canary)
    path.write_bytes(path.read_bytes() + pickled(mkdir(canary)))


def two_names_in_one_member(path: Path, canary: Path) -> None:
    """The directory calls it data.pkl, the member itself something else, and the reverse."""
    torch_zip(pickled(table(a=GOOD)), ("archive/data.pkx", pickled(mkdir(canary))))(path, canary)
    data = path.read_bytes()
    start = data.index(b"PK\x01\x02")
    directory = data[start:].replace(b"data.pkl", b"data.tmp").replace(b"data.pkx", b"data.pkl")
    path.write_bytes(data[:start] + directory.replace(b"data.tmp", b"data.pkx"))


def encrypted(path: Path, canary: Path) -> None:
    torch_zip(pickled(table(a=GOOD)))(path, canary)
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)


def cut(path: Path, canary: Path) -> None:
    torch_zip(pickled(table(a=GOOD)), ("archive/data/1", bytes(MEGABYTE)))(path, canary)
    path.write_bytes(path.read_bytes()[: MEGABYTE // 2])


def tar(path: Path, canary: Path) -> None:
    """The format of torch before 0.2."""
    evil = pickled(mkdir(canary))
    with tarfile.open(path, "w") as archive:
        for name in ("sys_info", "pickle", "storages", "tensors"):
            member = tarfile.TarInfo(name)
            member.size = len(evil)
            archive.addfile(member, io.BytesIO(evil))


def script_archive(path: Path, _canary: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch advises against its own format
        torch.jit.script(nn.Linear(2, 2)).save(path)


def export_archive(path: Path, canary: Path) -> None:
    """What torch.export.save writes; torch.export.load unpickles the sample inputs unchecked."""
    evil = io.BytesIO()
    torch.save(Payload(os.mkdir, str(canary)), evil)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/archive_format", "pt2")
        archive.writestr("x/archive_version", "0")
        archive.writestr("x/models/model.json", "{}")
        archive.writestr("x/data/sample_inputs/model.pt", evil.getvalue())


def distributed_folder(path: Path, canary: Path) -> None:
    """A folder of torch.distributed.checkpoint, whose list is a pickle."""
    path.mkdir()
    (path / ".metadata").write_bytes(pickled(mkdir(canary)))
    torch.save(Payload(os.mkdir, str(canary)), path / "__0_0.distcp")


ARCHIVES: dict[str, Write] = {
    "two data.pkl, the second one evil": lambda p, c: torch_zip(
        pickled(table(a=GOOD)), ("archive/data.pkl", pickled(mkdir(c)))
    )(p, c),
    "two data.pkl, the first one evil": lambda p, c: torch_zip(
        pickled(mkdir(c)), ("archive/data.pkl", pickled(table(a=GOOD)))
    )(p, c),
    "DATA.PKL beside data.pkl": lambda p, c: torch_zip(
        pickled(table(a=GOOD)), ("archive/DATA.PKL", pickled(mkdir(c)))
    )(p, c),
    "data.pkl in two folders": lambda p, c: torch_zip(
        pickled(table(a=GOOD)), ("other/data.pkl", pickled(mkdir(c)))
    )(p, c),
    "a member outside": torch_zip(pickled(table(a=GOOD)), ("../../evil.py", b"")),
    "overlapping members": overlapping,
    "a pickle, then a zip": zip_after_pickle,
    "a zip, then a zip": zip_after_zip,
    "a zip in the comment": zip_in_comment,
    "a pickle after the end": with_trailing_bytes,
    "two names in one member": two_names_in_one_member,
    "an encrypted member": encrypted,
    "a cut zip": cut,
    "a zip without a pickle": lambda p, c: zipfile.ZipFile(p, "w").close(),
    "legacy format": made_by_torch(
        lambda c: {"a": Payload(os.mkdir, str(c))}, _use_new_zipfile_serialization=False
    ),
    "legacy format without a payload": made_by_torch(
        lambda c: {"a": torch.zeros(3)}, _use_new_zipfile_serialization=False
    ),
    "tar format": tar,
    "a raw pickle": raw(lambda c: pickle.dumps({"a": Payload(os.mkdir, str(c))})),
    "a raw pickle as text": raw(lambda c: pickle.dumps(Payload(os.mkdir, str(c)), protocol=0)),
    "a whole module": made_by_torch(lambda c: nn.Sequential(nn.Linear(2, 2))),
    "a whole module with a payload": made_by_torch(
        lambda c: [nn.Linear(2, 2), Payload(os.mkdir, str(c))]
    ),
    "TorchScript": script_archive,
    "an exported program": export_archive,
    "an empty file": raw(lambda c: b""),
    "an archive's first bytes": raw(lambda c: b"PK\x03\x04"),
    "text": raw(lambda c: script(c).encode()),
}


def good_weights() -> dict[str, torch.Tensor]:
    return {"a": torch.zeros(4)}


def header(content: bytes, data: bytes = b"", length: int | None = None) -> Write:
    length = len(content) if length is None else length
    return raw(lambda c: struct.pack("<Q", length) + content + data)


def entries(**places: tuple[str, list[int], tuple[int, int]]) -> bytes:
    return json.dumps(
        {
            name: {"dtype": dtype, "shape": shape, "data_offsets": offsets}
            for name, (dtype, shape, offsets) in places.items()
        }
    ).encode()


def sparse(path: Path, head: bytes, size: int) -> None:
    """Make a file that is as long as it says and takes no room."""
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(size)


ONE = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}'
SAFETENSORS: dict[str, Write] = {
    "a header of 2^63 bytes": header(b"{}", length=2**63),
    "a header longer than the file": header(b"{}", length=1000),
    "a header of no bytes": header(b""),
    "a header that is cut": header(b'{"a":{"dtype":"F32"'),
    "a header that is a list": header(b"[]"),
    "a header 10^5 deep": header(b'{"a":' * 10**5 + b"1" + b"}" * 10**5),
    "a header that is no UTF-8": header(b'{"\xff":1}'),
    "overlapping tensors": header(
        entries(a=("F32", [2], (0, 8)), b=("F32", [2], (4, 12))), bytes(12)
    ),
    "a hole": header(entries(a=("F32", [1], (0, 4)), b=("F32", [1], (8, 12))), bytes(12)),
    "offsets outside": header(entries(a=("F32", [100], (0, 400))), bytes(4)),
    "offsets backwards": header(entries(a=("F32", [1], (4, 0))), bytes(4)),
    "a shape that is not its bytes": header(entries(a=("F32", [100], (0, 4))), bytes(4)),
    "a shape whose product overflows": header(entries(a=("F32", [2**33, 2**33], (0, 4))), bytes(4)),
    "a shape of 10^6 x 10^6": header(entries(a=("F32", [HUGE, HUGE], (0, 4))), bytes(4)),
    "a negative shape": header(entries(a=("F32", [-1], (0, 4))), bytes(4)),
    "a dtype of its own": header(entries(a=("OBJ", [1], (0, 4))), bytes(4)),
    "the same name twice": header(f'{{"a":{ONE},"a":{ONE}}}'.encode(), bytes(4)),
    "metadata that is no text": header(
        f'{{"__metadata__":{{"x":1}},"a":{ONE}}}'.encode(), bytes(4)
    ),
    "bytes after the tensors": header(f'{{"a":{ONE}}}'.encode(), bytes(100)),
    "a pickle": raw(lambda c: pickled(mkdir(c))),
    "a torch file": in_zip(lambda c: table(a=mkdir(c))),
}
SAFETENSORS_BOMBS: dict[str, Write] = {
    "a header of 200 MB": lambda p, c: sparse(p, struct.pack("<Q", 200 << 20), 201 << 20),
    "a header of 90 MB of names": lambda p, c: p.write_bytes(
        struct.pack("<Q", 90_000_000)
        + b"{"
        + b",".join(b'"%07d":[]' % i for i in range(90_000_000 // 13)).ljust(89_999_998)
        + b"}"
    ),
    "metadata of 90 MB": lambda p, c: safetensors.torch.save_file(
        good_weights(), p, {"petstudio": '{"classes":[' + "[]," * 30_000_000 + "1]}"}
    ),
    "100 GB that are not there": lambda p, c: sparse(
        p,
        struct.pack("<Q", len(LARGE)) + LARGE,
        8 + len(LARGE) + 100 * 10**9,
    ),
}
LARGE = entries(a=("F32", [25 * 10**9], (0, 100 * 10**9)))
GOOD_INFO: dict[str, Any] = {
    "format": 1,
    "classes": ["blue", "green", "red"],
    "architecture": "tiny",
    "options": {},
    "size": 32,
    "resize": "crop",
    "mean": [0.5, 0.5, 0.5],
    "std": [0.25, 0.25, 0.25],
}


def described(description: str) -> Write:
    """Return what writes weights with such a description beside them."""
    return lambda p, c: safetensors.torch.save_file(good_weights(), p, {"petstudio": description})


def info(**changes: Any) -> Write:
    return described(json.dumps({**GOOD_INFO, **changes}))


DESCRIPTIONS: dict[str, Write] = {
    "a description 10^5 deep": described("[" * 10**5 + "]" * 10**5),
    "classes 10^5 deep": described(
        json.dumps(GOOD_INFO).replace('"blue"', "[" * 10**5 + "]" * 10**5)
    ),
    "a number of 10^5 digits": described(
        json.dumps(GOOD_INFO).replace('"size": 32', f'"size": {"9" * 10**5}')
    ),
    "a description that is a list": described("[]"),
    "a description that is no JSON": described(script(Path("x"))),
    "numbers that are none": described(json.dumps({**GOOD_INFO, "mean": [float("nan")] * 3})),
    "an infinite temperature": info(temperature=float("inf")),
    "a temperature of 0": info(temperature=0),
    "a size of 10^9": info(size=10**9),
    "a size of 10^400": info(size=10**400),
    "a negative size of pictures": info(size=-32),
    "a std of 0": info(std=[0, 0, 0]),
    "a std of 10^-300": info(std=[1e-300] * 3),
    "a mean of four": info(mean=[0.5] * 4),
    "a newer format": info(format=99),
    "a format that is a list": info(format=[]),
    "an architecture that is a path": info(architecture="../../../etc/passwd"),
    "an architecture that is code": info(architecture="os.system"),
    "an architecture of 10^6 letters": info(architecture="x" * 10**6),
    "an architecture with escape codes": info(architecture="\x1b[2J\x07\n"),
    "options that nobody knows": info(options={"path": "/etc/passwd"}),
    "an option with escape codes": info(options={"\x1b[2J\x07\n": 1}),
    "options that are a list": info(options=[1]),
    "no classes": info(classes=[]),
    "the same class twice": info(classes=["blue", "blue", "red"]),
    "a class without a name": info(classes=["", "green", "red"]),
    "a class of 10^6 letters": info(classes=["x" * 10**6, "green", "red"]),
    "a class that is a number": info(classes=[1, "green", "red"]),
    "a resize of its own": info(resize="__class__"),
    "an unknown key": info(on_load="import os"),
    "a description with a key twice": described(json.dumps(GOOD_INFO)[:-1] + ', "size": []}'),
}
# A million classes and a file of 8 MB: a head for them would take 4 GB.
CLASSES_BOMB = "10^6 classes"


def model(path: Path, **changes: torch.Tensor) -> None:
    """Write a model that is right but for the changes."""
    state = {**Network(build_tiny(NoOptions()), 3).state_dict(), **changes}
    safetensors.torch.save_file(state, path, {"petstudio": json.dumps(GOOD_INFO)})


def spoiled(fill: float, dtype: torch.dtype = torch.float32) -> Write:
    values = torch.full((8, 3, 3, 3), fill, dtype=dtype)
    return lambda p, c: model(p, **{"body.conv1.weight": values})


UNFIT_MODELS: dict[str, Write] = {
    "weights that are no numbers": spoiled(float("nan")),
    "infinite weights": spoiled(float("inf")),
    "weights that are infinite once they are float32": spoiled(1e300, torch.float64),
    "complex weights": spoiled(1.0, torch.complex64),
}
UNFIT_HEADS: dict[str, Write] = {
    "a head for other classes": lambda p, c: model(p, **{"head.7.weight": torch.zeros(5, 512)}),
    "a head of another shape": lambda p, c: model(p, **{"head.7.weight": torch.zeros(())}),
}


def link_to(target: str) -> Write:
    return lambda p, c: p.symlink_to(target)


def link_to_payload(path: Path, canary: Path) -> None:
    hidden = path.with_name(f"{path.name}.hidden")
    hidden.write_bytes(pickled(mkdir(canary)))
    path.symlink_to(hidden)


SPECIAL: dict[str, Write] = {
    "a folder": lambda p, c: p.mkdir(),
    "a folder of torch.distributed": distributed_folder,
    "a pipe": lambda p, c: os.mkfifo(p),
    "a link to a payload": link_to_payload,
    "a link to nowhere": link_to("nowhere"),
    "a link to itself": lambda p, c: p.symlink_to(p.name),
    "a link to an endless device": link_to("/dev/zero"),
    "a link to a system file": link_to("/etc/passwd"),
}


def _kinds(writes: dict[str, Write], suffix: str, **flags: bool) -> list[Kind]:
    return [Kind(name, suffix, write, **flags) for name, write in writes.items()]


KINDS = [
    *_kinds(PICKLES, ".pth"),
    *_kinds(ARCHIVES, ".pth"),
    *_kinds(SAFETENSORS, ".safetensors"),
    *_kinds(DESCRIPTIONS, ".safetensors"),
    *_kinds(UNFIT_MODELS, ".safetensors"),
    *_kinds(UNFIT_HEADS, ".safetensors", has_good_body=True),
    *_kinds(SPECIAL, ".safetensors", is_special=True),
    *_kinds({"a pickle by another name": raw(lambda c: pickled(mkdir(c)))}, ".ckpt"),
    *_kinds({"an exported program by its own name": export_archive}, ".pt2"),
]
BOMB_KINDS = [
    *_kinds(BOMBS, ".pth"),
    *_kinds(SAFETENSORS_BOMBS, ".safetensors"),
    *_kinds(
        {CLASSES_BOMB: info(classes=[str(i) for i in range(10**6)])},
        ".safetensors",
    ),
]
# Those that show that a careless loader does run the payload.
LIVE = ("os.system", "builtins.exec", "a call as an argument", "a raw pickle", "legacy format")
