"""How late the window is while patterns are tried on many names, and while pictures are checked.

Usage: python benchmarks/patterns.py [DATA] [--files 100000]; the files are hard links of pictures.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from turns import print_machine

_CHILD = Path(__file__).with_name("patterns_child.py")
_CLASSES = 37


def link_many(data: Path, folder: Path, count: int) -> None:
    """Fill a folder with names such as breed_07_000123.jpg, links to the pictures in turn."""
    pictures = sorted(data.glob("*.jpg"))
    folder.mkdir()
    for number in range(count):
        name = f"breed_{number % _CLASSES:02}_{number:07}.jpg"
        os.link(pictures[number % len(pictures)], folder / name)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", nargs="?", type=Path, default=Path("../shared/data/pets-mini"))
    parser.add_argument("--files", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, photos = Path(place) / "many", Path(place) / "photos"
        shutil.copytree(given.data, photos)  # links have to be on the same disk
        link_many(photos, folder, given.files)
        done = subprocess.run(
            [sys.executable, _CHILD, folder],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PETSTUDIO_HOME": f"{place}/home"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    print("\n### Gaps between the ticks of a 10 ms timer in the window, ms\n")
    print_machine(f"{given.files:,} files, the Data page at 1440 × 900")
    print("\n| meanwhile | seconds | p50 | p99 | largest |\n|---|---|---|---|---|")
    for what, seconds, *gaps in json.loads(done.stdout.splitlines()[-1]):
        print(f"| {what} | {seconds:.1f} | " + " | ".join(f"{gap:.1f}" for gap in gaps) + " |")


if __name__ == "__main__":
    main()
