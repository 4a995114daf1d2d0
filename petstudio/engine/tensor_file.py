"""A `.safetensors` file without its tensors. Without torch."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError, TrustError

_LENGTH_BYTES: Final = 8
_LONGEST_HEADER: Final = 8 << 20  # a ResNet 152 has 0.1 MB


def require_short_header(path: Path) -> None:
    """Refuse a `.safetensors` file whose description alone would fill the memory.

    Raises:
        OSError: of the file, as it was raised there.
        TrustError: the header is longer than any honest one.
    """
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(_LENGTH_BYTES), "little")
        is_header = stream.read(1) == b"{"  # of any other file the first bytes mean nothing
    if is_header and length > _LONGEST_HEADER:
        raise TrustError(
            f"The header of {path.name} is longer than that of any model; it was not opened.",
            cure="The file is damaged or means harm; choose another one.",
        )


def larger_than_memory(path: Path) -> InputError:
    """Return the error for a file that the machine cannot even look at."""
    return InputError(f"{path.name} is larger than the memory.", cure="Choose another file.")
