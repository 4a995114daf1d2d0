"""Reading tensors from files of others: nothing is executed, nothing is believed unchecked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import safetensors
import safetensors.torch
import torch
from torch import nn

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.engine.tensor_file import larger_than_memory, require_short_header
from petstudio.engine.unpickling import load_plain

_SAFETENSORS: Final = ".safetensors"
_TORCH: Final = (".pth", ".pt")
_BODY_PREFIX: Final = "body."


def load_body_weights(module: nn.Module, path: Path) -> None:
    """Fill a body with the weights of a file; what the file has beyond the body is ignored.

    Takes plain state dicts (`conv1.weight`) and PetStudio's own models (`body.conv1.weight`).

    Raises:
        InputError: no such file, damaged, or made for another architecture.
        TrustError: the file holds more than tensors, or would unpack to more than its size.
    """
    tensors = read_tensors(path)
    own = {
        name.removeprefix(_BODY_PREFIX): tensor
        for name, tensor in tensors.items()
        if name.startswith(_BODY_PREFIX)
    }
    fill(module, own or tensors, path)


def fill(module: nn.Module, tensors: Mapping[str, torch.Tensor], path: Path) -> None:
    """Copy tensors into a module of the same names and shapes.

    Raises:
        InputError: a tensor is missing, has another shape, or is not finite.
    """
    expected = module.state_dict()
    missing = [name for name in expected if name not in tensors]
    if missing:
        raise InputError(
            tr(
                "{path} holds the weights of another architecture: it has no “{missing}”.",
                path=path.name,
                missing=missing[0],
            ),
            cure=tr("Choose the architecture that it was made for, or another file."),
        )
    chosen = {
        name: _fitting(name, tensors[name], tensor, path) for name, tensor in expected.items()
    }
    module.load_state_dict(chosen, strict=True)


def read_tensors(path: Path) -> dict[str, torch.Tensor]:
    """Return the tensors of a `.safetensors` file or of a `.pth` state dict, on the CPU.

    Raises:
        InputError: no such file, an unknown kind, or damaged.
        TrustError: the file holds more than tensors, or would unpack to more than its size.
    """
    if not path.is_file():
        raise InputError(
            tr("The weights file {path} is not there.", path=path),
            cure=tr("Choose a local file, or use --set model.weights=none."),
        )
    if path.suffix == _SAFETENSORS:
        return _read_safetensors(path)
    if path.suffix in _TORCH:
        return _read_torch(path)
    raise InputError(
        tr("{path} is not a weights file.", path=path.name),
        cure=tr("Use a .safetensors or .pth file."),
    )


def _read_safetensors(path: Path) -> dict[str, torch.Tensor]:
    try:
        require_short_header(path)
        return safetensors.torch.load_file(path, device="cpu")
    except (MemoryError, RuntimeError) as error:  # either, when it cannot be mapped
        raise larger_than_memory(path) from error
    except (safetensors.SafetensorError, OSError, ValueError, KeyError) as error:
        raise _damaged(path) from error


def _read_torch(path: Path) -> dict[str, torch.Tensor]:
    try:
        with path.open("rb") as source:
            loaded = load_plain(source, path.name)
    except OSError as error:
        raise _damaged(path) from error
    if not isinstance(loaded, dict) or not all(map(_is_named_tensor, loaded.items())):
        raise InputError(
            tr("{path} is not a plain state dict.", path=path.name),
            cure=tr("Save only the state dict, best as .safetensors."),
        )
    return dict(loaded)


def _is_named_tensor(item: tuple[object, object]) -> bool:
    name, value = item
    return isinstance(name, str) and isinstance(value, torch.Tensor)


def _fitting(name: str, found: torch.Tensor, expected: torch.Tensor, path: Path) -> torch.Tensor:
    """Return a tensor in the number format in which it is expected."""
    if found.shape != expected.shape:
        raise InputError(
            tr(
                "{path} holds the weights of another architecture: “{name}” is {found} and not "
                "{expected}.",
                path=path.name,
                name=name,
                found=tuple(found.shape),
                expected=tuple(expected.shape),
            ),
            cure=tr("Choose the architecture that it was made for, or another file."),
        )
    # Both: a number can be too large for the expected format, and none at all in its own.
    if found.is_complex() or not _is_finite(found) or not _is_finite(found.to(expected.dtype)):
        raise InputError(
            tr("{path} has values in “{name}” that are not numbers.", path=path.name, name=name),
            cure=tr("The file is spoiled; choose another one."),
        )
    return found.to(expected.dtype)


def _is_finite(tensor: torch.Tensor) -> bool:
    return not tensor.is_floating_point() or bool(torch.isfinite(tensor).all())


def _damaged(path: Path) -> InputError:
    return InputError(
        tr("{path} is damaged or cut off.", path=path.name),
        cure=tr("Fetch or copy the file again."),
    )
