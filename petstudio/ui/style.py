"""The one style sheet, built from the tokens and the size of the user's font.

Widgets opt in by dynamic property: `kind` of buttons and texts, `tone`, `card`, `chip`, `state`.
"""

from __future__ import annotations

from dataclasses import asdict
from importlib import resources
from string import Template
from typing import Final

from petstudio.ui.tokens import FontRole, Tokens

_FRAMES: Final = """
QWidget#window, QStackedWidget#pages, QScrollArea#body, QScrollArea#body > QWidget > QWidget
    { background: $window; }
QFrame#topBar { background: $surface; border: 0; border-bottom: 1px solid $hair; }
QFrame#statusBar { background: $surface; border: 0; border-top: 1px solid $hair; }
QFrame#rail { background: $rail; border: 0; border-right: 1px solid $hair; }
QFrame#inspector { background: $surface; border: 0; border-left: 1px solid $hair; }
QFrame[divider="true"] { background: $hair; border: 0; }
QFrame[card="true"] { background: $surface; border: 1px solid $hair; border-radius: 8px; }
QFrame[card="true"][plugin="failed"] { border-color: $err; }
QFrame[card="true"][plugin="chosen"] { border: 2px solid $accent; }
QFrame#banner { border: 0; border-left: 3px solid $accent; background: $accent_soft; }
QFrame#banner[kind="warn"] { border-left-color: $warn; background: $warn_soft; }
QFrame#banner[kind="err"] { border-left-color: $err; background: $err_soft; }
QFrame[chip] { border: 0; border-radius: 11px; min-height: 22px; background: $hover; }
QFrame[chip="accent"] { background: $accent_soft; }
QFrame[chip="ok"] { background: $ok_soft; }
QFrame[chip="warn"] { background: $warn_soft; }
QFrame[chip="err"] { background: $err_soft; }
QFrame[tray="true"] { background: $sunken; border: 1px solid $hair; border-radius: 8px; }
QFrame#segmented { background: $sunken; border: 1px solid $line; border-radius: 6px; }
QSplitter::handle { background: $hair; }
QSplitter::handle:hover { background: $accent; }
"""

_TEXTS: Final = """
QLabel { color: $text; background: transparent; border: 0; }
QLabel[kind="page"] { font-size: ${page_pt}pt; font-weight: 600; }
QLabel[kind="dialog"] { font-size: ${dialog_pt}pt; font-weight: 600; }
QLabel[kind="section"] { font-size: ${section_pt}pt; font-weight: 600; }
QLabel[kind="figure"] { font-size: ${figure_pt}pt; font-weight: 600; }
QLabel[kind="strong"] { font-weight: 600; }
QLabel[kind="sentence"], QLabel[kind="label"] { color: $text2; }
QLabel[kind="small"] { font-size: ${small_pt}pt; color: $text2; }
QLabel[kind="caption"] { font-size: ${caption_pt}pt; color: $text3; }
QLabel[kind="mono"] { font-family: "$mono"; font-size: ${mono_pt}pt; }
QLabel[backed="true"] { background: $surface; border-radius: 4px; padding: 2px 8px; }
QLabel[tone="text"] { color: $text; }
QLabel[tone="text2"] { color: $text2; }
QLabel[tone="text3"] { color: $text3; }
QLabel[tone="accent_text"], QLabel[chip="accent"] { color: $accent_text; }
QLabel[tone="ok"], QLabel[chip="ok"] { color: $ok; }
QLabel[tone="warn"], QLabel[chip="warn"] { color: $warn; }
QLabel[tone="err"], QLabel[chip="err"] { color: $err; }
QLabel[chip] { font-size: ${small_pt}pt; font-weight: 500; }
QLabel[chip="neutral"] { color: $text2; }
QLabel[keycap="true"] {
    font-size: ${caption_pt}pt; font-weight: 500; color: $text2; background: $sunken;
    border: 1px solid $line; border-radius: 4px; padding: 1px 5px;
}
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
"""

