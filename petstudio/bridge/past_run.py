"""What a run that goes on has told before, so that its curves are whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from petstudio.api.events import CheckpointKind, CheckpointSaved, Event, Outcome, RunFinished
from petstudio.api.language import tr
from petstudio.bridge.live_run import LiveRun
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import load_recipe
from petstudio.project.event_log import read_events
from petstudio.project.project import Project
from petstudio.project.records import Access

_BROKEN_OFF: Final = RunFinished(
    outcome=Outcome.CANCELLED, kept=tr("It was broken off and can go on from its last checkpoint.")
)


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """The recipe of a run and its events up to the last checkpoint that it can go on from."""

    number: int
    recipe: Recipe
    events: tuple[Event, ...]


def past_run(project: Path, number: int) -> PastRun:
    """Read a run; raises a PetStudioError if there is none, or if it cannot be read."""
    recipe, events = _read(project, number)
    return PastRun(number=number, recipe=recipe, events=_until_the_last_save(events))


def run_as_told(project: Path, number: int) -> LiveRun:
    """Return all that a run has told, as one that is over; raises as `past_run` does."""
    recipe, events = _read(project, number)
    run = LiveRun(recipe)
    run.feed(event for event in events if not isinstance(event, RunFinished))
    last = events[-1] if events else None
    run.feed([last if isinstance(last, RunFinished) else _BROKEN_OFF])
    return run


def _read(project: Path, number: int) -> tuple[Recipe, tuple[Event, ...]]:
    with Project.open(project, Access.READ) as opened:
        folder = opened.run(number).folder
    return load_recipe(folder.recipe_path), tuple(read_events(folder.events_path))


def _until_the_last_save(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Leave out what will be told again, and how the run ended before."""
    saved = [place for place, event in enumerate(events) if _can_go_on_from(event)]
    kept = events[: saved[-1] + 1] if saved else ()
    return tuple(event for event in kept if not isinstance(event, RunFinished))


def _can_go_on_from(event: Event) -> bool:
    return isinstance(event, CheckpointSaved) and event.kind is not CheckpointKind.BEST
