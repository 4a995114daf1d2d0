"""Which pictures are to be predicted: files, folders, or some of a project's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError
from petstudio.api.language import counted, tr
from petstudio.images.listing import list_images
from petstudio.jobs.new_files import NewFiles
from petstudio.project.names import shown_text
from petstudio.project.project import Project
from petstudio.project.records import Access

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class PictureSource:
    """Files in the order in which they are predicted; `folder` if they are those of one folder."""

    title: str
    files: tuple[Path, ...]
    folder: Path | None = None


def gather(paths: Sequence[Path]) -> PictureSource:
    """Return all pictures among files and below folders, each once.

    Raises:
        InputError: a path is not there, or a folder has no pictures.
    """
    files = tuple(dict.fromkeys(file for path in paths for file in _files_at(path)))
    if not files:
        raise InputError(
            tr("There are no pictures."), cure=tr("Choose pictures or folders of pictures.")
        )
    only = paths[0] if len(paths) == 1 else None
    title = _title(only) if only else counted(len(paths), "{count:,} file", "{count:,} files")
    is_folder = only is not None and only.is_dir()
    return PictureSource(title=title, files=files, folder=only if is_folder else None)


def watched_folder(folder: Path) -> PictureSource:
    """Return the pictures in a folder into which more shall come; it may be empty.

    Raises:
        InputError: it is not there.
    """
    if not folder.is_dir():
        raise InputError(
            tr("There is no folder {shown_text}.", shown_text=shown_text(str(folder))),
            cure=tr("Choose another."),
        )
    first = NewFiles(folder)
    return PictureSource(title=_title(folder), files=tuple(first.listed()), folder=folder)


def validation_pictures(project: Path, count: int) -> PictureSource:
    """Return about evenly spaced validation pictures of a project.

    Raises:
        InputError: it has none, or they are not where they were.
    """
    with Project.open(project, Access.READ) as opened:
        root = opened.data_root
        files = [root / image.path for image in opened.usable() if image.split is Split.VALID]
    if not files:
        raise InputError(
            tr("The project has no validation pictures."), cure=tr("Choose a folder of pictures.")
        )
    chosen = evenly_spaced(files, count)
    return PictureSource(
        title=counted(len(chosen), "{count:,} validation picture", "{count:,} validation pictures"),
        files=chosen,
    )


def evenly_spaced(items: Sequence[T], count: int) -> tuple[T, ...]:
    """Return up to `count` of the items, from all over them."""
    wanted = min(count, len(items))
    return tuple(items[place * len(items) // wanted] for place in range(wanted))


def _title(path: Path) -> str:
    return shown_text(path.name or str(path))


def _files_at(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return (path / name for name in list_images(path).files)
    if path.exists():
        return (path,)
    raise InputError(
        tr("{shown_text} is not there.", shown_text=shown_text(str(path))),
        cure=tr("Choose pictures or folders of pictures."),
    )
