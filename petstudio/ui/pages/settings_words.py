"""Every sentence that the Settings page can say about itself."""

from __future__ import annotations

from typing import Final

from petstudio.config.settings import Density, ThemeMode

SENTENCE: Final = "Kept for all projects, at once."
READING: Final = "Reading and control"
READING_HINT: Final = "how the window looks and reads"
THEME: Final = "Colours"
THEMES: Final = {
    ThemeMode.SYSTEM.value: "As the system",
    ThemeMode.LIGHT.value: "Light",
    ThemeMode.DARK.value: "Dark",
}
DENSITY: Final = "Rows of tables"
DENSITIES: Final = {
    Density.COMFORTABLE.value: "Comfortable",
    Density.COMPACT.value: "Compact",
}
FONT: Final = "Size of letters"
FONT_NOTE: Final = "Of the size that the system has, 80 % to 200 %."
CONTRAST: Final = "High contrast"
CONTRAST_NOTE: Final = (
    "Quiet greys become black or white, soft fills get borders. On where the system asks for it."
)
MOTION: Final = "Less motion"
MOTION_NOTE: Final = "Menus and lists open at once, and the cursor does not blink."

COMPUTING: Final = "Computing"
COMPUTING_HINT: Final = "holds for the next job"
DEVICE: Final = "Device"
DEVICES: Final = (
    ("auto", "Automatic"),
    ("cpu", "Processor"),
    ("cuda", "GPU"),
    ("cuda:1", "Second GPU"),
    ("cuda:2", "Third GPU"),
    ("cuda:3", "Fourth GPU"),
    ("mps", "Apple GPU"),
)
DEVICE_NOTE: Final = (
    "Where a recipe says “Automatic”, and for Evaluate and Predict. A job that does not find it "
    "says so."
)
THREADS: Final = "Threads"
THREADS_AUTO: Final = "what suits"
THREADS_NOTE: Final = "On the processor. A run that is resumed keeps those it had."

STORAGE: Final = "Disk"
STORAGE_HINT: Final = "what the program may keep"
CACHE_FOLDER: Final = "Decoded pictures"
BESIDE_PROJECT: Final = "in each project's own folder"
CACHE_TITLE: Final = "Where shall decoded pictures be kept?"
CHOOSE: Final = "Choose…"
USUAL: Final = "Use the usual place"
CACHE_NOTE: Final = (
    "They make later epochs fast and can be deleted at any time. What is in the old place stays."
)
CACHE_BUDGET: Final = "Most for one project"
CHECKPOINT_BUDGET: Final = "Checkpoints of one run"
CHECKPOINT_NOTE: Final = "The newest, the best and the named ones are kept whatever they take."
CHECKPOINT_PACE: Final = "Save a run every"
PACE_NOTE: Final = (
    "A run that is broken off goes on from there. Saving never takes over a twentieth of the time."
)
GIGABYTES: Final = "GB"
SECONDS: Final = "s"
NO_CACHE: Final = "0 keeps none."

KEYS: Final = "Keys"
KEYS_HINT: Final = "Enter or a click waits for keys, Backspace takes them away"
RESET: Final = "Reset"
RESET_ALL: Final = "Reset all keys"


def taken(keys: str, wanted: str, others: str) -> str:
    """Say that keys mean something else already, and what pressing them again does."""
    return f"{keys} already means “{others}”. Press them again to give them to “{wanted}”."


def given(keys: str, others: str) -> str:
    """Say what has no keys any more."""
    return f"“{others}” has no keys now; {keys} was given away."
