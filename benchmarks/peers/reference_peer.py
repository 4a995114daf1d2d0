"""A loop like torchvision's reference scripts: Pillow, RandomResizedCrop, DataLoader, SGD."""

from __future__ import annotations

import torch
from assignment import WORKERS, Assignment, read_assignment
from loops import Batches, NamedPictures, Parts, classes_of, run
from torch import nn
from torch.utils.data import DataLoader
from torchvision import models
from torchvision.transforms import v2

_RESIZE_RATIO = 256 / 224  # of the reference's evaluation: 256, then the middle 224
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def make_transform(size: int, *, training: bool) -> v2.Compose:
    """Return the reference's presets for training and evaluation."""
    if training:
        shape = [v2.RandomResizedCrop(size, antialias=True), v2.RandomHorizontalFlip()]
    else:
        shape = [v2.Resize(round(size * _RESIZE_RATIO), antialias=True), v2.CenterCrop(size)]
    return v2.Compose(
        [
            *shape,
            v2.PILToTensor(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(_MEAN, _STD),
        ]
    )


def make_parts(given: Assignment) -> Parts:
    """Return the network with its optimiser and loaders."""
    model = models.get_model(given.architecture, num_classes=len(classes_of(given)))

    def loader(pictures: NamedPictures, training: bool) -> Batches:
        pictures.transform = make_transform(given.size, training=training)
        return DataLoader(
            pictures,
            batch_size=given.batch_size,
            shuffle=training,
            drop_last=training,
            num_workers=WORKERS,
        )

    def optimiser(network: nn.Module) -> torch.optim.Optimizer:
        trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
        return torch.optim.SGD(trained, lr=0.1, momentum=0.9, weight_decay=1e-4)

    return Parts(model=model, head=model.fc, optimiser=optimiser, loader=loader)


if __name__ == "__main__":
    assignment = read_assignment(__doc__)
    run(assignment, make_parts(assignment))
