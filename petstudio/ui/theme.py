"""The look of the program: follows the system or the user's choice, changes in one pass."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from petstudio.config.settings import Density, Look, ThemeMode
from petstudio.ui.icons import draw_icon
from petstudio.ui.style import build_style_sheet
from petstudio.ui.tokens import DARK, LIGHT, FontRole, Tokens, with_high_contrast

__all__ = ["FontRole", "Theme", "ThemeMode", "build_palette", "mono_family"]


_ROW_HEIGHTS: Final = {Density.COMFORTABLE: (34, 14), Density.COMPACT: (29, 8)}
_MOVING: Final = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
)
_NEXT_MODE: Final = {
    ThemeMode.SYSTEM: ThemeMode.LIGHT,
    ThemeMode.LIGHT: ThemeMode.DARK,
    ThemeMode.DARK: ThemeMode.SYSTEM,
}


class Theme(QObject):
    """Hands out colours, icons and fonts; `changed` says that all of them have to be asked anew."""

    changed = Signal()

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        mode: ThemeMode = ThemeMode.SYSTEM,
        look: Look | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode = mode
        self._look = look or Look()
        self._tokens = self._choose_tokens()
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._usual_motion = {effect: QApplication.isEffectEnabled(effect) for effect in _MOVING}
        self._usual_flash_ms = QGuiApplication.styleHints().cursorFlashTime()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)
        if hasattr(hints, "accessibility"):  # since Qt 6.10
            hints.accessibility().contrastPreferenceChanged.connect(self._follow_system)

    @property
    def mode(self) -> ThemeMode:
        return self._mode

    @property
    def look(self) -> Look:
        return self._look

    @property
    def tokens(self) -> Tokens:
        return self._tokens

    def apply(self, app: QApplication) -> None:
        """Dress the whole program. Call once; later changes need no further call."""
        app.setStyle("Fusion")
        font = app.font()
        font.setFeature(QFont.Tag("tnum"), 1)
        app.setFont(font)
        self._dress()

    def set_mode(self, mode: ThemeMode) -> None:
        self._mode = mode
        self._change()

    def set_look(self, look: Look) -> None:
        """Change the size of letters, the contrast and more at once."""
        self._look = look
        self._change()

    def row_height(self, line: int) -> int:
        """Return the height of a table's row for a line of text of so many pixels."""
        least, around = _ROW_HEIGHTS[self._look.density]
        return max(least, line + around)

    def cycle(self) -> None:
        """Go on to the next of system, light and dark."""
        self.set_mode(_NEXT_MODE[self._mode])

    def color(self, token: str) -> QColor:
        return QColor(getattr(self._tokens, token))

    def icon(self, name: str, token: str = "text2") -> QIcon:
        """Return a Phosphor icon ("database", "check-circle-fill") in a colour of the theme."""
        key = (name, token)
        if key not in self._icons:
            self._icons[key] = draw_icon(name, getattr(self._tokens, token), self._tokens.disabled)
        return self._icons[key]

    def font(self, role: FontRole, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """Return a font for painting; widgets get theirs from the style sheet."""
        font = QFont(QApplication.font())
        if role is FontRole.MONO:
            font.setFamilies([mono_family()])
        font.setPointSizeF(font.pointSizeF() * role.value)
        font.setWeight(weight)
        return font

    @Slot()
    def _follow_system(self) -> None:
        self._change()

    def _change(self) -> None:
        self._tokens = self._choose_tokens()
        self._icons.clear()
        self._dress()
        self.changed.emit()

    def _choose_tokens(self) -> Tokens:
        tokens = _tokens_for(self._mode)
        is_high = self._look.high_contrast or _system_wants_contrast()
        return with_high_contrast(tokens) if is_high else tokens

    def _dress(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        font = app.font()
        usual = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
        font.setPointSizeF(usual.pointSizeF() * self._look.font_factor)
        app.setFont(font)
        app.setPalette(build_palette(self._tokens))
        app.setStyleSheet(build_style_sheet(self._tokens, font.pointSizeF(), mono_family()))
        self._set_motion()

    def _set_motion(self) -> None:
        is_quiet = self._look.less_motion
        for effect, usual in self._usual_motion.items():
            QApplication.setEffectEnabled(effect, usual and not is_quiet)
        flash_ms = 0 if is_quiet else self._usual_flash_ms
        QGuiApplication.styleHints().setCursorFlashTime(flash_ms)


def mono_family() -> str:
    """Return the system's font of fixed width."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def build_palette(tokens: Tokens) -> QPalette:
    """Return the palette for what the style sheet does not reach."""
    role = QPalette.ColorRole
    colors = {
        role.Window: tokens.window,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.sunken,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.err,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.PlaceholderText: tokens.text3,
        role.Link: tokens.accent_text,
        role.LinkVisited: tokens.accent_text,
        role.ToolTipBase: tokens.raised,
        role.ToolTipText: tokens.text,
        role.Accent: tokens.accent,
        role.Mid: tokens.line,
        role.Midlight: tokens.hair,
        role.Light: tokens.hair,
        role.Dark: tokens.control,
        role.Shadow: tokens.control,
    }
    palette = QPalette()
    for which, color in colors.items():
        palette.setColor(which, QColor(color))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tokens.disabled))
    return palette


def _system_wants_contrast() -> bool:
    hints = QGuiApplication.styleHints()
    if not hasattr(hints, "accessibility"):  # before Qt 6.10
        return False
    return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


def _tokens_for(mode: ThemeMode) -> Tokens:
    if mode is ThemeMode.SYSTEM:
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
    return DARK if mode is ThemeMode.DARK else LIGHT
