"""The report of a run: one self-contained HTML file, everything escaped, no scripts."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from string import Template
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.errors import ImageError
from petstudio.api.events import ConfusedPair, EpochFinished, Event, RunStarted, StepFinished
from petstudio.config.atomic import write_text
from petstudio.engine.analysis.accuracy import wilson_interval
from petstudio.images.pixel_file import PixelFile
from petstudio.images.thumbnails import thumbnail
from petstudio.jobs.curves import loss_curve
from petstudio.jobs.wording import SPLIT_WORDS
from petstudio.project.names import shown_text
from petstudio.project.records import RunFolder

_THUMBNAIL_SIDE: Final = 160
_PAIRS_SHOWN: Final = 20
_LARGEST_GRID: Final = 60  # classes; a larger grid of numbers helps nobody in a document


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """A picture with a high loss; `name` is its path in the project."""

    file: Path
    name: str
    actual: str
    predicted: str
    loss: float
    actual_probability: float
    predicted_probability: float


@dataclass(frozen=True, kw_only=True)
class ReportContent:
    """Everything that a report shows; `counts` has a row per actual class.

    `pictures` is where decoded pictures are kept; None decodes those that are shown.
    """

    run: RunFolder
    split: Split
    classes: Sequence[str]
    counts: Sequence[Sequence[int]]
    loss: float
    metrics: Mapping[str, float]
    most_confused: Sequence[ConfusedPair]
    mistakes: Sequence[Mistake]
    events: Sequence[Event]
    pictures: Path | None = None


def write_report(path: Path, content: ReportContent) -> None:
    """Write the report atomically."""
    page = resources.files("petstudio.resources") / "report.html"
    write_text(path, Template(page.read_text(encoding="utf-8")).substitute(_parts(content)))


def _parts(content: ReportContent) -> dict[str, str]:
    title = f"Run {content.run.number}: {content.run.name}"
    return {
        "title": _text(title),
        "headline": _headline(content),
        "facts": _facts(content),
        "curve": loss_curve(
            [event for event in content.events if isinstance(event, StepFinished)],
            [event for event in content.events if isinstance(event, EpochFinished)],
        ),
        "epochs": _epochs(event for event in content.events if isinstance(event, EpochFinished)),
        "grid": _grid(content),
        "pairs": _pairs(content.most_confused),
        "mistakes": _mistakes(content),
        "recipe": _text(_read(content.run.recipe_path)),
    }


def _headline(content: ReportContent) -> str:
    count = sum(sum(row) for row in content.counts)
    correct = sum(row[index] for index, row in enumerate(content.counts))
    if not count:
        return "There are no pictures to check with."
    low, high = wilson_interval(correct, count)
    return (
        f"{correct:,} of {count:,} {SPLIT_WORDS[content.split]} pictures right, "
        f"<strong>{correct / count:.1%}</strong> (95 % interval {low:.1%} to {high:.1%})."
    )


def _facts(content: ReportContent) -> str:
    started = next((e for e in content.events if isinstance(e, RunStarted)), None)
    facts = {key.replace("-", " "): f"{value:.4f}" for key, value in content.metrics.items()}
    facts["loss"] = f"{content.loss:.4f}"
    if started is not None:
        facts |= {
            "architecture": started.architecture,
            "classes": str(len(started.classes)),
            "training pictures": f"{started.train:,}",
            "validation pictures": f"{started.valid:,}",
            "batch size": str(started.batch_size),
            "device": f"{started.device}, {started.precision}, {_threads(started)}",
        }
    return "".join(f"<dt>{_text(key)}</dt><dd>{_text(value)}</dd>" for key, value in facts.items())


def _threads(started: RunStarted) -> str:
    return "1 thread" if started.threads == 1 else f"{started.threads} threads"


def _epochs(events: Iterable[EpochFinished]) -> str:
    rows = []
    for event in events:
        cells = [
            str(event.stage + 1),
            str(event.epoch + 1),
            f"{event.train_loss:.4f}",
            f"{event.valid_loss:.4f}",
            f"{event.metrics.get('accuracy', math.nan):.1%}",
            f"{event.seconds:.1f} s",
        ]
        rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")
    return "".join(rows)


def _grid(content: ReportContent) -> str:
    if len(content.classes) > _LARGEST_GRID:
        return "<p>Too many classes for a grid of numbers; the list below has the errors.</p>"
    worst = max(
        (v for i, row in enumerate(content.counts) for j, v in enumerate(row) if i != j), default=0
    )
    head = "".join(
        f"<th class='turned'><span>{_text(name)}</span></th>" for name in content.classes
    )
    rows = [
        f"<tr><th>{_text(name)}</th>{_grid_row(index, content.counts[index], worst)}</tr>"
        for index, name in enumerate(content.classes)
    ]
    return f"<table class='grid'><tr><th></th>{head}</tr>{''.join(rows)}</table>"


def _grid_row(index: int, row: Sequence[int], worst: int) -> str:
    total = sum(row)
    return "".join(
        _cell(value, "right" if column == index else "wrong", total if column == index else worst)
        for column, value in enumerate(row)
    )


def _cell(value: int, kind: str, most: int) -> str:
    if not value:
        return "<td></td>"
    # Shades as the confusion grid of the window has them, so that a single error shows.
    share = value / max(most, 1)
    shade = 0.25 + 0.55 * share if kind == "right" else 0.18 + 0.82 * share**0.6
    return f"<td class='{kind}' style='--shade:{shade:.2f}'>{value}</td>"


def _pairs(pairs: Sequence[ConfusedPair]) -> str:
    if not pairs:
        return "<tr><td colspan='3'>Nothing was confused.</td></tr>"
    return "".join(
        f"<tr><td>{_text(pair.actual)}</td><td>{_text(pair.predicted)}</td>"
        f"<td>{pair.count}</td></tr>"
        for pair in pairs[:_PAIRS_SHOWN]
    )


def _mistakes(content: ReportContent) -> str:
    with PixelFile(content.pictures) if content.pictures else nullcontext() as kept:
        return "".join(_mistake(mistake, kept) for mistake in content.mistakes)


def _mistake(mistake: Mistake, kept: PixelFile | None) -> str:
    right = "right" if mistake.actual == mistake.predicted else "wrong"
    return (
        f"<figure class='{right}'>{_picture(mistake.file, kept)}<figcaption>"
        f"<b>{_text(mistake.predicted)}</b> {mistake.predicted_probability:.0%}<br>"
        f"is {_text(mistake.actual)} {mistake.actual_probability:.0%}<br>"
        f"loss {mistake.loss:.2f}<br><small>{_text(shown_text(mistake.name))}</small>"
        "</figcaption></figure>"
    )


def _picture(file: Path, kept: PixelFile | None) -> str:
    try:
        image = thumbnail(file, _THUMBNAIL_SIDE, kept)
    except ImageError:
        return "<div class='gone'>cannot read</div>"
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=82)
    return (
        f"<img alt='' src='data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}'>"
    )


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _text(value: str) -> str:
    return escape(value.encode("utf-8", "replace").decode("utf-8"), quote=True)
