"""A run as a command and as a script: what they say is what PetStudio's own parser understands."""

from __future__ import annotations

import ast
import shlex
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from told_runs import ALL, HEAD, new_project, told_run

from petstudio.bridge.run_commands import train_arguments, train_command, train_script
from petstudio.bridge.run_row import RunRow
from petstudio.bridge.run_shelf_look import look_at_shelf
from petstudio.cli.arguments import command_parser
from petstudio.config.recipe import Recipe, recipe_from_mapping, recipe_to_mapping
from petstudio.project.project import Project

NAMES = (
    "all layers",
    "--name=evil",
    'it\'s "quoted" $(rm -rf ~) `x` \\',
    '"""',
    "{project} %s 日本",
)


def row_called(project: Path, name: str) -> RunRow:
    with Project.open(project) as opened:
        opened.rename_run(1, name)
    (row,) = look_at_shelf(project, {}).rows
    return row


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / 'my pets & "more" $HOME\'s'
    folder.mkdir()
    made = new_project(folder)
    with Project.open(made) as opened:
        told_run(opened, "head only", [(0.5, 0.5)])
    return made


@pytest.mark.skipif(sys.platform == "win32", reason="its shell quotes otherwise")
@pytest.mark.parametrize("name", NAMES)
def test_that_the_command_line_means_the_run(project, name: str) -> None:
    row = row_called(project, name)

    program, *arguments = shlex.split(train_command(project, row))
    given = command_parser().parse_args(arguments)

    assert (program, given.command, given.project) == ("petstudio", "train", project)
    assert Path(given.recipe) == row.folder.recipe_path
    assert given.name == row.view.name


def test_that_the_arguments_are_whole_however_they_are_quoted(project) -> None:
    row = row_called(project, NAMES[1])

    given = command_parser().parse_args(train_arguments(project, row))

    assert given.name == "--name=evil"


@pytest.mark.parametrize("name", NAMES)
def test_that_the_script_is_python_that_holds_the_recipe(project, name: str) -> None:
    row = row_called(project, name)
    recipe = replace(ALL, model=replace(ALL.model, options={"text": 'a "quoted" \\ """ line\n'}))

    module = ast.parse(train_script(project, row, recipe))
    values = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in module.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id.isupper()
    }

    assert values["PROJECT"] == str(project)
    assert values["NAME"] == row.view.name
    assert recipe_from_mapping(tomllib.loads(values["RECIPE"])) == recipe


def test_that_the_script_says_which_data_and_which_checkpoint_it_needs(project) -> None:
    row = row_called(project, "all layers")

    text = ast.get_docstring(ast.parse(train_script(project, row, ALL))) or ""

    assert "run 1 of pets.petstudio again: all layers" in text
    assert row.fingerprint in text
    assert "checkpoint 1:stage-1" in text


def test_that_the_script_writes_the_recipe_beside_itself_and_starts_training(
    project, tmp_path
) -> None:
    row = row_called(project, NAMES[2])
    script = tmp_path / "again.py"
    script.write_text(train_script(project, row, HEAD), encoding="utf-8")
    # A petstudio of this test's own, first on the path, which tells what it was started with.
    (tmp_path / "petstudio.py").write_text(
        "import json, sys\nprint(json.dumps(sys.argv[1:]))\nsys.exit(3)\n", encoding="utf-8"
    )

    ended = subprocess.run(
        [sys.executable, script.name],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    given = command_parser().parse_args(ast.literal_eval(ended.stdout))
    recipe: Recipe = recipe_from_mapping(
        tomllib.loads((tmp_path / "recipe.toml").read_text(encoding="utf-8"))
    )
    assert ended.returncode == 3
    assert (given.project, given.name) == (project, row.view.name)
    assert Path(given.recipe) == (tmp_path / "recipe.toml").resolve()
    assert recipe_to_mapping(recipe) == recipe_to_mapping(HEAD)
