"""Drawing where a run's model looks. Imports the engine."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from petstudio.api.control import RunControl
from petstudio.api.events import Emit, ProgressMade
from petstudio.api.language import tr
from petstudio.config.atomic import write_bytes, write_fault
from petstudio.engine.heat_map import heat_pictures
from petstudio.engine.input.batches import ImageSet
from petstudio.engine.model_file import load_model
from petstudio.engine.model_info import ModelInfo, read_info
from petstudio.engine.network import Network
from petstudio.jobs.heat_map_files import HeatMapWish, stamp_of
from petstudio.jobs.job import Job, skip_teller
from petstudio.jobs.picture_cache import store_plan, workplace
from petstudio.jobs.plans import guarded_architecture
from petstudio.plugin_host.host import PluginHost

_TASK: Final = tr("Drawing heat maps")


def draw_heat_maps(
    host: PluginHost, project: Path, model: Path, wishes: Sequence[HeatMapWish]
) -> Job:
    """Return the job that draws the heat maps which are not there yet."""

    def job(emit: Emit, control: RunControl) -> None:
        due = [wish for wish in wishes if not wish.file.exists()]
        emit(ProgressMade(task=_TASK, done=0, total=len(due)))
        if not due:
            return
        info, network = _loaded(host, model, stamp_of(model))
        where = workplace(replace(store_plan(project, seen_once=True), disk_budget=0))
        drawn = heat_pictures(network, info, _image_set(due), skip_teller(emit), control, where)
        try:
            for done, (place, pixels) in enumerate(drawn, start=1):
                _keep(due[place].file, pixels)
                emit(ProgressMade(task=_TASK, done=done, total=len(due)))
        finally:
            network.cpu()  # the device's memory is for the next job

    return job


@lru_cache(maxsize=1)
def _loaded(host: PluginHost, model: Path, _stamp: tuple[int, int]) -> tuple[ModelInfo, Network]:
    """Return a model; the latest one is kept, as its heat maps are asked for again and again."""
    info = read_info(model)
    architecture = guarded_architecture(host, host.architecture(info.architecture))
    return info, load_model(model, info, architecture)


def _image_set(wishes: Sequence[HeatMapWish]) -> ImageSet:
    return ImageSet(
        paths=tuple(wish.picture for wish in wishes),
        keys=np.arange(len(wishes)),
        targets=np.array([wish.target for wish in wishes], dtype=np.int64),
    )


def _keep(file: Path, pixels: NDArray[np.uint8]) -> None:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "PNG", compress_level=1)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_fault(file, error) from error
    write_bytes(file, content.getvalue())
