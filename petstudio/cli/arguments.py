"""What can be typed after `petstudio`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import petstudio
from petstudio.api.contributions import Split
from petstudio.config.recipe_file import bundled_recipes
from petstudio.config.sweep import SweepChoice

COMMANDS: Final = (
    "demo",
    "new",
    "check",
    "train",
    "lr-find",
    "evaluate",
    "predict",
    "export",
    "plugins",
)


def window_parser() -> argparse.ArgumentParser:
    """Return the parser for `petstudio [PROJECT]`."""
    parser = argparse.ArgumentParser(
        prog="petstudio",
        description="Train image classifiers by pointing and clicking, on your own machine.",
        epilog=f"Commands without a window: {', '.join(COMMANDS)}. "
        "“petstudio COMMAND --help” says more.",
    )
    parser.add_argument("project", nargs="?", type=Path, help="a project to open in the window")
    parser.add_argument("--safe-mode", action="store_true", help="load only the bundled plugins")
    parser.add_argument("--version", action="version", version=petstudio.__version__)
    return parser


def command_parser() -> argparse.ArgumentParser:
    """Return the parser for everything that runs without a window."""
    parser = argparse.ArgumentParser(prog="petstudio")
    commands = parser.add_subparsers(dest="command", required=True)
    _add_demo(commands)
    _add_new(commands)
    _add_check(commands)
    _add_train(commands)
    _add_lr_find(commands)
    _add_evaluate(commands)
    _add_predict(commands)
    _add_export(commands)
    _add_plugins(commands)
    return parser


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = _command(commands, "demo", "draw the sample set and train on it, without a download")
    demo.add_argument("--headless", action="store_true", help="in the terminal, without a window")
    demo.add_argument(
        "--out", type=Path, default=Path("petstudio-demo"), help="folder for pictures and project"
    )


def _add_new(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    new = _command(commands, "new", "make a project from a folder of pictures")
    new.add_argument("project", type=Path, help="its name; .petstudio is added")
    new.add_argument("--data", type=Path, required=True, help="the folder of pictures")
    new.add_argument("--loader", required=True, help="regex, folder, table or a plugin's key")
    new.add_argument(
        "--option", action="append", default=[], metavar="KEY=VALUE", help="an option of the loader"
    )
    new.add_argument("--valid", type=float, default=0.2, help="share for validation (0.2)")
    new.add_argument("--test", type=float, default=0.0, help="share for testing (0)")
    new.add_argument("--seed", type=int, default=42, help="of the split (42)")
    new.add_argument("--plain", action="store_true", help="split without regard to the classes")
    new.add_argument(
        "--group", metavar="REGEX", help="what its first group matches in the path stays together"
    )


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = _command(commands, "check", "what is wrong with pictures, labels, split or database")
    _add_project(check)


def _add_train(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    train = _command(commands, "train", "train on a project")
    _add_project(train)
    _add_recipe(train)
    train.add_argument("--name", default="", help="of the run")
    train.add_argument(
        "--resume", action="store_true", help="go on with the latest run that was broken off"
    )
    train.add_argument("--run", type=int, metavar="N", help="which run to resume")
    train.add_argument(
        "--epochs", type=int, metavar="N", help="resume, then N epochs more at the end"
    )
    train.add_argument(
        "--steered",
        action="store_true",
        help="obey the lines pause, resume, cancel and “end with epoch” on standard input; "
        "its end cancels",
    )


def _add_lr_find(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    find = _command(commands, "lr-find", "try a stage at growing learning rates")
    _add_project(find)
    _add_recipe(find)
    choice = SweepChoice()
    find.add_argument("--plot", type=Path, metavar="FILE.png", help="where the curve goes")
    find.add_argument(
        "--start",
        dest="start_rate",
        type=float,
        default=choice.start_rate,
        metavar="RATE",
        help=f"the first rate ({choice.start_rate:.0e})",
    )
    find.add_argument(
        "--end",
        dest="end_rate",
        type=float,
        default=choice.end_rate,
        metavar="RATE",
        help=f"the rate that the last one comes near to ({choice.end_rate:g})",
    )
    find.add_argument(
        "--steps", type=int, default=choice.steps, help=f"how many batches ({choice.steps})"
    )
    find.add_argument(
        "--whole",
        action="store_true",
        help="go on when the loss has risen to four times its lowest",
    )


def _add_recipe(parser: argparse.ArgumentParser) -> None:
    names = ", ".join(bundled_recipes())
    parser.add_argument("--recipe", help=f"a TOML file or the name of a bundled recipe ({names})")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change the recipe"
    )
    parser.add_argument(
        "--download", action="store_true", help="fetch the weights if they are not here"
    )
    parser.add_argument(
        "--from",
        dest="start",
        metavar="RUN[:CHECKPOINT]",
        help="start with the weights of another run: 3, 3:best, 3:stage-1, 3:step-1200; "
        "without --recipe with its recipe too, behind the stages that are done",
    )
    parser.add_argument(
        "--stage", type=int, metavar="N", help="a stage of the recipe, counted from 1"
    )


def _add_evaluate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    evaluate = _command(commands, "evaluate", "metrics, confusion and worst pictures of a run")
    _add_project(evaluate)
    evaluate.add_argument("--run", type=int, help="its number; the latest without")
    evaluate.add_argument(
        "--split", choices=[split.value for split in Split], default=Split.VALID.value
    )
    evaluate.add_argument(
        "--tta",
        type=int,
        default=0,
        metavar="N",
        help="average N views of each picture, changed as in training, with the plain one (0)",
    )
    evaluate.add_argument("--html", type=Path, help="where the report goes")
    evaluate.add_argument(
        "--view",
        action="append",
        default=[],
        metavar="KEY",
        help="print an evaluation view of a plugin as a table",
    )


def _add_predict(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    predict = _command(commands, "predict", "classify pictures and folders")
    predict.add_argument("model", type=Path, help="a model.safetensors or a project")
    predict.add_argument("paths", type=Path, nargs="+", help="pictures and folders")
    predict.add_argument("--csv", type=Path, help="write the predictions into this table")
    predict.add_argument("--top", type=int, default=1, help="how many classes for each (1)")
    predict.add_argument(
        "--not-sure-below",
        type=float,
        metavar="P",
        help="the probability that a picture's first class needs; the model's own without",
    )


def _add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    export = _command(commands, "export", "write a model for other programs and check it")
    _add_project(export)
    export.add_argument("--run", type=int, metavar="N", help="its number; the latest without")
    export.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="FILE",
        help="its ending chooses the format: .safetensors, .onnx, .pt or a plugin's",
    )
    export.add_argument(
        "--option", action="append", default=[], metavar="KEY=VALUE", help="of a plugin's format"
    )


def _add_plugins(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    plugins = _command(commands, "plugins", "what was loaded, from where, and what failed")
    plugins.add_argument("--folder", action="store_true", help="print the folder for your own")
    plugins.add_argument(
        "--new",
        nargs=2,
        metavar=("KIND", "NAME"),
        help="write a small plugin to begin with into that folder; KIND is loader, architecture, "
        "scheduler, augmentation, metric or exporter",
    )


def _add_project(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", type=Path)
    parser.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="[NAME=]FOLDER",
        help="where the pictures are now, if they were moved; NAME is that of an added folder",
    )
    parser.add_argument(
        "--restore", action="store_true", help="a damaged project goes back to its newest snapshot"
    )


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, summary: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
    command.add_argument("--json", action="store_true", help="one event a line, for programs")
    command.add_argument("--safe-mode", action="store_true", help="load only the bundled plugins")
    return command
