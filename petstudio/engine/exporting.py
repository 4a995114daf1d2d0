"""Finished models for the world outside: preprocessing inside, compared with our own answers."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from torch import nn

from petstudio.api.contributions import Architecture, Exporter, FinishedModel
from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError, PetStudioError
from petstudio.api.language import tr
from petstudio.api.options import NoOptions
from petstudio.config import mapping
from petstudio.config.recipe import Precision
from petstudio.engine.devices import prepare
from petstudio.engine.folding import Extractor, Forward, judge
from petstudio.engine.input.batches import in_order
from petstudio.engine.input.store import decode, short_side_for
from petstudio.engine.model_file import load_model, sampler_for
from petstudio.engine.model_info import ModelInfo, read_info
from petstudio.engine.network import Network
from petstudio.images.pixel_records import LONGEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from petstudio.api.contributions import Classify

TOLERANCE: Final = 1e-3  # of a probability; other kernels in float32 differ by some 1e-6
_WHITE: Final = 255
_BATCH: Final = 16
_CPU: Final = torch.device("cpu")


class MismatchError(PetStudioError):
    """An export does not answer as the program does; its file is kept."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How the answers of an export differ from those of the program for the same pictures.

    Attributes:
        agreeing: pictures for which both have the same class as the most probable one.
        largest_difference: of any probability of any class; NaN where one is no number.
    """

    pictures: int
    agreeing: int
    largest_difference: float

    @property
    def matches(self) -> bool:
        """True if nothing differs by more than the tolerance."""
        return self.pictures > 0 and self.largest_difference <= TOLERANCE


class Complete(nn.Module):
    """Pictures float32 (N, s, s, 3), RGB 0 to 255, to probabilities float32 (N, classes)."""

    def __init__(self, network: Network, info: ModelInfo) -> None:
        super().__init__()
        self.body = network.body
        self.head = network.head
        self.mean = nn.Buffer(_WHITE * torch.tensor(info.mean).view(3, 1, 1))
        self.std = nn.Buffer(_WHITE * torch.tensor(info.std).view(3, 1, 1))
        self._temperature = info.temperature

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        images = (pictures.permute(0, 3, 1, 2) - self.mean) / self.std
        logits: torch.Tensor = self.head(self.body(images))
        return (logits / self._temperature).softmax(dim=1)


def finished_model(network: Network, info: ModelInfo) -> FinishedModel:
    """Return what exporters get: a copy, so that none of them can change what it is judged by."""
    module = Complete(copy.deepcopy(network), info).eval().requires_grad_(requires_grad=False)
    return FinishedModel(module=module, size=info.size, about=about(info))


def about(info: ModelInfo) -> str:
    """Return what stands in every export, so that its user needs nothing else."""
    facts = {
        **mapping.to_mapping(info),
        "input": "pictures: float32 (N, size, size, 3), RGB, 0 to 255",
        "output": "probabilities: float32 (N, classes), in the order of classes",
        "short_side": short_side_for(info.size),
        "longest": LONGEST,
        "preparing": (
            "Turn the picture as its EXIF data says. Make it RGB, transparent pixels white. Cut "
            "its middle out where it is longer than `longest` times its short side. Shrink it to "
            "`short_side` (antialiased, bilinear, 8 bits; never enlarge). Take the middle square "
            "(resize: crop), the square around it, mirrored at the edges (pad), or all of it "
            "(squish), bilinear without antialiasing, to size x size. Mean, standard deviation, "
            "temperature and softmax are inside the model."
        ),
    }
    return json.dumps(facts)


def native_exporter(source: Path, architecture: Architecture[Any]) -> Exporter[NoOptions]:
    """Return the exporter that copies a model file of ours."""

    def read(path: Path) -> tuple[str, Classify]:
        info = read_info(path)
        model = finished_model(load_model(path, info, architecture), info)
        return model.about, lambda pictures: _run(model.module, pictures)

    return Exporter(
        key="safetensors",
        label=tr("PetStudio model"),
        summary=tr("The weights with all that a prediction needs, for PetStudio."),
        options=NoOptions,
        suffix=".safetensors",
        write=lambda _options, _model: source.read_bytes(),
        read=read,
    )


def compare(
    network: Network,
    info: ModelInfo,
    files: Sequence[Path],
    classify: Classify,
    skipped: Callable[[ImageError], None],
    control: RunControl,
) -> Comparison:
    """Give the same pictures to the program and to an export; both compute in float32 on the CPU.

    `skipped` is told of pictures that cannot be read.

    Raises:
        MismatchError: the export's answers are for another number of classes.
    """
    prepare(_CPU)
    forward = judge(network, Extractor(network, Precision.FLOAT32))
    normalised = sampler_for(info)
    plain = replace(normalised, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))
    agreeing, differences = 0, [np.zeros(0, dtype=np.float32)]
    for chunk in in_order(len(files), _BATCH):
        control.checkpoint()
        pictures = list(_decoded([files[index] for index in chunk], info.size, skipped))
        if pictures:
            own = _own(forward, normalised.sample(pictures, _CPU), info.temperature)
            theirs = _theirs(classify, plain.sample(pictures, _CPU), own.shape)
            agreeing += int((own.argmax(axis=1) == theirs.argmax(axis=1)).sum())
            differences.append(np.abs(own - theirs).max(axis=1))
    found = np.concatenate(differences)
    largest = float(found.max()) if len(found) else math.nan
    return Comparison(pictures=len(found), agreeing=agreeing, largest_difference=largest)


def _decoded(
    files: Sequence[Path], size: int, skipped: Callable[[ImageError], None]
) -> Iterator[torch.Tensor]:
    for file in files:
        try:
            yield decode(file, short_side_for(size))
        except ImageError as error:
            skipped(error)


@torch.inference_mode()
def _own(forward: Forward, images: torch.Tensor, temperature: float) -> NDArray[np.float32]:
    return (forward(images) / temperature).softmax(dim=1).numpy()


def _theirs(
    classify: Classify, images: torch.Tensor, shape: tuple[int, ...]
) -> NDArray[np.float32]:
    pictures = np.ascontiguousarray((_WHITE * images.permute(0, 2, 3, 1)).numpy())
    found = np.asarray(classify(pictures), dtype=np.float32)
    if found.shape != shape:
        raise MismatchError(
            tr(
                "The export gives numbers of the shape {shape} where {expected} belong.",
                shape=found.shape,
                expected=shape,
            ),
            cure=tr("It is kept, but do not use it: its exporter has a fault."),
        )
    return found


@torch.inference_mode()
def _run(module: nn.Module, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    found: torch.Tensor = module(torch.from_numpy(pictures))
    return found.numpy()
