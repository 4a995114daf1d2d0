"""A finished model on labelled pictures."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Final

import torch

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError
from petstudio.config.recipe import Precision
from petstudio.engine.devices import choose_device, prepare
from petstudio.engine.evaluation import predict_batches
from petstudio.engine.folding import Extractor, judge
from petstudio.engine.input.batches import BatchSource, ImageSet
from petstudio.engine.input.sources import with_decoders
from petstudio.engine.input.store import ImageStore, StorePlan, short_side_for
from petstudio.engine.model_file import sampler_for
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.network import Network
from petstudio.engine.precision import choose_precision
from petstudio.engine.predictions import Predictions

_BATCH: Final = 64


def predict_set(
    network: Network,
    info: ModelInfo,
    images: ImageSet,
    skipped: Callable[[ImageError], None],
    control: RunControl,
    plan: StorePlan | None = None,
) -> Predictions:
    """Return the predictions for labelled pictures; `skipped` is told of unreadable ones.

    `plan` says where decoded pictures are found and kept; without one, nowhere.
    """
    device = choose_device("auto")
    prepare(device)
    precision = choose_precision(Precision.AUTO, device)
    network = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    plan = with_decoders(plan or StorePlan(memory_budget=0), device)
    with ImageStore(images.paths, short_side_for(info.size), plan=plan) as store:
        source = BatchSource(
            images=images, store=store, sampler=sampler_for(info), device=device, skipped=skipped
        )
        with closing(source.plain(_BATCH)) as batches:
            forward = judge(network.eval(), Extractor(network, precision))
            return predict_batches(forward, network.classes, batches, images.keys, control)
