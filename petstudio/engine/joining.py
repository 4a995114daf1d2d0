"""Joining the other processes that torchrun has started, and leaving them in every case."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import torch
import torch.distributed as dist
from torch.distributed.rendezvous import rendezvous

from petstudio.api.errors import MachineError, PetStudioError, RunCancelledError
from petstudio.api.language import tr
from petstudio.config.hardware import ANY_HARDWARE, Hardware
from petstudio.config.placement import Placement
from petstudio.engine.processes import Processes, Store

_PATIENCE: Final = timedelta(days=7)  # a pause in the first process keeps the others waiting
_OBITUARY_PATIENCE: Final = timedelta(seconds=2)
_FAILURE: Final = "petstudio/failure"
_RENDEZVOUS: Final = "env://"

logger = logging.getLogger(__name__)


class OtherProcessError(MachineError):
    """What went wrong did so in another process, which says it too."""


@contextmanager
def joined(hardware: Hardware = ANY_HARDWARE) -> Iterator[Processes]:
    """Give the processes of this run: the others of torchrun, or this one alone.

    Raises:
        OtherProcessError: see `explained`.
    """
    placement = Placement.of(os.environ)
    if placement.is_alone:
        yield Processes(placement, hardware=hardware)
        return
    processes = Processes(placement, _join(placement), hardware)
    try:
        with explained(processes):
            yield processes
    except RunCancelledError:  # which all processes raise together
        dist.destroy_process_group()
        raise
    # After any other error the group is not left in order: that would wait for the others.
    dist.destroy_process_group()


@contextmanager
def explained(processes: Processes) -> Iterator[None]:
    """Let an error in one process end all: within, broken connections become its sentence.

    The connections break as the process exits, which ends whatever the others wait for; its
    sentence is in the store, which is torchrun's.

    Raises:
        OtherProcessError: another process has failed or died.
    """
    try:
        yield
    except (RunCancelledError, OtherProcessError):
        raise
    except RuntimeError as error:
        if processes.is_alone or not _is_broken_connection(error):
            _tell(processes, error)
            raise
        raise _obituary(processes) from error
    except Exception as error:  # told to the others; whoever called us decides what it means
        _tell(processes, error)
        raise


def _join(placement: Placement) -> Store:
    """Join the group; numbers and objects travel over the CPU, gradients as the device does."""
    backend = "gloo"
    if torch.cuda.is_available():
        backend = "cpu:gloo,cuda:nccl"
        torch.cuda.set_device(placement.local_rank % torch.cuda.device_count())
    found: Any = next(rendezvous(_RENDEZVOUS, timeout=_PATIENCE))  # without types in torch
    store, rank, count = found
    dist.init_process_group(backend, store=store, rank=rank, world_size=count, timeout=_PATIENCE)
    kept: Store = store
    return kept


def _obituary(processes: Processes) -> OtherProcessError:
    assert processes.store is not None
    try:
        processes.store.wait([_FAILURE], _OBITUARY_PATIENCE)
        return OtherProcessError(processes.store.get(_FAILURE).decode())
    except (RuntimeError, ValueError):
        return OtherProcessError(
            tr(
                "One of the {count} processes has died, perhaps for lack of memory.",
                count=processes.count,
            ),
            cure=tr("What torchrun printed says which. Choose a smaller batch or fewer processes."),
        )


def _tell(processes: Processes, error: Exception) -> None:
    if processes.store is None:
        return
    sentence = tr(
        "Process {rank} of {count} failed: {described}",
        rank=processes.rank + 1,
        count=processes.count,
        described=_described(error),
    )
    if not processes.is_first:  # the first one's sentence is shown by whoever called us
        logger.error("%s", sentence)
    try:
        # The first failure is the cause of the others.
        processes.store.compare_set(_FAILURE, "", sentence)
    except RuntimeError as silent:
        logger.info("The other processes could not be told: %s", silent)


def _described(error: Exception) -> str:
    is_ours = isinstance(error, PetStudioError)
    return str(error) if is_ours else f"{type(error).__name__}: {error}"


def _is_broken_connection(error: RuntimeError) -> bool:
    """Say whether an error comes from waiting for another process."""
    return isinstance(error, dist.DistError) or "gloo" in str(error) or "NCCL" in str(error)
