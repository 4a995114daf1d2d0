"""What a peer program is asked to do, the pictures it gets, and the one line that it prints."""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch
from memory import PeakMemory

NAME = r"([^/]+)_\d+\.jpg$"
VALID_SHARE = 0.2
SEED = 42
WORKERS = 2


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """One measurement; the program's own defaults hold for everything that is not here."""

    data: Path
    task: str
    epochs: int
    architecture: str
    size: int
    batch_size: int

    def files(self) -> list[Path]:
        """Return all pictures, sorted."""
        return sorted(path for path in self.data.iterdir() if re.search(NAME, path.name))

    def split(self) -> tuple[list[Path], list[Path]]:
        """Return pictures to train and to validate with."""
        files = self.files()
        random.Random(SEED).shuffle(files)
        held_out = int(len(files) * VALID_SHARE)
        return files[held_out:], files[:held_out]


def label_of(path: Path) -> str:
    """Return the class that a file's name says."""
    found = re.search(NAME, path.name)
    if found is None:
        raise ValueError(f"{path.name} is not BREED_NUMBER.jpg")
    return found[1]


def read_assignment(summary: str | None) -> Assignment:
    """Read the command line, and let torch use all cores."""
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--task", choices=["frozen", "unfrozen", "predict"], required=True)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--architecture", default="resnet34")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch-size", type=int, default=64)
    torch.manual_seed(SEED)
    torch.set_num_threads(os.cpu_count() or 1)
    return Assignment(**vars(parser.parse_args()))


class Stopwatch:
    """Seconds of each lap, and the pictures that the network saw meanwhile."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self.images = 0

    @contextmanager
    def lap(self) -> Iterator[None]:
        """Time what is done inside: an epoch with its validation, or a folder."""
        started = time.perf_counter()
        yield
        self.seconds.append(time.perf_counter() - started)


@contextmanager
def reported(task: str) -> Iterator[Stopwatch]:
    """Print what was measured inside as one JSON line."""
    memory, stopwatch = PeakMemory(psutil.Process()), Stopwatch()
    memory.start()
    before = _cpu_seconds()
    yield stopwatch
    line = {
        "task": task,
        "epochs": [round(seconds, 4) for seconds in stopwatch.seconds],
        "images": stopwatch.images,
        "cpu_seconds": round(_cpu_seconds() - before, 2),
        "peak_bytes": memory.stop(),
        "threads": torch.get_num_threads(),
    }
    print(json.dumps(line), flush=True)


def _cpu_seconds() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
