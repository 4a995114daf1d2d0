"""Writing a model in another format, loading it again and comparing. Imports the engine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from petstudio.api.contributions import Architecture, Exporter, Split
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import Emit, ExportFinished, ProgressMade, to_json
from petstudio.api.language import tr
from petstudio.config.atomic import write_bytes, write_text
from petstudio.engine.exporting import (
    TOLERANCE,
    Comparison,
    MismatchError,
    compare,
    finished_model,
    native_exporter,
)
from petstudio.engine.model_file import load_model
from petstudio.engine.model_info import ModelInfo, read_info
from petstudio.engine.network import Network
from petstudio.jobs import plugin_answers as answers
from petstudio.jobs.export_script import script_text
from petstudio.jobs.job import skip_teller
from petstudio.jobs.picture_sources import evenly_spaced
from petstudio.jobs.plans import guarded_architecture
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import Access, ImageRecord

if TYPE_CHECKING:
    from petstudio.api.contributions import Classify

PICTURES_COMPARED: Final = 64
CHECK: Final = ".check.json"
SCRIPT: Final = ".predict.py"
_ORDER: Final = (Split.VALID, Split.TEST, Split.TRAIN)  # those the network has not learned first


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is exported, and where to; `options` are those of the exporter."""

    project: Path
    run: int | None
    target: Path
    options: Any  # each exporter has a class of its own for them


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """A run's model and the pictures with which its export is compared."""

    run: int
    file: Path
    info: ModelInfo
    network: Network
    architecture: Architecture[Any]
    pictures: tuple[Path, ...]


def convert(
    host: PluginHost,
    exporter: Exporter[Any] | None,
    wanted: Wanted,
    emit: Emit,
    control: RunControl,
) -> None:
    """Export, compare and leave the result; an `exporter` of None writes our own format.

    Raises:
        MismatchError: the export does not match; it is kept.
    """
    subject, target = _subject(host, wanted), wanted.target
    if exporter is None:
        exporter = native_exporter(subject.file, subject.architecture)
    else:
        exporter = _guarded(host, exporter)
    model = finished_model(subject.network, subject.info)
    emit(ProgressMade(task=tr("Writing {target}", target=target.name), done=0))
    content = exporter.write(wanted.options, model)
    control.checkpoint()
    _replace(target, content)
    about, comparison = _compared_again(exporter, subject, target, emit, control)
    is_whole = about == model.about
    finished = ExportFinished(
        run=subject.run,
        path=str(target),
        format=exporter.key,
        **asdict(comparison),
        tolerance=TOLERANCE,
        matches=comparison.matches and is_whole,
        check=str(beside(target, CHECK)),
        script=_leave_script(exporter, target),
    )
    _keep(finished, hashlib.sha256(content).hexdigest())
    emit(finished)
    _require_match(finished, is_whole=is_whole)


def _compared_again(
    exporter: Exporter[Any], subject: _Subject, target: Path, emit: Emit, control: RunControl
) -> tuple[str, Comparison]:
    """Load what was written; return its description, and how near its answers are."""
    emit(
        ProgressMade(
            task=tr("Comparing {target}", target=target.name), done=0, total=len(subject.pictures)
        )
    )
    about, classify = exporter.read(target)
    comparison = compare(
        subject.network, subject.info, subject.pictures, classify, skip_teller(emit), control
    )
    return about, comparison


def beside(target: Path, ending: str) -> Path:
    """Return the file that belongs to an export: `model.onnx` has `model.onnx.check.json`."""
    return target.with_name(f"{target.name}{ending}")


def _subject(host: PluginHost, wanted: Wanted) -> _Subject:
    with Project.open(wanted.project, Access.READ) as opened:
        run, root = opened.run(wanted.run), opened.data_root
        pictures = tuple(root / path for path in _compared(opened.usable()))
    if not pictures:
        raise InputError(tr("The project has no pictures to compare the export with."))
    file = run.folder.model_path
    info = read_info(file)
    architecture = guarded_architecture(host, host.architecture(info.architecture))
    return _Subject(
        run=run.number,
        file=file,
        info=info,
        network=load_model(file, info, architecture),
        architecture=architecture,
        pictures=pictures,
    )


def _compared(images: Sequence[ImageRecord]) -> list[str]:
    """Return the paths of some pictures from all over each split."""
    chosen: list[str] = []
    for split in _ORDER:
        paths = [image.path for image in images if image.split is split]
        chosen += evenly_spaced(paths, PICTURES_COMPARED - len(chosen))
    return chosen


def _guarded(host: PluginHost, exporter: Exporter[Any]) -> Exporter[Any]:
    """Return the exporter such that what fails in it names its plugin."""

    def read(path: Path) -> tuple[str, Classify]:
        about, classify = host.call(exporter, answers.export_reader, exporter, path)
        return about, host.guard(exporter, partial(answers.probabilities, classify))

    write = host.guard(exporter, partial(answers.export_content, exporter))
    return replace(exporter, write=write, read=read)


def _replace(target: Path, content: bytes) -> None:
    """Write the export, then remove what an earlier one of this name has left.

    In this order, as an earlier one that cannot be replaced keeps its check; and a check that was
    to go when the power failed has the SHA-256 of another file.
    """
    write_bytes(target, content)
    for ending in (CHECK, SCRIPT):
        beside(target, ending).unlink(missing_ok=True)


def _leave_script(exporter: Exporter[Any], target: Path) -> str:
    if exporter.script is None:
        return ""
    file = beside(target, SCRIPT)
    write_text(file, script_text(exporter.script, exporter.packages, target.name))
    return str(file)


def _keep(finished: ExportFinished, sha256: str) -> None:
    values = json.loads(to_json(finished))
    for name in ("event", "path", "check", "script"):
        del values[name]
    text = json.dumps({"file": Path(finished.path).name, "sha256": sha256, **values}, indent=2)
    write_text(Path(finished.check), f"{text}\n")


def _require_match(finished: ExportFinished, *, is_whole: bool) -> None:
    if finished.matches:
        return
    what = (
        tr(
            "its probabilities differ by up to {largest_difference:.2g}",
            largest_difference=finished.largest_difference,
        )
        if is_whole
        else tr("the description inside is not the one that was written")
    )
    raise MismatchError(
        tr("{name} does not match the model: {what}.", name=Path(finished.path).name, what=what),
        cure=tr("It is kept, but do not use it: its exporter has a fault."),
    )
