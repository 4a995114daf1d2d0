"""The events of a learning-rate sweep that was written instead of run."""

from __future__ import annotations

import math
from collections.abc import Iterator

from petstudio.api.events import (
    Event,
    GroupPlan,
    Outcome,
    RateRule,
    RateSuggestion,
    RunFinished,
    SweepEnd,
    SweepFinished,
    SweepStarted,
    SweepStepFinished,
)
from petstudio.bridge.live_sweep import Ghost, LiveSweep
from petstudio.config.recipe import ModelChoice, Recipe, Stage
from petstudio.config.sweep import SweepChoice

CHOICE = SweepChoice()
RECIPE = Recipe(
    model=ModelChoice(weights="none"),
    stages=(
        Stage(name="head", epochs=4),
        Stage(name="all layers", epochs=2, trainable="all", rate=(1e-6, 1e-4)),
    ),
)
GROUPS = tuple(
    GroupPlan(name=name, parameters=1000, trainable=1000, rate=10.0)
    for name in ("stem", "layer1", "layer2", "layer3", "layer4", "head")
)
STARTED = SweepStarted(
    stage=1,
    name="all layers",
    weights="run 3, stage-1",
    start_rate=CHOICE.start_rate,
    end_rate=CHOICE.end_rate,
    steps=CHOICE.steps,
    batch_size=16,
    groups=GROUPS,
)
SUGGESTIONS = (
    RateSuggestion(rule=RateRule.VALLEY, rate=1.318e-4),
    RateSuggestion(rule=RateRule.SLIDE, rate=math.nan, reason="The sweep leaves 12 points."),
    RateSuggestion(rule=RateRule.MINIMUM, rate=2.7e-4),
    RateSuggestion(rule=RateRule.STEEPEST, rate=2.5e-5),
)
COMPLETED = RunFinished(outcome=Outcome.COMPLETED)


def step(number: int) -> SweepStepFinished:
    """A loss that falls about 1e-4 and rises from 1e-1 on, with a saw for noise."""
    rate = CHOICE.rate(number)
    place = math.log10(rate)
    smoothed = 0.12 + 0.2 / (1 + math.exp(1.6 * (place + 4.5))) + 0.01 * math.exp(2 * (place + 1))
    loss = smoothed + (0.01 if number % 2 else -0.01)
    return SweepStepFinished(step=number, rate=rate, loss=loss, smoothed_loss=smoothed)


def ending(steps: int) -> Iterator[Event]:
    yield SweepFinished(end=SweepEnd.DIVERGED, steps=steps, suggestions=SUGGESTIONS)
    yield COMPLETED


def begun_sweep(steps: int, *, ghosts: tuple[Ghost, ...] = ()) -> LiveSweep:
    sweep = LiveSweep(RECIPE, 1, ghosts=ghosts)
    sweep.feed([STARTED, *(step(number) for number in range(steps))])
    return sweep


def ended_sweep(steps: int = 88, *, ghosts: tuple[Ghost, ...] = ()) -> LiveSweep:
    """A sweep over 7 decades, from 1e-7 to just above 0.9."""
    sweep = begun_sweep(steps, ghosts=ghosts)
    sweep.feed(ending(steps))
    return sweep
