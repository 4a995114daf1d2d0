"""Every sentence that the Predict page can say about itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from petstudio.api.language import counted, tr
from petstudio.bridge.activity import spoken_time
from petstudio.bridge.prediction_feed import PredictionFeed
from petstudio.jobs.adding import Added
from petstudio.jobs.model_files import ModelFile

NO_MODEL: Final = tr("There is no finished model yet. Train one, or choose a model file.")
LOOKING: Final = tr("Looking for finished models…")
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
NOTHING_ADDED: Final = tr("No suggestion was added.")
LOOK_AT_ADDED: Final = tr("Look at them on the Label page.")
FOUND_AGAIN: Final = tr("The folder is there again; watching goes on.")


def ready(model: ModelFile) -> str:
    """Say with what the page predicts."""
    classes = counted(len(model.info.classes), "{count:,} class", "{count:,} classes")
    return f"{_capital(model.name)}, {classes}"


def use_validation(count: int) -> str:
    """Offer to predict some validation pictures."""
    return counted(count, "Use {count:,} validation picture", "Use {count:,} validation pictures")


def going(feed: PredictionFeed, model: ModelFile | None) -> str:
    """Say how far a prediction is."""
    text = tr("{done:,} of {total:,} pictures", done=feed.done, total=feed.total)
    return f"{_capital(model.name)}: {text}" if model else text


def results(model: ModelFile | None, count: int, unsure: int) -> str:
    """Say what there is."""
    parts = [_capital(model.name)] if model else []
    parts.append(counted(count, "{count:,} picture", "{count:,} pictures"))
    parts.append(tr("{count:,} not sure", count=unsure))
    return ", ".join(parts)


def source(total: int, unreadable: int, seconds_left: float | None) -> str:
    """Say what the strip holds."""
    parts = [counted(total, "{count:,} picture", "{count:,} pictures")]
    parts += [tr("{time} left", time=spoken_time(seconds_left))] if seconds_left is not None else []
    parts += [tr("{count:,} could not be read", count=unreadable)] if unreadable else []
    return ", ".join(parts)


def busy(title: str) -> str:
    """Say that another job has to end first."""
    return tr("“{title}” is still running; pictures can be predicted after it.", title=title)


def written(rows: int, total: int, name: str) -> str:
    """Say what stands in the table."""
    if rows == total:
        return counted(
            rows, "{count:,} row written to {file}.", "{count:,} rows written to {file}.", file=name
        )
    return counted(
        rows,
        "{count:,} row written to {file}: those shown, of {total:,} results.",
        "{count:,} rows written to {file}: those shown, of {total:,} results.",
        file=name,
        total=total,
    )


def acted_on(selected: int, shown: int) -> str:
    """Say to which pictures the buttons below belong."""
    if selected > 1:
        return tr("{count:,} selected", count=selected)
    if shown > 1:
        return tr("All {count:,} shown", count=shown)
    return counted(shown, "{count:,} picture", "{count:,} pictures")


def left_out(count: int) -> str:
    """Say which pictures are not copied; empty if all are."""
    if not count:
        return ""
    return counted(
        count,
        "{count:,} picture is not sure or not readable, and left out.",
        "{count:,} pictures are not sure or not readable, and left out.",
    )


def added(what: Added) -> str:
    """Say how many suggestions there are, and why not more."""
    if not what.suggested:
        return " ".join((NOTHING_ADDED, *_not_added(what)))
    parts = [counted(what.suggested, "{count:,} suggestion added", "{count:,} suggestions added")]
    if what.new:
        parts.append(
            counted(
                what.new, "{count:,} new picture among them", "{count:,} new pictures among them"
            )
        )
    return " ".join((f"{', '.join(parts)}.", LOOK_AT_ADDED, *_not_added(what)))


def exported_with(sure_from: float) -> str:
    """Say what an export holds besides the weights."""
    return tr(
        "Classes, preprocessing and “not sure” below {sure_from:.2f} go with it; the "
        "file is then compared with the app.",
        sure_from=sure_from,
    )


def _not_added(what: Added) -> Iterator[str]:
    """Say of how many pictures the label was not suggested, and why."""
    if what.decided:
        yield counted(
            what.decided, "{count:,} has a label already.", "{count:,} have a label already."
        )
    if what.outside:
        yield counted(
            what.outside,
            "{count:,} lies outside the folder of the project's pictures.",
            "{count:,} lie outside the folder of the project's pictures.",
        )
    if what.gone:
        yield counted(
            what.gone, "{count:,} is not there any more.", "{count:,} are not there any more."
        )
    if what.unreadable:
        yield tr("{count:,} cannot be read.", count=what.unreadable)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
