"""The models that can predict: those of a project's runs, and single files. Without torch."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.engine.model_info import ModelInfo, read_info
from petstudio.project.names import shown_text
from petstudio.project.project import Project
from petstudio.project.records import Access, RunFolder, RunRecord

_FINGERPRINT_LETTERS: Final = 16

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ModelFile:
    """A model file and what it says of itself; `run` is None for a file from elsewhere."""

    file: Path
    info: ModelInfo
    run: RunFolder | None = None

    @property
    def name(self) -> str:
        """What it is called in a sentence: "run 14, demo" or the file's name."""
        if self.run is None:
            return shown_text(self.file.name)
        return tr("run {number}, {run}", number=self.run.number, run=self.run.name)

    @property
    def fingerprint(self) -> str:
        """Tells from which labelled pictures it was trained; short, for tables."""
        return self.info.fingerprint[:_FINGERPRINT_LETTERS]


def models_of(project: Path) -> tuple[ModelFile, ...]:
    """Return the models of a project's runs, newest first; those that cannot be read are left out.

    Raises:
        PetStudioError: the project cannot be read.
    """
    with Project.open(project, Access.READ) as opened:
        runs = opened.runs()
    found = (_model_of(run) for run in reversed(runs) if run.folder.model_path.is_file())
    return tuple(model for model in found if model is not None)


def model_at(file: Path) -> ModelFile:
    """Return the model in a file; errors as `read_info`."""
    return ModelFile(file=file, info=read_info(file))


def _model_of(run: RunRecord) -> ModelFile | None:
    file = run.folder.model_path
    try:
        return ModelFile(file=file, info=read_info(file), run=run.folder)
    except PetStudioError as error:
        logger.info("The model of run %d is left out: %s", run.number, error)
        return None
