"""timm's network, loader and optimiser, with the settings of its training script."""

from __future__ import annotations

import warnings

import timm
import torch
from assignment import WORKERS, Assignment, read_assignment
from loops import Batches, NamedPictures, Parts, classes_of, run
from timm.data import create_loader, resolve_data_config
from timm.optim import create_optimizer_v2
from torch import nn


def make_parts(given: Assignment) -> Parts:
    """Return the network with its optimiser and loaders."""
    model = timm.create_model(given.architecture, num_classes=len(classes_of(given)))
    size = (3, given.size, given.size)
    config = resolve_data_config({"input_size": size}, model=model)

    def loader(pictures: NamedPictures, training: bool) -> Batches:
        return create_loader(
            pictures,
            input_size=size,
            batch_size=given.batch_size,
            is_training=training,
            mean=config["mean"],
            std=config["std"],
            interpolation="random" if training else config["interpolation"],
            crop_pct=config["crop_pct"],
            num_workers=WORKERS,
            device=torch.device("cpu"),
        )

    def optimiser(network: nn.Module) -> torch.optim.Optimizer:
        return create_optimizer_v2(network, opt="sgd", lr=0.1, momentum=0.9, weight_decay=2e-5)

    return Parts(model=model, head=model.get_classifier(), optimiser=optimiser, loader=loader)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    assignment = read_assignment(__doc__)
    run(assignment, make_parts(assignment))
