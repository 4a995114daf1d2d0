"""Exporting a run's model as a job, light to import: torch is loaded when it begins to run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from petstudio.api.contributions import Exporter
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import Emit, ProgressMade
from petstudio.api.language import tr
from petstudio.api.options import from_mapping
from petstudio.jobs.job import Job
from petstudio.plugin_host.host import PluginHost

NATIVE_SUFFIX: Final = ".safetensors"


def export(
    host: PluginHost,
    project: Path,
    target: Path,
    *,
    run: int | None = None,
    options: Mapping[str, Any] | None = None,
) -> Job:
    """Return the job that writes a run's model in the format that the target's name ends in.

    The export is loaded again and compared with the program's own answers; what came of it is kept
    beside it, and a script that predicts with it. An export that does not match is kept as well,
    and the job then ends with a MismatchError. `run` None is the latest finished one.
    """
    exporter = exporter_for(host, target)
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise InputError(
            tr("{target} cannot be a file.", target=target),
            cure=tr("Give a name in a folder that exists."),
        )
    chosen = from_mapping(exporter.options, options or {}) if exporter else None

    def job(emit: Emit, control: RunControl) -> None:
        emit(ProgressMade(task=tr("Loading the engine"), done=0))
        from petstudio.jobs.converting import Wanted, convert

        wanted = Wanted(project=project, run=run, target=target, options=chosen)
        convert(host, exporter, wanted, emit, control)

    return job


def exporter_for(host: PluginHost, target: Path) -> Exporter[Any] | None:
    """Return the first exporter of the target's suffix; None for PetStudio's own format.

    Raises:
        InputError: no exporter has this suffix.
    """
    suffix = target.suffix.lower()
    if suffix == NATIVE_SUFFIX:
        return None
    for exporter in host.exporters.values():
        if exporter.suffix == suffix:
            return exporter
    raise InputError(
        tr("{target} does not say in which format to export.", target=target.name),
        cure=tr("End it in {listed}.", listed=_listed(export_suffixes(host))),
    )


def export_suffixes(host: PluginHost) -> tuple[str, ...]:
    """Return what the name of an export may end in, each once."""
    return tuple(dict.fromkeys((NATIVE_SUFFIX, *(e.suffix for e in host.exporters.values()))))


def _listed(words: tuple[str, ...]) -> str:
    *first, last = words
    return tr("{first} or {last}", first=", ".join(first), last=last) if first else last
