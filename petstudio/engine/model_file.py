"""The finished model, one file: `model.safetensors` with all that a prediction needs inside."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import safetensors.torch
import torch

from petstudio.api.contributions import Architecture
from petstudio.api.errors import DivergedError, InputError
from petstudio.api.language import tr
from petstudio.api.options import from_mapping as options_from_mapping
from petstudio.config import mapping
from petstudio.config.atomic import write_bytes
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.model_info import INFO_KEY, ModelInfo
from petstudio.engine.network import LAST_LAYER, Network
from petstudio.engine.weights import fill, read_tensors


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
                tr(
                    "The weights in {name} are not numbers any more; the model was not saved.",
                    name=name,
                ),
                cure=tr("Lower the learning rate."),
            )
    metadata = {INFO_KEY: json.dumps(mapping.to_mapping(info))}
    write_bytes(path, safetensors.torch.save(tensors, metadata=metadata))


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
            tr(
                "{path} names {count} classes, but its weights are for another number of them.",
                path=path.name,
                count=len(info.classes),
            ),
            cure=tr("The file is damaged; choose another one."),
        )
    network = Network(architecture.build(options), len(info.classes))
    fill(network, tensors, path)
    return network.eval()


def sampler_for(info: ModelInfo) -> Sampler:
    """Return the sampler that makes pictures into this model's input."""
    return Sampler(size=info.size, resize=info.resize, mean=info.mean, std=info.std)