_BUTTONS: Final = """
QPushButton {
    background: $surface; color: $text; border: 1px solid $line; border-radius: 6px;
    padding: 0 13px; min-height: ${button_px}px; font-weight: 500;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selected; }
QPushButton:focus { border: 2px solid $focus; padding: 0 12px; min-height: ${button_in_px}px; }
QPushButton:disabled { background: $surface; color: $disabled; border-color: $hair; }
QPushButton[small="true"] {
    min-height: ${small_button_px}px; padding: 0 9px; font-size: ${small_pt}pt;
}
QPushButton[small="true"]:focus { padding: 0 8px; min-height: ${small_button_in_px}px; }
QPushButton[kind="primary"] {
    background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
}
QPushButton[kind="primary"]:hover { background: $accent_h; border-color: $accent_h; }
QPushButton[kind="primary"]:pressed { background: $accent_p; border-color: $accent_p; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled {
    background: $hair; color: $text3; border: 1px solid $hair;
}
QPushButton[kind="ghost"], QPushButton[kind="link"] {
    background: transparent; color: $text2; border: 1px solid transparent;
}
QPushButton[kind="ghost"]:hover, QPushButton[kind="link"]:hover { background: $hover; }
QPushButton[kind="ghost"]:focus, QPushButton[kind="link"]:focus { border: 2px solid $focus; }
QPushButton[kind="link"] { color: $accent_text; }
QPushButton[kind="ghost"]:disabled, QPushButton[kind="link"]:disabled { color: $disabled; }
QPushButton[kind="danger"] { color: $err; }
QPushButton[kind="danger"]:hover { background: $err_soft; border-color: $err; }
QPushButton[kind="danger"]:disabled { color: $disabled; }
QPushButton[bare="true"] { padding: 0; min-width: ${button_px}px; }
QPushButton[bare="true"]:focus { padding: 0; min-width: ${button_in_px}px; }
QPushButton[bare="true"][small="true"] { min-width: ${small_button_px}px; }
QPushButton[bare="true"][small="true"]:focus { min-width: ${small_button_in_px}px; }
QPushButton[kind="segment"] {
    background: transparent; color: $text2; border: 1px solid transparent; border-radius: 5px;
    padding: 0 10px; min-height: ${segment_px}px;
}
QPushButton[kind="segment"]:hover { background: $hover; }
QPushButton[kind="segment"]:checked {
    background: $raised; color: $text; border: 1px solid $line; font-weight: 600;
}
QPushButton[kind="segment"]:focus { border: 2px solid $focus; padding: 0 9px;
    min-height: ${segment_in_px}px; }
QPushButton[kind="segment"]:disabled { color: $disabled; }
QPushButton[kind="part"] {
    background: $sunken; color: $text2; border: 1px solid $line; border-radius: 4px;
    padding: 0 5px; min-height: 22px; font-family: "$mono"; font-size: ${mono_pt}pt;
}
QPushButton[kind="part"]:hover { background: $hover; }
QPushButton[part="label"] {
    background: $accent_soft; color: $accent_text; border-color: $accent; font-weight: 600;
}
QPushButton[part="group"] {
    background: $ok_soft; color: $ok; border: 1px dashed $ok; font-weight: 600;
}
QPushButton[kind="part"]:focus { border: 2px solid $focus; padding: 0 4px; min-height: 20px; }
QPushButton[kind="filter"] {
    background: $hover; color: $text2; border: 1px solid $hover; border-radius: 11px;
    padding: 0 10px; min-height: 22px; font-size: ${small_pt}pt;
}
QPushButton[filter="ok"] { background: $ok_soft; color: $ok; border-color: $ok_soft; }
QPushButton[filter="err"] { background: $err_soft; color: $err; border-color: $err_soft; }
QPushButton[kind="filter"]:hover { border-color: $line; }
QPushButton[kind="filter"]:checked { border: 2px solid $text2; padding: 0 9px; min-height: 20px; }
QPushButton[filter="ok"]:checked { border-color: $ok; }
QPushButton[filter="err"]:checked { border-color: $err; }
QPushButton[kind="filter"]:focus {
    border: 2px solid $focus; padding: 0 9px; min-height: 20px;
}
QPushButton[kind="search"] { border-color: $control; min-width: 0; }
QPushButton[kind="search"]:hover { background: $surface; border-color: $text2; }
QTabBar { background: transparent; border: 0; }
QTabBar::tab {
    background: transparent; color: $text2; border: 0; border-bottom: 3px solid transparent;
    padding: 0 8px; min-height: ${button_px}px; font-weight: 500;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected {
    color: $accent_text; border-bottom-color: $accent; font-weight: 600;
}
QTabBar:focus { outline: 0; }
QTabBar::tab:focus { border-bottom-color: $focus; background: $hover; }
QPushButton::menu-indicator { image: url($caret); width: 12px; height: 12px;
    subcontrol-position: right center; right: 8px; }
QPushButton[menu="true"] { padding-right: 26px; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; color: $text; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $hair; margin: 4px 8px; }
"""

