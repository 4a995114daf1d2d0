"""The report of a run: one self-contained HTML file, everything escaped, no scripts.

Without torch: the window writes it too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from string import Template
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import Split
from petstudio.api.events import EpochFinished, Event, RunStarted, StepFinished
from petstudio.api.language import counted, shown_number, spoken, tr
from petstudio.config.atomic import write_text
from petstudio.config.settings import SettingsFile
from petstudio.engine.analysis.accuracy import Accuracy
from petstudio.engine.analysis.calibration import fit_temperature, reliability, tempered
from petstudio.engine.analysis.label_errors import likely_label_errors
from petstudio.engine.analysis.per_class import class_scores
from petstudio.engine.model_info import ModelInfo, read_info
from petstudio.engine.predictions import confusion, most_confused, top_losses
from petstudio.jobs.curves import loss_curve
from petstudio.jobs.reliability_figure import reliability_figure
from petstudio.jobs.report_pictures import PictureFigures
from petstudio.jobs.report_tables import class_rows, confusion_grid, epoch_rows, pair_rows
from petstudio.jobs.report_text import escaped
from petstudio.jobs.results import RunResult
from petstudio.jobs.split_badge import SplitBadge, load_badge
from petstudio.jobs.wording import SPLIT_WORDS
from petstudio.project.event_log import read_events
from petstudio.project.layout import pictures_folder
from petstudio.project.project import Project
from petstudio.project.records import Access, RunFolder

_TEXT: Final = re.compile(r"\[\[(.+?)\]\]")
_MISTAKES_SHOWN: Final = 48
_DOUBTS_SHOWN: Final = 24
_NO_METRICS: Final[Mapping[str, float]] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """Everything that a report shows.

    `metrics` are those of plugins; `pictures` is where decoded pictures are kept, and None decodes
    those that are shown; `badge` is None for a run of an older program.
    """

    run: RunFolder
    result: RunResult
    model: ModelInfo
    events: tuple[Event, ...]
    metrics: Mapping[str, float]
    pictures: Path | None = None
    badge: SplitBadge | None = None

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """The confusion: rows are actual, columns predicted."""
        return confusion(self.result.predictions)


def export_report(project: Path, result: RunResult, file: Path) -> None:
    """Write the report of a result as it is now.

    Raises:
        InputError: the run is not there any more.
        MachineError: the disk is full, or the folder cannot be written.
    """
    with Project.open(project, Access.READ) as opened:
        run = opened.run(result.number).folder
    write_report(file, report_content(project, run, result))


def report_content(
    project: Path, run: RunFolder, result: RunResult, metrics: Mapping[str, float] = _NO_METRICS
) -> ReportContent:
    """Bring together what a run's folder holds."""
    return ReportContent(
        run=run,
        result=result,
        model=read_info(run.model_path),
        events=tuple(read_events(run.events_path)),
        metrics=metrics,
        badge=load_badge(run),
        pictures=pictures_folder(project, SettingsFile().values.cache_folder),
    )


def write_report(path: Path, content: ReportContent) -> None:
    """Write the report atomically."""
    page = _TEXT.sub(lambda found: escaped(tr(found[1])), _page())
    write_text(path, Template(page).substitute(_parts(content)))


def page_texts() -> list[str]:
    """Return the texts of the page itself, which stand in [[brackets]] there."""
    return _TEXT.findall(_page())


def _page() -> str:
    return (resources.files("petstudio.resources") / "report.html").read_text(encoding="utf-8")


def _parts(content: ReportContent) -> dict[str, str]:
    result = content.result
    epochs = [event for event in content.events if isinstance(event, EpochFinished)]
    steps = [event for event in content.events if isinstance(event, StepFinished)]
    figures = PictureFigures(result, content.pictures)
    return {
        "language": spoken(),
        "title": escaped(f"{tr('Run {number}', number=result.number)}: {result.name}"),
        "headline": _headline(result),
        "facts": _facts(content),
        "curve": loss_curve(steps, epochs),
        "epochs": epoch_rows(epochs),
        "grid": confusion_grid(content.counts, result.classes),
        "pairs": pair_rows(most_confused(content.counts, result.classes)),
        "classes": class_rows(class_scores(content.counts, result.classes)),
        "calibration": _calibration(result),
        "mistakes": figures.worst(top_losses(result.predictions, _MISTAKES_SHOWN)),
        "doubts": _doubts(result, figures),
        "recipe": escaped(_read(content.run.recipe_path)),
        "versions": _versions(content.model),
    }


