"""Where the features of a run's frozen body are kept, if anywhere."""

from __future__ import annotations

from torch import nn

from petstudio.config.recipe import Precision
from petstudio.engine.features import (
    FeatureFiles,
    PictureVersions,
    body_digest,
    content_versions,
)
from petstudio.engine.input.batches import ImageSet
from petstudio.engine.plan import TrainingData, TrainingPlan


def feature_files(
    body: nn.Module,
    plan: TrainingPlan,
    data: TrainingData,
    precision: Precision,
    *,
    may_write: bool = True,
) -> tuple[FeatureFiles, FeatureFiles]:
    """Return the files for training and validation pictures.

    They are found again by a later run whose body, sizes, augmentation, seed and precision are the
    same, whatever the labels are: retraining a head after relabelling reads them. Of several
    processes one may write.
    """
    folder = None
    if plan.features is not None:
        recipe = plan.recipe
        changes = [(augmentation.key, options) for augmentation, options in plan.augmentations]
        settings = (recipe.input, plan.mean, plan.std, recipe.seed, changes, precision)
        folder = plan.features / body_digest(body, *settings)
    return (
        FeatureFiles(folder, _versions(data.train), may_write=may_write),
        FeatureFiles(folder, _versions(data.valid), may_write=may_write),
    )


def _versions(images: ImageSet) -> PictureVersions:
    return PictureVersions(keys=images.keys, contents=content_versions(images.paths))
