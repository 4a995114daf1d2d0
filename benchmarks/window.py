"""How late the window is while ResNet34 trains: in the engine process, in place, and not at all."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from photos import NAME, make_folder
from turns import print_machine

from petstudio.api.control import RunControl
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.proving import DataSource
from petstudio.plugin_host.host import PluginHost

_PHOTOS: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "pets-mini"
_PICTURES: Final = 185
_CHILD: Final = Path(__file__).with_name("window_child.py")
_PLACES: Final = {
    "engine": "training in the engine process",
    "used": "the same, with zooming and turning of pages",
    "inplace": "training in the window's process",
}


def make_project(data: Path, folder: Path) -> Path:
    """Make a project of the pictures, whose names say what they show."""
    project = folder / "pets.petstudio"
    source = DataSource(root=data, loader="regex", options={"pattern": NAME})
    job = create_project(PluginHost.load(), project, source, SplitChoice())
    job(lambda _event: None, RunControl())
    return project


def watch(place: str, project: Path, seconds: float) -> Mapping[str, Any]:
    """Return what a window saw: how late its ticks were, in ms, and how many steps were trained."""
    done = subprocess.run(
        [sys.executable, _CHILD, place, project, str(seconds)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    told: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert told["torch"] is (place == "inplace")
    return told


def print_row(name: str, late: list[float], speed: str = "") -> None:
    """Print the median, the 99th percentile and the largest lateness."""
    ordered = sorted(late)
    p50, p99 = (ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))
    print(f"| {name} | {p50:.2f} | {p99:.2f} | {ordered[-1]:.1f} | {speed} |")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=_PHOTOS)
    parser.add_argument("--seconds", type=float, default=30.0, help="watched in each case")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PETSTUDIO_HOME"] = str(Path(folder) / "home")  # it knows where pictures are
        data = Path(folder) / "data"
        data.mkdir()
        what = make_folder(given.data, data, _PICTURES)
        project = make_project(data, Path(folder))
        idle = watch("idle", project, given.seconds)
        trained = {place: watch(place, project, given.seconds) for place in _PLACES}
    print("\n### Lateness of a 10 ms timer in the window, ms\n")
    print_machine(
        f"{what}; ResNet34, 224 px, batches of 16, {given.seconds:g} s watched in each case"
    )
    print("\n| beside | p50 | p99 | largest | steps/s |\n|---|---|---|---|---|")
    print_row("nothing", idle["stepping"])
    for place, told in trained.items():
        print_row(f"{_PLACES[place]}, until its first step", told["loading"])
        print_row(_PLACES[place], told["stepping"], f"{told['steps'] / given.seconds:.2f}")


if __name__ == "__main__":
    main()
