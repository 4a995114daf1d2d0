"""The sample set from nothing to a trained project, without a download."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.events import Emit, ProgressMade
from petstudio.api.language import tr
from petstudio.config.recipe_file import bundled_recipe
from petstudio.images.sample_set import SAMPLE_PATTERN, draw_sample_set
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.job import Job
from petstudio.jobs.proving import DataSource
from petstudio.jobs.training import train
from petstudio.plugin_host.host import PluginHost

SAMPLE_RECIPE: Final = "sample"
_PROJECT: Final = "sample.petstudio"
_PICTURES: Final = "pictures"


def sample_project(folder: Path) -> Path:
    """Return where the sample project of a folder is."""
    return folder / _PROJECT


def draw_sample(host: PluginHost, folder: Path) -> Job:
    """Return the job that draws the sample set and makes a project of it, if it is not there."""

    def job(emit: Emit, control: RunControl) -> None:
        pictures = folder / _PICTURES

        def progress(done: int, total: int) -> None:
            control.checkpoint()
            emit(ProgressMade(task=tr("Drawing the sample set"), done=done, total=total))

        draw_sample_set(pictures, on_progress=progress)
        if not sample_project(folder).exists():
            source = DataSource(root=pictures, loader="regex", options={"pattern": SAMPLE_PATTERN})
            create_project(host, sample_project(folder), source, SplitChoice())(emit, control)

    return job


def demo(host: PluginHost, folder: Path) -> Job:
    """Return the job that draws, trains and evaluates the sample set in a folder."""

    def job(emit: Emit, control: RunControl) -> None:
        draw_sample(host, folder)(emit, control)
        recipe = bundled_recipe(SAMPLE_RECIPE)
        train(host, sample_project(folder), recipe, name="demo")(emit, control)

    return job
