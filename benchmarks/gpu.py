"""Training on a graphics card, in one command of a few minutes: the step against the same step on
synthetic pictures that lie on the card, captured and compiled, and against fastai with bfloat16.

Takes a folder of photos named as in the tutorial, and multiplies it to --count pictures; without
one it draws them. At the end the tests of everything that needs a card are run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import photos
import torch
from turns import print_machine

from petstudio.api.control import RunControl
from petstudio.api.events import EpochFinished, Event, NoticeGiven, RunStarted
from petstudio.config.recipe import BatchNorm, Precision, recipe_from_mapping
from petstudio.engine.criterion import Criterion
from petstudio.engine.devices import gradient_scaler, prepare
from petstudio.engine.input.batches import Batch, ready
from petstudio.engine.input.gathering import CHANGES, Gatherer
from petstudio.engine.input.kernel import KernelGatherer
from petstudio.engine.network import Network, freeze, set_training_mode
from petstudio.engine.optimiser import Optimiser
from petstudio.engine.stepping import Numbers, Step
from petstudio.jobs.training import train
from petstudio.plugin_host.host import PluginHost

CUDA = torch.device("cuda")
ROOT = Path(__file__).resolve().parents[1]
PETS = ROOT.parent / "shared" / "data" / "pets-mini"
TESTS = "tests/unit/engine/test_engine_cuda.py"
SIZE = 224
CLASSES = 37
EPOCHS = 4
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
LARGE = 256  # pictures in a batch
STEPS, ROUNDS = 30, 3


def make_project(project: Path, folder: Path) -> None:
    """Import the pictures through the command line, whose children are free of torch."""
    command = [sys.executable, "-m", "petstudio", "new", str(project), "--data", str(folder)]
    command += ["--loader", "regex", "--option", f"pattern={photos.NAME}", "--json"]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    print(f"imported in {seconds:.1f} s: {done.stdout.splitlines()[-1]}", flush=True)


def recipe(architecture: str, batch_size: int, stage: Mapping[str, object]) -> dict[str, object]:
    """Return the tutorial's recipe from random weights, as a mapping."""
    return {
        "model": {"architecture": architecture, "weights": "none"},
        "input": {"size": SIZE},
        "training": {"batch_size": batch_size, "device": "cuda"},
        "augmentations": [{"key": "tutorial"}],
        "stages": [{"name": "bench", "epochs": EPOCHS, "rate": 1e-3, **stage}],
    }


def run_project(host: PluginHost, project: Path, values: dict[str, object]) -> list[Event]:
    """Train through the program's own job and return its events."""
    events: list[Event] = []
    train(host, project, recipe_from_mapping(values))(events.append, RunControl())
    return events


def speeds(events: list[Event]) -> tuple[float, float]:
    """Return pictures a second of the first epoch and of the last one, validation included."""
    started = next(event for event in events if isinstance(event, RunStarted))
    epochs = [event.seconds for event in events if isinstance(event, EpochFinished)]
    pictures = started.train // started.batch_size * started.batch_size + started.valid
    for notice in (event for event in events if isinstance(event, NoticeGiven)):
        print(f"notice: {notice.message}", flush=True)
    return pictures / epochs[0], pictures / epochs[-1]


def synthetic(host: PluginHost, architecture: str, batch_size: int, *, compiled: bool) -> float:
    """Return pictures a second of the same step on pictures that lie on the card."""
    prepare(CUDA)
    description = host.architecture(architecture)
    network = Network(description.build(description.options()), CLASSES)
    network = network.to(CUDA, memory_format=torch.channels_last)
    freeze(network, 0, BatchNorm.FROZEN)
    set_training_mode(network, 0, BatchNorm.FROZEN)
    optimiser = Optimiser(network.groups, (1e-3,) * len(network.groups), 0.01)
    scaler = gradient_scaler(CUDA, Precision.BFLOAT16)
    forward = torch.compile(network) if compiled else network
    numbers = Numbers(criterion=Criterion(), precision=Precision.BFLOAT16, scaler=scaler)
    step = Step(network, forward, numbers, divided=print)
    images = torch.randn(batch_size, 3, SIZE, SIZE, device=CUDA, dtype=torch.bfloat16)
    images = images.to(memory_format=torch.channels_last)
    targets = torch.randint(0, CLASSES, (batch_size,), device=CUDA)
    batch = ready(np.arange(batch_size), targets, images)
    return batch_size * rate(lambda: learn(step, optimiser, scaler, batch))


def learn(
    step: Step, optimiser: Optimiser, scaler: torch.amp.GradScaler, batch: Batch
) -> torch.Tensor:
    """Take one whole step."""
    loss = step(batch, 0)
    optimiser.step(scaler)
    return loss


def rate(call: Callable[[], object]) -> float:
    """Return calls a second, the median of some rounds."""
    for _ in range(5):
        call()
    found = []
    for _ in range(ROUNDS):
        torch.cuda.synchronize()
        started = time.perf_counter()
        for _ in range(STEPS):
            call()
        torch.cuda.synchronize()
        found.append(STEPS / (time.perf_counter() - started))
    return statistics.median(found)


