"""Making a project: built beside its final place, then renamed, so that no half one ever shows."""

from __future__ import annotations

import secrets
import shutil
import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.config.atomic import sync_folder, write_fault
from petstudio.config.data_roots import remember_data_root
from petstudio.project.contents import store_choices
from petstudio.project.database import open_exclusive
from petstudio.project.image_folders import check_data_root
from petstudio.project.image_table import check_new_images, insert_images
from petstudio.project.layout import DATABASE, make_folders
from petstudio.project.names import SUFFIX
from petstudio.project.records import NewImage, Source
from petstudio.project.schema import create_tables
from petstudio.project.table_rows import note_count


@dataclass(frozen=True, kw_only=True)
class NewProject:
    """What a project begins with; `split_choice` is how the splits were made, as plain values."""

    source: Source
    root: Path
    images: Sequence[NewImage]
    split_choice: Mapping[str, Any] = field(default_factory=dict)  # as the splitter defines them


def build_project(path: Path, new: NewProject) -> None:
    """Put a complete project at `path`.

    Raises:
        InputError: the place is taken or wrong, or an image or option cannot be stored.
        MachineError: the disk is full, or the folder cannot be written.
    """
    draft = path.with_name(f"{SUFFIX}-{secrets.token_hex(6)}.part")
    project_id = uuid.uuid4().hex
    try:
        _check_place(path)
        check_data_root(new.root)
        check_new_images(new.images)
        draft.mkdir()
        make_folders(draft)
        _fill(draft, project_id, new)
        sync_folder(draft)
        remember_data_root(project_id, new.root)
        draft.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise write_fault(path, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _check_place(path: Path) -> None:
    if not path.name.endswith(SUFFIX) or path.name == SUFFIX:
        raise InputError(
            tr("{path} is not a project's name.", path=path.name),
            cure=tr("End it in {suffix}.", suffix=SUFFIX),
        )
    if path.exists() or path.is_symlink():
        raise InputError(
            tr("{path} exists already; it was not touched.", path=path),
            cure=tr("Choose another name."),
        )
    if not path.parent.is_dir():
        raise InputError(
            tr("The folder {parent} is not there.", parent=path.parent), cure=tr("Make it first.")
        )


def _fill(folder: Path, project_id: str, new: NewProject) -> None:
    with closing(open_exclusive(folder / DATABASE, create=True)) as database:
        database.become_durable()
        with database.transaction():
            create_tables(database)
            store_choices(database, project_id, new.source, new.split_choice)
            insert_images(database, new.images)
            for table in ("edits", "runs"):
                note_count(database, table)
