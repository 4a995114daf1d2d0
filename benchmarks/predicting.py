"""Prediction of 1,000 and of 10,000 pictures: speed, and memory that does not grow with them.

Runs in the peers' environment, as peers_table.py does: `.venv-peers/bin/python predicting.py`.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import photos
from turns import print_machine
from watched import Watched, watch

_HERE: Final = Path(__file__).resolve().parent
_PHOTOS: Final = _HERE.parents[1] / "shared" / "data" / "pets-mini"
_OURS: Final = str(_HERE.parent / ".venv" / "bin" / "petstudio")
_TRAINED_ON: Final = (
    74  # pictures; two of each breed, for the speed does not depend on what it knows
)


@dataclass(frozen=True, kw_only=True)
class Program:
    """PetStudio's command line with a home of its own."""

    home: Path

    def run(self, *words: object) -> Watched:
        """Run a command to its end and look at its memory."""
        environment = {"PETSTUDIO_HOME": str(self.home)}
        return watch([_OURS, *map(str, words), "--json"], environment, memory=True)


def make_model(program: Program, source: Path, folder: Path, architecture: str) -> Path:
    """Train a head for one epoch and return the model, away from all that its run has kept."""
    data, project = folder / "trained-on", folder / "pets.petstudio"
    data.mkdir()
    photos.make_folder(source, data, _TRAINED_ON)
    option = ("--option", f"pattern={photos.NAME}")
    program.run("new", project, "--data", data, "--loader", "regex", *option)
    settings = (f"model.architecture={architecture}", "stages.0.epochs=1")
    changes = [word for setting in settings for word in ("--set", setting)]
    program.run("train", project, "--recipe", _HERE / "recipes" / "frozen.toml", *changes)
    return next(project.glob("runs/*/model.safetensors")).rename(folder / "model.safetensors")


def print_run(program: Program, model: Path, data: Path, table: Path) -> None:
    """Predict a folder and print its row; speed counts from the first answer to the last."""
    done = program.run("predict", model, data, "--csv", table)
    answers = [line.at for line in done.lines if line.values["event"] == "ImagePredicted"]
    speed = (len(answers) - 1) / (answers[-1] - answers[0])
    with table.open(encoding="utf-8") as lines:
        rows = sum(1 for _ in lines) - 1
    print(
        f"| {len(answers):,} | {rows:,} | {speed:.0f} | {done.seconds:.1f} "
        f"| {done.peak_bytes / 2**20:,.0f} | {done.others:.0%} |",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    given = _arguments()
    print_machine()
    print(f"\n### Predicting with {given.architecture} at 224 px\n")
    print("| pictures | rows in the table | pictures/s | whole command s | peak MiB | others |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="petstudio-predicting-") as name:
        folder = Path(name)
        program = Program(home=folder / "home")
        model = make_model(program, given.photos, folder, given.architecture)
        for count in given.counts:
            data = folder / f"{count}"
            data.mkdir()
            photos.make_folder(given.photos, data, count)
            photos.warm(data)
            print_run(program, model, data, folder / f"{count}.csv")
    print(
        "\n“Peak” is the memory of the process tree, shared pages counted once; “others” the share "
        "of the machine that other programs took meanwhile."
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=Path, default=_PHOTOS, help="folder of BREED_NUMBER.jpg")
    parser.add_argument("--counts", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--architecture", default="resnet18")
    return parser.parse_args()


if __name__ == "__main__":
    main()
