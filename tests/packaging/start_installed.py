"""Start the installed program from outside its sources: its plugins, the window and the demo.

Run with the Python of an environment that holds nothing but the wheel; `.ci/run` does.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import petstudio

# The window closes in order when the system asks it to; half a minute is ample to come up.
OPEN_AND_CLOSE = """
import os, signal, threading
threading.Timer(30, os.kill, (os.getpid(), signal.SIGTERM)).start()
from petstudio.app import run_window
raise SystemExit(run_window(None))
"""


def main() -> None:
    """End with an error at the first thing that is not as it should be."""
    assert Path(petstudio.__file__).is_relative_to(sys.prefix), petstudio.__file__
    assert importlib.util.find_spec("pytest") is None, "this environment is not clean"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        listing = run(place, "-m", "petstudio", "plugins", "--json")
        plugins = [json.loads(line) for line in listing.splitlines()]
        assert len(plugins) >= 7, plugins
        assert {plugin["state"] for plugin in plugins} == {"active"}, plugins
        run(place, "-c", OPEN_AND_CLOSE)
        run(place, "-m", "petstudio", "demo", "--headless", "--json", "--out", "demo")
        assert list(place.glob("demo/*.petstudio/runs/*/model.safetensors"))
        assert list(place.glob("demo/*.petstudio/runs/*/report.html"))


def run(place: Path, *arguments: str) -> str:
    """Return what this Python prints; its errors go to ours, and a status that is not 0 ends us."""
    result = subprocess.run(
        [sys.executable, "-P", *arguments],
        cwd=place,
        env={**os.environ, "PETSTUDIO_HOME": str(place / "home")},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return result.stdout


if __name__ == "__main__":
    main()
