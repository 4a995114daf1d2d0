"""Looking at a run's stored predictions with an evaluation view of a plugin. Loads no torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import Emit, ViewMade
from petstudio.api.language import tr
from petstudio.api.options import from_mapping
from petstudio.api.views import EvaluatedImages, ViewData
from petstudio.engine.analysis.calibration import tempered
from petstudio.jobs.job import Job
from petstudio.jobs.plugin_answers import view_data
from petstudio.jobs.results import RunResult, read_result
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import Access


@dataclass(frozen=True, kw_only=True)
class ViewWish:
    """Which view of which result.

    Attributes:
        key: of the view.
        run: its number; None is the latest.
        views: of each picture, as in RunResult.
        options: of the view, by name; those that are not named have their default.
        images: ids of the pictures that count; None is all of the result.
    """

    key: str
    run: int | None = None
    split: Split = Split.VALID
    views: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    images: tuple[int, ...] | None = None


def look(host: PluginHost, project: Path, wish: ViewWish) -> Job:
    """Return the job that tells what a view shows.

    Raises:
        InputError: there is no such view, or an option is wrong.
    """
    if wish.key not in host.views:
        host.take_new()  # the window's own host may know of a plugin that was written meanwhile
    view = host.view(wish.key)
    options = from_mapping(view.options, wish.options)

    def job(emit: Emit, _control: RunControl) -> None:
        result = read_result(project, wish.run, wish.split, views=wish.views)
        images = _evaluated(project, result, wish.images)
        data: ViewData = host.call(view, view_data, view, options, images)
        emit(
            ViewMade(
                run=result.number,
                split=wish.split.value,
                key=view.key,
                label=view.label,
                heading=data.heading,
                columns=data.columns,
                rows=data.rows,
                form=data.form,
                note=data.note,
            )
        )

    return job


def _evaluated(project: Path, result: RunResult, only: Sequence[int] | None) -> EvaluatedImages:
    found = tempered(result.predictions, result.temperature)
    kept = slice(None) if only is None else np.isin(found.keys, np.array(only, dtype=np.int64))
    if not len(found.keys[kept]):
        raise InputError(tr("There are no pictures to look at."), cure=tr("Choose another split."))
    return EvaluatedImages(
        classes=result.classes,
        keys=found.keys[kept],
        targets=found.targets[kept],
        probabilities=found.probabilities[kept],
        losses=found.losses[kept],
        train_counts=_train_counts(project, result.classes),
    )


def _train_counts(project: Path, classes: Sequence[str]) -> NDArray[np.int64]:
    place = {name: at for at, name in enumerate(classes)}
    with Project.open(project, Access.READ) as opened:
        labels = [image.label for image in opened.usable() if image.split is Split.TRAIN]
    places = [place[label] for label in labels if label in place]
    return np.bincount(np.array(places, dtype=np.int64), minlength=len(classes)).astype(np.int64)
