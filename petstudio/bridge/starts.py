"""What a run can start from, as keys and words for a choice."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from petstudio.api.language import tr
from petstudio.bridge.figures import percent_text
from petstudio.bridge.run_view import BEST, STEP, CheckpointView, RunView
from petstudio.config.recipe import NO_WEIGHTS, ModelChoice, Recipe, StartChoice

FROM_MODEL: Final = ""
_MODEL: Final = tr("Starts from the model's weights")
_RANDOM: Final = tr("Starts from random weights")
_MOST: Final = 24


def starts_of(runs: Sequence[RunView], model: ModelChoice) -> list[tuple[str, str]]:
    """Return pairs of `start.checkpoint` and words, the newest run first."""
    found = [(key, label) for run in reversed(runs) for key, label in _of_run(run)]
    return [(FROM_MODEL, start_words(FROM_MODEL, model)), *found[:_MOST]]


def start_words(key: str, model: ModelChoice) -> str:
    """Return what a start is called, also one that is not in the list any more."""
    if not key:
        return _RANDOM if model.weights == NO_WEIGHTS else _MODEL
    run, _, name = key.partition(":")
    return tr("From run {run}, {name}", run=run, name=name)


def best_start(run: RunView) -> str:
    """Return the name of the checkpoint to branch from: the end of a run's last finished stage."""
    names = [kept.name for kept in run.checkpoints]
    return next((name for name in names if not name.startswith(STEP) and name != BEST), names[0])


def started(recipe: Recipe, key: str, runs: Sequence[RunView]) -> Recipe:
    """Return the recipe that goes on from there, with the stages that are done there left out.

    Where all its stages are done there, or the run has another recipe's stages, none is left out.
    """
    number, _, name = key.partition(":")
    run = next((run for run in runs if str(run.number) == number), None)
    kept = next((c for c in run.checkpoints if c.name == name), None) if run else None
    done = kept.stages_done if kept is not None else 0
    stage = done if 0 < done < len(recipe.stages) else 0
    return replace(recipe, start=StartChoice(checkpoint=key, stage=stage))


def _of_run(run: RunView) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for kept in run.checkpoints:
        if kept.name in seen or kept.name.startswith(STEP):
            continue
        seen.add(kept.name)
        yield f"{run.number}:{kept.name}", _words(run, kept)


def _words(run: RunView, kept: CheckpointView) -> str:
    words = tr("From run {number}, {kept}", number=run.number, kept=kept.name)
    return f"{words}, {percent_text(kept.accuracy)}" if math.isfinite(kept.accuracy) else words
