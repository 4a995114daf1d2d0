"""Labels from the folders that images lie in, also in train, valid and test trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from petstudio.api import DatasetLoader, ImageLabel, NoOptions, Place, Split, hookimpl
from petstudio.api.language import tr

PETSTUDIO_API = (1, 0)

SPLIT_FOLDERS: Final[Mapping[str, Split]] = MappingProxyType(
    {
        "train": Split.TRAIN,
        "valid": Split.VALID,
        "validation": Split.VALID,
        "val": Split.VALID,
        "test": Split.TEST,
    }
)


@hookimpl
def petstudio_dataset_loaders() -> list[DatasetLoader[NoOptions]]:
    return [
        DatasetLoader(
            key="folder",
            label=tr("Folder of the image"),
            summary=tr(
                "The class is the name of the folder that the image lies in. Top folders named "
                "train, valid and test give the split."
            ),
            options=NoOptions,
            read=read_by_folder,
        )
    ]


def read_by_folder(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    """Give the parent folder as the label; None for images that lie in no class folder."""
    splits = split_folders(place.files)
    for path in place.files:
        *folders, _ = path.split("/")
        split = splits.get(folders[0]) if folders else None
        inside = folders[1:] if split else folders
        label = inside[-1] if inside and inside[-1].strip() else None
        yield ImageLabel(path=path, label=label, split=split)


def split_folders(files: Iterable[str]) -> dict[str, Split]:
    """Return the top folders that are parts of a split; none unless train and another are there."""
    tops = {path.split("/", 1)[0] for path in files if path.count("/") >= 2}
    found = {top: SPLIT_FOLDERS[top.lower()] for top in tops if top.lower() in SPLIT_FOLDERS}
    parts = set(found.values())
    return found if Split.TRAIN in parts and len(parts) > 1 else {}
