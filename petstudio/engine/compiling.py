"""Compiling the network beside a long run, which goes on with the result at the end of an epoch."""

from __future__ import annotations

import copy
import logging
from threading import Thread
from typing import Final

import torch

from petstudio.config.recipe import Precision
from petstudio.engine.devices import DTYPES, autocast
from petstudio.engine.folding import Forward
from petstudio.engine.network import Network

_WORTH_S: Final = 600.0  # of predicted training; compiling takes up to a minute of two cores

logger = logging.getLogger(__name__)


def compiler_for(
    network: Network, precision: Precision, shape: tuple[int, int]
) -> BackgroundCompiler | None:
    """Return a compiler where it would gain: on CUDA, unless the run is to be exact."""
    device = next(network.parameters()).device
    if device.type != "cuda" or precision is Precision.FLOAT32:
        return None
    return BackgroundCompiler(network, precision, shape)


class BackgroundCompiler:
    """Compiles a copy in a thread; the network itself then finds everything in torch's cache."""

    def __init__(self, network: Network, precision: Precision, shape: tuple[int, int]) -> None:
        """Prepare to compile for batches of `shape`: pictures, and their side in pixels."""
        self._network = network
        self._precision = precision
        self._shape = shape
        self._thread: Thread | None = None
        self._has_failed = False
        self._is_given = False

    def after_epoch(self, rest_s: float) -> Forward | None:
        """Return the compiled network, once, when it is ready; start with it if it is worth it.

        `rest_s` is how many seconds the stage will still train.
        """
        if self._thread is None:
            if rest_s > _WORTH_S:
                self.start()
            return None
        if self._thread.is_alive() or self._has_failed or self._is_given:
            return None
        self._is_given = True
        compiled: Forward = torch.compile(self._network, dynamic=False)
        return compiled

    def start(self) -> None:
        """Begin to compile, for the layers that train now."""
        duplicate = copy.deepcopy(self._network)
        self._thread = Thread(target=self._compile, args=(duplicate,), name="compile", daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for the thread."""
        if self._thread is not None:
            self._thread.join()

    def _compile(self, duplicate: Network) -> None:
        count, side = self._shape
        device = next(duplicate.parameters()).device
        try:
            images = torch.zeros(
                (count, 3, side, side), dtype=DTYPES[self._precision], device=device
            ).to(memory_format=torch.channels_last)
            with autocast(device, self._precision):
                logits = torch.compile(duplicate, dynamic=False)(images)
            logits.sum().backward()
        except Exception as error:  # noqa: BLE001 - the compiler's boundary: the run needs it not
            logger.info("The network is not compiled: %s", error)
            self._has_failed = True
