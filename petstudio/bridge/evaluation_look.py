"""Reading what the Evaluate page shows; slow, so in the background."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from petstudio.api.errors import InputError, PetStudioError
from petstudio.bridge.evaluation_view import Evaluation, EvaluationChoice, Judged, RunOption
from petstudio.engine.analysis.calibration import fit_temperature, reliability, tempered
from petstudio.engine.analysis.clusters import cluster_order
from petstudio.engine.analysis.comparison import compare
from petstudio.engine.analysis.label_errors import likely_label_errors
from petstudio.engine.analysis.per_class import class_scores
from petstudio.engine.analysis.thresholds import coverage_curve
from petstudio.engine.predictions import confusion, most_confused, retargeted
from petstudio.images.roots import Root
from petstudio.jobs.results import RunResult, read_result
from petstudio.project.project import Project
from petstudio.project.records import Access


def look_at_evaluation(project: Path, choice: EvaluationChoice) -> Evaluation:
    """Read a run's result, judged by the labels of today, and what follows from it."""
    seen = _look_at_project(project, choice)
    number = seen.choice.run
    if number is None:
        return seen
    try:
        result = read_result(project, number, choice.split, views=choice.views)
    except PetStudioError as error:
        return replace(seen, problem=error.what)
    seen = replace(seen, result=result)
    if choice.other is None:
        return replace(seen, judged=judge(result))
    try:
        other = read_result(project, choice.other, choice.split, views=choice.views)
    except PetStudioError as error:
        return replace(seen, judged=judge(result), comparison_problem=str(error))
    comparison = compare(other.predictions, result.predictions)
    chosen = result if choice.part is None else _only(result, choice.part.keys_in(comparison))
    return replace(seen, judged=judge(chosen), comparison=comparison)


def judge(result: RunResult) -> Judged:
    """Return all that follows from a result."""
    predictions = tempered(result.predictions, result.temperature)
    counts, fitted = confusion(predictions), fit_temperature(result.predictions)
    judged = Judged(
        result=result,
        predictions=predictions,
        counts=counts,
        confused=most_confused(counts, result.classes),
        clustered=cluster_order(counts),
        scores=class_scores(counts, result.classes),
        curve=coverage_curve(predictions),
        fitted=fitted,
        reliability=reliability(predictions),
        plain_error=reliability(result.predictions).expected_error,
        fitted_error=reliability(tempered(result.predictions, fitted)).expected_error,
        label_errors=likely_label_errors(predictions),
    )
    judged.prepare()
    return judged


def _look_at_project(project: Path, choice: EvaluationChoice) -> Evaluation:
    with Project.open(project, Access.READ) as opened:
        runs = tuple(
            RunOption(number=run.number, name=run.name, folder=run.folder)
            for run in reversed(opened.runs())
            if run.folder.model_path.is_file()
        )
        records = {record.id: record for record in opened.images()}
        classes = opened.classes()
        root = _root(opened)
    numbers = [run.number for run in runs]
    run = choice.run if choice.run in numbers else next(iter(numbers), None)
    return Evaluation(
        choice=replace(choice, run=run), runs=runs, records=records, classes=classes, root=root
    )


def _root(project: Project) -> Root | None:
    try:
        return project.data_root
    except InputError:
        return None


def _only(result: RunResult, keys: tuple[int, ...]) -> RunResult:
    wanted = frozenset(keys)
    found = result.predictions
    targets = dict(zip(found.keys.tolist(), found.targets.tolist(), strict=True))
    kept = {key: target for key, target in targets.items() if key in wanted}
    return replace(result, predictions=retargeted(found, kept))
