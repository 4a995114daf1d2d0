"""What is noted in a finished model after its training: temperature and reject threshold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from petstudio.engine.model_info import ModelInfo, read_info, replace_info
from petstudio.project.project import Project
from petstudio.project.records import Access


def note_in_model(
    project: Path,
    run: int | None,
    *,
    temperature: float | None = None,
    reject_below: float | None = None,
) -> ModelInfo:
    """Store what is given in a run's model, leave the rest as it is, and return all of it.

    Raises:
        InputError: no such run, no model, or a value out of its range.
        ConflictError: the run is going on.
        MachineError: the disk is full, or the folder cannot be written.
    """
    with Project.open(project, Access.READ) as opened:
        folder = opened.run(run).folder
    with folder.hold():
        info = read_info(folder.model_path)
        noted = replace(
            info,
            temperature=info.temperature if temperature is None else temperature,
            reject_below=info.reject_below if reject_below is None else reject_below,
        )
        replace_info(folder.model_path, noted)
    return noted
