"""What a run made of a split, judged by today's labels. Without torch: the window reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError, IntegrityError
from petstudio.api.language import tr
from petstudio.engine.model_info import read_info
from petstudio.engine.predictions import Predictions, load_predictions, retargeted
from petstudio.images.roots import Root
from petstudio.jobs.wording import SPLIT_WORDS
from petstudio.project.project import Project
from petstudio.project.records import Access, ImageRecord, RunFolder, RunRecord


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """Stored predictions of a run; their keys are image ids.

    Attributes:
        classes: in the order of the network's outputs.
        predictions: the probabilities are those before the temperature.
        records: of the predicted pictures, by id, as they are today.
        root: the folder of the pictures.
        left_out: how many were predicted and do not count today: excluded, in another split,
            without a label or of a class that the model does not know.
        missing: how many pictures of the split have no prediction yet.
        views: of each picture, averaged with the plain one; 0 without test-time augmentation.
        temperature, reject_below: as the finished model has them now.
    """

    number: int
    name: str
    split: Split
    classes: tuple[str, ...]
    predictions: Predictions
    records: Mapping[int, ImageRecord]
    root: Root
    left_out: int = 0
    missing: int = 0
    views: int = 0
    temperature: float = 1.0
    reject_below: float = 0.0

    def picture(self, key: int) -> Path:
        """Return the file of a picture."""
        return self.root / self.records[key].path


def read_result(
    project: Path, run: int | None, split: Split = Split.VALID, *, views: int = 0
) -> RunResult:
    """Read a run's predictions and judge them by the labels of today; None is the latest run.

    Raises:
        InputError: no such run, or it was not evaluated on this split yet.
        IntegrityError: a file of the run is damaged.
    """
    with Project.open(project, Access.READ) as opened:
        record, images, root = opened.run(run), opened.usable(), opened.data_root
    stored = _stored(record, split, views)
    info = read_info(record.folder.model_path)
    if len(stored) and stored.probabilities.shape[1] != len(info.classes):
        raise IntegrityError(
            tr("The predictions are not those of this model."), cure=tr("Evaluate the run again.")
        )
    known = _known(images, split, info.classes)
    today = retargeted(stored, {key: target for key, (_, target) in known.items()})
    return RunResult(
        number=record.number,
        name=record.name,
        split=split,
        classes=info.classes,
        predictions=today,
        records={key: known[key][0] for key in today.keys.tolist()},
        root=root,
        left_out=len(stored) - len(today),
        missing=len(known) - len(today),
        views=views,
        temperature=info.temperature,
        reject_below=info.reject_below,
    )


def forget_results(run: RunFolder) -> None:
    """Remove what the model that is about to be replaced predicted, and the reports on it."""
    for pattern in ("predictions*.safetensors", "report*.html"):
        for file in run.path.glob(pattern):
            file.unlink(missing_ok=True)


def _stored(record: RunRecord, split: Split, views: int) -> Predictions:
    file = record.folder.predictions_of(split, views)
    if not file.exists():
        raise InputError(
            tr(
                "Run {number} was not evaluated on the {split_words} pictures yet.",
                number=record.number,
                split_words=SPLIT_WORDS[split],
            ),
            cure=tr("Evaluate it."),
        )
    return load_predictions(file)


def _known(
    images: Sequence[ImageRecord], split: Split, classes: Sequence[str]
) -> dict[int, tuple[ImageRecord, int]]:
    """Return the pictures of a split with the places of their classes, by id."""
    places = {name: place for place, name in enumerate(classes)}
    return {
        image.id: (image, places[image.label])
        for image in images
        if image.split is split and image.label in places
    }
