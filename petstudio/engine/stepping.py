"""One step of learning: from a batch to gradients, directly or as a captured graph."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import nn

from petstudio.api.errors import MachineError
from petstudio.api.language import tr
from petstudio.config.recipe import Precision
from petstudio.engine.capturing import Captured, capture
from petstudio.engine.criterion import Criterion
from petstudio.engine.devices import autocast
from petstudio.engine.folding import Forward
from petstudio.engine.input.batches import Batch
from petstudio.engine.network import clear_gradients

_FEWEST_IN_PIECE: Final = 2  # BatchNorm in the head needs two pictures
_NO_MEMORY_ON_CPU: Final = "DefaultCPUAllocator"  # torch has no error class of its own for it


@dataclass(frozen=True, kw_only=True)
class _Graph:
    """A captured step and the tensors into which it writes the gradients."""

    step: Captured
    gradients: list[tuple[nn.Parameter, torch.Tensor | None]]

    def replay(self, batch: Batch) -> torch.Tensor:
        for parameter, gradient in self.gradients:
            parameter.grad = gradient
        return self.step(*_tensors(batch))


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What a step computes with: the loss, the number format, and the scaler that goes with it."""

    criterion: Criterion
    precision: Precision
    scaler: torch.amp.GradScaler


class Step:
    """Computes the mean loss of a batch and leaves its gradients in the parameters.

    On CUDA, sampling, forward and backward pass become one graph at the first batch; the optimiser
    stays outside, since one-cycle moves beta1 with the rate and a captured AdamW would keep the
    first one. A batch may be taken in pieces, whose gradients add up to those of the whole; only
    BatchNorm sees the pieces. After an out-of-memory error there are twice as many, and the step is
    taken again from where it began.
    """

    def __init__(
        self,
        network: nn.Module,
        forward: Forward,
        numbers: Numbers,
        *,
        pieces: int = 1,
        divided: Callable[[int, int], None],
    ) -> None:
        """Prepare steps of `forward`, which is made of the modules of `network`.

        `divided` is told how many pictures of a batch are taken in how many pieces from now on.
        """
        self._network = network
        self._plain = forward
        self._forward = forward
        self._criterion = numbers.criterion
        self._precision = numbers.precision
        self._scaler = numbers.scaler
        self._divided = divided
        self._graphs: dict[Callable[..., torch.Tensor], _Graph | None] = {}
        self._pieces = pieces
        self._buffers = [buffer for buffer in network.buffers() if buffer.numel()]
        self._before = [buffer.clone() for buffer in self._buffers]

    def use(self, compiled: Forward) -> None:
        """Go on with a compiled form of the same modules; where it fails, with the plain one."""
        self._forward = compiled
        self._graphs.clear()

    def divide(self, pieces: int) -> None:
        """Compute each batch in so many pieces from now on, as long as the memory lets it."""
        self._pieces = pieces
        self._graphs.clear()

    def __call__(self, batch: Batch, seed: int) -> torch.Tensor:
        """Return the loss, float32 (), detached, on the device; a later step may overwrite it.

        `seed` is that of what the network itself draws.

        Raises:
            MachineError: there is no memory for even the smallest piece.
        """
        while (loss := self._try(batch, seed)) is None:
            # Outside of the except block, whose traceback holds on to the tensors of the failure.
            self._take_smaller_pieces(batch)
        return loss

    def _try(self, batch: Batch, seed: int) -> torch.Tensor | None:
        """Return the loss; None where the memory was too small, and then nothing has changed."""
        torch.manual_seed(seed)
        try:
            graph = self._graph(batch)
            return self._learn(batch) if graph is None else graph.replay(batch)
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            return None

    def _graph(self, batch: Batch) -> _Graph | None:
        if batch.targets.device.type != "cuda" or self._pieces > 1:
            return None
        if batch.make not in self._graphs:
            self._graphs[batch.make] = self._capture(batch)
        graph = self._graphs[batch.make]
        return graph if graph is not None and graph.step.fits(_tensors(batch)) else None

    def _capture(self, batch: Batch) -> _Graph | None:
        make = batch.make

        def step(*tensors: torch.Tensor) -> torch.Tensor:
            return self._piece(make(*tensors[:-1]), tensors[-1], share=1)

        captured = capture(step, _tensors(batch), self._network)
        if captured is None and self._forward is not self._plain:
            self._forward = self._plain
            captured = capture(step, _tensors(batch), self._network)
        if captured is None:
            return None
        gradients = [(p, p.grad) for p in self._network.parameters()]
        return _Graph(step=captured, gradients=gradients)

    def _learn(self, batch: Batch) -> torch.Tensor:
        clear_gradients(self._network)
        torch._foreach_copy_(self._before, self._buffers)
        try:
            return self._learn_in_pieces(batch)
        except (MemoryError, RuntimeError):
            # BatchNorm's statistics would otherwise count twice what is tried twice.
            torch._foreach_copy_(self._buffers, self._before)
            raise

    def _learn_in_pieces(self, batch: Batch) -> torch.Tensor:
        images, targets = batch.images, batch.targets
        count = min(self._pieces, len(batch) // _FEWEST_IN_PIECE)
        if count <= 1:
            return self._piece(images, targets, share=1)
        pieces = zip(images.tensor_split(count), targets.tensor_split(count), strict=True)
        return torch.stack(
            [self._piece(part, own, len(own) / len(batch)) for part, own in pieces]
        ).sum()

    def _piece(self, images: torch.Tensor, targets: torch.Tensor, share: float) -> torch.Tensor:
        """Add the gradients of one piece, which is `share` of its batch; return its loss share."""
        with autocast(images.device, self._precision):
            logits = self._forward(images)
        loss = self._criterion(logits, targets)
        if share != 1:
            loss = loss * share
        self._scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def _take_smaller_pieces(self, batch: Batch) -> None:
        self._graphs.clear()
        clear_gradients(self._network)
        pieces = self._pieces * 2
        if len(batch) // pieces < _FEWEST_IN_PIECE:
            raise MachineError(
                tr("There is not enough memory to train on even two pictures at a time."),
                cure=tr("Choose a smaller image size or network, or close other programs."),
            )
        self._pieces = pieces
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        self._divided(len(batch), pieces)


def _tensors(batch: Batch) -> tuple[torch.Tensor, ...]:
    return (*batch.inputs, batch.targets)


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether the memory of the device or of the machine was too small."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return _NO_MEMORY_ON_CPU in str(error)
