"""Draws the plots of the documents with the program's own plot writer.

Usage: python docs/plots.py; writes docs/images/schedule-*.png, one for each bundled schedule, and
two plots of the tutorial's recipe, concept-one-cycle.png and concept-group-rates.png.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from petstudio.api import SchedulePlan, Scheduler
from petstudio.config.recipe_file import bundled_recipe
from petstudio.images.line_plot import Axis, LinePlot, Series, Stroke, save_plot
from petstudio.jobs.rate_plan import plan_rates, plan_unstarted
from petstudio.plugin_host.host import PluginHost
from petstudio.plugins.schedules import petstudio_schedulers

_IMAGES = Path(__file__).parent / "images"
_SIZE = (720, 320)
_EPOCHS = 20
_STEPS_PER_EPOCH = 50
_TUTORIAL_STEPS = 92  # of an epoch: 5,912 training pictures in whole batches of 64
_CONCEPT_SIZE = (720, 360)
_LAWS = ("one-cycle", "one-cycle-2019")


def schedule_plot(scheduler: Scheduler[Any]) -> LinePlot:
    """Return rate and momentum over a whole stage, with the options as they are by default."""
    plan = SchedulePlan(steps=_EPOCHS * _STEPS_PER_EPOCH, steps_per_epoch=_STEPS_PER_EPOCH)
    point = scheduler.build(scheduler.options(), plan)
    points = [point(step) for step in range(plan.steps)]
    epochs = [step / plan.steps_per_epoch for step in range(plan.steps)]
    return LinePlot(
        title=f"{scheduler.label} ({scheduler.key})",
        x_axis=Axis(label="epoch", limits=(0, _EPOCHS)),
        y_axis=Axis(limits=(0, 1.05)),
        series=(
            Series(x=epochs, y=[p.scale for p in points], name="rate / highest rate"),
            Series(x=epochs, y=[p.momentum for p in points], name="momentum", stroke=Stroke.DASHED),
        ),
    )


def one_cycle_plot(host: PluginHost) -> LinePlot:
    """Return the rate of the tutorial's first stage, by both laws."""
    stage = bundled_recipe("tutorial").stages[0]
    plan = SchedulePlan(steps=stage.epochs * _TUTORIAL_STEPS, steps_per_epoch=_TUTORIAL_STEPS)
    steps = range(plan.steps)
    series = []
    for key, stroke in zip(_LAWS, (Stroke.SOLID, Stroke.DASHED), strict=True):
        scheduler = host.scheduler(key)
        point = scheduler.build(scheduler.options(), plan)
        rates = [stage.rate[0] * point(step).scale for step in steps]
        series.append(Series(x=_epochs(steps), y=rates, name=key, stroke=stroke))
    return LinePlot(
        title=f"The tutorial's first stage: {stage.epochs} epochs, highest rate {stage.rate[0]:g}",
        x_axis=Axis(label="epoch", limits=(0, stage.epochs)),
        y_axis=Axis(label="learning rate of the head", limits=(0, 1.05 * stage.rate[0])),
        series=tuple(series),
    )


def group_rates_plot(host: PluginHost) -> LinePlot:
    """Return the rates of each layer group over the tutorial's whole recipe."""
    recipe = bundled_recipe("tutorial")
    groups = plan_unstarted(host, recipe, _TUTORIAL_STEPS).groups
    plan = plan_rates(host, recipe, groups, _TUTORIAL_STEPS)
    return LinePlot(
        title="The tutorial's recipe: the rate of each layer group",
        x_axis=Axis(label="epoch", limits=(0, plan.stages[-1].end)),
        y_axis=Axis(label="learning rate", limits=(1e-9, 1e-2), logarithmic=True),
        series=tuple(
            Series(
                x=[x for stage in plan.stages for x in (*stage.x, stage.end)],
                y=[rate for stage in plan.stages for rate in (*stage.rates(index), math.nan)],
                name=name,
            )
            for index, name in enumerate(groups)
        ),
    )


def _epochs(steps: range) -> list[float]:
    return [step / _TUTORIAL_STEPS for step in steps]


def main() -> None:
    """Draw every plot anew."""
    _IMAGES.mkdir(exist_ok=True)
    host = PluginHost.load(safe_mode=True)
    save_plot(_IMAGES / "concept-one-cycle.png", one_cycle_plot(host), _CONCEPT_SIZE)
    save_plot(_IMAGES / "concept-group-rates.png", group_rates_plot(host), _CONCEPT_SIZE)
    for scheduler in petstudio_schedulers():
        save_plot(_IMAGES / f"schedule-{scheduler.key}.png", schedule_plot(scheduler), _SIZE)


if __name__ == "__main__":
    main()
