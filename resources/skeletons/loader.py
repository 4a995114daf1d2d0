"""Labels from the beginning of each file name."""

from collections.abc import Iterator
from dataclasses import dataclass

from petstudio.api import DatasetLoader, ImageLabel, Place, hookimpl, text

PETSTUDIO_API = (1, 0)
__version__ = "0.1"


@dataclass(frozen=True, kw_only=True)
class Options:
    """Each field becomes a field of the form; the values are kept with the project."""

    end: str = text("_", label="Ends at", help="The label stands before the last of these.")

    def validate(self) -> str | None:
        return None if self.end else "“Ends at” is empty."


def read(options: Options, place: Place) -> Iterator[ImageLabel]:
    """Give one label for each file, in order; None where there is none."""
    for path in place.files:  # relative paths with "/", such as "holiday/cat_12.jpg"
        name = path.rpartition("/")[2]
        label, _, _ = name.rpartition(options.end)
        yield ImageLabel(path=path, label=label.strip() or None)


@hookimpl
def petstudio_dataset_loaders() -> list[DatasetLoader[Options]]:
    return [
        DatasetLoader(
            key="sample-key",  # projects store it: never change it
            label="Sample label",
            summary="The beginning of the file name, up to the last of a mark.",
            options=Options,
            read=read,
        )
    ]
