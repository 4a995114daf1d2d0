"""Which keys give which class: digits, and letters after a first key for those beyond."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Final

LEAD: Final = "`"
"""The key after which letters name a class."""
_DIGITS: Final = "1234567890"
_LETTERS: Final = len(ascii_lowercase)


@dataclass(frozen=True, kw_only=True)
class ClassKeys:
    """Codes of classes that stand in the order of their names; no code begins another one.

    Beyond ten classes, codes have one letter, and where these do not suffice some have two.
    Classes beyond all codes have none.
    """

    by_code: Mapping[str, str] = field(default_factory=dict)
    by_class: Mapping[str, str] = field(default_factory=dict)

    def follows(self, typed: str) -> bool:
        """True if some code begins with what was typed so far."""
        return any(code.startswith(typed) for code in self.by_code)


def class_keys(classes: Iterable[str]) -> ClassKeys:
    """Return the codes of classes, which are sorted by name."""
    names = tuple(classes)
    codes = [*_DIGITS, *(LEAD + letters for letters in _letter_codes(len(names) - len(_DIGITS)))]
    pairs = tuple(zip(codes, names, strict=False))
    return ClassKeys(by_code=dict(pairs), by_class={name: code for code, name in pairs})


def _letter_codes(wanted: int) -> list[str]:
    """Return at least that many codes of one or two letters, if there are that many."""
    # Of `single` letters that stand alone, the others begin pairs: single + (26 - single) * 26.
    single = min(_LETTERS, max(0, (_LETTERS**2 - wanted) // (_LETTERS - 1)))
    pairs = (a + b for a in ascii_lowercase[single:] for b in ascii_lowercase)
    return [*ascii_lowercase[:single], *pairs]
