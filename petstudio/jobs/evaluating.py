"""Looking at a run: predictions for a split, what is confused, the report. Imports the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.errors import InputError
from petstudio.api.events import (
    Emit,
    EvaluationFinished,
    ProgressMade,
)
from petstudio.api.language import tr
from petstudio.config.recipe_file import load_recipe
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.labelled import Audience, ViewPlan, predict_set
from petstudio.engine.measuring import Measuring
from petstudio.engine.model_file import load_model
from petstudio.engine.model_info import read_info
from petstudio.engine.predictions import (
    Predictions,
    confusion,
    most_confused,
    save_predictions,
)
from petstudio.images.roots import Root
from petstudio.jobs.absences import within_reach
from petstudio.jobs.augmentations import augmentations_of
from petstudio.jobs.job import Job, skip_teller
from petstudio.jobs.patience import open_patiently
from petstudio.jobs.picture_cache import store_plan, workplace
from petstudio.jobs.plans import default_metrics, guarded_architecture, image_set
from petstudio.jobs.report import report_content, write_report
from petstudio.jobs.results import RunResult
from petstudio.jobs.viewing import ViewWish, look
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project
from petstudio.project.records import ImageRecord, RunFolder

MOST_VIEWS: Final = 64
_TASK: Final = tr("Evaluating")


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """What is looked at: a run and one split, and in how many views.

    `images` has all pictures by their ids, those too that were left out since the run began.
    """

    project: Path
    run: RunFolder
    root: Root
    split: Split
    images: Mapping[int, ImageRecord]
    views: int


def evaluate(
    host: PluginHost,
    project: Path,
    *,
    run: int | None = None,
    split: Split = Split.VALID,
    html: Path | None = None,
    views: int = 0,
    looks: Sequence[str] = (),
) -> Job:
    """Return the job that predicts a split with a run's model; run None is the latest finished.

    With `views` each picture is seen so many times more, changed as in the run's training, and
    the probabilities are averaged (test-time augmentation). The predictions are kept. `looks` are
    the keys of evaluation views that tell what they show at the end.
    """
    if not 0 <= views <= MOST_VIEWS:
        raise InputError(
            tr(
                "Views for test-time augmentation are from 0 to {most_views}.",
                most_views=MOST_VIEWS,
            )
        )
    wishes = [ViewWish(key=key, run=run, split=split, views=views) for key in looks]
    for wish in wishes:
        look(host, project, wish)  # an unknown key is told before anything is predicted

    def job(emit: Emit, control: RunControl) -> None:
        subject = _subject(Project.open(project), run, split, views)
        predictions = _predict(host, subject, emit, control)
        save_predictions(subject.run.predictions_of(split, views), predictions)
        report = html or subject.run.report_of(split, views)
        _tell(host, subject, predictions, report, emit)
        for wish in wishes:  # of this very run: meanwhile another may be the latest
            look(host, project, replace(wish, run=subject.run.number))(emit, control)

    return job


def conclude(
    host: PluginHost, project: Path, run: RunFolder, predictions: Predictions, emit: Emit
) -> Mapping[str, float]:
    """Keep a finished run's validation predictions, write its report, return its metrics."""
    save_predictions(run.predictions_path, predictions)
    subject = _subject(open_patiently(project), run.number, Split.VALID)
    return _tell(host, subject, predictions, run.report_path, emit)


def _subject(project: Project, run: int | None, split: Split, views: int = 0) -> _Subject:
    with project as opened:
        record = opened.run(run)
        return _Subject(
            project=opened.path,
            run=record.folder,
            root=opened.data_root,
            split=split,
            images={image.id: image for image in opened.images()},
            views=views,
        )


def _predict(host: PluginHost, subject: _Subject, emit: Emit, control: RunControl) -> Predictions:
    info = read_info(subject.run.model_path)
    known = [
        image
        for image in subject.images.values()
        if image.is_usable and image.split is subject.split and image.label in info.classes
    ]
    if not known:
        raise InputError(
            tr("There are no {split} pictures of the model's classes.", split=subject.split.value),
            cure=tr("Choose another split."),
        )
    known = within_reach(known, subject.root, emit)
    architecture = guarded_architecture(host, host.architecture(info.architecture))
    network = load_model(subject.run.model_path, info, architecture)
    images = image_set(known, subject.root, info.classes)
    place = workplace(store_plan(subject.project, seen_once=not subject.views))
    audience = _audience(emit, len(images) * (1 + subject.views))
    return predict_set(network, info, images, audience, control, place, _views(host, subject))


def _views(host: PluginHost, subject: _Subject) -> ViewPlan | None:
    if not subject.views:
        return None
    recipe = load_recipe(subject.run.recipe_path)
    chosen = augmentations_of(host, recipe.augmentations)
    augmenter = Augmenter(seed=recipe.seed, augmentations=chosen)
    return ViewPlan(count=subject.views, augmenter=augmenter)


def _audience(emit: Emit, total: int) -> Audience:
    """Return who passes on what happens; `total` pictures are looked at, in all views together."""
    done = 0

    def seen(count: int) -> None:
        nonlocal done
        done += count
        emit(ProgressMade(task=_TASK, done=done, total=total))

    seen(0)
    return Audience(skipped=skip_teller(emit), seen=seen)


def _tell(
    host: PluginHost,
    subject: _Subject,
    predictions: Predictions,
    report: Path,
    emit: Emit,
) -> Mapping[str, float]:
    metrics = Measuring(default_metrics(host), emit).measure(predictions)
    result = _result(subject, predictions)
    write_report(report, report_content(subject.project, subject.run, result, metrics))
    emit(
        EvaluationFinished(
            run=subject.run.number,
            split=subject.split.value,
            images=len(predictions),
            correct=predictions.correct,
            loss=predictions.loss,
            metrics=metrics,
            most_confused=most_confused(confusion(predictions), result.classes),
            report=str(report),
            views=subject.views,
        )
    )
    return metrics


def _result(subject: _Subject, predictions: Predictions) -> RunResult:
    info = read_info(subject.run.model_path)
    return RunResult(
        number=subject.run.number,
        name=subject.run.name,
        split=subject.split,
        classes=info.classes,
        predictions=predictions,
        records={key: subject.images[key] for key in predictions.keys.tolist()},
        root=subject.root,
        views=subject.views,
        temperature=info.temperature,
        reject_below=info.reject_below,
    )
