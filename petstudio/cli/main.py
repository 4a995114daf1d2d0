"""From arguments to a job to an exit status."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, Final

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError, OptionError, PetStudioError
from petstudio.api.events import Outcome, ProjectCreated, RunFinished
from petstudio.api.options import NoOptions, option_specs, parse_text
from petstudio.cli.arguments import command_parser
from petstudio.cli.display import Display, JsonDisplay, NoDisplay, PeopleDisplay
from petstudio.cli.recipes import started_recipe
from petstudio.cli.screen import has_screen
from petstudio.cli.steering import interrupts, obey_standard_input
from petstudio.config.paths import user_plugin_folder
from petstudio.config.placement import Placement
from petstudio.config.sweep import SweepChoice
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.checking import check_project
from petstudio.jobs.demo import demo, draw_sample, sample_project
from petstudio.jobs.exporting import export, exporter_for
from petstudio.jobs.importing import create_project
from petstudio.jobs.job import Job, run_job
from petstudio.jobs.proving import DataSource
from petstudio.jobs.training import resume, train
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.skeletons import kind_called, write_skeleton
from petstudio.project.names import project_path, shown_text
from petstudio.project.project import Project
from petstudio.project.snapshots import DamagedProjectError, restore_snapshot

DONE: Final = 0
FAILED: Final = 1
BAD_INPUT: Final = 2
INTERRUPTED: Final = 130
_SHAREABLE: Final = ("train", "predict")  # in several processes

OpenWindow = Callable[[Path], int]


def run(arguments: Sequence[str], open_window: OpenWindow) -> int:
    """Run one command and return its exit status; `open_window` is used by `demo` on a screen."""
    given = command_parser().parse_args(arguments)
    try:
        placement = Placement.of(os.environ)
        _require_shareable(given.command, placement)
        if given.command == "plugins":
            return _plugins(given)
        host = _load_plugins(given)
        if given.command == "demo" and not given.headless and has_screen():
            return _demo_in_window(host, given, open_window)
        return _run(_JOBS[given.command](host, given), given, placement)
    except PetStudioError as error:
        return _refuse(str(error), bad_input=error.is_bad_input)


def _run(job: Job, given: argparse.Namespace, placement: Placement) -> int:
    control = RunControl()
    if placement.is_first and getattr(given, "steered", False):
        obey_standard_input(control)
    with interrupts(control, placement), _display(given, placement) as display:
        finished = run_job(job, display.show, control)
    return _status(finished) if placement.is_first else _status_of_others(finished)


def _require_shareable(command: str, placement: Placement) -> None:
    if not placement.is_alone and command not in _SHAREABLE:
        raise InputError(
            f"“{command}” does not run in several processes; {' and '.join(_SHAREABLE)} do.",
            cure="Start it without torchrun.",
        )


def _display(given: argparse.Namespace, placement: Placement) -> Display:
    if not placement.is_first:
        return NoDisplay()
    if not given.json:
        return PeopleDisplay()
    return JsonDisplay(last=ProjectCreated if given.command == "new" else None)


def _status(finished: RunFinished) -> int:
    if finished.outcome is Outcome.CANCELLED:
        return INTERRUPTED
    if finished.outcome is Outcome.FAILED:
        return _refuse(finished.message, bad_input=finished.bad_input)
    return DONE


def _status_of_others(finished: RunFinished) -> int:
    """Return a status at which torchrun does not end the first process, unless all has failed."""
    return FAILED if finished.outcome is Outcome.FAILED else DONE


def _refuse(sentence: str, *, bad_input: bool) -> int:
    # A sentence can hold names out of files of others.
    sys.stderr.write(f"{shown_text(sentence)}\n")
    return BAD_INPUT if bad_input else FAILED


def _demo_in_window(host: PluginHost, given: argparse.Namespace, open_window: OpenWindow) -> int:
    status = _run(draw_sample(host, given.out), given, Placement())
    return status or open_window(sample_project(given.out))


def _demo_job(host: PluginHost, given: argparse.Namespace) -> Job:
    return demo(host, given.out)


def _new_job(host: PluginHost, given: argparse.Namespace) -> Job:
    loader = host.loader(given.loader)
    options = _options(given.option, loader.options, of=given.loader)
    split = SplitChoice(
        valid_share=given.valid, test_share=given.test, seed=given.seed, stratify=not given.plain
    )
    source = DataSource(
        root=given.data, loader=given.loader, options=options, group=given.group or ""
    )
    return create_project(host, project_path(given.project), source, split)


def _options(pairs: Sequence[str], kind: type[Any], *, of: str) -> dict[str, object]:
    """Read KEY=VALUE pairs as the options class declares them."""
    specs = {spec.name: spec for spec in option_specs(kind)}
    options = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals or key not in specs:
            raise OptionError(
                key, f"it is not an option of {of}.", cure=f"Known: {', '.join(specs) or 'none'}."
            )
        options[key] = parse_text(specs[key], text)
    return options


def _check_job(_host: PluginHost, given: argparse.Namespace) -> Job:
    return check_project(_project(given))


def _train_job(host: PluginHost, given: argparse.Namespace) -> Job:
    project = _project(given)
    if given.resume or given.run is not None or given.epochs is not None:
        _require_no_recipe(given)
        return resume(host, project, run=given.run, more_epochs=given.epochs or 0)
    recipe = started_recipe(project, given)
    return train(host, project, recipe, name=given.name, download=given.download)


def _require_no_recipe(given: argparse.Namespace) -> None:
    if given.epochs is not None and given.epochs < 1:
        raise InputError("--epochs must be at least 1.")
    if given.recipe or given.set or given.start is not None or given.stage is not None:
        raise InputError(
            "A run that is resumed keeps its recipe.",
            cure="To change something, start a new run from it with --from.",
        )


def _lr_find_job(host: PluginHost, given: argparse.Namespace) -> Job:
    from petstudio.jobs.sweeping import find_rate

    project = _project(given)
    recipe = started_recipe(project, given)
    choice = SweepChoice(
        start_rate=given.start_rate,
        end_rate=given.end_rate,
        steps=given.steps,
        stops_early=not given.whole,
    )
    stage = recipe.start.stage
    return find_rate(host, project, recipe, stage, choice, plot=given.plot, download=given.download)


def _evaluate_job(host: PluginHost, given: argparse.Namespace) -> Job:
    from petstudio.jobs.evaluating import evaluate

    return evaluate(
        host,
        _project(given),
        run=given.run,
        split=Split(given.split),
        html=given.html,
        views=given.tta,
        looks=given.view,
    )


def _predict_job(host: PluginHost, given: argparse.Namespace) -> Job:
    from petstudio.jobs.predicting import predict

    if given.top < 1:
        raise InputError("--top must be at least 1.")
    threshold = given.not_sure_below
    if threshold is not None and not 0 <= threshold <= 1:
        raise InputError("--not-sure-below is a probability, from 0 to 1.")
    return predict(
        host,
        _model(given.model),
        given.paths,
        csv_file=given.csv,
        top=given.top,
        not_sure_below=threshold,
    )


def _export_job(host: PluginHost, given: argparse.Namespace) -> Job:
    exporter = exporter_for(host, given.to)
    kind = exporter.options if exporter else NoOptions
    options = _options(given.option, kind, of=given.to.suffix)
    return export(host, _project(given), given.to, run=given.run, options=options)


_JOBS: Final[Mapping[str, Callable[[PluginHost, argparse.Namespace], Job]]] = {
    "demo": _demo_job,
    "new": _new_job,
    "check": _check_job,
    "train": _train_job,
    "lr-find": _lr_find_job,
    "evaluate": _evaluate_job,
    "predict": _predict_job,
    "export": _export_job,
}


def _project(given: argparse.Namespace) -> Path:
    path = project_path(given.project)
    if not Placement.of(os.environ).is_first:
        return path  # the first process opens it
    if given.restore:
        _restore_if_damaged(path)
    for text in given.data:
        with Project.open(path) as project:
            name, _, folder = text.partition("=")
            is_added = name in project.folders.added
            project.folders.locate(Path(folder if is_added else text), name if is_added else "")
    return path


def _restore_if_damaged(path: Path) -> None:
    try:
        Project.open(path).close()
    except DamagedProjectError:
        kept = restore_snapshot(path)
        sys.stderr.write(f"The newest snapshot was restored; the damaged file is in {kept}.\n")


def _model(given: Path) -> Path:
    """Return the model file or the project that is meant; a project may lack its suffix."""
    return given if given.exists() else project_path(given)


def _load_plugins(given: argparse.Namespace) -> PluginHost:
    # What a plugin prints must not mix with lines that a program reads.
    with redirect_stdout(sys.stderr):
        return PluginHost.load(safe_mode=given.safe_mode)


def _plugins(given: argparse.Namespace) -> int:
    if given.folder:
        sys.stdout.write(f"{user_plugin_folder()}\n")
        return DONE
    host = _load_plugins(given)
    if given.new:
        word, name = given.new
        sys.stdout.write(f"{write_skeleton(host, kind_called(word), name)}\n")
        return DONE
    for record in host.records:
        found = {
            "name": record.name,
            "version": record.version,
            "origin": record.origin.value,
            "state": record.state.value,
            "contributions": list(record.contributions),
            "reason": record.reason,
        }
        sys.stdout.write(f"{json.dumps(found) if given.json else _plugin_line(found)}\n")
    return DONE


def _plugin_line(found: Mapping[str, object]) -> str:
    contributions = found["contributions"]
    what = ", ".join(contributions) if isinstance(contributions, list) else ""
    return (
        f"{found['name']:<24} {found['origin']:<10} {found['state']:<9} {found['reason'] or what}"
    )
