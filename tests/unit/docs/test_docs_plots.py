"""The plots and tables of the concept pages are those of the program's own rules."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from petstudio.api.events import RateRule
from petstudio.engine.layer_groups import group_rates
from petstudio.images.line_plot import draw_plot
from petstudio.plugin_host.host import PluginHost

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "plots.py"))


def page(name: str) -> str:
    return (DOCS / "concepts" / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["one-cycle", "group-rates"])
def test_that_the_plot_of_a_concept_is_the_one_the_script_draws(script, name: str) -> None:
    plot = script[f"{name.replace('-', '_')}_plot"](PluginHost.load(safe_mode=True))
    fresh = np.asarray(draw_plot(plot, script["_CONCEPT_SIZE"])).astype(int)
    with Image.open(DOCS / "images" / f"concept-{name}.png") as stored:
        old = np.asarray(stored.convert("RGB")).astype(int)
    # As of the schedules' plots: another Pillow's letters make less.
    assert abs(fresh - old).mean() < 0.5


def test_that_the_table_of_group_rates_is_what_the_engine_gives() -> None:
    rows = re.findall(r"^\| `(.+?)` \| ([\d.e, -]+) \|", page("discriminative-rates"), re.MULTILINE)
    assert len(rows) == 3
    for given, shown in rows:
        rates = [float(rate) for rate in given.strip("[]").split(",")]
        assert group_rates(rates, 3) == pytest.approx([float(rate) for rate in shown.split(",")])


def test_that_the_page_on_the_finder_names_every_rule() -> None:
    rows = re.findall(r"^\| (\w+) \| (?!gives)", page("learning-rate-finder"), re.MULTILINE)
    assert rows == [rule.value for rule in RateRule]
