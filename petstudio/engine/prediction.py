"""Predictions for any number of files, streamed with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import numpy as np
import torch

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError
from petstudio.config.recipe import Precision
from petstudio.engine.devices import prepare
from petstudio.engine.folding import Extractor, Forward, judge
from petstudio.engine.input.batches import Batch, BatchSource, ImageSet, batches_ahead, in_order
from petstudio.engine.input.sources import with_decoders
from petstudio.engine.input.store import ImageStore, StorePlan, short_side_for
from petstudio.engine.model_file import sampler_for
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.network import Network
from petstudio.engine.precision import choose_precision
from petstudio.engine.processes import ALONE, Processes

_BATCH: Final = 32
NOTHING_KEPT: Final = StorePlan(memory_budget=0)


@dataclass(frozen=True, kw_only=True)
class FilePrediction:
    """The classes of one file by probability, highest first; or why it has none."""

    path: Path
    top: tuple[tuple[str, float], ...] = ()
    error: ImageError | None = None


@dataclass(frozen=True, kw_only=True)
class _Answering:
    """How a batch of pictures becomes predictions."""

    forward: Forward
    info: ModelInfo
    top: int
    failed: dict[str, ImageError]

    def answers(self, files: Sequence[Path], batch: Batch, first: int) -> list[FilePrediction]:
        """Return the predictions of files, which are those from `first` on, in their order."""
        rows = _probabilities(self.forward, batch.images, self.info.temperature)
        found = dict(zip(batch.indices.tolist(), rows, strict=True))
        return [self._answer(path, found.get(first + at)) for at, path in enumerate(files)]

    def _answer(self, path: Path, row: torch.Tensor | None) -> FilePrediction:
        if row is None:
            return FilePrediction(path=path, error=self.failed[str(path)])
        values, classes = row.topk(min(self.top, len(self.info.classes)))
        names = [self.info.classes[index] for index in classes.tolist()]
        return FilePrediction(path=path, top=tuple(zip(names, values.tolist(), strict=True)))


def predict_files(
    network: Network,
    info: ModelInfo,
    files: Sequence[Path],
    top: int,
    control: RunControl,
    processes: Processes = ALONE,
    store: StorePlan = NOTHING_KEPT,
) -> Iterator[FilePrediction]:
    """Yield the prediction for each file, in order; files that cannot be read carry an error.

    Pictures that `store` has on disk are not decoded again.

    Of several processes each takes its part of every few batches, and only the first one yields.
    """
    device = processes.device("auto")
    prepare(device, threads=processes.hardware.threads)
    precision = processes.first_says(choose_precision(Precision.AUTO, device))
    network = network.to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    control = processes.shared(control)
    failed: dict[str, ImageError] = {}
    forward = judge(network, Extractor(network, precision))
    answering = _Answering(forward=forward, info=info, top=top, failed=failed)
    chunks = [processes.share(c) for c in in_order(len(files), _BATCH * processes.count)]
    plan = with_decoders(store, device, processes.placement.local_count)
    with _opened(files, info, device, plan, failed) as source:
        jobs = (source.unchanged(chunk) for chunk in chunks)
        with closing(batches_ahead(jobs)) as batches:
            for chunk, batch in zip(chunks, batches, strict=True):
                control.checkpoint()
                own = [files[index] for index in chunk]
                first = int(chunk[0]) if len(chunk) else 0
                parts = processes.gather(answering.answers(own, batch, first))
                yield from chain.from_iterable(parts)


@contextmanager
def _opened(
    files: Sequence[Path],
    info: ModelInfo,
    device: torch.device,
    plan: StorePlan,
    failed: dict[str, ImageError],
) -> Iterator[BatchSource]:
    nothing = np.zeros(len(files), dtype=np.int64)
    with ImageStore(files, short_side_for(info.size), plan=plan) as store:
        yield BatchSource(
            images=ImageSet(paths=tuple(files), keys=np.arange(len(files)), targets=nothing),
            store=store,
            sampler=sampler_for(info),
            device=device,
            skipped=lambda error: failed.update({error.path: error}),
        )


@torch.inference_mode()
def _probabilities(
    forward: Forward, images: torch.Tensor, temperature: float
) -> list[torch.Tensor]:
    if not len(images):
        return []
    logits = forward(images)
    return list((logits / temperature).softmax(dim=1).cpu())
