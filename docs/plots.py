"""Draws the plots of the documents with the program's own plot writer.

Usage: python docs/plots.py; writes docs/images/schedule-*.png, one for each bundled schedule.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from petstudio.api import SchedulePlan, Scheduler
from petstudio.images.line_plot import Axis, LinePlot, Series, Stroke, save_plot
from petstudio.plugins.schedules import petstudio_schedulers

_IMAGES = Path(__file__).parent / "images"
_SIZE = (720, 320)
_EPOCHS = 20
_STEPS_PER_EPOCH = 50


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


def main() -> None:
    """Draw every plot anew."""
    _IMAGES.mkdir(exist_ok=True)
    for scheduler in petstudio_schedulers():
        save_plot(_IMAGES / f"schedule-{scheduler.key}.png", schedule_plot(scheduler), _SIZE)


if __name__ == "__main__":
    main()
