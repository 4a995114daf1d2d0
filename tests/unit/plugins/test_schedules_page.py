"""The page on schedules tells of each bundled one, with its options as they are declared."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from petstudio.api import option_specs
from petstudio.images.line_plot import draw_plot
from petstudio.plugins.schedules import petstudio_schedulers

DOCS = Path(__file__).parents[3] / "docs"
each = pytest.mark.parametrize("scheduler", petstudio_schedulers(), ids=lambda s: s.key)


def section(key: str) -> str:
    """Return the part of the page under the heading that names this key."""
    page = (DOCS / "schedules.md").read_text(encoding="utf-8")
    parts = [part for part in page.split("\n## ") if part.partition("\n")[0].endswith(f"`{key}`")]
    assert len(parts) == 1
    return parts[0]


@each
def test_that_a_schedule_stands_under_its_label_with_a_plot(scheduler):
    text = section(scheduler.key)
    assert text.startswith(f"{scheduler.label}: `{scheduler.key}`\n")
    assert f"(images/schedule-{scheduler.key}.png)" in text


@each
def test_that_the_table_of_a_schedule_has_its_options_defaults_and_ranges(scheduler):
    row = re.compile(r"^\| `(\w+)` \| (\S+) \| (\S+) to (\S+) \|", re.MULTILINE)
    found = [
        (name, float(default), float(low), float(high))
        for name, default, low, high in row.findall(section(scheduler.key))
    ]
    assert found == [
        (spec.name, spec.default, spec.minimum, spec.maximum)
        for spec in option_specs(scheduler.options)
    ]


@each
def test_that_the_plot_of_a_schedule_is_the_one_the_script_draws(scheduler):
    script = runpy.run_path(str(DOCS / "plots.py"))
    fresh = draw_plot(script["schedule_plot"](scheduler), script["_SIZE"])
    with Image.open(DOCS / "images" / f"schedule-{scheduler.key}.png") as stored:
        old = np.asarray(stored.convert("RGB")).astype(int)
    # A curve that moves by a hundredth of the width makes 1.1; another Pillow's letters do not.
    assert abs(np.asarray(fresh) - old).mean() < 0.5
