"""Every sentence that the Runs page can say about itself."""

from __future__ import annotations

from typing import Final

from petstudio.api.language import counted, tr
from petstudio.bridge.figures import size_text
from petstudio.bridge.run_row import RunRow, ShelfSeen
from petstudio.bridge.run_view import RunEnd
from petstudio.project.trash import KEPT_FOR

NO_PROJECT: Final = tr("Choose pictures on the Data page first; then runs appear here.")
COMPARE: Final = tr("Compare 2")
TICK_TWO: Final = tr("Tick two runs")
SET_BASELINE: Final = tr("Set baseline")
NO_BASELINE: Final = tr("No baseline")
BASELINE_TIP: Final = tr("Measure the other runs against the chosen one (B)")
NO_BASELINE_TIP: Final = tr("Measure the runs against none (B)")
CHOOSE_ONE: Final = tr("Choose a run in the table")
COMMAND_COPIED: Final = tr("The command is on the clipboard.")
SCRIPT_COPIED: Final = tr("The script is on the clipboard. Save it as a file that ends in .py.")
KEEP: Final = tr("Keep")
PUT_IN_TRASH: Final = tr("Put into the trash")
STILL_GOING: Final = tr("It is going on. Stop it first.")
DELETE: Final = tr("Delete for good")
TICKS_TAKEN: Final = tr("Six runs can be ticked at a time; take a tick away first.")
_TRASH: Final = tr(
    "{space} go into the trash, and are free after {days} days or when you empty it. Until then "
    "the run can be put back."
)


def state_sentence(seen: ShelfSeen, ticked: int) -> str:
    """Say how many runs there are, what they are measured against, and what a comparison needs."""
    if seen.project is None:
        return NO_PROJECT
    if not seen.rows:
        return tr("Nothing is sent anywhere")
    base = (
        tr("baseline is run {number}", number=seen.baseline)
        if seen.baseline
        else tr("no baseline chosen")
    )
    parts = [counted(len(seen.rows), "{count:,} run", "{count:,} runs"), base]
    if ticked == 2:
        return ", ".join((*parts, tr("nothing is sent anywhere")))
    more = tr("tick two to compare them") if ticked < 2 else tr("tick only two to compare them")
    return f"{', '.join(parts)}; {more}"


def space_sentence(seen: ShelfSeen) -> str:
    """Say what room the runs take."""
    if not seen.rows:
        return ""
    return counted(
        len(seen.rows),
        "{size} in {count:,} run",
        "{size} in {count:,} runs",
        size=size_text(seen.size),
    )


def trash_words(seen: ShelfSeen) -> str:
    """Return what stands on the button that opens the trash."""
    size = size_text(seen.trash_size)
    return tr("Trash, {size}", size=size) if seen.trashed else tr("Trash")


def trash_title(row: RunRow) -> str:
    return tr("Put run {number} into the trash?", number=row.number)


def trash_question(row: RunRow, seen: ShelfSeen) -> str:
    """Say what a run in the trash takes, how long it stays, and who misses it."""
    space = size_text(row.figures.size)
    parts = [_TRASH.format(space=space, days=KEPT_FOR.days)]
    children = seen.children(row.number)
    if children:
        parts.append(
            counted(
                len(children),
                "Run {numbers} started from it: all of theirs stays, but they cannot be done "
                "again without it.",
                "Runs {numbers} started from it: all of theirs stays, but they cannot be done "
                "again without it.",
                numbers=", ".join(str(number) for number in children),
            )
        )
    if row.number == seen.baseline:
        parts.append(tr("It is the baseline."))
    return " ".join(parts)


def delete_title(seen: ShelfSeen) -> str:
    return counted(
        len(seen.trashed), "Delete {count:,} run for good?", "Delete {count:,} runs for good?"
    )


def delete_question(seen: ShelfSeen) -> str:
    return tr("That frees {size} and cannot be undone.", size=size_text(seen.trash_size))


def why_not_trashed(row: RunRow) -> str:
    """Return why a run cannot go into the trash; empty if it can."""
    return STILL_GOING if row.view.end is RunEnd.GOING else ""
