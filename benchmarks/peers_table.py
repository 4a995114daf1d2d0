"""Training, prediction and memory against fastai, timm and a plain loop, side by side.

Runs in the environment of the peers (`make peers`); PetStudio runs in its own, through its command
line. All programs get the same pictures, size, batch and share for validation, and take turns.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import photos
from programs import Program, Run, Setting, Task, ours, peer
from turns import print_machine
from watched import CommandError

_PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data" / "pets-mini"
_VERSIONS = ("torch", "torchvision", "pillow", "fastai", "timm")
_FRESH, _QUICK_HEAD, _GROWING = "PetStudio", "PetStudio, quick head", "PetStudio, growing size"
_FASTAI, _REFERENCE, _TIMM = "fastai", "torchvision's loop", "timm's loop"
_HEAD_EPOCHS = 4
_BUSY = 0.15  # share of the machine that others may take before the figures lose their worth

Round = Mapping[tuple[str, Task], Run]


@dataclass(frozen=True, kw_only=True)
class Extent:
    """How much is measured; each peer's epochs of the frozen stage, and rounds in turns."""

    pictures: int
    rounds: int
    loop_epochs: int


_EXTENTS = {
    "quick": Extent(pictures=185, rounds=1, loop_epochs=1),
    "full": Extent(pictures=370, rounds=3, loop_epochs=1),
}


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A row: one figure of a peer's run and the same of ours.

    Attributes:
        peer, ours: which program.
        task: of both.
        figure: takes a run to seconds or bytes.
        reach: the ratio that we set out to reach; 0 where there is none.
    """

    what: str
    peer: str
    task: Task
    figure: Callable[[Run], float]
    ours: str = _FRESH
    reach: float = 0.0


def programs(extent: Extent) -> list[Program]:
    """Return all that is measured; fastai and we train as long as the tutorial."""
    loop = {"frozen": extent.loop_epochs, "unfrozen": extent.loop_epochs}
    everything = {Task.FROZEN: _HEAD_EPOCHS, Task.UNFROZEN: 2, Task.PREDICT: 1}
    return [
        peer(_FASTAI, "fastai_peer.py", frozen=_HEAD_EPOCHS, unfrozen=2),
        ours(_FRESH, everything),
        ours(_QUICK_HEAD, {Task.FROZEN: _HEAD_EPOCHS}, ["stages.0.views=1"]),
        ours(_GROWING, {Task.UNFROZEN: 2}, ["input.size=[160, 224]"]),
        peer(_REFERENCE, "reference_peer.py", **loop),
        peer(_TIMM, "timm_peer.py", **loop),
    ]


def first(run: Run) -> float:
    """Return the seconds of the first epoch, or of the folder."""
    return run.epochs[0]


def later(run: Run) -> float:
    """Return the median of the later epochs; of a run with one epoch, that one."""
    return statistics.median(run.epochs[1:] or run.epochs)


def total(run: Run) -> float:
    """Return the seconds of all epochs."""
    return sum(run.epochs)


def whole(run: Run) -> float:
    """Return the seconds from the start of the process to its end."""
    return run.whole


def megabytes(run: Run) -> float:
    """Return the peak memory."""
    return run.peak_bytes / 1e6


def _peer_rows(name: str) -> list[Comparison]:
    return [
        Comparison(what="frozen epoch, first", peer=name, task=Task.FROZEN, figure=first),
        Comparison(what="frozen epoch, later", peer=name, task=Task.FROZEN, figure=later),
        Comparison(what="unfrozen epoch, first", peer=name, task=Task.UNFROZEN, figure=first),
        Comparison(what="unfrozen epoch, later", peer=name, task=Task.UNFROZEN, figure=later),
        Comparison(what="prediction of the folder", peer=name, task=Task.PREDICT, figure=first),
    ]


def _with_reach(rows: list[Comparison], reach: Mapping[str, float]) -> list[Comparison]:
    return [dataclasses.replace(row, reach=reach.get(row.what, 0.0)) for row in rows]


_REACH = {
    "frozen epoch, first": 4.0,
    "frozen epoch, later": 5.5,
    "unfrozen epoch, first": 2.5,
    "unfrozen epoch, later": 2.5,
    "prediction of the folder": 2.7,
}
_SPEED = [
    *_with_reach(_peer_rows(_FASTAI), _REACH),
    Comparison(what="prediction, whole command", peer=_FASTAI, task=Task.PREDICT, figure=whole),
    Comparison(
        what="four head epochs, fresh views", peer=_FASTAI, task=Task.FROZEN, figure=total, reach=5
    ),
    Comparison(
        what="four head epochs, quick head",
        peer=_FASTAI,
        task=Task.FROZEN,
        figure=total,
        ours=_QUICK_HEAD,
        reach=14,
    ),
    Comparison(
        what="two unfrozen epochs, 160 then 224 px",
        peer=_FASTAI,
        task=Task.UNFROZEN,
        figure=total,
        ours=_GROWING,
    ),
    *_peer_rows(_REFERENCE),
    *_peer_rows(_TIMM),
]
_MEMORY = [
    Comparison(
        what=f"peak memory, {task.value}", peer=name, task=task, figure=megabytes, reach=reach
    )
    for name, reaches in ((_FASTAI, (3.1, 1.5, 0.0)), (_REFERENCE, (0.0,) * 3))
    for task, reach in zip(Task, reaches, strict=True)
]


def take_turns(
    everything: list[Program], setting: Setting, rounds: int, keep: Path | None
) -> list[Round]:
    """Run all programs task by task, every other round in the opposite order."""
    measured = []
    for number in range(rounds):
        found: dict[tuple[str, Task], Run] = {}
        for task in Task:
            able = [program for program in everything if task in program.tasks]
            for program in able if number % 2 == 0 else reversed(able):
                run = _attempt(program, setting, task)
                if run is not None:
                    found[program.name, task] = run
                    _keep(keep, number, program, task, run)
        measured.append(found)
    return measured


def _attempt(program: Program, setting: Setting, task: Task) -> Run | None:
    try:
        run = program.run(setting, task, program.tasks[task])
    except CommandError as error:
        # Said and left out: one program that fails must not cost the figures of all the others.
        print(f"{program.name}, {task.value}: FAILED. {error}", file=sys.stderr, flush=True)
        return None
    epochs = ", ".join(f"{seconds:.1f}" for seconds in run.epochs)
    print(f"{program.name}, {task.value}: {epochs} s ({run.note})", file=sys.stderr, flush=True)
    return run


def _keep(file: Path | None, number: int, program: Program, task: Task, run: Run) -> None:
    if file is not None:
        line = {"round": number, "program": program.name, "task": task.value}
        with file.open("a") as stream:
            stream.write(json.dumps({**line, **dataclasses.asdict(run)}) + "\n")


def print_table(title: str, unit: str, rows: list[Comparison], measured: list[Round]) -> None:
    """Print the medians, and the ratio peer : ours within each round, smallest and largest."""
    print(f"\n### {title}\n\n| what | peer | its {unit} | our {unit} | ratio | range | to reach |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        pairs = [
            (row.figure(found[row.peer, row.task]), row.figure(found[row.ours, row.task]))
            for found in measured
            if (row.peer, row.task) in found and (row.ours, row.task) in found
        ]
        cells = _cells(pairs) if pairs else "not measured | | |"
        print(f"| {row.what} | {row.peer} | {cells} | {_reach(row.reach)} |")


def _cells(pairs: list[tuple[float, float]]) -> str:
    theirs, own = (statistics.median(values) for values in zip(*pairs, strict=True))
    ratios = [a / b for a, b in pairs]
    middle, spread = statistics.median(ratios), f"{min(ratios):.1f}–{max(ratios):.1f}"
    return f"{_figure(theirs)} | {_figure(own)} | {middle:.2f} | {spread}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 1 else f"{value:.3f}"


def _reach(reach: float) -> str:
    return f"{reach:g}" if reach else ""


def print_runs(measured: list[Round]) -> None:
    """Print how each program ran, and how much of the machine others took meanwhile."""
    runs: dict[tuple[str, Task], list[Run]] = {}
    for found in measured:
        for case, run in found.items():
            runs.setdefault(case, []).append(run)
    print("\n### How they ran\n\n| program | task | epochs s | CPU s | as | others |")
    print("|---|---|---|---|---|---|")
    for (name, task), repeats in runs.items():
        laps = zip(*(run.epochs for run in repeats), strict=True)
        epochs = ", ".join(_figure(statistics.median(lap)) for lap in laps)
        cpu = statistics.median(run.cpu_seconds for run in repeats)
        others = max(run.others for run in repeats)
        print(
            f"| {name} | {task.value} | {epochs} | {cpu:.0f} | {repeats[0].note} | {others:.0%} |"
        )

    busiest = max((run.others for found in measured for run in found.values()), default=0.0)
    if busiest > _BUSY:
        print(
            f"\nOther programs took up to {busiest:.0%} of the machine during a run. Programs that "
            "use all cores suffer most from that; measure again on a quiet machine."
        )


def main() -> None:
    """Measure and print."""
    given = _arguments()
    extent = _EXTENTS["full" if given.full else "quick"]
    with tempfile.TemporaryDirectory(prefix="petstudio-photos-") as name:
        data = Path(name)
        what = photos.make_folder(given.photos, data, given.pictures or extent.pictures)
        photos.warm(data)
        print("\n## Peers\n")
        print_machine(*(f"{package} {metadata.version(package)}" for package in _VERSIONS))
        print(
            f"\n{what}; {given.architecture} from random weights, {given.size} px, batches of "
            f"{given.batch_size}, a fifth for validation; rounds in turns: "
            f"{given.rounds or extent.rounds}. “CPU s” is the whole process with its start, "
            "“others” the largest share of the machine that other programs took meanwhile. Starts "
            "are in none of the times but those of whole commands.",
            flush=True,
        )
        setting = Setting(
            data=data,
            architecture=given.architecture,
            size=given.size,
            batch_size=given.batch_size,
            threads=given.threads,
        )
        chosen = [item for item in programs(extent) if not given.only or item.name in given.only]
        measured = take_turns(chosen, setting, given.rounds or extent.rounds, given.keep)
    print_table("Time", "s", _SPEED, measured)
    print_table("Memory of the process tree", "MB", _MEMORY, measured)
    print_runs(measured)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    extent = parser.add_mutually_exclusive_group()
    extent.add_argument("--quick", action="store_true", help="185 pictures, one round (default)")
    extent.add_argument("--full", action="store_true", help="370 pictures, three rounds")
    parser.add_argument("--photos", type=Path, default=_PHOTOS, help="folder of BREED_NUMBER.jpg")
    parser.add_argument("--pictures", type=int, help="how many instead")
    parser.add_argument("--rounds", type=int, help="how many instead")
    parser.add_argument("--architecture", default="resnet34")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--threads", type=int, help="of ours (OMP_NUM_THREADS); its own choice")
    parser.add_argument("--only", action="append", help="a program's name; may be repeated")
    parser.add_argument("--keep", type=Path, help="add each run to this file, one JSON line each")
    return parser.parse_args()


if __name__ == "__main__":
    main()
