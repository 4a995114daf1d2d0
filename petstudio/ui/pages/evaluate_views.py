"""Which tabs the Evaluate page has, how much there is behind them, and what is seen at first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np

from petstudio.api.language import tr
from petstudio.bridge.evaluation_view import Evaluation, Picked
from petstudio.bridge.fix_tray import FixTray
from petstudio.bridge.fixing import Fixing
from petstudio.bridge.twins_feed import TwinsFeed
from petstudio.bridge.view_feed import ViewFeed
from petstudio.jobs.split_twins import SplitTwins
from petstudio.ui.pages.evaluate_calibration import CalibrationTab
from petstudio.ui.pages.evaluate_classes import ClassesTab
from petstudio.ui.pages.evaluate_confusion import ConfusionTab
from petstudio.ui.pages.evaluate_duplicates import DuplicatesTab
from petstudio.ui.pages.evaluate_label_errors import LabelErrorsTab
from petstudio.ui.pages.evaluate_plugins import PluginsTab
from petstudio.ui.pages.evaluate_tabs import MakeTab
from petstudio.ui.pages.evaluate_threshold import ThresholdTab
from petstudio.ui.pages.evaluate_words import ALL_MISTAKES, PART_TITLES
from petstudio.ui.pages.evaluate_worst import WorstTab
from petstudio.ui.theme import Theme

CONFUSION: Final = "confusion"
WORST: Final = "worst"
CLASSES: Final = "classes"
THRESHOLD: Final = "threshold"
CALIBRATION: Final = "calibration"
DUPLICATES: Final = "duplicates"
LABEL_ERRORS: Final = "label_errors"
MORE: Final = "more"


def tab_makers(
    theme: Theme, tray: FixTray, fixing: Fixing, twins: TwinsFeed, views: ViewFeed
) -> Mapping[str, tuple[str, MakeTab]]:
    """Return label and maker of every tab by its key, in their order."""
    return {
        CONFUSION: (tr("Confusion"), partial(ConfusionTab, theme)),
        WORST: (tr("Worst first"), partial(WorstTab, theme, tray, fixing)),
        CLASSES: (tr("Per class"), partial(ClassesTab, theme)),
        THRESHOLD: (tr("Threshold"), partial(ThresholdTab, theme)),
        CALIBRATION: (tr("Calibration"), partial(CalibrationTab, theme)),
        DUPLICATES: (tr("Duplicates"), partial(DuplicatesTab, theme, tray, fixing, twins)),
        LABEL_ERRORS: (tr("Label errors"), partial(LabelErrorsTab, theme, tray, fixing)),
        MORE: (tr("More views"), partial(PluginsTab, theme, views)),
    }


def counts_behind(seen: Evaluation, tray: FixTray, twins: SplitTwins | None) -> Mapping[str, int]:
    """Return how many pictures are behind the tabs that tell."""
    judged = seen.judged
    suspects = frozenset(error.key for error in judged.label_errors) if judged else frozenset()
    return {
        WORST: int(judged.wrong.sum()) if judged else 0,
        DUPLICATES: sum(len(group) for group in twins.groups) if twins else 0,
        LABEL_ERRORS: len(suspects - tray.checked),
    }


def everything(seen: Evaluation) -> Picked:
    """Return what there is to see while nothing is chosen: all mistakes, or the chosen part."""
    judged, part = seen.judged, seen.choice.part
    if judged is None:
        return Picked(title="")
    chosen = judged.wrong if part is None else np.ones(len(judged.predictions), dtype=bool)
    title = ALL_MISTAKES if part is None else PART_TITLES[part]
    images = judged.keys_at(judged.worst_first(chosen))
    return Picked(title=title, images=images, is_wrong=part is None)
