"""Predictions for any number of files, streamed with bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch

from petstudio.api.control import RunControl
from petstudio.api.errors import ImageError
from petstudio.config.recipe import Precision
from petstudio.engine.devices import choose_device, leave_a_core
from petstudio.engine.folding import Forward, judge
from petstudio.engine.input.batches import BatchSource, ImageSet
from petstudio.engine.input.store import ImageStore, StorePlan, short_side_for
from petstudio.engine.model_file import ModelInfo, sampler_for
from petstudio.engine.network import Network
from petstudio.engine.precision import choose_precision

_BATCH: Final = 32


@dataclass(frozen=True, kw_only=True)
class FilePrediction:
    """The classes of one file by probability, highest first; or why it has none."""

    path: Path
    top: tuple[tuple[str, float], ...] = ()
    error: ImageError | None = None


def predict_files(
    network: Network,
    info: ModelInfo,
    files: Sequence[Path],
    top: int,
    control: RunControl,
) -> Iterator[FilePrediction]:
    """Yield the prediction for each file, in order; files that cannot be read carry an error."""
    leave_a_core()
    device = choose_device("auto")
    precision = choose_precision(Precision.AUTO, device)
    network = network.to(device, memory_format=torch.channels_last).eval()  # type: ignore[call-overload]
    forward = judge(network, precision)
    failed: dict[str, ImageError] = {}
    everything = np.arange(len(files))
    with ImageStore(files, short_side_for(info.size), plan=StorePlan(memory_budget=0)) as store:
        source = BatchSource(
            images=ImageSet(
                paths=tuple(files), keys=everything, targets=np.zeros(len(files), dtype=np.int64)
            ),
            store=store,
            sampler=sampler_for(info),
            device=device,
            skipped=lambda error: failed.update({error.path: error}),
        )
        with closing(source.plain(_BATCH)) as batches:
            for number, batch in enumerate(batches):
                control.checkpoint()
                rows = _probabilities(forward, batch.images, info.temperature)
                found = dict(zip(batch.indices.tolist(), rows, strict=True))
                first = number * _BATCH
                for index in range(first, min(first + _BATCH, len(files))):
                    yield _result(files[index], found.get(index), failed, info, top)


@torch.inference_mode()
def _probabilities(
    forward: Forward, images: torch.Tensor, temperature: float
) -> list[torch.Tensor]:
    if not len(images):
        return []
    logits = forward(images)
    return list((logits / temperature).softmax(dim=1).cpu())


def _result(
    path: Path,
    row: torch.Tensor | None,
    failed: dict[str, ImageError],
    info: ModelInfo,
    top: int,
) -> FilePrediction:
    if row is None:
        return FilePrediction(path=path, error=failed.pop(str(path)))
    values, classes = row.topk(min(top, len(info.classes)))
    names = [info.classes[index] for index in classes.tolist()]
    return FilePrediction(path=path, top=tuple(zip(names, values.tolist(), strict=True)))
