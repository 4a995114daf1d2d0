"""All that a database holds, read and checked row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.project.database import Database
from petstudio.project.edit_history import EditHistory
from petstudio.project.image_folders import ImageFolders
from petstudio.project.image_table import ImageTable
from petstudio.project.records import KnownImages, Source
from petstudio.project.run_notes import RunNotesTable
from petstudio.project.run_table import RunTable
from petstudio.project.table_rows import check_count, decoding, json_table, put_meta, read_meta

_COUNTED: Final = ("images", "edits", "runs")


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The tables of one database; `split_choice` is how the splits were made, as plain values."""

    project_id: str
    source: Source
    split_choice: Mapping[str, Any]  # as the splitter defines them
    folders: ImageFolders
    images: ImageTable
    history: EditHistory
    runs: RunTable
    notes: RunNotesTable


def load_contents(database: Database, project: Path, known: KnownImages | None = None) -> Contents:
    """Read everything; the images only if they are not `known` as they are.

    Raises:
        IntegrityError: something is damaged, lost, or not what PetStudio writes.
    """
    meta = read_meta(database)
    for table in _COUNTED:
        check_count(database, table, meta)
    images = ImageTable(database, known)
    history = EditHistory(database, images)
    history.edits()
    runs = RunTable(database, project)
    runs.runs()
    notes = RunNotesTable(database, runs)
    notes.all()
    with decoding(database, "meta"):
        return Contents(
            project_id=meta["project_id"],
            source=Source(loader=meta["loader"], options=json_table(meta["loader_options"])),
            split_choice=json_table(meta["split_choice"]),
            folders=ImageFolders(database, project, meta["project_id"]),
            images=images,
            history=history,
            runs=runs,
            notes=notes,
        )


def store_choices(
    database: Database,
    project_id: str,
    source: Source,
    split_choice: Mapping[str, Any],  # plain values of any kind
) -> None:
    """Store what stays the same for a project's life; call it inside a transaction.

    Raises:
        InputError: a value cannot be stored.
    """
    try:
        options = json.dumps(dict(source.options), allow_nan=False)
        choice = json.dumps(dict(split_choice), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InputError(
            tr(
                "The options of the loader {loader} cannot be stored: {error}.",
                loader=source.loader,
                error=error,
            ),
            cure=tr("Use plain numbers, text and lists."),
        ) from error
    put_meta(
        database,
        {
            "project_id": project_id,
            "loader": source.loader,
            "loader_options": options,
            "split_choice": choice,
        },
    )
