"""Every sentence that the Settings page can say about itself."""

from __future__ import annotations

from typing import Final

from petstudio.api.language import Language, tr, tr_as
from petstudio.config.settings import Density, ThemeMode

SENTENCE: Final = tr("Kept for all projects, at once.")
READING: Final = tr("Reading and control")
READING_HINT: Final = tr("how the window looks and reads")
LANGUAGE: Final = tr("Language")
LANGUAGES: Final = {  # each is called what it calls itself
    Language.SYSTEM.value: tr("As the system"),
    Language.ENGLISH.value: "English",
    Language.GERMAN.value: "Deutsch",
}
LANGUAGE_NOTE: Final = tr("Holds from the next start of the program.")
THEME: Final = tr("Colours")
THEMES: Final = {
    ThemeMode.SYSTEM.value: tr("As the system"),
    ThemeMode.LIGHT.value: tr_as("colours", "Light"),
    ThemeMode.DARK.value: tr("Dark"),
}
DENSITY: Final = tr("Rows of tables")
DENSITIES: Final = {
    Density.COMFORTABLE.value: tr("Comfortable"),
    Density.COMPACT.value: tr("Compact"),
}
FONT: Final = tr("Size of letters")
FONT_NOTE: Final = tr("Of the size that the system has, 80 % to 200 %.")
CONTRAST: Final = tr("High contrast")
CONTRAST_NOTE: Final = tr(
    "Quiet greys become black or white, soft fills get borders. On where the system asks for it."
)
MOTION: Final = tr("Less motion")
MOTION_NOTE: Final = tr("Menus and lists open at once, and the cursor does not blink.")
TIPS: Final = tr("Tips")
TIPS_AGAIN: Final = tr("Show tips again")
TIPS_NOTE: Final = tr("A line on each page, until you have done what it says or dismissed it.")
ALL_TIPS: Final = tr("All tips are there.")

COMPUTING: Final = tr("Computing")
COMPUTING_HINT: Final = tr("holds for the next job")
DEVICE: Final = tr("Device")
DEVICES: Final = (
    ("auto", tr("Automatic")),
    ("cpu", tr("Processor")),
    ("cuda", "GPU"),
    ("cuda:1", tr("Second GPU")),
    ("cuda:2", tr("Third GPU")),
    ("cuda:3", tr("Fourth GPU")),
    ("mps", tr("Apple GPU")),
)
DEVICE_NOTE: Final = tr(
    "Where a recipe says “Automatic”, and for Evaluate and Predict. A job that does not find it "
    "says so."
)
THREADS: Final = tr("Threads")
THREADS_AUTO: Final = tr("what suits")
THREADS_NOTE: Final = tr("On the processor. A run that is resumed keeps those it had.")

STORAGE: Final = tr("Disk")
STORAGE_HINT: Final = tr("what the program may keep")
CACHE_FOLDER: Final = tr("Decoded pictures")
BESIDE_PROJECT: Final = tr("in each project's own folder")
CACHE_TITLE: Final = tr("Where shall decoded pictures be kept?")
CHOOSE: Final = tr("Choose…")
USUAL: Final = tr("Use the usual place")
CACHE_NOTE: Final = tr(
    "They make later epochs fast and can be deleted at any time. What is in the old place stays."
)
CACHE_BUDGET: Final = tr("Most for one project")
CHECKPOINT_BUDGET: Final = tr("Checkpoints of one run")
CHECKPOINT_NOTE: Final = tr("The newest, the best and the named ones are kept whatever they take.")
CHECKPOINT_PACE: Final = tr("Save a run every")
PACE_NOTE: Final = tr(
    "A run that is broken off goes on from there. Saving never takes over a twentieth of the time."
)
GIGABYTES: Final = "GB"
SECONDS: Final = "s"
NO_CACHE: Final = tr("0 keeps none.")

KEYS: Final = tr("Keys")
KEYS_HINT: Final = tr("Enter or a click waits for keys, Backspace takes them away")
RESET: Final = tr("Reset")
RESET_ALL: Final = tr("Reset all keys")


def quoted(act: str) -> str:
    """Return what keys do as it is named within a sentence."""
    return tr("“{act}”", act=act)


def taken(keys: str, wanted: str, others: str) -> str:
    """Say that keys mean something else already, and what pressing them again does."""
    return tr(
        "{keys} already means {others}. Press them again to give them to {wanted}.",
        keys=keys,
        others=others,
        wanted=quoted(wanted),
    )


def given(keys: str, others: str) -> str:
    """Say what has no keys any more."""
    return tr("{others} has no keys now; {keys} was given away.", others=others, keys=keys)
