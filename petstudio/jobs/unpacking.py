"""An archive of pictures becomes a folder of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from petstudio.api.control import RunControl
from petstudio.api.events import Emit
from petstudio.api.language import tr
from petstudio.jobs.archives import extract
from petstudio.jobs.byte_progress import byte_reporter
from petstudio.jobs.job import Job

_SUFFIXES: Final = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


def is_archive(path: Path) -> bool:
    """Return whether this is a file whose name says that it can be unpacked."""
    return path.name.casefold().endswith(_SUFFIXES) and path.is_file()


def free_folder(archive: Path) -> Path:
    """Return a folder beside the archive that is not there yet, called like it."""
    name = archive.name
    for suffix in _SUFFIXES:
        if name.casefold().endswith(suffix):
            name = name[: -len(suffix)] or "pictures"
    folder, number = archive.with_name(name), 2
    while folder.exists():
        folder, number = archive.with_name(f"{name}-{number}"), number + 1
    return folder


def unpack(archive: Path, target: Path) -> Job:
    """Return the job that makes the new folder `target` of an archive, complete or not at all."""

    def job(emit: Emit, control: RunControl) -> None:
        extract(
            archive,
            target,
            control,
            byte_reporter(emit, tr("Unpacking {archive}", archive=archive.name)),
        )

    return job
