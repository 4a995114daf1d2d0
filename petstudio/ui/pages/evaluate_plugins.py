"""More views: tables and bars that plugins add, as data that is drawn here."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from petstudio.api.events import ViewMade
from petstudio.api.language import tr
from petstudio.api.views import ViewForm, ViewRow
from petstudio.bridge.evaluation_view import Evaluation, Picked
from petstudio.bridge.models import spoken_label
from petstudio.bridge.view_feed import ViewFeed
from petstudio.bridge.view_table_model import ViewTableModel
from petstudio.jobs.viewing import ViewWish
from petstudio.project.names import shown_text
from petstudio.ui.pages.evaluate_tab import EvaluateTab
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.choice_box import ChoiceBox
from petstudio.ui.widgets.lined_table import LinedTable
from petstudio.ui.widgets.plugin_options import PluginOptions
from petstudio.ui.widgets.text import ElidedText, Text
from petstudio.ui.widgets.view_bars import ViewBars

_VIEW: Final = tr("View")
_NONE: Final = tr("No plugin adds a view. The Plugins page can write one.")
_LOOKING: Final = tr("Looking…")
_ROWS: Final = tr("What the view found")


class PluginsTab(EvaluateTab):
    """A row or a bar picks its pictures; a failure is said in place of the view."""

    def __init__(self, theme: Theme, feed: ViewFeed) -> None:
        super().__init__()
        self._feed = feed
        self._seen: Evaluation | None = None
        self._key = ""
        self._chosen: ViewRow | None = None
        self._rows = ViewTableModel(self)
        self.views = ChoiceBox()
        self.options = PluginOptions(theme, feed.host.views, name="evaluate.view")
        self.table = LinedTable(theme, self._rows, name="evaluate.more.table", spoken=_ROWS)
        self.bars = ViewBars(theme)
        self._summary = ElidedText(kind="small")
        self._said = Text(tone="text2", wraps=True)
        self._note = Text(kind="small", wraps=True)
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    def show_evaluation(self, seen: Evaluation) -> None:
        self._seen = seen
        views = self._feed.host.views
        self.views.show_choices((key, shown_text(view.label)) for key, view in views.items())
        self.views.setEnabled(bool(views))
        self._turn_to_view()

    def pick(self) -> Picked | None:
        row = self._chosen
        return Picked(title=spoken_label(row.label), images=row.keys) if row is not None else None

    def _build(self) -> None:
        self.views.setObjectName("evaluate.more.view")
        self.views.setAccessibleName(_VIEW)
        self._said.setObjectName("evaluate.more.said")
        self._said.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._unsort()
        self.table.setSortingEnabled(True)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Text(_VIEW, kind="label"))
        row.addWidget(self.views)
        row.addWidget(self._summary, 1)
        for widget in (self._said, self.table, self.bars):
            self._stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(row)
        layout.addWidget(self.options)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._note)

    def _connect(self) -> None:
        self.views.picked.connect(self._turn_to_view)
        self.options.edited.connect(self._want)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.bars.row_chosen.connect(self._choose)
        self._feed.changed.connect(self._show)

    @Slot()
    def _turn_to_view(self) -> None:
        view = self._feed.host.views.get(self.views.key)
        if view is not None and view.key != self._key:
            self._key, self._chosen = view.key, None
            self._summary.set_full_text(shown_text(view.summary))
            self.options.show_choice(view.key, {})
            self._unsort()
        self.options.setVisible(not self.options.is_empty)
        self._want()

    def _unsort(self) -> None:
        """Let the rows stand as the plugin gives them, until the user sorts them."""
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    @Slot()
    def _want(self) -> None:
        seen, options = self._seen, self.options.values()
        view = self._feed.host.views.get(self.views.key)
        if seen is None or seen.judged is None:
            return
        if view is None:
            self._feed.forget()
        if view is None or options is None:  # the form says what is wrong with an option
            return
        part = seen.choice.part
        images = None if part is None else tuple(seen.judged.predictions.keys.tolist())
        wish = ViewWish(
            key=view.key,
            run=seen.choice.run,
            split=seen.choice.split,
            views=seen.choice.views,
            options=options,
            images=images,
        )
        self._feed.want(wish)

    @Slot()
    def _show(self) -> None:
        view, problem = self._feed.found, shown_text(self._feed.problem)
        has_views = bool(self._feed.host.views)
        self._said.setText(problem or (_LOOKING if has_views else _NONE))
        self._note.setText(problem or shown_text(view.note) if view is not None else "")
        if view is None:
            self._stack.setCurrentWidget(self._said)
            self._choose(None)
        elif view.form is ViewForm.BARS:
            self._show_bars(view)
        else:
            self._show_table(view)

    def _show_bars(self, view: ViewMade) -> None:
        self.bars.show_view(view, self._label)
        self._stack.setCurrentWidget(self.bars)
        self._choose(self.bars.chosen)

    def _show_table(self, view: ViewMade) -> None:
        label = self._label
        self._rows.show_view(view)
        self.table.stretch(0)
        self._stack.setCurrentWidget(self.table)
        line = self._rows.line_of(label)
        if line is None:
            self._choose(None)
        else:
            self.table.selectRow(line)

    @property
    def _label(self) -> str | None:
        """What the chosen row is about; that one stays chosen if it is still there."""
        return self._chosen.label if self._chosen is not None else None

    @Slot(QModelIndex, QModelIndex)
    def _on_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._choose(self._rows.row_at(current.row()))

    @Slot(object)
    def _choose(self, row: ViewRow | None) -> None:
        self._chosen = row
        self.picked.emit(self.pick())
