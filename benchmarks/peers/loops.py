"""The plain PyTorch loop that references and tutorials share: float32, one batch after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from assignment import Assignment, Stopwatch, label_of, reported
from PIL import Image
from torch import nn
from torch.utils.data import Dataset

Batches = Iterable[tuple[torch.Tensor, torch.Tensor]]


class NamedPictures(Dataset[tuple[torch.Tensor, int]]):
    """Pictures whose names say their class, opened as torchvision's ImageFolder does."""

    def __init__(
        self,
        files: Sequence[Path],
        classes: Sequence[str],
        transform: Callable[[Image.Image], torch.Tensor] | None = None,
    ) -> None:
        self.files = files
        self.targets = [classes.index(label_of(file)) for file in files]
        self.transform = transform

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        with self.files[index].open("rb") as stream:
            picture = Image.open(stream).convert("RGB")
        if self.transform is None:
            raise ValueError("A transform is missing.")
        return self.transform(picture), self.targets[index]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the programs differ in; loaders are made anew for each set of files."""

    model: nn.Module
    head: nn.Module
    optimiser: Callable[[nn.Module], torch.optim.Optimizer]
    loader: Callable[[NamedPictures, bool], Batches]


def classes_of(given: Assignment) -> list[str]:
    """Return the classes of the folder, sorted."""
    return sorted({label_of(file) for file in given.files()})


def run(given: Assignment, parts: Parts) -> None:
    """Do the task and print the line."""
    classes = classes_of(given)
    if given.task == "frozen":
        parts.model.requires_grad_(False)
        parts.head.requires_grad_(True)
    train, valid = (NamedPictures(files, classes) for files in given.split())
    with reported(given.task) as stopwatch:
        if given.task == "predict":
            with stopwatch.lap():
                _infer(parts, NamedPictures(given.files(), classes), stopwatch)
            return
        batches, optimiser = parts.loader(train, True), parts.optimiser(parts.model)
        for _ in range(given.epochs):
            with stopwatch.lap():
                _train(parts.model, batches, optimiser, stopwatch)
                _infer(parts, valid, stopwatch)


def _train(
    model: nn.Module, batches: Batches, optimiser: torch.optim.Optimizer, stopwatch: Stopwatch
) -> None:
    model.train()
    for images, targets in batches:
        loss = nn.functional.cross_entropy(model(images), targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        loss.item()
        stopwatch.images += len(images)


@torch.inference_mode()
def _infer(parts: Parts, pictures: NamedPictures, stopwatch: Stopwatch) -> None:
    parts.model.eval()
    for images, _ in parts.loader(pictures, False):
        parts.model(images).softmax(dim=1)
        stopwatch.images += len(images)