def print_sampler(batch_size: int) -> None:
    """Print the speed of the sampler's ways on pictures of pets' size."""
    height, width, count = 256, 341, 512
    pixels = torch.randint(0, 256, (count * height * width * 3,), dtype=torch.uint8, device=CUDA)
    index = torch.randint(0, count, (batch_size,), device=CUDA)
    places = torch.stack(
        [index * height * width * 3, *(torch.full_like(index, side) for side in (height, width))], 1
    )
    changes = torch.zeros(batch_size, CHANGES, device=CUDA)
    changes[:, :9] = torch.eye(3, device=CUDA).reshape(-1) + 0.02 * torch.randn(9, device=CUDA)
    changes[:, 9], changes[:, 10] = 0.1, 1.1
    mean, std = (torch.tensor(values, device=CUDA) for values in (MEAN, STD))
    gatherer = Gatherer(size=SIZE, mean=mean, std=std, dtype=torch.bfloat16, lit=True)
    ways = {
        "torch indexing": gatherer,
        "the same, compiled": torch.compile(gatherer),
        "kernel": KernelGatherer(gatherer),
    }
    print(f"\n### Sampling 256 x 341 to {SIZE} px, batches of {batch_size}\n")
    print("| way | pictures/s | times the first |\n|---|---|---|")
    first = 0.0
    for name, way in ways.items():
        speed = batch_size * rate(lambda way=way: way(pixels, places, changes))
        first = first or speed
        print(f"| {name} | {speed:,.0f} | {speed / first:.1f} |", flush=True)


def fastai_speed(peer: str, folder: Path, architecture: str, task: str, batch_size: int) -> str:
    """Run one epoch of fastai with bfloat16; return the line that its program prints."""
    command = [
        *[sys.executable, peer, "one", "--data", str(folder), "--task", task],
        *["--arch", architecture, "--bs", str(batch_size), "--device", "cuda", "--amp", "bf16"],
        *["--channels-last", "--workers", str(os.cpu_count() or 1)],
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return lines[-1] if lines else done.stderr[-600:]


def print_end_to_end(
    host: PluginHost, project: Path, cases: list[tuple[str, int]], *, compiled: list[str]
) -> None:
    """Print whole runs beside the same step on synthetic pictures."""
    print("\n### Training every layer, 224 px, bfloat16, pictures a second\n")
    print(
        "| network | batch | first epoch | later epoch | synthetic | later / synthetic "
        "| synthetic, compiled |\n|---|---|---|---|---|---|---|"
    )
    for architecture, batch_size in cases:
        events = run_project(host, project, recipe(architecture, batch_size, {"trainable": "all"}))
        first, later = speeds(events)
        alone = synthetic(host, architecture, batch_size, compiled=False)
        faster = "not measured"
        if architecture in compiled and batch_size == LARGE:
            faster = f"{synthetic(host, architecture, batch_size, compiled=True):,.0f}"
        print(
            f"| {architecture} | {batch_size} | {first:,.0f} | {later:,.0f} "
            f"| {alone:,.0f} | {later / alone:.2f} | {faster} |",
            flush=True,
        )


def print_frozen(host: PluginHost, project: Path, architectures: list[str]) -> None:
    """Print the head stage: features of the frozen body, fresh in every epoch."""
    print("\n### Training the head on a frozen body, 224 px, batches of 64, pictures a second\n")
    print("| network | first epoch | later epoch |\n|---|---|---|")
    for architecture in architectures:
        stage = {"trainable": "head", "batchnorm": "frozen"}
        first, later = speeds(run_project(host, project, recipe(architecture, 64, stage)))
        print(f"| {architecture} | {first:,.0f} | {later:,.0f} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", nargs="?", type=Path, default=PETS, help="breed_number.jpg")
    parser.add_argument("--count", type=int, default=7390)
    parser.add_argument("--fastai", help="a program that times fastai, see the peers")
    parser.add_argument("--compiled", default="", help="networks to time compiled, too")
    parser.add_argument("--networks", default="resnet18,resnet34,resnet50")
    given = parser.parse_args()
    networks = given.networks.split(",")
    print_machine(f"torch {torch.__version__}, {torch.cuda.get_device_name()}")
    host = PluginHost.load(safe_mode=True)
    with tempfile.TemporaryDirectory() as place:
        folder, project = Path(place, "pictures"), Path(place, "pets.petstudio")
        folder.mkdir()
        print(photos.make_folder(given.photos, folder, given.count), flush=True)
        make_project(project, folder)
        for batch_size in (64, 256):
            print_sampler(batch_size)
        cases = [(networks[0], 64), *((name, LARGE) for name in networks)]
        print_end_to_end(host, project, cases, compiled=given.compiled.split(","))
        print_frozen(host, project, networks)
        if given.fastai:
            for architecture, batch_size in (("resnet18", 64), ("resnet34", 64)):
                print(fastai_speed(given.fastai, folder, architecture, "unfrozen", batch_size))
            print(fastai_speed(given.fastai, folder, "resnet34", "frozen", 64), flush=True)
    # Capture, tiers, sampler, float16 with its scaler, full memory, compiling.
    subprocess.run([sys.executable, "-m", "pytest", "-q", TESTS], cwd=ROOT, check=False)


if __name__ == "__main__":
    main()
