"""What a project holds, as plain immutable data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from petstudio.api.contributions import Split
from petstudio.api.language import tr
from petstudio.project.lock import is_locked, locked
from petstudio.project.names import shown_text

if TYPE_CHECKING:
    from petstudio.project.image_columns import ImageColumns


class Access(Enum):
    """What an opened project is for; any number may read, one may write."""

    WRITE = "write"
    READ = "read"


class LabelOrigin(Enum):
    """Who said so; WITHDRAWN: nobody, as the step that brought the image in was taken back."""

    LOADER = "loader"
    PERSON = "person"
    SUGGESTION = "suggestion"
    WITHDRAWN = "withdrawn"


class RunState(Enum):
    """INTERRUPTED: the program died while the run was going on."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class Source:
    """How the images were found: a loader's key and its options as plain values."""

    loader: str
    options: Mapping[str, Any] = field(default_factory=dict)  # as the loader declares them


@dataclass(frozen=True, kw_only=True)
class AddedFolder:
    """A folder that came into a project later; its images stand below `name`.

    `group` is a pattern: what its first group matches in a path stays on one side of the split.
    """

    name: str
    source: Source
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class NewImage:
    """An image for a new project.

    Attributes:
        path: relative to the data root, with `/` on every system.
        label: None where the loader found none ("unmatched").
        unreadable: why the file cannot be used; None for a good one.
        size, mtime_ns: of the file, in bytes and nanoseconds, to notice later that it changed.
    """

    path: str
    label: str | None
    split: Split | None = None
    group: str | None = None
    unreadable: str | None = None
    size: int = 0
    mtime_ns: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)  # there may be a million of them
class ImageRecord:
    """An image of a project; `path` is relative to the data root, with `/` on every system."""

    id: int
    path: str
    label: str | None
    origin: LabelOrigin
    split: Split | None
    group: str | None
    excluded: bool
    unreadable: str | None
    size: int
    mtime_ns: int

    @property
    def shown(self) -> str:
        """The path as it can be shown and logged: nothing unprintable in it."""
        return shown_text(self.path)

    @property
    def is_present(self) -> bool:
        """False for what no page shows, until the step that brought it in is done again."""
        return self.origin is not LabelOrigin.WITHDRAWN

    @property
    def is_usable(self) -> bool:
        """It has a label and a split, can be read and is not excluded."""
        has_place = self.label is not None and self.split is not None
        return has_place and not self.excluded and self.unreadable is None

    @property
    def is_undecided(self) -> bool:
        """Nobody has said yet what it shows, and it can be said.

        An image that a person left without a label shows none of the classes.
        """
        is_open = self.label is None and self.origin is not LabelOrigin.PERSON
        return is_open and not self.excluded and self.unreadable is None


@dataclass(frozen=True, kw_only=True)
class KnownImages:
    """All images as somebody has read or written them; every change of any gives a new `state`.

    It is empty where none was ever stored, and fits nothing then.
    """

    state: str
    records: ImageColumns


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One step of the edit history; `what` is a sentence such as "Label 3 images as Birman"."""

    id: int
    what: str
    when: datetime
    undone: bool


@dataclass(frozen=True, kw_only=True)
class Rename:
    """A class got another name, or became part of the one that has it."""

    old: str
    new: str
    when: datetime


@dataclass(frozen=True, kw_only=True)
class RunFolder:
    """Where the files of a run are."""

    number: int
    name: str
    path: Path

    @property
    def recipe_path(self) -> Path:
        return self.path / "recipe.toml"

    @property
    def events_path(self) -> Path:
        return self.path / "events.jsonl"

    @property
    def model_path(self) -> Path:
        return self.path / "model.safetensors"

    @property
    def predictions_path(self) -> Path:
        """What the validation pictures were taken for at the end of the training."""
        return self.predictions_of(Split.VALID)

    @property
    def report_path(self) -> Path:
        return self.path / "report.html"

    @property
    def checkpoints_path(self) -> Path:
        return self.path / "checkpoints"

    @property
    def is_held(self) -> bool:
        """True while some process is inside `hold`."""
        return is_locked(self.path)

    def predictions_of(self, split: Split, views: int = 0) -> Path:
        """Return where the predictions for a split are; `views` as in `evaluate`."""
        place = "" if split is Split.VALID and not views else f"-{split.value}"
        augmented = f"-tta{views}" if views else ""
        return self.path / f"predictions{place}{augmented}.safetensors"

    def report_of(self, split: Split, views: int = 0) -> Path:
        """Return where the report of an evaluation is; `report_path` is that of the training."""
        return self.path / f"report-{split.value}{f'-tta{views}' if views else ''}.html"

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Show other processes that the run is going on; ends with the block or the process.

        Raises:
            ConflictError: another process is running it.
            MachineError: the folder cannot be written.
        """
        with locked(self.path, cure=tr("Wait until it has ended, or stop it there.")):
            yield


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """A run as the project remembers it; a metric without a value is NaN.

    `split_fingerprint` tells which images, labels and splits it saw.
    """

    number: int
    name: str
    state: RunState
    started: datetime
    split_fingerprint: str
    metrics: Mapping[str, float]
    folder: RunFolder


@dataclass(frozen=True, kw_only=True)
class TrashedRun:
    """A run in the trash; `bytes` is the space that its folder takes."""

    number: int
    name: str
    when: datetime
    bytes: int
