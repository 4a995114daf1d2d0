"""The finished model, one file: `model.safetensors` with all that a prediction needs inside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import safetensors
import safetensors.torch
import torch

from petstudio.api.contributions import Architecture
from petstudio.api.errors import DivergedError, InputError, IntegrityError, OptionError
from petstudio.api.options import from_mapping as options_from_mapping
from petstudio.config import mapping
from petstudio.config.atomic import write_bytes
from petstudio.config.recipe import Resize
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.network import LAST_LAYER, Network
from petstudio.engine.weights import fill, larger_than_memory, read_tensors, require_short_header

_KEY: Final = "petstudio"
_FORMAT: Final = 1
_LONGEST_NAME: Final = 200  # of a class, as of a label
_SMALLEST_SIZE: Final = 8  # as of a recipe
_LARGEST_SIZE: Final = 2048
_CHANNELS: Final = 3
_SMALLEST_SCALE: Final = 1e-6
_LARGEST_SHIFT: Final = 1e6


@dataclass(frozen=True, kw_only=True)
class ModelInfo:
    """What stands beside the weights.

    Attributes:
        classes: in the order of the network's outputs.
        architecture, options: key and options of the plugin that builds the body.
        size, resize, mean, std: how a picture becomes the network's input.
        temperature: divides the logits before the softmax.
        reject_below: a highest probability under this is shown as "not sure".
        fingerprint: of the labelled and split pictures it was trained on.
        versions: of the program and of torch.
    """

    format: int = _FORMAT
    classes: tuple[str, ...]
    architecture: str
    options: Mapping[str, Any] = field(default_factory=dict)
    size: int
    resize: Resize
    mean: tuple[float, ...]
    std: tuple[float, ...]
    temperature: float = 1.0
    reject_below: float = 0.0
    fingerprint: str = ""
    versions: Mapping[str, Any] = field(default_factory=dict)


def save_model(path: Path, network: Network, info: ModelInfo) -> None:
    """Write the model atomically; an existing file stays if anything fails.

    Raises:
        DivergedError: a weight is not finite; nothing is written.
        MachineError: the disk is full or cannot be written.
    """
    tensors = {name: t.detach().cpu().contiguous() for name, t in network.state_dict().items()}
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise DivergedError(
                f"The weights in {name} are not numbers any more; the model was not saved.",
                cure="Lower the learning rate.",
            )
    metadata = {_KEY: json.dumps(mapping.to_mapping(info))}
    write_bytes(path, safetensors.torch.save(tensors, metadata=metadata))


def read_info(path: Path) -> ModelInfo:
    """Read what stands beside the weights, without loading them.

    Raises:
        InputError: the file is missing or no PetStudio model.
        IntegrityError: it is damaged, or from a newer version.
        TrustError: its description would fill the memory.
    """
    if not path.is_file():
        raise InputError(f"The model {path} is not there.", cure="Train one first.")
    try:
        require_short_header(path)
        with safetensors.safe_open(path, framework="pt") as opened:
            text = (opened.metadata() or {}).get(_KEY)
    except (MemoryError, RuntimeError) as error:  # either, when it cannot be mapped
        raise larger_than_memory(path) from error
    except (safetensors.SafetensorError, OSError, ValueError) as error:
        raise IntegrityError(f"{path.name} is damaged or no model.") from error
    if text is None:
        raise InputError(
            f"{path.name} holds weights but no classes, so it cannot predict.",
            cure="Use it as weights for a training run instead.",
        )
    return _parse(path, text)


def load_model(path: Path, info: ModelInfo, architecture: Architecture[Any]) -> Network:
    """Build the network and fill it with the file's weights; in evaluation mode, on the CPU.

    Raises:
        InputError: the weights do not fit the architecture.
    """
    options = options_from_mapping(architecture.options, info.options)
    tensors = read_tensors(path)
    # First, since a head for all classes that a small file names could fill the memory.
    if LAST_LAYER in tensors and tensors[LAST_LAYER].shape[:1] != (len(info.classes),):
        raise InputError(
            f"{path.name} names {len(info.classes)} classes, but its weights are for another "
            "number of them.",
            cure="The file is damaged; choose another one.",
        )
    network = Network(architecture.build(options), len(info.classes))
    fill(network, tensors, path)
    return network.eval()


def sampler_for(info: ModelInfo) -> Sampler:
    """Return the sampler that makes pictures into this model's input."""
    return Sampler(size=info.size, resize=info.resize, mean=info.mean, std=info.std)


def _parse(path: Path, text: str) -> ModelInfo:
    try:
        values = json.loads(text)
        if values.get("format", 0) > _FORMAT:
            raise IntegrityError(f"{path.name} was made by a newer PetStudio.", cure="Update.")
        info = mapping.from_mapping(ModelInfo, values)
        _check(info)
    except (ValueError, AttributeError, TypeError, RecursionError, OptionError) as error:
        raise IntegrityError(
            f"The description inside {path.name} is damaged.", cure="Choose another file."
        ) from error
    return info


def _check(info: ModelInfo) -> None:
    """Raise ValueError for what no training leaves behind."""
    plain = (info.architecture, *info.options)
    names = (*info.classes, *plain)
    holds = (
        bool(info.classes)
        and len(set(info.classes)) == len(info.classes)
        and all(0 < len(name) <= _LONGEST_NAME for name in names)
        and all(name.isprintable() for name in plain)
        and _SMALLEST_SIZE <= info.size <= _LARGEST_SIZE
        and len(info.mean) == len(info.std) == _CHANNELS
        and all(abs(value) <= _LARGEST_SHIFT for value in info.mean)
        and all(_SMALLEST_SCALE <= value <= _LARGEST_SHIFT for value in info.std)
        and _SMALLEST_SCALE <= info.temperature <= _LARGEST_SHIFT
        and 0 <= info.reject_below <= 1
    )
    if not holds:
        raise ValueError("a value is out of its range")
