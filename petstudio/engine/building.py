"""What a run starts from: its devices, number format and batch size, its network, its pictures."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Final

import torch

from petstudio.api.errors import ImageError, InputError
from petstudio.api.language import tr
from petstudio.config.recipe import Precision, Recipe
from petstudio.engine.checkpoint import Checkpoint, Conditions, fill_network
from petstudio.engine.devices import DTYPES, prepare
from petstudio.engine.feeds import PictureFeed
from petstudio.engine.global_batch import CurrentBatch, globalised, ordinary
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.sources import SourcePlan, open_source
from petstudio.engine.input.store import StorePlan
from petstudio.engine.network import Network
from petstudio.engine.plan import TrainingData, TrainingPlan
from petstudio.engine.precision import choose_precision
from petstudio.engine.processes import Processes
from petstudio.engine.trial import free_after_a_step
from petstudio.engine.weights import load_body_weights

FEWEST_IN_BATCH: Final = 2  # BatchNorm in the head needs two pictures


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where and how a run computes; the same in all its processes but for the device.

    Attributes:
        batch_size: of the global batch.
        notice: why it is not the one that the recipe has; empty if it is.
        threads: how many torch computes with.
    """

    processes: Processes
    device: torch.device
    precision: Precision
    batch_size: int
    notice: str
    threads: int

    @property
    def own_batch_size(self) -> int:
        """How many pictures of a batch come to this process."""
        return self.batch_size // self.processes.count


def choose_setting(
    recipe: Recipe, pictures: int, processes: Processes, before: Conditions | None = None
) -> Setting:
    """Return the setting for a recipe and so many training pictures.

    A run that goes on takes the number format and the threads that it had `before`, for the sake of
    the same bits.

    Raises:
        InputError: the device is not there, or there are too few pictures for a batch.
    """
    device = processes.device(recipe.training.device)
    wanted = before.threads if before else processes.hardware.threads
    threads = prepare(device, threads=wanted)
    batch_size, notice = _fitting_batch_size(recipe.training.batch_size, pictures, processes.count)
    # What is measured differs a little between processes, and they have to choose the same.
    precision = processes.first_says(
        before.precision if before else choose_precision(recipe.training.precision, device)
    )
    return Setting(
        processes=processes,
        device=device,
        precision=precision,
        batch_size=batch_size,
        notice=notice,
        threads=threads,
    )


def _too_few(fewest: int, wanted: int, pictures: int, processes: int) -> InputError:
    if processes == 1:
        return InputError(
            tr(
                "Training needs at least {fewest} pictures in a batch; there are {pictures} "
                "training pictures and the batch size is {wanted}.",
                fewest=fewest,
                pictures=pictures,
                wanted=wanted,
            ),
            cure=tr("Add pictures, or raise the batch size."),
        )
    return InputError(
        tr(
            "Training needs at least {fewest} pictures in a batch of {processes} processes; there "
            "are {pictures} training pictures and the batch size is {wanted}.",
            fewest=fewest,
            processes=processes,
            pictures=pictures,
            wanted=wanted,
        ),
        cure=tr("Start fewer processes, add pictures, or raise the batch size."),
    )


def _fitting_batch_size(wanted: int, pictures: int, processes: int) -> tuple[int, str]:
    """Return the batch size, and why it is not the wanted one."""
    fewest = FEWEST_IN_BATCH * processes
    size = min(wanted, pictures)
    if size < fewest:
        raise _too_few(fewest, wanted, pictures, processes)
    fitting = size - size % processes
    if fitting == wanted:
        return fitting, ""
    if fitting < size:
        why = tr(
            "each of the {processes} processes takes the same number of pictures.",
            processes=processes,
        )
    else:
        why = tr("there are no more training pictures.")
    return fitting, tr(
        "The batch size is {fitting} instead of {wanted}: {why}",
        fitting=fitting,
        wanted=wanted,
        why=why,
    )


def build_network(
    plan: TrainingPlan,
    classes: tuple[str, ...],
    setting: Setting,
    current: CurrentBatch,
    start: Checkpoint | None = None,
) -> Network:
    """Return the network to train, on its device; layers in it follow `current` where needed.

    Its weights are those of `start`, else those of the plan.
    """
    torch.manual_seed(plan.recipe.seed)
    body = plan.architecture.build(plan.architecture_options)
    together = not setting.processes.is_alone
    if together:
        # Before the network is made, as its layer groups hold on to the body's parts.
        body = replace(body, module=globalised(body.module, setting.device, current))
    network = Network(body, len(classes))
    if together:
        globalised(network.head, setting.device, current)
    if start is not None:
        fill_network(network, classes, start)
    elif plan.weights is not None:
        load_body_weights(network.body, plan.weights)
    return network.to(setting.device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def open_pictures(
    plan: TrainingPlan,
    data: TrainingData,
    network: Network,
    setting: Setting,
    stack: ExitStack,
    *,
    skipped: Callable[[ImageError], None],
    notice: Callable[[str], None],
) -> PictureFeed:
    """Return the pictures of a run; `stack` closes their stores."""
    choice = plan.recipe.input
    sources = SourcePlan(
        choice=choice,
        mean=plan.mean,
        std=plan.std,
        store=_own_store(plan.store, setting.processes),
        batch_size=setting.own_batch_size,
        device=setting.device,
        dtype=DTYPES[setting.precision],
        free=_free_in_training(network, setting, choice.final_size),
        skipped=skipped,
        notice=notice,
        sharers=setting.processes.placement.local_count,
    )
    train, valid = data.train, data.valid
    share = len(train) / (len(train) + len(valid))
    return PictureFeed(
        network,
        setting.precision,
        (
            open_source(sources, train, stack, share=share),
            open_source(sources, valid, stack, share=1 - share),
        ),
        Augmenter(seed=plan.recipe.seed, augmentations=plan.augmentations),
    )


def _free_in_training(network: Network, setting: Setting, size: int) -> int:
    # The trial is this process's own, so it must not wait for the others.
    tried = network if setting.processes.is_alone else ordinary(deepcopy(network))
    assert isinstance(tried, Network)
    return free_after_a_step(tried, setting.own_batch_size, size, setting.precision)


def _own_store(plan: StorePlan | None, processes: Processes) -> StorePlan:
    """Return the plan for one process: they share the folder, and the memory by equal parts."""
    plan = plan or StorePlan()
    return replace(plan, memory_budget=plan.memory_budget // processes.placement.local_count)
