"""A `.safetensors` file without its tensors. Without torch."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from petstudio.api.errors import InputError, TrustError
from petstudio.api.language import tr

_LENGTH_BYTES: Final = 8
_ALIGNMENT: Final = 8  # of the tensors, as safetensors itself writes them
_METADATA: Final = "__metadata__"
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
            tr(
                "The header of {path} is longer than that of any model; it was not opened.",
                path=path.name,
            ),
            cure=tr("The file is damaged or means harm; choose another one."),
        )


def larger_than_memory(path: Path) -> InputError:
    """Return the error for a file that the machine cannot even look at."""
    return InputError(
        tr("{path} is larger than the memory.", path=path.name), cure=tr("Choose another file.")
    )


def copy_with_metadata(source: IO[bytes], target: IO[bytes], metadata: Mapping[str, str]) -> None:
    """Copy a sound file whose header says more or less than before; no byte of a tensor changes."""
    length = int.from_bytes(source.read(_LENGTH_BYTES), "little")
    header = {**json.loads(source.read(length)), _METADATA: dict(metadata)}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % _ALIGNMENT)
    target.write(len(text).to_bytes(_LENGTH_BYTES, "little"))
    target.write(text)
    shutil.copyfileobj(source, target)
