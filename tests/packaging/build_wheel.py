"""Build the wheel from a copy of the sources, so that nothing is left in the checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("petstudio", "plugins", "resources")
FILES = ("pyproject.toml", "README.md", "LICENSE")


def build_wheel(target: Path) -> Path:
    """Build with the tools of this environment, without a download; return the wheel."""
    with tempfile.TemporaryDirectory() as work:
        for name in FOLDERS:
            shutil.copytree(ROOT / name, Path(work) / name)
        for name in FILES:
            shutil.copy(ROOT / name, work)
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet"]
        options = ["--no-deps", "--no-build-isolation", "--wheel-dir", str(target)]
        subprocess.run([*command, *options, work], check=True)
    return next(target.glob("petstudio-*.whl"))


if __name__ == "__main__":
    build_wheel(Path(sys.argv[1]))
