"""Labels from file names, by a pattern (a regular expression)."""

from __future__ import annotations

from petstudio.api import DatasetLoader, hookimpl
from petstudio.api.language import tr

from .matching import PatternOptions, read_by_pattern

PETSTUDIO_API = (1, 0)


@hookimpl
def petstudio_dataset_loaders() -> list[DatasetLoader[PatternOptions]]:
    return [
        DatasetLoader(
            key="regex",
            label=tr("Pattern in the name"),
            summary=tr(
                "The class is the part of each file's name or path that a pattern picks out."
            ),
            options=PatternOptions,
            read=read_by_pattern,
        )
    ]
