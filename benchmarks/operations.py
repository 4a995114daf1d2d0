"""Device operations of one training step: ours, as the training job runs it, against fastai's.

What is counted lies between two calls of `control.checkpoint()`, which every job makes once per
step: the step with its schedule, its events and whatever else the loop does in its thread.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from importlib import metadata
from pathlib import Path

import photos
from peers.counting import Count
from turns import print_machine

from petstudio.api.control import RunControl
from petstudio.api.events import Event
from petstudio.config.recipe_file import load_recipe, with_settings
from petstudio.jobs.training import train
from petstudio.plugin_host.host import PluginHost

_HERE = Path(__file__).resolve().parent
_PEERS = _HERE.parent / ".venv-peers" / "bin" / "python"
_OURS = Path(sys.executable).parent / "petstudio"
_PICTURES, _BATCH, _SIZE = 40, 4, 64  # operations do not depend on them
_OPTIMISER = "adam"  # what every training step runs and nothing else does


class CountingControl(RunControl):
    """Counts the operations between one checkpoint and the next."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: list[Counter[str]] = []
        self._count: Count | None = None

    def checkpoint(self) -> None:
        """Close one count and open the next."""
        super().checkpoint()
        self.stop()
        self._count = Count()
        self._count.__enter__()

    def stop(self) -> None:
        """Close the last count."""
        if self._count is not None:
            self._count.__exit__(None, None, None)
            self.counted.append(self._count.operations)
            self._count = None

    def step(self) -> Counter[str]:
        """Return the third training step; the optimiser has made its state by then."""
        steps = [found for found in self.counted if any(_OPTIMISER in name for name in found)]
        return steps[2]


def operations(stage: str, architecture: str, precision: str) -> Counter[str]:
    """Train on a few drawn pictures and return the operations of one step."""
    host = PluginHost.load(safe_mode=True)
    recipe = with_settings(
        load_recipe(_HERE / "recipes" / f"{stage}.toml"),
        [
            f"model.architecture={architecture}",
            f"input.size={_SIZE}",
            f"training.batch_size={_BATCH}",
            f"training.precision={precision}",
            "training.device=cpu",
            "stages.0.epochs=1",
        ],
    )
    with tempfile.TemporaryDirectory() as folder:
        control = CountingControl()
        train(host, _make_project(Path(folder)), recipe)(_ignore, control)
        control.stop()
    return control.step()


def _make_project(folder: Path) -> Path:
    data, project = folder / "photos", folder / "p.petstudio"
    data.mkdir()
    photos.make_folder(folder, data, _PICTURES)
    command = [_OURS, "new", project, "--data", data, "--loader", "regex", "--plain"]
    command += ["--option", f"pattern={photos.NAME}"]
    subprocess.run(command, capture_output=True, check=True)
    return project


def _ignore(event: Event) -> None:
    """Events are not what is measured here."""


def fastai_operations(architecture: str) -> dict[str, int]:
    """Ask the environment of the peers."""
    script = _HERE / "peers" / "fastai_operations.py"
    command = [_PEERS, "-W", "ignore", script, "--architecture", architecture]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--architecture", default="resnet34")
    parser.add_argument("--top", type=int, default=0, help="list our most frequent operations")
    given = parser.parse_args()
    print("\n## Device operations\n")
    print_machine(f"torch {metadata.version('torch')}")
    theirs = fastai_operations(given.architecture)
    print(f"\n### Device operations of one {given.architecture} training step\n")
    print("| stage | fastai, float32 | our precision | ours | ratio |\n|---|---|---|---|---|")
    for stage, peer in theirs.items():
        for precision in ("float32", "bfloat16"):
            own = operations(stage, given.architecture, precision)
            row = (stage, f"{peer:,}", precision, f"{own.total():,}", f"{peer / own.total():.1f}")
            print(f"| {' | '.join(row)} |")
            if given.top:
                print(own.most_common(given.top))


if __name__ == "__main__":
    main()
