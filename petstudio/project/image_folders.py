"""Where the images of a project are: in the folder it was made of, and in those added to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Final

from petstudio.api.errors import InputError
from petstudio.api.language import tr
from petstudio.config.data_roots import data_root_of, remember_data_root
from petstudio.images.roots import MountedRoot, Root, folders_of
from petstudio.project.database import Database
from petstudio.project.names import shown_text, stays_inside
from petstudio.project.records import AddedFolder, Source
from petstudio.project.table_rows import decoding, json_table, put_meta, read_meta

_KEY: Final = "folder."
_NAMELESS: Final = "pictures"
_PATH_MARKS: Final = re.compile(r"[/\\:]")  # of any system: a project may go to another


class ImageFolders:
    """Names and sources stand in the project; where the folders are is in each user's settings.

    Images of an added folder stand in the project below its name.
    """

    def __init__(self, database: Database, project: Path, project_id: str) -> None:
        """Read and check what was added; IntegrityError if it is not what PetStudio writes."""
        self._database = database
        self._project = project
        self._project_id = project_id
        with decoding(database, "meta"):
            self._added = {
                key.removeprefix(_KEY): _folder(key.removeprefix(_KEY), text)
                for key, text in read_meta(database).items()
                if key.startswith(_KEY)
            }

    @property
    def added(self) -> Mapping[str, AddedFolder]:
        """The added folders by their names, also those whose images are all taken back."""
        return MappingProxyType(self._added)

    @property
    def first(self) -> Path | None:
        """The folder that the project was made of; it may be gone, or not be known here."""
        return data_root_of(self._project_id)

    @property
    def root(self) -> Root:
        """Where the images are; InputError if the first folder is not known or gone."""
        root = self.known
        if root is None:
            raise InputError(
                tr("It is not known where the pictures of {path} are.", path=self._project.name),
                cure=tr("Say where the pictures are, on the Data page or with --data FOLDER."),
            )
        check_data_root(folders_of(root)[""])
        return root

    @property
    def known(self) -> Root | None:
        """Where the images are, whether the folders are there or not."""
        first = self.first
        if first is None or not self._added:
            return first
        places = {name: data_root_of(self._key(name)) or first / name for name in self._added}
        return MountedRoot(folder=first, mounted=places)

    def name_for(self, folder: Path, paths: Iterable[str]) -> str:
        """Return what an added folder is called, or can be: by its name, unless that is taken.

        No image of these paths is below a new name, nor is anything in the first folder.
        """
        wanted = folder.resolve()
        for name in self._added:
            place = data_root_of(self._key(name))
            if place is not None and place.resolve() == wanted:
                return name
        taken = {path.partition("/")[0] for path in paths} | self._added.keys()
        start = mount_name(folder.absolute())
        names = (name for name in _numbered(start) if name not in taken)
        return next(name for name in names if not self._is_there(name))

    def add(self, added: AddedFolder, folder: Path) -> None:
        """Take in a folder, or another source for one that is there; it has no images yet.

        Raises:
            InputError: this is no folder.
            ConflictError: the project is open read-only.
            MachineError: it cannot be stored.
        """
        check_data_root(folder)
        row = {"loader": added.source.loader, "options": dict(added.source.options)}
        text = json.dumps({**row, "group": added.group}, allow_nan=False)
        self._database.require_writable()
        remember_data_root(self._key(added.name), folder)  # first: no kill leaves it unknown
        with self._database.transaction():
            put_meta(self._database, {f"{_KEY}{added.name}": text})
        self._added[added.name] = added

    def locate(self, folder: Path, name: str = "") -> None:
        """Remember where the first folder is now, or the added one of this name.

        Raises:
            InputError: this is no folder.
            MachineError: the settings cannot be written.
        """
        check_data_root(folder)
        remember_data_root(self._key(name), folder)

    def _key(self, name: str) -> str:
        return f"{self._project_id}/{name}" if name else self._project_id

    def _is_there(self, name: str) -> bool:
        return self.first is not None and (self.first / name).exists()


def mount_name(folder: PurePath) -> str:
    """Return what a folder is called after: one name, and no path, on every system."""
    name = _PATH_MARKS.sub("_", shown_text(folder.name))
    return name if stays_inside(name) else _NAMELESS


def check_data_root(root: Path) -> None:
    """Raise InputError if this is no folder."""
    if not root.is_dir():
        raise InputError(
            tr("The folder of images {root} is not there.", root=root),
            cure=tr("Say where the pictures are, on the Data page or with --data FOLDER."),
        )


def _numbered(name: str) -> Iterable[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _folder(name: str, text: str) -> AddedFolder:
    values = json_table(text)
    if not stays_inside(name) or "/" in name:
        raise ValueError(name)
    source = Source(loader=str(values["loader"]), options=dict(values["options"]))
    return AddedFolder(name=name, source=source, group=str(values["group"]))
