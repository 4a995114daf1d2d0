"""Small folders of pictures and a way to run the command line inside the test's process."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from petstudio.cli.main import run

COLOURS = {"blue": (40, 60, 200), "green": (40, 170, 60), "red": (200, 50, 40)}
QUICK = [
    "--set", "model.architecture=resnet18", "--set", "model.weights=none",
    "--set", "input.size=32", "--set", "training.batch_size=8", "--set", "training.device=cpu",
    "--set", "stages.0.trainable=all", "--set", "stages.0.epochs=1", "--set", "stages.1.epochs=1",
]  # fmt: skip


def draw_colours(folder: Path, per_class: int = 8) -> Path:
    """Write noisy pictures named after their colour, such as `deep_blue_3.png`."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for name, colour in COLOURS.items():
        for number in range(per_class):
            pixels = np.clip(rng.normal(colour, 30, (36, 40, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / f"deep_{name}_{number}.png")
    return folder


def petstudio(*arguments: object) -> int:
    """Run a command as the shell would, without a window."""
    return run([str(argument) for argument in arguments], lambda project: 99)


def new_project(folder: Path, *, per_class: int = 8) -> Path:
    """Make a project of coloured pictures and return its path."""
    data = draw_colours(folder / "data", per_class)
    assert petstudio("new", folder / "p", "--data", data, "--loader", "regex") == 0
    return folder / "p.petstudio"


def events(output: str) -> list[dict[str, object]]:
    """Return the JSON lines of an output."""
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]
