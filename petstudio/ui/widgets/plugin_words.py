"""Every sentence that the Plugins page can say."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import petstudio
from petstudio.api.language import tr
from petstudio.bridge.plugin_shelf import PluginRow, Standing
from petstudio.plugin_host.host import MOST_FAILURES
from petstudio.plugin_host.records import Origin, PluginRecord
from petstudio.project.names import shown_text
from petstudio.ui.widgets.chip import ChipKind

OPEN_FOLDER: Final = tr("Open folder")
NEW: Final = tr("New plugin…")
SEARCH: Final = tr("Filter plugins")
DETAILS: Final = tr("Details")
COPY_REPORT: Final = tr("Copy report")
TRY_AGAIN: Final = tr("Try again")
REPORT_COPIED: Final = tr("The report is on the clipboard.")
VALUES_COPIED: Final = tr("The values are on the clipboard, as lines of a recipe.")
SAFE_LINK: Final = tr("Restart in safe mode…")
SAFE_TITLE: Final = tr("Restart in safe mode?")
SAFE_COMMAND: Final = "petstudio --safe-mode"
SAFE_WORDS: Final = tr(
    "PetStudio closes and starts again with the plugins that come with it and no others; nothing "
    "is removed or switched off. In a terminal this does the same:"
)
RESTART: Final = tr("Restart")
RESTART_NOW: Final = tr("Restart now")
LEAVE_SAFE: Final = tr("Restart with all plugins")
IN_SAFE_MODE: Final = tr("Safe mode: only the plugins that come with PetStudio were loaded.")
PROMISE: Final = tr(
    "Plugins run on this machine with your rights. One that fails is left out of that job, and "
    "the app goes on."
)
ONLY_OURS: Final = tr("Only the built-in ones are here.")
NO_MATCH: Final = tr("No plugin is like that.")
NO_MATCH_MORE: Final = tr("Choose another kind, or other words.")
TRYING: Final = tr("Loading it once more…")
CHOOSE_ONE: Final = tr("Choose a plugin to see what it adds and what can be set.")
ALL: Final = "all"

KIND_CHIPS: Final = {
    "loader": tr("dataset loader"),
    "architecture": tr("architecture"),
    "scheduler": tr("schedule"),
    "augmentation": tr("augmentation"),
    "metric": tr("metric"),
    "exporter": tr("exporter"),
    "view": tr("view"),
}
_SEVERAL: Final = {
    "loader": tr("dataset loaders"),
    "architecture": tr("architectures"),
    "scheduler": tr("schedules"),
    "augmentation": tr("augmentations"),
    "metric": tr("metrics"),
    "exporter": tr("exporters"),
    "view": tr("views"),
}
KIND_FILTERS: Final = {
    "loader": tr("Dataset"),
    "architecture": tr("Architecture"),
    "scheduler": tr("Schedule"),
    "augmentation": tr("Augmentation"),
    "metric": tr("Metric"),
    "exporter": tr("Export"),
    "view": tr("View"),
}
KIND_ICONS: Final = {
    "loader": "database",
    "architecture": "stack",
    "scheduler": "chart-line-up",
    "augmentation": "magic-wand",
    "metric": "gauge",
    "exporter": "package",
    "view": "table",
}
UNKNOWN_ICON: Final = "puzzle-piece"

_STATES: Final[dict[Standing, tuple[str, ChipKind, str]]] = {
    Standing.WORKING: (tr("working"), "ok", "check"),
    Standing.TROUBLED: (tr("failed in use"), "warn", "warning-fill"),
    Standing.FAILED: (tr("failed"), "err", "warning-fill"),
    Standing.OFF: (tr("off"), "neutral", "power"),
    Standing.OFF_NEXT_TIME: (tr("off at the next start"), "neutral", "clock"),
    Standing.ON_NEXT_TIME: (tr("on at the next start"), "neutral", "clock"),
    Standing.OFF_IN_SAFE_MODE: (tr("off in safe mode"), "neutral", "power"),
    Standing.HIDDEN: (tr("hidden"), "warn", "warning-fill"),
}


def title_of(record: PluginRecord) -> str:
    """Return the name as people write it, of what comes with the program in their language."""
    return tr(record.title) if record.origin is Origin.BUNDLED else shown_text(record.title)


def version_of(record: PluginRecord) -> str:
    """Return the version, or that the plugin comes with the program."""
    return tr("built in") if record.origin is Origin.BUNDLED else shown_text(record.version)


def origin_sentence(record: PluginRecord, folder: Path) -> str:
    """Say where the plugin was found."""
    match record.origin:
        case Origin.BUNDLED:
            return tr("Comes with PetStudio.")
        case Origin.INSTALLED:
            return tr("From a package that is installed beside PetStudio.")
        case Origin.USER:
            return tr("From your folder, {folder}.", folder=shown_text(str(folder)))


def state_of(row: PluginRow) -> tuple[str, ChipKind, str]:
    """Return words, kind and icon of the chip."""
    if row.standing is Standing.WORKING and not row.record.contributions:
        return tr("adds nothing here"), "neutral", "info"
    return _STATES[row.standing]


def page_sentence(rows: Sequence[PluginRow]) -> str:
    """Say how many there are and how they stand."""
    working = sum(row.standing in (Standing.WORKING, Standing.OFF_NEXT_TIME) for row in rows)
    failed = sum(row.has_failed for row in rows)
    others = len(rows) - working - failed
    parts = [tr("{count} found", count=len(rows)), tr("{count} working", count=working)]
    parts += [tr("{count} failed", count=failed)] if failed else []
    parts += [tr("{count} off", count=others)] if others else []
    return ", ".join(parts)


def reason_of(row: PluginRow) -> str:
    """Say why the plugin failed or is hidden, and what is affected."""
    reason = shown_text(row.record.reason)
    match row.standing:
        case Standing.FAILED:
            return f"{reason} {_affected(row.record)}"
        case Standing.TROUBLED if row.record.failures >= MOST_FAILURES:
            return tr(
                "{reason} It failed {failures} times and is left alone now.",
                reason=reason,
                failures=row.record.failures,
            )
        case Standing.TROUBLED:
            return tr("{reason} It is still offered; everything else works.", reason=reason)
        case Standing.HIDDEN:
            return reason
        case _:
            return ""


def switched(row: PluginRow) -> str:
    """Say from when on it holds that a plugin was switched."""
    name = title_of(row.record)
    match row.standing:
        case Standing.ON_NEXT_TIME:
            return tr(
                "{name} is on from the next start of PetStudio on; until then nothing changes.",
                name=name,
            )
        case Standing.OFF_NEXT_TIME:
            return tr(
                "{name} is off from the next start of PetStudio on; until then nothing changes.",
                name=name,
            )
        case Standing.OFF_IN_SAFE_MODE:
            return tr("{name} is on from the next start without safe mode on.", name=name)
        case _ if row.is_wanted:
            return tr("{name} is on.", name=name)
        case _:
            return tr("{name} is off.", name=name)


def tried(row: PluginRow) -> str:
    """Say what came of trying again."""
    name = title_of(row.record)
    if row.standing is Standing.FAILED:
        return tr("{name} failed once more.", name=name)
    if row.record.origin is Origin.BUNDLED:
        return tr("{name} may be used again.", name=name)
    return tr(
        "{name} works. Training takes changed code up at the next start of PetStudio.", name=name
    )


def written(file: Path) -> str:
    """Say what to do with a new plugin."""
    return tr(
        "{file} was written and works. Start PetStudio again to use it; change it with any editor.",
        file=shown_text(str(file)),
    )


def no_folder(folder: Path, why: str | None) -> str:
    """Say that there is no folder for plugins and none can be made."""
    return tr("The folder {folder} cannot be made: {why}.", folder=shown_text(str(folder)), why=why)


def report(row: PluginRow) -> str:
    """Return what the author of a plugin needs to know, in English as its traceback.

    The user's own folder is not named.
    """
    record = row.record
    home = str(Path.home())
    versions = f"PetStudio {petstudio.__version__}, Python {platform.python_version()}"
    times = "1 time" if record.failures == 1 else f"{record.failures:,} times"
    lines = (
        f"Plugin: {record.name} {record.version} ({record.origin.value})",
        f"{versions}, {platform.system()}",
        f"Failed in use: {times}" if record.failures else "",
        record.reason,
        "",
        record.traceback,
    )
    text = "\n".join(lines)
    return text.replace(home, "~") if len(home) > 1 else text


def _affected(record: PluginRecord) -> str:
    if not record.kinds:
        return tr("What it adds cannot be chosen; everything else works.")
    *others, last = (_SEVERAL[kind] for kind in record.kinds)
    if not others:
        return tr("Its {kind} cannot be chosen; everything else works.", kind=last)
    return tr(
        "Its {kinds} and {last} cannot be chosen; everything else works.",
        kinds=", ".join(others),
        last=last,
    )
