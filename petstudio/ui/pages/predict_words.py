"""Every sentence that the Predict page can say about itself."""

from __future__ import annotations

from typing import Final

from petstudio.api.language import counted, tr
from petstudio.bridge.activity import spoken_time
from petstudio.bridge.prediction_feed import PredictionFeed
from petstudio.jobs.adding import Added
from petstudio.jobs.model_files import ModelFile

NO_MODEL: Final = tr("There is no finished model yet. Train one, or choose a model file.")
NO_MODEL_HERE: Final = tr(
    "A model that has learned your classes will tell them in new pictures here."
)
CHOOSE_MODEL: Final = tr("Choose a model…")
CHOOSE_MODEL_TITLE: Final = tr("Choose a model file")
GO_TO_TRAIN: Final = tr("Go to Train")
EMPTY: Final = tr("Nothing is predicted yet")
EMPTY_HERE: Final = tr("Drop pictures or a folder above; each gets its most likely classes here.")
CHOOSE_FILES_TITLE: Final = tr("Choose pictures")
CHOOSE_FOLDER_TITLE: Final = tr("Choose a folder of pictures")
WATCH_TITLE: Final = tr("Which folder shall be watched?")
EXPORT_CSV: Final = tr("Export CSV")
EXPORT_CSV_TITLE: Final = tr("Where to write the table")
CSV_KIND: Final = tr("Tables (*.csv)")
NOTHING_TO_EXPORT: Final = tr("There are no results yet.")
STOP: Final = tr("Stop")
STOPPING: Final = tr("Stopping")
READING: Final = tr("Looking for pictures")
STOPPED: Final = tr("Stopped; the results so far stay.")
MODEL: Final = tr("Model")
PICTURES: Final = tr("Pictures")
GOING: Final = tr("Predicting")
NO_HEAT: Final = tr("Heat maps need a run of the open project.")
NO_PROJECT: Final = tr("Open a project first; the pictures are added to its data.")
FOREIGN_MODEL: Final = tr("Suggestions come from a run of the open project, not from a file.")
NOTHING_ADDED: Final = tr("No suggestion was added")
FOUND_AGAIN: Final = tr("The folder is there again; watching goes on.")


def ready(model: ModelFile) -> str:
    """Say with what the page predicts."""
    classes = len(model.info.classes)
    return f"{_capital(model.name)}, {'1 class' if classes == 1 else f'{classes:,} classes'}"


def use_validation(count: int) -> str:
    """Offer to predict some validation pictures."""
    return tr(
        "Use {count}",
        count=counted(count, "{count:,} validation picture", "{count:,} validation pictures"),
    )


def going(feed: PredictionFeed, model: ModelFile | None) -> str:
    """Say how far a prediction is."""
    name = f"{_capital(model.name)}: " if model else ""
    return tr("{name}{done:,} of {total:,} pictures", name=name, done=feed.done, total=feed.total)


def results(model: ModelFile | None, count: int, unsure: int) -> str:
    """Say what there is."""
    name = f"{_capital(model.name)}, " if model else ""
    return tr(
        "{name}{count}, {unsure:,} not sure",
        name=name,
        count=counted(count, "{count:,} picture", "{count:,} pictures"),
        unsure=unsure,
    )


def source(total: int, unreadable: int, seconds_left: float | None) -> str:
    """Say what the strip holds."""
    parts = [counted(total, "{count:,} picture", "{count:,} pictures")]
    parts += [f"{spoken_time(seconds_left)} left"] if seconds_left is not None else []
    parts += [tr("{unreadable:,} could not be read", unreadable=unreadable)] if unreadable else []
    return ", ".join(parts)


def busy(title: str) -> str:
    """Say that another job has to end first."""
    return tr("“{title}” is still running; pictures can be predicted after it.", title=title)


def written(rows: int, total: int, name: str) -> str:
    """Say what stands in the table."""
    if rows == total:
        return tr(
            "{count} written to {name}.",
            count=counted(rows, "{count:,} row", "{count:,} rows"),
            name=name,
        )
    return tr(
        "{count} written to {name}: those shown, of {total:,} results.",
        count=counted(rows, "{count:,} row", "{count:,} rows"),
        name=name,
        total=total,
    )


def acted_on(selected: int, shown: int) -> str:
    """Say to which pictures the buttons below belong."""
    if selected > 1:
        return tr("{selected:,} selected", selected=selected)
    return (
        tr("All {shown:,} shown", shown=shown)
        if shown > 1
        else counted(shown, "{count:,} picture", "{count:,} pictures")
    )


def left_out(count: int) -> str:
    """Say which pictures are not copied; empty if all are."""
    if not count:
        return ""
    verb = "is" if count == 1 else "are"
    return tr(
        "{count} {verb} not sure or not readable, and left out.",
        count=counted(count, "{count:,} picture", "{count:,} pictures"),
        verb=verb,
    )


def added(what: Added) -> str:
    """Say how many suggestions there are, and why not more."""
    new = (
        tr(
            ", {count} among them",
            count=counted(what.new, "{count:,} new picture", "{count:,} new pictures"),
        )
        if what.new
        else ""
    )
    done = (
        tr(
            "{count} added{new}. Look at them on the Label page.",
            count=counted(what.suggested, "{count:,} suggestion", "{count:,} suggestions"),
            new=new,
        )
        if what.suggested
        else f"{NOTHING_ADDED}."
    )
    rest = [
        (what.decided, tr("have a label already")),
        (what.outside, tr("lie outside the folder of the project's pictures")),
        (what.unreadable, tr("cannot be read")),
    ]
    return " ".join((done, *(f"{count:,} {reason}." for count, reason in rest if count)))


def exported_with(sure_from: float) -> str:
    """Say what an export holds besides the weights."""
    return tr(
        "Classes, preprocessing and “not sure” below {sure_from:.2f} go with it; the "
        "file is then compared with the app.",
        sure_from=sure_from,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
