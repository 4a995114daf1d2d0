"""What stands beside the weights of a finished model. Without torch: the window reads it too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import safetensors

from petstudio.api.errors import InputError, IntegrityError, OptionError
from petstudio.api.language import tr
from petstudio.config import mapping
from petstudio.config.atomic import replacing
from petstudio.config.recipe import Resize
from petstudio.engine.tensor_file import (
    copy_with_metadata,
    larger_than_memory,
    require_short_header,
)

INFO_KEY: Final = "petstudio"
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
        temperature: divides the logits before the softmax, where pictures are predicted; stored
            predictions of labelled pictures are those without it.
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


def read_info(path: Path) -> ModelInfo:
    """Read what stands beside the weights, without loading them.

    Raises:
        InputError: the file is missing or no PetStudio model.
        IntegrityError: it is damaged, or from a newer version.
        TrustError: its description would fill the memory.
    """
    if not path.is_file():
        raise InputError(
            tr("The model {path} is not there.", path=path), cure=tr("Train one first.")
        )
    try:
        require_short_header(path)
        with safetensors.safe_open(path, framework="np") as opened:
            text = (opened.metadata() or {}).get(INFO_KEY)
    except (MemoryError, RuntimeError) as error:  # either, when it cannot be mapped
        raise larger_than_memory(path) from error
    except (safetensors.SafetensorError, OSError, ValueError) as error:
        raise IntegrityError(tr("{path} is damaged or no model.", path=path.name)) from error
    if text is None:
        raise InputError(
            tr("{path} holds weights but no classes, so it cannot predict.", path=path.name),
            cure=tr("Use it as weights for a training run instead."),
        )
    return _parse(path, text)


def replace_info(path: Path, info: ModelInfo) -> None:
    """Write another description beside the same weights, atomically.

    Raises:
        InputError: a value is out of its range.
        MachineError: the disk is full, or the folder cannot be written.
    """
    try:
        _check(info)
    except ValueError as error:
        raise InputError(tr("The model cannot have these notes: {error}.", error=error)) from error
    metadata = {INFO_KEY: json.dumps(mapping.to_mapping(info))}
    # In this order, since Windows replaces no file that is open.
    with replacing(path) as target, path.open("rb") as source:
        copy_with_metadata(source, target, metadata)


def _parse(path: Path, text: str) -> ModelInfo:
    try:
        values = json.loads(text)
        if values.get("format", 0) > _FORMAT:
            raise IntegrityError(
                tr("{path} was made by a newer PetStudio.", path=path.name), cure=tr("Update.")
            )
        info = mapping.from_mapping(ModelInfo, values)
        _check(info)
    except (ValueError, AttributeError, TypeError, RecursionError, OptionError) as error:
        raise IntegrityError(
            tr("The description inside {path} is damaged.", path=path.name),
            cure=tr("Choose another file."),
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
