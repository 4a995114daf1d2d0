"""The files and folders of a project, and the check that none of them leads elsewhere."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

from petstudio.api.errors import InputError, IntegrityError
from petstudio.api.language import tr
from petstudio.config.atomic import write_fault
from petstudio.project.lock import LOCK_NAME
from petstudio.project.names import shown_text
from petstudio.project.records import RunFolder

DATABASE: Final = "project.db"
LABELS_COPY: Final = "labels.csv"
QUEUE: Final = "queue.toml"
TAGS: Final = "tags.json"
SUGGESTIONS: Final = "suggestions.safetensors"
PENDING_FIXES: Final = "pending-fixes.json"
RUNS: Final = "runs"
SNAPSHOTS: Final = "snapshots"
CACHE: Final = "cache"
PICTURES: Final = "pictures"
FEATURES: Final = "features"
HEAT_MAPS: Final = "heat-maps"
TEMPORARY: Final = "tmp"
TRASH: Final = "trash"
FOLDERS: Final = (RUNS, SNAPSHOTS, CACHE, TEMPORARY, TRASH)


def pictures_folder(project: Path, elsewhere: str = "") -> Path:
    """Return where a project's decoded pictures are kept; it may be deleted at any time.

    `elsewhere` is a folder for the pictures of all projects, empty to keep them in the project.
    """
    if not elsewhere:
        return project / CACHE / PICTURES
    place = hashlib.sha256(os.fsencode(project.resolve())).hexdigest()[:16]
    return Path(elsewhere) / f"{project.stem}-{place}" / PICTURES


def check_layout(project: Path) -> None:
    """Check what is about to be opened.

    Raises:
        InputError: there is no project here, or it cannot be read.
        IntegrityError: the database is gone, or a part of the project is a link to another place.
    """
    try:
        has_database = (project / DATABASE).is_file()
        is_project = has_database or (project / SNAPSHOTS).is_dir()
    except OSError as error:
        raise InputError(
            tr("{project} cannot be opened: {strerror}.", project=project, strerror=error.strerror),
            cure=tr("Check its name and its rights."),
        ) from error
    if not is_project:
        raise InputError(
            tr("There is no project at {project}.", project=project),
            cure=tr("Choose a folder that ends in .petstudio."),
        )
    check_links(project)
    if not has_database:
        raise IntegrityError(
            tr("{project}/{database} is missing.", project=project.name, database=DATABASE)
        )


def check_links(project: Path) -> None:
    """Raise IntegrityError if a part of the project is a link to another place."""
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", LOCK_NAME, *FOLDERS):
        if (project / name).is_symlink():
            raise IntegrityError(
                tr(
                    "{project}/{name} is a link to another place; it was not opened.",
                    project=project.name,
                    name=name,
                ),
                cure=tr("Ask whoever gave you the project for a copy without links."),
            )


def check_run(run: RunFolder) -> None:
    """Raise IntegrityError if a part of a run is a link to another place, or would be waited for.

    A run that goes on cuts and continues its log, so a link there could spoil any file.
    """
    checkpoints = run.checkpoints_path
    files = (run.recipe_path, run.events_path, run.model_path, run.predictions_path)
    for path in (run.path, checkpoints, *files, run.report_path, run.path / LOCK_NAME):
        wanted = Path.is_dir if path in (run.path, checkpoints) else Path.is_file
        if path.is_symlink() or (path.exists() and not wanted(path)):
            raise IntegrityError(
                tr(
                    "{shown_text} of run {number} is a link to another place, or not what PetStudio"
                    " writes; it was not opened.",
                    shown_text=shown_text(path.name),
                    number=run.number,
                ),
                cure=tr("Ask whoever gave you the project for a copy without it."),
            )


def make_folders(project: Path) -> None:
    """Make what is missing, and empty the folder for temporary files; for the writer only."""
    try:
        for name in FOLDERS:
            (project / name).mkdir(exist_ok=True)
        for left in (project / TEMPORARY).iterdir():
            _remove(left)
    except OSError as error:
        raise write_fault(project, error) from error


def size_on_disk(folder: Path) -> int:
    """Return the bytes of all files in a folder; what vanishes meanwhile counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += Path(place, name).lstat().st_size
    return total


def _remove(left: Path) -> None:
    if left.is_dir() and not left.is_symlink():
        shutil.rmtree(left, ignore_errors=True)
        return
    with contextlib.suppress(OSError):  # it only takes up room
        left.unlink()
