"""Equal pictures in several parts of the data, for which the figures look better than they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.engine.analysis.accuracy import Accuracy
from petstudio.images.duplicates import same_content
from petstudio.images.roots import Root
from petstudio.jobs.results import RunResult
from petstudio.project.project import Project
from petstudio.project.records import Access, ImageRecord

TwinGroup: TypeAlias = tuple[ImageRecord, ...]


@dataclass(frozen=True, kw_only=True)
class SplitTwins:
    """Groups of usable pictures with the same bytes, each of which is in several splits."""

    root: Root
    groups: tuple[TwinGroup, ...]

    def ids(self, split: Split) -> frozenset[int]:
        """Return the pictures of a split that are in another one, too."""
        return frozenset(
            record.id for group in self.groups for record in group if record.split is split
        )

    def accuracy_without(self, result: RunResult) -> Accuracy:
        """Return the accuracy of a run on those pictures that are in one split only."""
        predictions = result.predictions
        twins = np.array(sorted(self.ids(result.split)), dtype=np.int64)
        counted = ~np.isin(predictions.keys, twins)
        right = counted & (predictions.predicted == predictions.targets)
        return Accuracy(correct=int(right.sum()), images=int(counted.sum()))


def find_split_twins(project: Path, control: RunControl) -> SplitTwins:
    """Look for them in a project, reading as little of the files as possible.

    Raises:
        InputError: it is not known where the pictures are.
        RunCancelledError: while it looked.
    """
    with Project.open(project, Access.READ) as opened:
        images, root = opened.usable(), opened.data_root
    equal = same_content([root / image.path for image in images], control.checkpoint)
    groups = [tuple(images[position] for position in group) for group in equal]
    return SplitTwins(root=root, groups=tuple(g for g in groups if _is_across(g)))


def _is_across(group: TwinGroup) -> bool:
    return len({record.split for record in group}) > 1
