"""The one place that unpickles: tensors and plain values, of a file that was looked at before."""

from __future__ import annotations

import os
import pickle
import struct
import zipfile
from typing import BinaryIO, Final

import torch

from petstudio.api.errors import InputError, TrustError

_MAX_MEMBERS: Final = 10_000
_ZIP_START: Final = b"PK\x03\x04"
# What torch raises, by luck of the place, for a file whose bytes are not those that were written.
_DAMAGE: Final = (
    *(RuntimeError, OSError, EOFError, LookupError, AttributeError, ValueError, TypeError),
    *(AssertionError, ArithmeticError, struct.error),
)


def load_plain(source: BinaryIO, name: str) -> object:
    """Return what a file written by `torch.save` holds; the tensors are on the CPU.

    Raises:
        TrustError: the file could run code, or would unpack to more than its size.
        InputError: it is damaged, or in a format that could run code.
    """
    _inspect_zip(source, name)
    source.seek(0)
    try:
        return torch.load(source, map_location="cpu", weights_only=True, mmap=False)
    except pickle.UnpicklingError as error:
        raise _unsafe(name) from error
    except _DAMAGE as error:
        raise InputError(
            f"{name} is damaged or cut off.", cure="Fetch or copy the file again."
        ) from error


def _inspect_zip(source: BinaryIO, name: str) -> None:
    """Refuse what torch.load would have to trust: old formats, compression, bombs."""
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    # torch takes a file for a zip by its first bytes, zipfile by its last ones: both have to agree.
    is_zip = source.read(len(_ZIP_START)) == _ZIP_START
    try:
        with zipfile.ZipFile(source) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise _not_readable(name) from error
    if not is_zip:
        raise _not_readable(name)
    stored = all(member.compress_type == zipfile.ZIP_STORED for member in members)
    unpacked = sum(member.file_size for member in members)
    if not stored or len(members) > _MAX_MEMBERS or unpacked > size:
        raise _unsafe(name)
    if any(member.filename.endswith((".py", "constants.pkl")) for member in members):
        raise _unsafe(name)


def _not_readable(name: str) -> InputError:
    return InputError(
        f"{name} is damaged, or in a format that could run code when opened.",
        cure="Use a .safetensors file, or a .pth saved by torch 1.6 or newer.",
    )


def _unsafe(name: str) -> TrustError:
    return TrustError(
        f"{name} holds more than weights and could run code or fill the memory; it was not opened.",
        cure="Use a .safetensors file of the same model.",
    )
