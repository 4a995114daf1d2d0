"""The one place that unpickles: tensors and plain values, of a file that was looked at before."""

from __future__ import annotations

import os
import pickle
import pickletools
import struct
import zipfile
from collections import OrderedDict
from typing import BinaryIO, Final

import torch

from petstudio.api.errors import InputError, TrustError
from petstudio.api.language import tr

_MAX_MEMBERS: Final = 10_000
_MAX_PICKLE: Final = 16 << 20  # bytes
_MAX_OPCODES: Final = 1_000_000  # 10,000 tensors take a third of it
_PICKLE: Final = "data.pkl"
_ZIP_START: Final = b"PK\x03\x04"
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_BYTES: Final = 22
_ENCRYPTED: Final = 1  # a flag of a member
# All that state dicts are made of. What else torch allows can be told to take memory without end,
# such as bytearray(10**10).
_STORAGES: Final = (
    *("FloatStorage", "HalfStorage", "BFloat16Storage", "DoubleStorage", "BoolStorage"),
    *("LongStorage", "IntStorage", "ShortStorage", "CharStorage", "ByteStorage"),
)
_ALLOWED: Final = {
    "collections OrderedDict",
    "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_parameter",
    *(f"torch {name}" for name in _STORAGES),
}
# What torch raises, by luck of the place, for a file whose bytes are not those that were written.
_DAMAGE: Final = (
    *(RuntimeError, OSError, EOFError, LookupError, AttributeError, ValueError, TypeError),
    *(AssertionError, ArithmeticError, MemoryError, ImportError, struct.error),
)
_NO_ZIP: Final = (
    *(zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, LookupError),
    *(MemoryError, OverflowError, struct.error),
)


def load_plain(source: BinaryIO, name: str) -> object:
    """Return what a file written by `torch.save` holds; the tensors are on the CPU.

    Raises:
        TrustError: the file could run code, or would unpack to more than its size.
        InputError: it is damaged, or in a format that could run code.
    """
    _inspect_pickle(_inspect_zip(source, name), name)
    source.seek(0)
    try:
        loaded = torch.load(source, map_location="cpu", weights_only=True, mmap=False)
    except pickle.UnpicklingError as error:
        raise _unsafe(name) from error
    except _DAMAGE as error:
        raise _damaged(name) from error
    if isinstance(loaded, OrderedDict):
        # It can bring attributes that stand before its methods.
        return dict(OrderedDict.items(loaded))
    return loaded


def _inspect_zip(source: BinaryIO, name: str) -> bytes:
    """Return the pickle; refuse what torch.load would have to trust: old formats, bombs.

    Whatever two readers of zips could understand in two ways is refused, so that what is inspected
    is what torch reads.
    """
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    starts_well = source.read(len(_ZIP_START)) == _ZIP_START
    source.seek(max(0, size - _ZIP_END_BYTES))
    ends_well = source.read(len(_ZIP_END)) == _ZIP_END
    if not starts_well or not ends_well:
        raise _not_readable(name)
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
            _check_members(members, size, name)
            pickles = [member for member in members if _is_pickle(member)]
            if len(pickles) != 1 or pickles[0].file_size > _MAX_PICKLE:
                raise _unsafe(name)
            return archive.read(pickles[0])
    except _NO_ZIP as error:
        raise _not_readable(name) from error


def _check_members(members: list[zipfile.ZipInfo], size: int, name: str) -> None:
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > size:
        raise _unsafe(name)
    as_torch_sees_them = {member.filename.lower() for member in members}
    if len(as_torch_sees_them) < len(members):
        raise _unsafe(name)
    if min((member.header_offset for member in members), default=0) != 0:
        raise _unsafe(name)  # another archive stands before this one
    for member in members:
        is_stored = member.compress_type == zipfile.ZIP_STORED
        if not is_stored or member.flag_bits & _ENCRYPTED:
            raise _unsafe(name)
        if member.filename.endswith((".py", "constants.pkl")):
            raise _unsafe(name)


def _is_pickle(member: zipfile.ZipInfo) -> bool:
    return member.filename.lower().rpartition("/")[2] == _PICKLE


def _inspect_pickle(data: bytes, name: str) -> None:
    """Refuse a pickle that names anything but tensors, or is too long to be unpacked in memory."""
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(data)):
            is_foreign = opcode.name == "GLOBAL" and argument not in _ALLOWED
            if is_foreign or count > _MAX_OPCODES:
                raise _unsafe(name)
    except (ValueError, UnicodeDecodeError, MemoryError, OverflowError) as error:
        raise _damaged(name) from error


def _not_readable(name: str) -> InputError:
    return InputError(
        tr("{name} is damaged, or in a format that could run code when opened.", name=name),
        cure=tr("Use a .safetensors file, or a .pth saved by torch 1.6 or newer."),
    )


def _damaged(name: str) -> InputError:
    return InputError(
        tr("{name} is damaged or cut off.", name=name), cure=tr("Fetch or copy the file again.")
    )


def _unsafe(name: str) -> TrustError:
    return TrustError(
        tr(
            "{name} holds more than weights and could run code or fill the memory; it was "
            "not opened.",
            name=name,
        ),
        cure=tr("Use a .safetensors file of the same model."),
    )
