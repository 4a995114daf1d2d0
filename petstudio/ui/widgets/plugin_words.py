"""Every sentence that the Plugins page can say."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import petstudio
from petstudio.bridge.plugin_shelf import PluginRow, Standing
from petstudio.jobs.wording import counted
from petstudio.plugin_host.host import MOST_FAILURES
from petstudio.plugin_host.records import Origin, PluginRecord
from petstudio.project.names import shown_text
from petstudio.ui.widgets.chip import ChipKind

OPEN_FOLDER: Final = "Open folder"
NEW: Final = "New plugin…"
SEARCH: Final = "Filter plugins"
DETAILS: Final = "Details"
COPY_REPORT: Final = "Copy report"
TRY_AGAIN: Final = "Try again"
REPORT_COPIED: Final = "The report is on the clipboard."
VALUES_COPIED: Final = "The values are on the clipboard, as lines of a recipe."
SAFE_LINK: Final = "Start in safe mode"
SAFE_COMMAND: Final = "petstudio --safe-mode"
SAFE_WORDS: Final = (
    "In safe mode only the plugins that come with PetStudio are loaded; nothing is removed or "
    "switched off. Close this window and start the program with this command:"
)
SAFE_COPIED: Final = "The command is on the clipboard."
IN_SAFE_MODE: Final = "Safe mode: only the plugins that come with PetStudio were loaded."
PROMISE: Final = (
    "Plugins run on this machine with your rights. One that fails is left out of that job, and "
    "the app goes on."
)
ONLY_OURS: Final = "Only the built-in ones are here."
NO_MATCH: Final = "No plugin is like that."
NO_MATCH_MORE: Final = "Choose another kind, or other words."
TRYING: Final = "Loading it once more…"
CHOOSE_ONE: Final = "Choose a plugin to see what it adds and what can be set."
ALL: Final = "all"

KIND_CHIPS: Final = {
    "loader": "dataset loader",
    "architecture": "architecture",
    "scheduler": "schedule",
    "augmentation": "augmentation",
    "metric": "metric",
    "exporter": "exporter",
}
KIND_FILTERS: Final = {
    "loader": "Dataset",
    "architecture": "Architecture",
    "scheduler": "Schedule",
    "augmentation": "Augmentation",
    "metric": "Metric",
    "exporter": "Export",
}
KIND_ICONS: Final = {
    "loader": "database",
    "architecture": "stack",
    "scheduler": "chart-line-up",
    "augmentation": "magic-wand",
    "metric": "gauge",
    "exporter": "package",
}
UNKNOWN_ICON: Final = "puzzle-piece"

_STATES: Final[dict[Standing, tuple[str, ChipKind, str]]] = {
    Standing.WORKING: ("working", "ok", "check"),
    Standing.TROUBLED: ("failed in use", "warn", "warning-fill"),
    Standing.FAILED: ("failed", "err", "warning-fill"),
    Standing.OFF: ("off", "neutral", "power"),
    Standing.OFF_NEXT_TIME: ("off at the next start", "neutral", "clock"),
    Standing.ON_NEXT_TIME: ("on at the next start", "neutral", "clock"),
    Standing.OFF_IN_SAFE_MODE: ("off in safe mode", "neutral", "power"),
    Standing.HIDDEN: ("hidden", "warn", "warning-fill"),
}


def title_of(record: PluginRecord) -> str:
    """Return the name as people write it."""
    return shown_text(record.name).replace("_", " ").capitalize()


def version_of(record: PluginRecord) -> str:
    """Return the version, or that the plugin comes with the program."""
    return "built in" if record.origin is Origin.BUNDLED else shown_text(record.version)


def origin_sentence(record: PluginRecord, folder: Path) -> str:
    """Say where the plugin was found."""
    match record.origin:
        case Origin.BUNDLED:
            return "Comes with PetStudio."
        case Origin.INSTALLED:
            return "From a package that is installed beside PetStudio."
        case Origin.USER:
            return f"From your folder, {shown_text(str(folder))}."


def state_of(row: PluginRow) -> tuple[str, ChipKind, str]:
    """Return words, kind and icon of the chip."""
    if row.standing is Standing.WORKING and not row.record.contributions:
        return "adds nothing here", "neutral", "info"
    return _STATES[row.standing]


def page_sentence(rows: Sequence[PluginRow]) -> str:
    """Say how many there are and how they stand."""
    working = sum(row.standing in (Standing.WORKING, Standing.OFF_NEXT_TIME) for row in rows)
    failed = sum(row.has_failed for row in rows)
    others = len(rows) - working - failed
    parts = [f"{len(rows)} found", f"{working} working"]
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{others} off"] if others else []
    return ", ".join(parts)


def reason_of(row: PluginRow) -> str:
    """Say why the plugin failed or is hidden, and what is affected."""
    reason = shown_text(row.record.reason)
    match row.standing:
        case Standing.FAILED:
            return f"{reason} {_affected(row.record)}"
        case Standing.TROUBLED if row.record.failures >= MOST_FAILURES:
            return f"{reason} It failed {row.record.failures} times and is left alone now."
        case Standing.TROUBLED:
            return f"{reason} It is still offered; everything else works."
        case Standing.HIDDEN:
            return reason
        case _:
            return ""


def switched(row: PluginRow) -> str:
    """Say from when on it holds that a plugin was switched."""
    name = title_of(row.record)
    word = "on" if row.is_wanted else "off"
    if row.standing in (Standing.OFF_NEXT_TIME, Standing.ON_NEXT_TIME):
        return f"{name} is {word} from the next start of PetStudio on; until then nothing changes."
    if row.standing is Standing.OFF_IN_SAFE_MODE:
        return f"{name} is on from the next start without safe mode on."
    return f"{name} is {word}."


def tried(row: PluginRow) -> str:
    """Say what came of trying again."""
    name = title_of(row.record)
    if row.standing is Standing.FAILED:
        return f"{name} failed once more."
    if row.record.origin is Origin.BUNDLED:
        return f"{name} may be used again."
    return f"{name} works. Training takes changed code up at the next start of PetStudio."


def written(file: Path) -> str:
    """Say what to do with a new plugin."""
    return (
        f"{shown_text(str(file))} was written and works. Start PetStudio again to use it; change "
        "it with any editor."
    )


def no_folder(folder: Path, why: str | None) -> str:
    """Say that there is no folder for plugins and none can be made."""
    return f"The folder {shown_text(str(folder))} cannot be made: {why}."


def report(row: PluginRow) -> str:
    """Return what the author of a plugin needs to know; the user's own folder is not named."""
    record = row.record
    home = str(Path.home())
    versions = f"PetStudio {petstudio.__version__}, Python {platform.python_version()}"
    lines = (
        f"Plugin: {record.name} {record.version} ({record.origin.value})",
        f"{versions}, {platform.system()}",
        f"Failed in use: {counted(record.failures, 'time')}" if record.failures else "",
        record.reason,
        "",
        record.traceback,
    )
    text = "\n".join(lines)
    return text.replace(home, "~") if len(home) > 1 else text


def _affected(record: PluginRecord) -> str:
    if not record.kinds:
        return "What it adds cannot be chosen; everything else works."
    kinds = [f"{KIND_CHIPS[kind]}s" for kind in record.kinds]
    several = f"{', '.join(kinds[:-1])} and {kinds[-1]}" if len(kinds) > 1 else kinds[0]
    return f"Its {several} cannot be chosen; everything else works."