_FIELDS: Final = """
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: $surface; color: $text; border: 1px solid $control; border-radius: 6px;
    padding: 0 9px; min-height: ${button_px}px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover, QComboBox:hover { border-color: $text2; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
    border: 2px solid $focus; padding: 0 8px; min-height: ${button_in_px}px;
}
QLineEdit[state="error"], QSpinBox[state="error"], QDoubleSpinBox[state="error"] {
    border: 2px solid $err; padding: 0 8px; min-height: ${button_in_px}px;
}
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    background: $sunken; color: $disabled; border-color: $line;
}
QComboBox QLineEdit { background: transparent; border: 0; padding: 0; min-height: 0; }
QAbstractSpinBox { padding: 0; max-height: ${button_px}px; }
QAbstractSpinBox:focus { padding: 0; max-height: ${button_in_px}px; }
QAbstractSpinBox QLineEdit { background: transparent; border: 0; padding: 0 8px; min-height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: 0; }
QLineEdit[mono="true"] { font-family: "$mono"; font-size: ${mono_pt}pt; }
QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow { image: url($caret); width: 12px; height: 12px; }
QComboBox QAbstractItemView {
    background: $raised; color: $text; border: 1px solid $line; padding: 4px; outline: 0;
    selection-background-color: $selected; selection-color: $text;
}
QCheckBox { color: $text; spacing: 8px; background: transparent; }
QCheckBox:disabled { color: $disabled; }
QCheckBox::indicator {
    width: 16px; height: 16px; border: 1px solid $control; border-radius: 4px; background: $surface;
}
QCheckBox::indicator:hover { border-color: $text2; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($check); }
QCheckBox::indicator:focus { border: 2px solid $focus; width: 14px; height: 14px; }
QCheckBox::indicator:checked:focus { border-color: $text; }
QCheckBox::indicator:disabled { background: $sunken; border-color: $line; }
QSlider { background: transparent; min-height: 24px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $hair; }
QSlider::sub-page:horizontal { border-radius: 2px; background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $hair; }
QSlider::handle:horizontal {
    width: 12px; margin: -6px 0;
    border: 2px solid $accent; border-radius: 8px; background: $surface;
}
QSlider::handle:horizontal:hover { background: $accent_soft; }
QSlider::handle:horizontal:focus { border-color: $text; }
QSlider::handle:horizontal:disabled { border-color: $line; }
QProgressBar { background: $hair; border: 0; border-radius: 3px; max-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QPlainTextEdit {
    background: $surface; color: $text; border: 1px solid $hair; border-radius: 6px;
    font-family: "$mono"; font-size: ${mono_pt}pt;
    selection-background-color: $accent; selection-color: $on_accent;
}
"""

_TABLES: Final = """
QAbstractItemView[grid="true"] {
    background: transparent;
    border: none;
}
QTableView, QListView, QTreeView {
    background: $surface; color: $text; border: 0; outline: 0; gridline-color: $hair;
    selection-background-color: $selected; selection-color: $text;
}
QHeaderView { background: $surface; border: 0; }
QHeaderView::section {
    background: $surface; color: $text3; border: 0; border-bottom: 1px solid $line;
    padding: 0 11px; min-height: 30px; font-size: ${small_pt}pt; font-weight: 500;
}
QHeaderView[dense="true"]::section { padding: 0 6px; }
QTableCornerButton::section { background: $surface; border: 0; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $control; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
"""

_HIGH_CONTRAST: Final = """
QFrame[chip] { border: 2px solid $text; }
QFrame[chip="accent"] { border-color: $accent_text; }
QFrame[chip="ok"], QPushButton[filter="ok"] { border: 2px solid $ok; }
QFrame[chip="warn"] { border-color: $warn; }
QFrame[chip="err"], QPushButton[filter="err"] { border: 2px solid $err; }
QFrame#banner { border: 2px solid $accent; border-left-width: 6px; }
QFrame#banner[kind="warn"] { border-color: $warn; }
QFrame#banner[kind="err"] { border-color: $err; }
"""

_SHEET: Final = Template(_FRAMES + _TEXTS + _BUTTONS + _FIELDS + _TABLES)
_LOUD_SHEET: Final = Template(_SHEET.template + _HIGH_CONTRAST)
_CONTROL_PX: Final = {"button": 32, "small_button": 26, "segment": 28}
_PX_PER_PT: Final = 96 / 72


def build_style_sheet(tokens: Tokens, base_pt: float, mono: str) -> str:
    """Return the sheet for fonts of `base_pt` points; heights grow with them."""
    sizes = {f"{role.name.lower()}_pt": f"{base_pt * role.value:.2f}" for role in FontRole}
    scheme = "dark" if tokens.is_dark else "light"
    values = {name: value for name, value in asdict(tokens).items() if isinstance(value, str)}
    sheet = _LOUD_SHEET if tokens.has_high_contrast else _SHEET
    return sheet.substitute(
        values,
        **sizes,
        **_heights(base_pt),
        mono=mono,
        check=_icon_path(f"check-{scheme}.svg"),
        caret=_icon_path(f"caret-down-{scheme}.svg"),
    )


def _heights(base_pt: float) -> dict[str, int]:
    # A line of text is about 1.35 times its size; every control leaves 12 px around it.
    line = round(base_pt * _PX_PER_PT * 1.35)
    heights = {}
    for name, height in _CONTROL_PX.items():
        outer = max(height, line + 12)
        heights[f"{name}_px"] = outer - 2
        heights[f"{name}_in_px"] = outer - 4
    return heights


def _icon_path(name: str) -> str:
    return str(resources.files("petstudio.resources") / "icons" / name).replace("\\", "/")
