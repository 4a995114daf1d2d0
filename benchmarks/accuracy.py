"""Accuracy beside speed: what the fast ways of training cost, over several seeds.

Drives the command line. Every finished case is one line of the results file, so the script can be
stopped and started again; it ends with a table for each experiment:

a  every layer from random weights: exact arithmetic, the fast path, and fastai on the same split
b  the head on a pretrained body, cats against dogs: what BatchNorm does, how many views are kept
c  the same on a body of our own, trained on the other half of the classes
d  every layer from random weights: all epochs at full size, and pictures that grow

Cases of one seed see the same split and the same order, so their differences are taken in pairs.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from accuracy_cases import RECIPES, SCRATCH, TITLES, Case, make_cases

_REPOSITORY: Final = Path(__file__).resolve().parents[1]
_FASTAI: Final = Path(__file__).parent / "peers" / "fastai_accuracy.py"
_PARTS: Final = {"a": "all", "d": "all", "body": "first", "c": "second"}
_OF_EACH: Final = 60
_HALF: Final = 5


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Where everything is, and how the programs are called."""

    petstudio: tuple[str, ...]
    fastai: tuple[str, ...]
    data: Path
    work: Path
    threads: int

    def call(self, command: tuple[str, ...], *arguments: object) -> list[dict[str, Any]]:
        """Run a program and return the JSON lines that it printed."""
        environment = {
            **os.environ,
            "OMP_NUM_THREADS": str(self.threads),
            "PETSTUDIO_HOME": str(self.work / "home"),
        }
        done = subprocess.run(
            [*command, *map(str, arguments)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def measure(case: Case, seed: int, tools: Tools) -> dict[str, Any]:
    """Train one case and return its line for the results file."""
    started = time.monotonic()
    # b is so small that its split matters most: it changes with the seed, alike for every case.
    project, pictures = prepare(case.experiment, seed if case.experiment == "b" else 0, tools)
    if case.settings is None:
        result = train_fastai(project, pictures, seed, tools)
    else:
        result = train(case, project, pictures, seed, tools)
    seconds = round(time.monotonic() - started, 1)
    return {"case": case.key, "seed": seed, **result, "seconds": seconds}


def train(
    case: Case, project: Path, pictures: Path, seed: int, tools: Tools
) -> dict[str, float | int]:
    """Train a copy of the project and return what its evaluation says."""
    settings = [f"seed={seed}", *(case.settings or ())]
    if case.experiment == "b":
        settings.append(f"model.weights={tools.data / 'resnet18-cifar10-64px.safetensors'}")
    elif case.experiment == "c":
        settings.append(f"model.weights={own_body(tools)}")
    split = "valid" if case.experiment == "b" else "test"
    with tempfile.TemporaryDirectory(dir=tools.work) as folder:
        copy = shutil.copytree(project, Path(folder) / project.name)
        run_recipe(case.experiment, copy, pictures, settings, tools)
        events = tools.call(
            tools.petstudio, "evaluate", copy, "--data", pictures, "--split", split, "--json"
        )
    found = next(event for event in events if event["event"] == "EvaluationFinished")
    return {key: found[key] for key in ("correct", "images", "loss")}


def train_fastai(project: Path, pictures: Path, seed: int, tools: Tools) -> dict[str, Any]:
    """Train fastai's learner on the split of the project, with the settings of experiment a."""
    labels = project / "labels.csv"
    numbers = ("--seed", seed, "--size", SCRATCH["size"], "--epochs", SCRATCH["epochs"])
    (result,) = tools.call(
        tools.fastai, labels, pictures, *numbers, "--batch-size", SCRATCH["batch_size"]
    )
    return result


def run_recipe(name: str, project: Path, pictures: Path, settings: list[str], tools: Tools) -> None:
    """Train a project with one of the recipes above."""
    recipe = tools.work / f"{name}.toml"
    recipe.write_text(RECIPES[name], encoding="utf-8")
    changes = [word for setting in settings for word in ("--set", setting)]
    place = (project, "--data", pictures, "--recipe", recipe)
    tools.call(tools.petstudio, "train", *place, *changes, "--json")


def prepare(experiment: str, split_seed: int, tools: Tools) -> tuple[Path, Path]:
    """Make the project of an experiment, once, and return it and its pictures."""
    loader: tuple[object, ...] = ("--loader", "folder", "--valid", 0.1)
    if experiment == "b":
        pictures, table = tools.data / "pets-mini", cats_and_dogs(tools)
        loader = ("--loader", "table", "--option", f"file={table}", "--valid", 0.4)
    else:
        pictures = (
            unpack_cifar(tools)
            / {"a": "all", "d": "all", "body": "first", "c": "second"}[experiment]
        )
    project = tools.work / f"{experiment}-{split_seed}.petstudio"
    if not project.exists():
        place = (project, "--data", pictures)
        tools.call(tools.petstudio, "new", *place, *loader, "--seed", split_seed, "--json")
    return project, pictures


def own_body(tools: Tools) -> Path:
    """Train a body on the first half of the classes, once, and return its file."""
    weights = tools.work / "body.safetensors"
    if not weights.exists():
        project, pictures = prepare("body", 0, tools)
        run_recipe("body", project, pictures, ["seed=0"], tools)
        (model,) = project.glob("runs/*/model.safetensors")
        model.rename(weights)
    return weights


def unpack_cifar(tools: Tools) -> Path:
    """Unpack the pictures, once: all of them, and the halves of the classes."""
    folder = tools.work / "cifar"
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=tools.work) as name:
            part = Path(name)
            with tarfile.open(tools.data / "cifar10-mini.tgz") as archive:
                archive.extractall(part, filter="data")
            (part / "cifar10-mini").rename(part / "all")
            for split in ("train", "test"):
                for number, source in enumerate(sorted((part / "all" / split).iterdir())):
                    half = "first" if number < _HALF else "second"
                    shutil.copytree(source, part / half / split / source.name)
            part.rename(folder)
            part.mkdir()  # what the context manager removes
    return folder


def cats_and_dogs(tools: Tools) -> Path:
    """Write a table of as many dogs as cats, the dogs spread over their breeds."""
    names = [path.name for path in sorted((tools.data / "pets-mini").glob("*.jpg"))]
    cats = [name for name in names if name[0].isupper()]  # the data set's own mark
    dogs = [name for name in names if name not in cats]
    spread = [name for start in range(_HALF) for name in dogs[start::_HALF]]
    table = tools.work / "cats-and-dogs.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(("path", "label"))
        rows.writerows((name, "cat") for name in cats[:_OF_EACH])
        rows.writerows((name, "dog") for name in spread[:_OF_EACH])
    return table


def print_tables(results: list[dict[str, Any]]) -> None:
    """Print a Markdown table for each experiment that has results."""
    for experiment, title in TITLES.items():
        cases = [case for case in make_cases() if case.experiment == experiment]
        percents = {case.label: _percents(case, results) for case in cases}
        found = {name: values for name, values in percents.items() if values}
        if found:
            print(f"\n### {title}\n")
            print("| case | mean % | deviation | against the first | by seed |")
            print("|---|---|---|---|---|")
            for name, values in found.items():
                print(_row(name, values, next(iter(found.values()))))


def _percents(case: Case, results: list[dict[str, Any]]) -> dict[int, float]:
    own = [line for line in results if line["case"] == case.key]
    return {line["seed"]: 100 * line["correct"] / line["images"] for line in own}


def _row(name: str, values: dict[int, float], first: dict[int, float]) -> str:
    """Return a line; the difference is that of pairs of the same seed, with its standard error."""
    spread = statistics.stdev(values.values()) if len(values) > 1 else 0.0
    pairs = [values[seed] - first[seed] for seed in values if seed in first]
    against = "-"
    if first is not values and len(pairs) > 1:
        error = statistics.stdev(pairs) / len(pairs) ** 0.5
        against = f"{statistics.mean(pairs):+.1f} ± {error:.1f}"
    each = " ".join(f"{values[seed]:.1f}" for seed in sorted(values))
    mean = statistics.mean(values.values())
    return f"| {name} | {mean:.1f} | {spread:.1f} | {against} | {each} |"


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    keys = [case.key for case in make_cases()]
    parser.add_argument("--case", action="append", choices=keys, help="may be repeated; or all")
    parser.add_argument("--tables", action="store_true", help="only print what is there")
    parser.add_argument("--seeds", type=int, default=5, help="how many")
    parser.add_argument("--threads", type=int, default=1, help="of torch")
    parser.add_argument("--petstudio", default=f"{sys.executable} -m petstudio", help="the command")
    python = _REPOSITORY / ".venv-peers" / "bin" / "python"
    parser.add_argument("--fastai", type=Path, default=python, help="a Python that has fastai")
    parser.add_argument("--data", type=Path, default=_REPOSITORY.parent / "shared" / "data")
    work = Path(tempfile.gettempdir()) / "petstudio-accuracy"
    parser.add_argument("--work", type=Path, default=work, help="for pictures and projects")
    parser.add_argument("--results", type=Path, help="results.jsonl in the work folder without")
    return parser.parse_args()


def main() -> None:
    """Measure what is missing and print the tables."""
    given = read_arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    path = given.results or given.work / "results.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    results = [json.loads(line) for line in lines]
    tools = Tools(
        petstudio=tuple(shlex.split(given.petstudio)),
        fastai=(str(given.fastai), str(_FASTAI)),
        data=given.data.resolve(),
        work=given.work.resolve(),
        threads=given.threads,
    )
    done = {(line["case"], line["seed"]) for line in results}
    wanted = [case for case in make_cases() if not given.case or case.key in given.case]
    for seed in [] if given.tables else range(given.seeds):
        for case in wanted:
            if (case.key, seed) not in done:
                results.append(measure(case, seed, tools))
                with path.open("a", encoding="utf-8") as stream:
                    print(json.dumps(results[-1]), file=stream)
    print_tables(results)


if __name__ == "__main__":
    main()
