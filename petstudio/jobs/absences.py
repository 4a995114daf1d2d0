"""Added folders that are not there, as a drive that is unplugged: one sentence for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from petstudio.api.errors import InputError
from petstudio.api.events import Emit, NoticeGiven, NoticeLevel
from petstudio.api.language import counted, tr
from petstudio.images.roots import Root, absent_folders
from petstudio.project.names import shown_text
from petstudio.project.records import ImageRecord


def absence(folder: Path, pictures: int) -> str:
    """Return the sentence that says that an added folder is not there."""
    return counted(
        pictures,
        "The folder {folder} with {count:,} picture of the project is not there.",
        "The folder {folder} with {count:,} pictures of the project is not there.",
        folder=shown_text(str(folder)),
    )


def pictures_below(records: Iterable[ImageRecord], name: str) -> list[ImageRecord]:
    """Return the images of an added folder."""
    return [record for record in records if record.path.startswith(f"{name}/")]


def require_folders(records: Sequence[ImageRecord], root: Root) -> None:
    """Raise InputError if images are in a folder that is not there."""
    for name, (folder, count) in _missed(records, root).items():
        raise InputError(
            absence(folder, count),
            cure=tr(
                "Connect its drive, say where “{name}” is now on the Data page or with "
                "--data {name}=FOLDER, or leave its pictures out on the Data page.",
                name=shown_text(name),
            ),
        )


def within_reach(records: Sequence[ImageRecord], root: Root, emit: Emit) -> list[ImageRecord]:
    """Return the images whose folder is there, and say which folders are not.

    Raises:
        InputError: none of the images is within reach.
    """
    missed = _missed(records, root)
    there = [record for record in records if record.path.partition("/")[0] not in missed]
    if not there:
        require_folders(records, root)
    for folder, count in missed.values():
        emit(NoticeGiven(level=NoticeLevel.WARNING, message=_left_out(folder, count)))
    return there


def _left_out(folder: Path, pictures: int) -> str:
    return counted(
        pictures,
        "The folder {folder} is not there, so {count:,} picture is left out.",
        "The folder {folder} is not there, so {count:,} pictures are left out.",
        folder=shown_text(str(folder)),
    )


def _missed(records: Sequence[ImageRecord], root: Root) -> Mapping[str, tuple[Path, int]]:
    """Return by name each folder that is not there, and how many of these images are in it."""
    counts = {
        name: (folder, len(pictures_below(records, name)))
        for name, folder in absent_folders(root).items()
    }
    return {name: (folder, count) for name, (folder, count) in counts.items() if count}
