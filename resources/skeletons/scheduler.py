"""A learning rate that halves again and again."""

from collections.abc import Callable
from dataclasses import dataclass

from petstudio.api import SchedulePlan, SchedulePoint, Scheduler, hookimpl, integer

PETSTUDIO_API = (1, 0)
__version__ = "0.1"


@dataclass(frozen=True, kw_only=True)
class Options:
    """Each field becomes a field of the form; the values are kept in the recipe."""

    times: int = integer(4, minimum=1, maximum=30, label="Times", help="How often it halves.")


def build(options: Options, plan: SchedulePlan) -> Callable[[int], SchedulePoint]:
    """Return a function of the step (0 for the first) that keeps no state."""

    def point(step: int) -> SchedulePoint:
        halvings = step * (options.times + 1) // plan.steps
        return SchedulePoint(scale=0.5**halvings, momentum=0.9)

    return point


@hookimpl
def petstudio_schedulers() -> list[Scheduler[Options]]:
    return [
        Scheduler(
            key="sample-key",  # recipes store it: never change it
            label="Sample label",
            summary="The rate halves a few times, at equal distances.",
            options=Options,
            build=build,
        )
    ]
