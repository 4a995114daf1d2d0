"""The language of the window: texts in the source are English and stand for themselves.

A translation is a gettext catalogue in `petstudio.resources/languages`. The terminal stays English,
so that scripts can rely on what it says.
"""

from __future__ import annotations

import locale
import os
from enum import Enum
from gettext import GNUTranslations
from importlib import resources
from numbers import Real
from string import Formatter
from typing import Any, Final

VARIABLE: Final = "PETSTUDIO_LANGUAGE"
_SWAPPED: Final = str.maketrans(",.", ".,")


class Language(Enum):
    """What a person can choose; a value is the name of a catalogue."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"


def speak(language: Language) -> None:
    """Say everything in this language from now on, also in processes that are started later.

    Texts at the top of modules are translated when those are loaded, so this comes before them.
    """
    global _catalogue  # noqa: PLW0603  a program speaks one language
    name = _of_system() if language is Language.SYSTEM else language.value
    os.environ[VARIABLE] = name
    _catalogue = _load(name)


def spoken() -> str:
    """Return the name of the language's catalogue."""
    return os.environ.get(VARIABLE) or Language.ENGLISH.value


def tr(text: str, /, **values: object) -> str:
    """Return the text in the language of the program, with the values in its places.

    `tr("{done:,} of {total:,} pictures", done=3, total=7390)`: a place is what `str.format` takes;
    numbers with a format get the separators of the language.
    """
    if _catalogue is None:
        return text.format(**values) if values else text
    found = _catalogue.gettext(text) if text else text  # of nothing gettext tells about itself
    return _FORMATTER.vformat(found, (), values) if values else found


def tr_as(what: str, text: str, /) -> str:
    """Return a text that other places use in another sense; `what` tells translators which it is.

    `tr_as("column", "Label")` is a heading, where `tr("Label")` is something to do.
    """
    return text if _catalogue is None else _catalogue.pgettext(what, text)


def counted(count: int, one: str, many: str, /, **values: object) -> str:
    """Return the text for one thing or for any other number, which `{count:,}` stands for."""
    values["count"] = count
    if _catalogue is None:
        return (one if count == 1 else many).format(**values)
    return _FORMATTER.vformat(_catalogue.ngettext(one, many, count), (), values)


def shown_number(value: float, spec: str = ",") -> str:
    """Return the number in the format of `format`, with the separators of the language."""
    text = format(value, spec)
    return text if _catalogue is None else text.translate(_SWAPPED)


def within(text: str) -> str:
    """Return what could begin a sentence as it stands within one; German nouns stay capitals."""
    return text if _catalogue is not None else text[:1].lower() + text[1:]


def _of_system() -> str:
    name = (locale.getlocale()[0] or "").lower()
    usual = Language.GERMAN if name.startswith(("de_", "german")) else Language.ENGLISH
    return os.environ.get(VARIABLE) or usual.value


def _load(name: str) -> GNUTranslations | None:
    file = resources.files("petstudio.resources") / "languages" / f"{name}.mo"
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        return GNUTranslations(stream)


class _ContinentalFormatter(Formatter):
    """Writes 7.390 and 94,3 %, as all languages but English do that are here so far."""

    def format_field(self, value: Any, format_spec: str) -> str:
        text: str = super().format_field(value, format_spec)
        is_number = format_spec and isinstance(value, Real)  # those of numpy among them
        return text.translate(_SWAPPED) if is_number else text


_FORMATTER: Final = _ContinentalFormatter()
_catalogue: GNUTranslations | None = _load(os.environ.get(VARIABLE, ""))
