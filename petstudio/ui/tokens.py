"""The colours of the light and the dark theme, and the sizes of letters.

No widget writes one of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

ON_PICTURE: Final = "#FFFFFF"
PICTURE_VEIL: Final = (10, 14, 20, 209)
CELL_INKS: Final = ("#FFFFFF", "#000000")
"""Numbers on a cell of a ramp: the first where it can be read, else the second."""


class FontRole(Enum):
    """Sizes as factors of the application's font, so that the user's own size holds."""

    GRID = 0.80
    CAPTION = 0.85
    SMALL = 0.90
    MONO = 0.95
    BODY = 1.00
    SECTION = 1.10
    DIALOG = 1.30
    PAGE = 1.70
    FIGURE = 1.90


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """One colour per use; `series` are chart lines in order, the ramps go from low to high."""

    is_dark: bool
    rail: str
    window: str
    surface: str
    raised: str
    sunken: str
    hover: str
    selected: str
    hair: str
    line: str
    control: str
    text: str
    text2: str
    text3: str
    disabled: str
    accent: str
    accent_h: str
    accent_p: str
    on_accent: str
    accent_soft: str
    accent_text: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    warn_fill: str
    on_warn_fill: str
    err: str
    err_soft: str
    on_err: str
    focus: str
    series: tuple[str, ...]
    ramp_right: tuple[str, ...]
    ramp_wrong: tuple[str, ...]
    has_high_contrast: bool = False


LIGHT: Final = Tokens(
    is_dark=False,
    rail="#E9ECF1",
    window="#F3F5F8",
    surface="#FFFFFF",
    raised="#FFFFFF",
    sunken="#F7F8FA",
    hover="#EDF1F6",
    selected="#DFEBFB",
    hair="#E1E5EB",
    line="#C8CFD9",
    control="#828C9A",
    text="#1A1E25",
    text2="#465061",
    text3="#5D6776",
    disabled="#98A1AE",
    accent="#1A5FC8",
    accent_h="#154FA8",
    accent_p="#113F87",
    on_accent="#FFFFFF",
    accent_soft="#E2EDFC",
    accent_text="#1757B8",
    ok="#1B7A4A",
    ok_soft="#E1F3E9",
    warn="#8A5700",
    warn_soft="#FFF2D4",
    warn_fill="#E8A317",
    on_warn_fill="#231900",
    err="#B42318",
    err_soft="#FDE9E7",
    on_err="#FFFFFF",
    focus="#1A5FC8",
    series=("#1C7BDB", "#C75F0B", "#00564A", "#8E2A92", "#65500A", "#7C8692"),
    ramp_right=("#FFFFFF", "#E2EDFC", "#B5D2F7", "#7DAFEC", "#3F82D6", "#1A5FC8", "#0D3B82"),
    ramp_wrong=("#FFFFFF", "#FFEBD9", "#FDC79A", "#F5994F", "#D9691A", "#A6430A", "#6B2503"),
)

DARK: Final = Tokens(
    is_dark=True,
    rail="#101318",
    window="#15191F",
    surface="#1C2128",
    raised="#262C35",
    sunken="#171B21",
    hover="#272E38",
    selected="#1D3658",
    hair="#2B323C",
    line="#3C4551",
    control="#717D8D",
    text="#E9ECF1",
    text2="#B7C0CC",
    text3="#97A2B1",
    disabled="#5C6674",
    accent="#7DB3FF",
    accent_h="#9CC6FF",
    accent_p="#5E9DF5",
    on_accent="#0A1A30",
    accent_soft="#1B3152",
    accent_text="#8FBEFF",
    ok="#5FCB90",
    ok_soft="#16352A",
    warn="#F0BC55",
    warn_soft="#3A2F15",
    warn_fill="#F0BC55",
    on_warn_fill="#231900",
    err="#FF8F85",
    err_soft="#43201F",
    on_err="#2A0906",
    focus="#7DB3FF",
    series=("#5A9FEA", "#E2874A", "#74F0DA", "#CF63C0", "#F3DE90", "#929BA8"),
    ramp_right=("#1C2128", "#1E2D42", "#20436F", "#2A62A8", "#4A8BDB", "#7DB3FF", "#CFE3FF"),
    ramp_wrong=("#1C2128", "#3A2A20", "#64391A", "#98531A", "#CE7626", "#F5A04E", "#FFD8AB"),
)


def with_high_contrast(tokens: Tokens) -> Tokens:
    """Return the same colours without the quiet ones; soft fills get borders from the sheet."""
    surface, text, control = tokens.surface, tokens.text, tokens.control
    return replace(
        tokens,
        has_high_contrast=True,
        hair=control,
        line=control,
        text2=text,
        text3=text,
        accent_soft=surface,
        ok_soft=surface,
        warn_soft=surface,
        err_soft=surface,
    )
