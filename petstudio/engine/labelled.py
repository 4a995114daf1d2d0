"""A finished model on labelled pictures."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final

import torch

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError
from petstudio.config.recipe import Precision
from petstudio.engine.evaluation import predict_batches
from petstudio.engine.folding import Extractor, judge
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.batches import Batch, BatchSource, ImageSet, in_order
from petstudio.engine.input.sources import with_decoders
from petstudio.engine.input.store import ImageStore, short_side_for
from petstudio.engine.model_file import sampler_for
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.network import Network
from petstudio.engine.precision import choose_precision
from petstudio.engine.predictions import Predictions, averaged
from petstudio.engine.workplace import ANYWHERE, Workplace

_BATCH: Final = 64


@dataclass(frozen=True, kw_only=True)
class ViewPlan:
    """Test-time augmentation: each picture is seen `count` times more, changed as in training."""

    count: int
    augmenter: Augmenter


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who is told of each unreadable picture, and of how many were looked at in each batch."""

    skipped: Callable[[ImageError], None]
    seen: Callable[[int], None] = lambda _count: None


def predict_set(
    network: Network,
    info: ModelInfo,
    images: ImageSet,
    audience: Audience,
    control: RunControl,
    place: Workplace = ANYWHERE,
    views: ViewPlan | None = None,
) -> Predictions:
    """Return the predictions for labelled pictures, before the temperature.

    `place` says on what, and where decoded pictures are found and kept.
    """
    device = place.ready_device()
    precision = choose_precision(Precision.AUTO, device)
    network = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    plan = with_decoders(place.store, device)
    with ImageStore(images.paths, short_side_for(info.size), plan=plan) as store:
        source = BatchSource(
            images=images,
            store=store,
            sampler=sampler_for(info),
            device=device,
            skipped=audience.skipped,
        )
        forward = judge(network.eval(), Extractor(network, precision))

        def look(batches: Generator[Batch, None, None]) -> Predictions:
            with closing(batches):
                told = _told(batches, audience)
                return predict_batches(forward, network.classes, told, images.keys, control)

        plain = look(source.plain(_BATCH))
        return averaged(plain, map(look, _views(source, views))) if views else plain


def _views(source: BatchSource, views: ViewPlan) -> Iterator[Generator[Batch, None, None]]:
    """Yield the pictures once for each view; the unreadable ones were told of before."""
    quiet = replace(source, skipped=lambda _error: None)
    chunks = in_order(len(source.images), _BATCH)
    for view in range(views.count):
        yield quiet.training(chunks, view, views.augmenter)


def _told(batches: Iterator[Batch], audience: Audience) -> Iterator[Batch]:
    for batch in batches:
        audience.seen(len(batch))
        yield batch
