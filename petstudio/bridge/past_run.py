"""What a run that goes on has told before, so that its curves are whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from petstudio.api.events import CheckpointKind, CheckpointSaved, Event, RunFinished
from petstudio.config.recipe import Recipe
from petstudio.config.recipe_file import load_recipe
from petstudio.project.event_log import read_events
from petstudio.project.project import Project
from petstudio.project.records import Access


@dataclass(frozen=True, kw_only=True)
class PastRun:
    """The recipe of a run and its events up to the last checkpoint that it can go on from."""

    number: int
    recipe: Recipe
    events: tuple[Event, ...]


def past_run(project: Path, number: int) -> PastRun:
    """Read a run; raises a PetStudioError if there is none, or if it cannot be read."""
    with Project.open(project, Access.READ) as opened:
        folder = opened.run(number).folder
    events = tuple(read_events(folder.events_path))
    return PastRun(
        number=number,
        recipe=load_recipe(folder.recipe_path),
        events=_until_the_last_save(events),
    )


def _until_the_last_save(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """Leave out what will be told again, and how the run ended before."""
    saved = [place for place, event in enumerate(events) if _can_go_on_from(event)]
    kept = events[: saved[-1] + 1] if saved else ()
    return tuple(event for event in kept if not isinstance(event, RunFinished))


def _can_go_on_from(event: Event) -> bool:
    return isinstance(event, CheckpointSaved) and event.kind is not CheckpointKind.BEST
