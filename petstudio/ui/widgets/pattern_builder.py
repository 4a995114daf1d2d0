"""A pattern made by clicking: the parts of a name, of which some are the class."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from petstudio.api.language import tr, within
from petstudio.jobs.pattern_building import Choice, Part, PartKind, Span, build_pattern, parts_of
from petstudio.ui.widgets.flow_layout import FlowLayout
from petstudio.ui.widgets.segmented import Segmented
from petstudio.ui.widgets.text import Text, restyle

_ROLES: Final = {"label": tr("Class"), "group": tr("Keeps together")}
_SPOKEN: Final = tr("What the next click says")
_HELP: Final = tr("Click the part that is the class; another click takes all up to there.")
_HELP_GROUP: Final = tr("Click the part that pictures of one animal or scene have in common.")
_CHOOSABLE: Final = (PartKind.WORD, PartKind.NUMBER)


class Role(Enum):
    """What a chosen part is for."""

    LABEL = "label"
    GROUP = "group"


class PatternBuilder(QWidget):
    """Every part is a button, so that Tab and Space do what a click does."""

    built = Signal(object)
    """The options of the pattern loader that fit."""

    def __init__(self) -> None:
        super().__init__()
        self._path = ""
        self._parts: tuple[Part, ...] = ()
        self._spans: dict[Role, Span] = {}
        self._buttons: dict[int, QPushButton] = {}
        self._role = Segmented(_ROLES, name="data.builder", spoken=_SPOKEN)
        self._help = Text(kind="small", tone="text3")
        self._row = QWidget()
        self._build()
        self._role.chosen.connect(self._show_role)
        self._show_role()

    def show_name(self, path: str) -> None:
        """Cut this name into parts, with none of them chosen."""
        if path != self._path:
            self._path, self._parts, self._spans = path, parts_of(path), {}
            self._role.choose(Role.LABEL.value)
            self._fill()

    def _build(self) -> None:
        FlowLayout(self._row, spacing=2)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._role)
        head.addWidget(self._help, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._row)

    def _fill(self) -> None:
        layout = self._row.layout()
        assert layout is not None
        while item := layout.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._buttons = {}
        for place, part in enumerate(self._parts):
            if part.kind in _CHOOSABLE:
                layout.addWidget(self._button(place, part))
            else:
                layout.addWidget(Text(part.text, kind="mono", tone="text3"))
        self._show_spans()

    def _button(self, place: int, part: Part) -> QPushButton:
        button = QPushButton(part.text)
        button.setObjectName(f"data.builder.part.{place}")
        button.setProperty("kind", "part")
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.clicked.connect(self._take)
        self._buttons[place] = button
        return button

    @Slot()
    def _take(self) -> None:
        place = next(at for at, button in self._buttons.items() if button is self.sender())
        role = Role(self._role.key)
        self._spans[role] = self._grown(self._spans.get(role), place)
        other = Role.GROUP if role is Role.LABEL else Role.LABEL
        if other in self._spans and _meet(self._spans[role], self._spans[other]):
            del self._spans[other]
        self._show_spans()
        if Role.LABEL in self._spans:
            choice = Choice(label=self._spans[Role.LABEL], group=self._spans.get(Role.GROUP))
            self.built.emit(build_pattern(self._parts, choice))

    def _grown(self, span: Span | None, place: int) -> Span:
        """Return the span that reaches to a place, or the place alone if a slash is between."""
        if span is None or span.holds(place):
            return Span(first=place, last=place)
        grown = Span(first=min(span.first, place), last=max(span.last, place))
        inside = self._parts[grown.first : grown.last]
        has_slash = any(part.kind is PartKind.SLASH for part in inside)
        return Span(first=place, last=place) if has_slash else grown

    def _show_spans(self) -> None:
        for place, button in self._buttons.items():
            roles = [role for role, span in self._spans.items() if span.holds(place)]
            role = roles[0] if roles else None
            button.setProperty("part", role.value if role else "")
            spoken = f", {within(_ROLES[role.value])}" if role else ""
            button.setAccessibleName(f"{self._parts[place].text}{spoken}")
            restyle(button)

    @Slot()
    def _show_role(self) -> None:
        self._help.setText(_HELP if Role(self._role.key) is Role.LABEL else _HELP_GROUP)


def _meet(one: Span, other: Span) -> bool:
    return one.first <= other.last and other.first <= one.last