def _headline(result: RunResult) -> str:
    found = Accuracy(correct=result.predictions.correct, images=len(result.predictions))
    if not found.images:
        return escaped(tr("There are no pictures to check with."))
    low, high = found.interval
    figures = escaped(
        tr(
            "{correct:,} of {images:,} {split} pictures right, [{share:.1%}] "
            "(95 % interval {low:.1%} to {high:.1%}).",
            correct=found.correct,
            images=found.images,
            split=SPLIT_WORDS[result.split],
            share=found.share,
            low=low,
            high=high,
        )
    )
    views = counted(
        result.views,
        "With {count:,} view of each averaged in.",
        "With {count:,} views of each averaged in.",
    )
    loud = figures.replace("[", "<strong>").replace("]", "</strong>")
    return f"{loud} {escaped(views)}" if result.views else loud


def _facts(content: ReportContent) -> str:
    started = next((e for e in content.events if isinstance(e, RunStarted)), None)
    facts = {
        key.replace("-", " "): shown_number(value, ".4f") for key, value in content.metrics.items()
    }
    if len(content.result.predictions):
        facts[tr("loss")] = shown_number(content.result.predictions.loss, ".4f")
    facts[tr("classes")] = str(len(content.result.classes))
    if started is not None:
        facts |= {
            tr("architecture"): started.architecture,
            tr("training pictures"): shown_number(started.train),
            tr("validation pictures"): shown_number(started.valid),
            tr("batch size"): str(started.batch_size),
            tr("device"): f"{started.device}, {started.precision}, {_threads(started)}",
        }
    if content.badge is not None:
        facts[tr("both sides of the split")] = content.badge.words
    return _terms(facts)


def _threads(started: RunStarted) -> str:
    return counted(started.threads, "{count} thread", "{count} threads")


def _calibration(result: RunResult) -> str:
    if not len(result.predictions):
        return f"<p>{escaped(tr('There are no pictures to check with.'))}</p>"
    found, best = reliability(result.predictions), fit_temperature(result.predictions)
    better = reliability(tempered(result.predictions, best))
    words = tr(
        "Expected calibration error {error:.3f} ({bins} bins, before the temperature). With the "
        "temperature that fits best, {best:.2f}, it is {better:.3f}. The model has {own:.2f}.",
        error=found.expected_error,
        bins=len(found.images),
        best=best,
        better=better.expected_error,
        own=result.temperature,
    )
    return f"<p>{escaped(words)}</p>{reliability_figure(found)}"


def _doubts(result: RunResult, figures: PictureFigures) -> str:
    found = likely_label_errors(result.predictions)
    learned = result.split is Split.TRAIN
    note = tr("The model has learned these labels, so it doubts few of them.") if learned else ""
    if not found:
        return f"<p>{escaped(tr('No label is in doubt.'))} {escaped(note)}</p>"
    shown = found[:_DOUBTS_SHOWN]
    words = counted(
        len(found),
        "{count:,} picture of {total:,} may be labelled wrongly.",
        "{count:,} pictures of {total:,} may be labelled wrongly.",
        total=len(result.predictions),
    )
    first = tr("The first {shown} are shown.", shown=len(shown)) if len(shown) < len(found) else ""
    sentences = " ".join(filter(None, (words, first, note)))
    return f"<p>{escaped(sentences)}</p><div class='pictures'>{figures.doubtful(shown)}</div>"


def _versions(model: ModelInfo) -> str:
    versions = {key: str(value) for key, value in model.versions.items()}
    return _terms({**versions, tr("pictures and labels"): model.fingerprint[:16]})


def _terms(facts: Mapping[str, str]) -> str:
    return "".join(
        f"<dt>{escaped(key)}</dt><dd>{escaped(value)}</dd>" for key, value in facts.items()
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
