"""What a stage learns from, epoch by epoch: pictures, or features of a frozen body."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from petstudio.config.recipe import Precision
from petstudio.engine.exchange import exchange
from petstudio.engine.features import VALIDATION, FeatureFiles, View
from petstudio.engine.folding import Extractor, Forward, judge
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.batches import (
    Batch,
    BatchSource,
    batches_ahead,
    ready,
)
from petstudio.engine.input.sources import at_size
from petstudio.engine.network import Classifier, Network
from petstudio.engine.processes import ALONE, Processes


class Feed(Protocol):
    """Batches for one stage. A chunk is int64 (n,), indices of training pictures.

    `learn` maps a batch's images to logits in training, and so does what `judge` returns for the
    network as it is now, in evaluation.
    """

    @property
    def learn(self) -> nn.Module: ...

    def judge(self) -> Forward: ...

    def training(
        self, chunks: list[NDArray[np.int64]], stage_epoch: int, epoch: int, *, done: int = 0
    ) -> Generator[Batch, None, None]:
        """Yield a batch for each chunk but the first `done`, which a run that goes on has had.

        Epochs count within the stage and over the run. The batches are those that the unbroken run
        would see; with all chunks done there are none, and the feed is where it would be by then.
        """

    def validation(self, chunks: list[NDArray[np.int64]]) -> Generator[Batch, None, None]:
        """Yield a batch for each chunk of validation pictures, without random changes."""


class PictureFeed:
    """Pictures, changed anew in each epoch; for stages that train the body or its BatchNorm."""

    def __init__(
        self,
        network: Network,
        precision: Precision,
        sources: tuple[BatchSource, BatchSource],
        augmenter: Augmenter,
    ) -> None:
        """Feed `network` from the sources of training and validation pictures."""
        self.network = network
        self.precision = precision
        self.train, self.valid = sources
        self.augmenter = augmenter
        self._extractor: Extractor | None = None
        self._by_size = {self.train.sampler.size: self.train}
        self._size_in_epoch: Callable[[int], int] = lambda _epoch: self.train.sampler.size

    def start_stage(self, size_in_epoch: Callable[[int], int]) -> None:
        """Take the sizes of the coming stage's epochs."""
        self._size_in_epoch = size_in_epoch

    @property
    def learn(self) -> nn.Module:
        """See Feed."""
        return self.network

    def judge(self) -> Forward:
        """See Feed."""
        if self._extractor is None:
            self._extractor = Extractor(self.network, self.precision)
        else:
            self._extractor.refresh()
        return judge(self.network, self._extractor)

    def source(self, stage_epoch: int) -> BatchSource:
        """Return the training pictures in the size of an epoch, out of one store."""
        size = self._size_in_epoch(stage_epoch)
        if size not in self._by_size:
            self._by_size[size] = at_size(self.train, size)
        return self._by_size[size]

    def training(
        self, chunks: list[NDArray[np.int64]], stage_epoch: int, epoch: int, *, done: int = 0
    ) -> Generator[Batch, None, None]:
        """See Feed."""
        return self.source(stage_epoch).training(chunks[done:], epoch, self.augmenter)

    def validation(self, chunks: list[NDArray[np.int64]]) -> Generator[Batch, None, None]:
        """See Feed."""
        return batches_ahead(self.valid.unchanged(chunk) for chunk in chunks)


class FeatureFeed:
    """Features of a frozen body; each is computed once, where it is needed first.

    With `views` = 0 every epoch is a view of its own, as with pictures; else `views` of them are
    used in turn. Validation pictures have one view for good: nothing in the body changes.
    """

    def __init__(
        self,
        pictures: PictureFeed,
        *,
        views: int,
        files: tuple[FeatureFiles, FeatureFiles],
        processes: Processes = ALONE,
    ) -> None:
        """Make features of `pictures`; `files` are those of training and validation."""
        self._pictures = pictures
        self._classifier = Classifier(pictures.network)
        self._extractor = Extractor(pictures.network, pictures.precision)
        self._views = views
        self._processes = processes
        self._train_files, self._valid_files = files
        self._kept: dict[str, View] = {}

    @property
    def learn(self) -> nn.Module:
        """See Feed."""
        return self._classifier

    def judge(self) -> Forward:
        """See Feed."""
        return self._pictures.network.classify

    def training(
        self, chunks: list[NDArray[np.int64]], stage_epoch: int, epoch: int, *, done: int = 0
    ) -> Generator[Batch, None, None]:
        """See Feed."""
        if done and not self._views:  # nothing of this view is needed again
            chunks, done = chunks[done:], 0
        source = self._pictures.source(stage_epoch)
        number = epoch - stage_epoch + stage_epoch % self._views if self._views else epoch
        name = f"view-{number}-{source.sampler.size}px"
        view = self._view(name, source, self._train_files)

        def begin(chunk: NDArray[np.int64]) -> Callable[[], Batch]:
            return source.changed(chunk, number, self._pictures.augmenter)

        yield from self._batches(source, view, chunks, begin, done)
        exchange(view, self._processes)
        self._train_files.save(name, view)
        if not self._views:
            del self._kept[name]

    def validation(self, chunks: list[NDArray[np.int64]]) -> Generator[Batch, None, None]:
        """See Feed."""
        source = self._pictures.valid
        view = self._view(VALIDATION, source, self._valid_files)
        yield from self._batches(source, view, chunks, source.unchanged)
        exchange(view, self._processes)
        self._valid_files.save(VALIDATION, view)

    def _view(self, name: str, source: BatchSource, files: FeatureFiles) -> View:
        if name not in self._kept:
            count, width = len(source.images), self._extractor.width
            is_used_again = bool(self._views) or name == VALIDATION
            keep = is_used_again or files.would_keep(count, width)
            view = View(count, width, source.device, keep=keep)
            files.load(name, view)
            self._kept[name] = view
        return self._kept[name]

    def _batches(
        self,
        source: BatchSource,
        view: View,
        chunks: list[NDArray[np.int64]],
        begin: Callable[[NDArray[np.int64]], Callable[[], Batch]],
        done: int = 0,
    ) -> Generator[Batch, None, None]:
        """Yield features for each chunk, from the view or through the body into it.

        Those of the first `done` chunks are only made, in the batches in which they once were:
        the last bits of a feature may depend on how many pictures went through the body together.
        """
        lacking = [view.lacking(chunk) for chunk in chunks]
        with closing(batches_ahead(begin(rows) for rows in lacking if len(rows))) as prepared:
            for number, (chunk, rows) in enumerate(zip(chunks, lacking, strict=True)):
                waited_s = 0.0
                if len(rows):
                    batch = next(prepared)
                    waited_s = batch.waited_s
                    features = self._extractor.features(batch)
                    view.write(batch.indices, features)
                if number < done:
                    continue
                if view.keeps:
                    known = chunk[view.known[chunk]]
                    targets, found = _targets(source, known), view.read(known)
                    yield ready(known, targets, found, waited_s=waited_s)
                else:
                    yield ready(batch.indices, batch.targets, features, waited_s=waited_s)


def _targets(source: BatchSource, chunk: NDArray[np.int64]) -> torch.Tensor:
    return torch.from_numpy(source.images.targets[chunk]).to(source.device)
