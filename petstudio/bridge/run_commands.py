"""A run as a command line and as a script, to do it again somewhere else or later."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import tomli_w

from petstudio.bridge.run_row import RunRow
from petstudio.config.recipe import Recipe, recipe_to_mapping
from petstudio.project.names import shown_text

_SCRIPT: Final = '''\
"""{title}

Start it with the Python that PetStudio is installed in. It writes recipe.toml beside itself, then
trains on the project below.

{data}
"""

import subprocess
import sys
from pathlib import Path

PROJECT = {project}
NAME = {name}
RECIPE = """\\
{recipe}"""

recipe = Path(__file__).resolve().with_name("recipe.toml")
recipe.write_text(RECIPE, encoding="utf-8", newline="\\n")
command = [sys.executable, "-m", "petstudio", "train", PROJECT, "--recipe", str(recipe)]
sys.exit(subprocess.run([*command, "--name=" + NAME], check=False).returncode)
'''
_DATA: Final = "Fingerprint of the labels and splits: {fingerprint}."
_START: Final = "Starts from: checkpoint {start} of that project."


def train_arguments(project: Path, row: RunRow) -> tuple[str, ...]:
    """Return what follows `petstudio` to do a run again, with the recipe that its folder keeps."""
    return (
        "train",
        str(project.absolute()),
        "--recipe",
        str(row.folder.recipe_path.absolute()),
        f"--name={row.view.name}",
    )


def train_command(project: Path, row: RunRow) -> str:
    """Return the whole line, quoted as the system's own shell wants it."""
    return _joined(("petstudio", *train_arguments(project, row)))


def train_script(project: Path, row: RunRow, recipe: Recipe) -> str:
    """Return a Python script that holds the recipe and does the run again."""
    start = recipe.start.checkpoint
    data = [_DATA.format(fingerprint=row.fingerprint)]
    data += [_START.format(start=shown_text(start))] if start else []
    title = shown_text(f"Does run {row.number} of {project.name} again: {row.view.name}.")
    return _SCRIPT.format(
        title=_in_quotes(title),
        data=_in_quotes("\n".join(data)),
        project=ascii(str(project.absolute())),
        name=ascii(row.view.name),
        recipe=_in_quotes(tomli_w.dumps(recipe_to_mapping(recipe))),
    )


def _in_quotes(text: str) -> str:
    """Return the text as it stands between three quotes of Python; it does not end in one."""
    return text.replace("\\", "\\\\").replace('""', '"\\"')


def _joined(parts: Sequence[str]) -> str:
    return subprocess.list2cmdline(parts) if os.name == "nt" else shlex.join(parts)
