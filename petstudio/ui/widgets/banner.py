"""The line at the top of a page: what happened, what is safe, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from petstudio.api.language import tr
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.text import Text, restyle

BannerKind = Literal["info", "warn", "err"]
_LOOK: dict[BannerKind, tuple[str, str]] = {
    "info": ("info", "accent_text"),
    "warn": ("warning-fill", "warn"),
    "err": ("warning-fill", "err"),
}
_ACTION: Final = "banner.action"
_CLOSE: Final = tr("Close this message")
_MORE_TIP: Final = tr("Show the next message; this one comes back behind the others.")


@dataclass(frozen=True, kw_only=True)
class BannerAction:
    """A small button; the message goes away when it is pressed, unless it `stays`."""

    text: str
    act: Callable[[], None]
    stays: bool = False
    is_danger: bool = False


@dataclass(frozen=True, kw_only=True)
class BannerMessage:
    """What the banner says; of one topic, if it has any, only the newest message is there."""

    kind: BannerKind
    headline: str
    detail: str = ""
    actions: tuple[BannerAction, ...] = ()
    topic: str = ""


class Banner(QFrame):
    """Hidden while it has nothing to say; shows one message at a time, the others wait behind it.

    Its first button is called `banner.action`, the others `banner.action.2` and so on.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._messages: list[BannerMessage] = []
        self._icon = QLabel()
        self._headline = Text(kind="strong", wraps=True)
        self._detail = Text(kind="small", wraps=True)
        self._buttons: list[Button] = []
        self._acts = QHBoxLayout()
        self._more = Button(theme, kind="link", small=True, name="banner.more")
        self._close = Button(theme, kind="ghost", icon="x", small=True, name="banner.close")
        self._close.setAccessibleName(_CLOSE)
        self._more.setToolTip(_MORE_TIP)
        self.setObjectName("banner")
        self._build()
        self._more.clicked.connect(self._show_next)
        self._close.clicked.connect(self._drop)
        theme.changed.connect(self._draw_icon)
        self.hide()

    @property
    def headline(self) -> str:
        return self._headline.text()

    @property
    def detail(self) -> str:
        return self._detail.text()

    @property
    def waiting(self) -> int:
        """How many messages stand behind the one that is shown."""
        return max(0, len(self._messages) - 1)

    def show_message(
        self,
        kind: BannerKind,
        headline: str,
        detail: str = "",
        *,
        action: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        """Show one message in place of the one that is shown."""
        actions = (BannerAction(text=action, act=act),) if act is not None else ()
        self.show_now(BannerMessage(kind=kind, headline=headline, detail=detail, actions=actions))

    def show_now(self, message: BannerMessage) -> None:
        """Show a message in place of the one that is shown; those behind it wait on."""
        rest = self._messages[1:]
        self._messages = [message, *(other for other in rest if not _is_same(other, message))]
        self._show_first()

    def add(self, message: BannerMessage) -> None:
        """Show a message once those before it are gone; a newer one of a topic takes its place."""
        for place, other in enumerate(self._messages):
            if _is_same(other, message):
                self._messages[place] = message
                break
        else:
            self._messages.append(message)
        self._show_first()

    def drop(self, topic: str) -> None:
        """Take the message of a topic away, if it is there."""
        rest = [other for other in self._messages if other.topic != topic]
        if len(rest) < len(self._messages):
            self._messages = rest
            self._show_first()

    def hide(self) -> None:
        """Take all messages away."""
        self._messages.clear()
        super().hide()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._headline)
        words.addWidget(self._detail)
        self._acts.setSpacing(8)
        self._add_button()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(12)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addLayout(words, 1)
        layout.addLayout(self._acts)
        layout.addWidget(self._more)
        layout.addWidget(self._close)

    def _show_first(self) -> None:
        if not self._messages:
            super().hide()
            return
        message = self._messages[0]
        self._headline.setText(message.headline)
        self._detail.setText(message.detail)
        self._detail.setVisible(bool(message.detail))
        self._more.setText(tr("{waiting} more", waiting=self.waiting))
        self._more.setVisible(self.waiting > 0)
        self._show_buttons(message.actions)
        self.setProperty("kind", message.kind)
        self.setAccessibleName(f"{message.headline} {message.detail}".strip())
        restyle(self)
        self._draw_icon()
        self.show()

    def _show_buttons(self, actions: tuple[BannerAction, ...]) -> None:
        while len(self._buttons) < len(actions):
            self._add_button()
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(actions))
            if place < len(actions):
                button.setText(actions[place].text)
                button.set_kind("danger" if actions[place].is_danger else "secondary")

    def _add_button(self) -> None:
        place = len(self._buttons)
        name = f"{_ACTION}.{place + 1}" if place else _ACTION
        button = Button(self._theme, small=True, name=name)
        button.clicked.connect(partial(self._do_action, place))
        self._buttons.append(button)
        self._acts.addWidget(button)

    def _do_action(self, place: int, _is_checked: bool = False) -> None:
        if not self._messages or place >= len(self._messages[0].actions):
            return
        action = self._messages[0].actions[place]
        if not action.stays:
            self._drop()
        action.act()

    @Slot()
    def _drop(self) -> None:
        del self._messages[:1]
        self._show_first()

    @Slot()
    def _show_next(self) -> None:
        self._messages = [*self._messages[1:], *self._messages[:1]]
        self._show_first()

    @Slot()
    def _draw_icon(self) -> None:
        kind = self._messages[0].kind if self._messages else "info"
        name, token = _LOOK[kind]
        self._icon.setPixmap(self._theme.icon(name, token).pixmap(QSize(16, 16)))


def _is_same(one: BannerMessage, other: BannerMessage) -> bool:
    return bool(one.topic) and one.topic == other.topic
