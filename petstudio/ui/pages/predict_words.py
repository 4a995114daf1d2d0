"""Every sentence that the Predict page can say about itself."""

from __future__ import annotations

from typing import Final

from petstudio.bridge.activity import spoken_time
from petstudio.bridge.prediction_feed import PredictionFeed
from petstudio.jobs.adding import Added
from petstudio.jobs.model_files import ModelFile
from petstudio.jobs.wording import counted

NO_MODEL: Final = "There is no finished model yet. Train one, or choose a model file."
NO_MODEL_HERE: Final = "A model that has learned your classes will tell them in new pictures here."
CHOOSE_MODEL: Final = "Choose a model…"
CHOOSE_MODEL_TITLE: Final = "Choose a model file"
GO_TO_TRAIN: Final = "Go to Train"
EMPTY: Final = "Nothing is predicted yet"
EMPTY_HERE: Final = "Drop pictures or a folder above; each gets its most likely classes here."
CHOOSE_FILES_TITLE: Final = "Choose pictures"
CHOOSE_FOLDER_TITLE: Final = "Choose a folder of pictures"
WATCH_TITLE: Final = "Which folder shall be watched?"
EXPORT_CSV: Final = "Export CSV"
EXPORT_CSV_TITLE: Final = "Where to write the table"
CSV_KIND: Final = "Tables (*.csv)"
NOTHING_TO_EXPORT: Final = "There are no results yet."
STOP: Final = "Stop"
STOPPING: Final = "Stopping"
READING: Final = "Looking for pictures"
STOPPED: Final = "Stopped; the results so far stay."
MODEL: Final = "Model"
PICTURES: Final = "Pictures"
GOING: Final = "Predicting"
NO_HEAT: Final = "Heat maps need a run of the open project."
NO_PROJECT: Final = "Open a project first; the pictures are added to its data."
FOREIGN_MODEL: Final = "Suggestions come from a run of the open project, not from a file."
NOTHING_ADDED: Final = "No suggestion was added"
FOUND_AGAIN: Final = "The folder is there again; watching goes on."


def ready(model: ModelFile) -> str:
    """Say with what the page predicts."""
    classes = len(model.info.classes)
    return f"{_capital(model.name)}, {'1 class' if classes == 1 else f'{classes:,} classes'}"


def use_validation(count: int) -> str:
    """Offer to predict some validation pictures."""
    return f"Use {counted(count, 'validation picture')}"


def going(feed: PredictionFeed, model: ModelFile | None) -> str:
    """Say how far a prediction is."""
    name = f"{_capital(model.name)}: " if model else ""
    return f"{name}{feed.done:,} of {feed.total:,} pictures"


def results(model: ModelFile | None, count: int, unsure: int) -> str:
    """Say what there is."""
    name = f"{_capital(model.name)}, " if model else ""
    return f"{name}{counted(count, 'picture')}, {unsure:,} not sure"


def source(total: int, unreadable: int, seconds_left: float | None) -> str:
    """Say what the strip holds."""
    parts = [counted(total, "picture")]
    parts += [f"{spoken_time(seconds_left)} left"] if seconds_left is not None else []
    parts += [f"{unreadable:,} could not be read"] if unreadable else []
    return ", ".join(parts)


def busy(title: str) -> str:
    """Say that another job has to end first."""
    return f"“{title}” is still running; pictures can be predicted after it."


def written(rows: int, total: int, name: str) -> str:
    """Say what stands in the table."""
    if rows == total:
        return f"{counted(rows, 'row')} written to {name}."
    return f"{counted(rows, 'row')} written to {name}: those shown, of {total:,} results."


def acted_on(selected: int, shown: int) -> str:
    """Say to which pictures the buttons below belong."""
    if selected > 1:
        return f"{selected:,} selected"
    return f"All {shown:,} shown" if shown > 1 else counted(shown, "picture")


def left_out(count: int) -> str:
    """Say which pictures are not copied; empty if all are."""
    if not count:
        return ""
    verb = "is" if count == 1 else "are"
    return f"{counted(count, 'picture')} {verb} not sure or not readable, and left out."


def added(what: Added) -> str:
    """Say how many suggestions there are, and why not more."""
    new = f", {counted(what.new, 'new picture')} among them" if what.new else ""
    done = (
        f"{counted(what.suggested, 'suggestion')} added{new}. Look at them on the Label page."
        if what.suggested
        else f"{NOTHING_ADDED}."
    )
    rest = [
        (what.decided, "have a label already"),
        (what.outside, "lie outside the folder of the project's pictures"),
        (what.unreadable, "cannot be read"),
    ]
    return " ".join((done, *(f"{count:,} {reason}." for count, reason in rest if count)))


def exported_with(sure_from: float) -> str:
    """Say what an export holds besides the weights."""
    return (
        "Classes, preprocessing and “not sure” "
        f"below {sure_from:.2f} go with it; the file is then compared with the app."
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
