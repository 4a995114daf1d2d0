"""Runs that processes of torchrun make together: `together.py SCENARIO FOLDER`.

Each process leaves `result-RANK.pt` in the folder, or `failure-RANK.txt`; the same scenarios run in
one process in the tests themselves. `data.pickle` in the folder holds the pictures.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch
import torch.distributed as dist
from engine_fixtures import COLOURS, make_plan
from engine_runs import MemoryStore

from petstudio.api.control import RunControl
from petstudio.api.errors import MachineError, RunCancelledError
from petstudio.api.events import StepFinished
from petstudio.config.placement import Placement, leave
from petstudio.config.recipe import BatchNorm, Resize
from petstudio.engine.joining import explained, joined
from petstudio.engine.model_info import ModelInfo
from petstudio.engine.prediction import predict_files
from petstudio.engine.processes import ALONE, Processes
from petstudio.engine.training import Listener, Trainer


def plan_of(scenario, features):
    """Return the plan of a scenario that trains."""
    plans = {
        "every layer": make_plan(epochs=3),
        "frozen head": make_plan(epochs=4, trainable="head", views=2),
        "adapted head": make_plan(epochs=3, trainable="head", batchnorm=BatchNorm.ADAPT),
        "on one GPU": on_gpu(make_plan(epochs=3)),
        "odd batch": with_batch_size(make_plan(epochs=2), 13),
    }
    for part in ("whole", "cancelled", "going on"):
        plans[part] = make_plan(epochs=4)
    plan = plans.get(scenario) or make_plan(epochs=2)
    return replace(plan, features=features)


def on_gpu(plan):
    training = replace(plan.recipe.training, device="cuda")
    return replace(plan, recipe=replace(plan.recipe, training=training))


def with_batch_size(plan, size):
    training = replace(plan.recipe.training, batch_size=size)
    return replace(plan, recipe=replace(plan.recipe, training=training))


def train(scenario, folder, processes=ALONE, start=None):
    """Return what a run has told and learned, and the checkpoint where it was broken off."""
    data = pickle.loads((folder / "data.pickle").read_bytes())
    store = MemoryStore() if scenario == "cancelled" else None
    events = []
    control = RunControl()

    def emit(event):
        events.append(event)
        if scenario == "cancelled" and isinstance(event, StepFinished) and event.step == 2:
            control.cancel()
        if processes.rank == 1:
            misbehave(scenario, len(events))

    plan = plan_of(scenario, folder / f"features of {processes.count}")
    trainer = Trainer(plan, data, processes, start)
    outcome = "completed"
    predictions = None
    try:
        with explained(processes):
            predictions = trainer.run(1, "", Listener(emit=emit, control=control, store=store))
    except RunCancelledError:
        outcome = "cancelled"
    return {
        "outcome": outcome,
        "events": events,
        "steps": trainer.steps_done,
        "losses": [event.loss for event in events if isinstance(event, StepFinished)],
        "weights": trainer.network.state_dict(),
        "predictions": predictions,
        "checkpoint": store.newest() if store else None,
    }


def go_on(folder, processes):
    """Return what a run has told and learned that goes on from `checkpoint.pt` in the folder."""
    start = torch.load(folder / "checkpoint.pt", weights_only=False)  # written by our own test
    return train("going on", folder, processes, start)


def misbehave(scenario, told):
    """End this process in one way or another, in the middle of the run."""
    if told == 3 and scenario == "failing":
        raise MachineError("The disk of this process is full.")
    if told == 3 and scenario == "killed":
        os.kill(os.getpid(), signal.SIGKILL)


def predict(folder, processes=ALONE):
    """Return the predictions of an untrained network for all pictures and a damaged one."""
    data = pickle.loads((folder / "data.pickle").read_bytes())
    network = Trainer(make_plan(), data).network
    size = {"size": 16, "resize": Resize.CROP, "mean": (0.5,) * 3, "std": (0.25,) * 3}
    info = ModelInfo(classes=tuple(COLOURS), architecture="tiny", **size)
    damaged = folder / "damaged.png"
    damaged.write_bytes(b"not a picture")
    files = [damaged, *data.train.paths, *data.valid.paths, *data.train.paths]
    return list(predict_files(network, info, files, 2, RunControl(), processes))


class OneGpu(Processes):
    """Processes that share the only GPU."""

    def device(self, choice):
        return torch.device("cuda", 0)


@contextmanager
def joined_on_one_gpu():
    """Join over gloo, which takes tensors of a GPU too; NCCL wants a GPU for each process."""
    dist.init_process_group("gloo")
    yield OneGpu(Placement.of(os.environ))
    dist.destroy_process_group()


def main(scenario, folder):
    rank = Placement.of(os.environ).rank
    if rank == 0:  # as the command line does: torchrun ends all when one has died
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with (joined_on_one_gpu if scenario == "on one GPU" else joined)() as processes:
            runs = {"prediction": predict, "going on": go_on}
            result = runs.get(scenario, partial(train, scenario))(folder, processes)
    except MachineError as error:
        (folder / f"failure-{rank}.txt").write_text(str(error))
        return 1
    torch.save(result, folder / f"result-{rank}.pt")
    return 0


if __name__ == "__main__":
    raise SystemExit(leave(main(sys.argv[1], Path(sys.argv[2]))))
