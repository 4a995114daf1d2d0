"""The Label page with very many pictures: opening, painting, scrolling, labelling, memory."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from photos import NAME, make_folder
from turns import print_machine

from petstudio.api.control import RunControl
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.proving import DataSource, LabelProof, prove
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import NewImage, Source

_CHILD: Final = Path(__file__).with_name("labels_child.py")
_UNLABELLED: Final = 10
"""Every so many-th picture gets no label, so that there is something to do."""
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds that the work takes, and its result."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def label(folder: Path) -> LabelProof:
    """List the pictures, take their labels from their names and split them."""
    source = DataSource(root=folder, loader="regex", options={"pattern": NAME})
    with LabelReader() as reader:
        return prove(PluginHost.load(), reader, source, SplitChoice(), RunControl())


def store(proof: LabelProof, folder: Path, path: Path) -> Path:
    """Make the project without looking into the files: all are photos.

    They get sizes of their own, as photos have, although many of them are links to one file.
    """
    images = [
        NewImage(path=one.path, label=None, size=number)
        if number % _UNLABELLED == 0
        else NewImage(path=one.path, label=one.label, split=side, size=number)
        for number, (one, side) in enumerate(zip(proof.labels, proof.splits, strict=True))
    ]
    source = Source(loader="regex", options={"pattern": NAME})
    Project.create(path, source=source, root=folder, images=images).close()
    return path


def watch(project: Path) -> Mapping[str, Any]:  # figures by name
    """Return what a window with the Label page measured in a process of its own."""
    done = subprocess.run(
        [sys.executable, _CHILD, project],
        # Reading labels has set PYTHONSAFEPATH, which hides the files beside the child.
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(_CHILD.parent),
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure(folder: Path, path: Path) -> Mapping[str, Any]:  # figures by name
    """Return all figures for a folder of pictures, of which a project is made."""
    labelled, proof = timed(lambda: label(folder))
    stored, project = timed(lambda: store(proof, folder, path))
    return {
        "list, label by pattern, split": f"{labelled:.2f} s",
        "store the project": f"{stored:.2f} s",
        **watch(project),
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data/pets-mini"))
    parser.add_argument("--pictures", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "pictures"
        folder.mkdir()
        os.environ["PETSTUDIO_HOME"] = str(Path(name) / "home")  # it knows where pictures are
        what = make_folder(given.data.absolute(), folder, given.pictures)
        figures = measure(folder, Path(name) / "p.petstudio")
    print(f"\n### {given.pictures:,} pictures on the Label page\n")
    print_machine(what)
    print("\n| | |\n|---|---|")
    for row, figure in figures.items():
        print(f"| {row} | {figure} |")


if __name__ == "__main__":
    main()
