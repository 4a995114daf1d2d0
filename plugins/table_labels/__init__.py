"""Labels from a table: a CSV file with a row for each image."""

from __future__ import annotations

from petstudio.api import DatasetLoader, hookimpl
from petstudio.api.language import tr

from .reading import TableOptions, read_by_table

PETSTUDIO_API = (1, 0)


@hookimpl
def petstudio_dataset_loaders() -> list[DatasetLoader[TableOptions]]:
    return [
        DatasetLoader(
            key="table",
            label=tr("Table (CSV)"),
            summary=tr("The class, and if wanted the split, of each image stands in a CSV file."),
            options=TableOptions,
            read=read_by_table,
        )
    ]
