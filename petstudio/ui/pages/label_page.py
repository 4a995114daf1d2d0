"""Label: say what the pictures show, one by one or many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent

from petstudio.api.errors import PetStudioError
from petstudio.api.language import tr
from petstudio.bridge.heat_maps import HeatMaps, MakeHeatMaps
from petstudio.bridge.label_board import LabelBoard
from petstudio.bridge.label_list import LabelList
from petstudio.bridge.label_rows import LabelChoice, LabelOrder, LabelState
from petstudio.bridge.label_tiles import LabelPictures
from petstudio.bridge.labelling import Labelling
from petstudio.bridge.pending_marks import PendingMarks
from petstudio.bridge.picture_list import PictureTuple
from petstudio.bridge.runner import JobRunner
from petstudio.bridge.session import Session
from petstudio.jobs.engine_job import heat_map_job, suggestion_job
from petstudio.plugin_host.host import PluginHost
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyAction
from petstudio.ui.page import Badge, Page, PageKey
from petstudio.ui.pages import label_words as words
from petstudio.ui.pages.label_area import PictureArea
from petstudio.ui.pages.label_files import FilesPart
from petstudio.ui.pages.label_heat import LabelHeat
from petstudio.ui.pages.label_keys import LabelAction
from petstudio.ui.pages.label_questions import LabelQuestions
from petstudio.ui.pages.label_suggesting import MakeSuggestions, SuggestingPart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.label_filters import LabelFilters
from petstudio.ui.widgets.label_inspector import LabelInspector


class LabelPage(Page):
    """An edit is shown at once, and corrected if it could not be made."""

    def __init__(
        self,
        theme: Theme,
        host: PluginHost,
        runner: JobRunner,
        session: Session,
        *,
        make_suggestions: MakeSuggestions = suggestion_job,
        make_heat_maps: MakeHeatMaps = heat_map_job,
    ) -> None:
        super().__init__(theme, title=tr("Label"))
        self._session = session
        self._path: Path | None = None
        self._labelling = Labelling(session, self)
        self._list = LabelList(self)
        self._pending = PendingMarks(self)
        self._decisions: Mapping[LabelAction, Callable[[Iterable[int]], None]] = {
            LabelAction.REPEAT: self._labelling.repeat,
            LabelAction.EXCLUDE: self._labelling.exclude,
            LabelAction.RIGHT: self._labelling.confirm,
            LabelAction.NONE: self._labelling.say_none,
        }
        self._questions = LabelQuestions(theme, self._labelling, self)
        self._suggesting = SuggestingPart(host, runner, session, make_suggestions, self)
        self._files = FilesPart(theme, runner, session, self._labelling, self)
        self._filters = LabelFilters(theme)
        self._area = PictureArea(theme)
        self._heat = LabelHeat(HeatMaps(host, runner, make_heat_maps, self), self._area, self)
        self._inspector = LabelInspector(theme)
        self._primary = Button(theme, words.GET, kind="primary", name="label.accept")
        self._build()
        self._connect()
        self._labelling.take_view()

    @property
    def _board(self) -> LabelBoard | None:
        return self._labelling.board

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pending.look(self._path)

    def show_class(self, name: str) -> None:
        """Show all pictures of a class."""
        self._filters.choose(LabelChoice(order=self._filters.choice.order, label=name))
        self._choose()

    def shutdown(self) -> None:
        self._list.shutdown()
        self._pending.shutdown()
        self._files.shutdown()
        self._heat.shutdown()
        self._area.shutdown()

    def _build(self) -> None:
        for button in (self._files.tables, self._files.sort, self._primary):
            self.add_header_button(button)
        self.body.addWidget(self._filters)
        self.body.addWidget(self._area, 1)
        self.set_inspector(self._inspector)

    def _connect(self) -> None:
        self._labelling.renewed.connect(self._renew)
        self._labelling.changed.connect(self._show_edit)
        self._labelling.failed.connect(self._show_failure)
        self._list.chosen.connect(self._show_chosen)
        self._pending.changed.connect(self._show_edit)
        self._filters.changed.connect(self._choose)
        self._area.acted.connect(self._act)
        self._area.class_given.connect(self._give)
        self._area.class_given.connect(self.tip_heeded)
        self._area.moved.connect(self._show_place)
        self._area.empty_wanted.connect(self._do_empty)
        self._inspector.class_given.connect(self._give)
        self._inspector.rename_wanted.connect(self._questions.classes.ask_to_rename)
        self._inspector.merge_wanted.connect(self._questions.classes.ask_to_merge)
        self._inspector.edit_wanted.connect(self._labelling.go_to)
        self._inspector.at_least_changed.connect(self._show_state)
        self._suggesting.changed.connect(self._show_state)
        self._suggesting.failed.connect(self._show_no_suggestions)
        self._files.said.connect(self._say)
        self._heat.said.connect(self._show_heat_problem)
        self._files.failed.connect(self._show_failure)
        self._primary.clicked.connect(self._do_primary)
        KeyAction(Act.FIND_CLASS, self, self._inspector.find_class)

    @Slot()
    def _renew(self) -> None:
        """Show another project, or other pictures or suggestions of the same one."""
        board, path = self._board, self._session.path
        self.show_inspector(board is not None)
        self._filters.setVisible(board is not None)
        self._files.show_project(is_open=board is not None)
        if path != self._path:  # no key of the pictures in sight means anything in the new board
            self._list.forget()
            self._area.show_pictures(PictureTuple())
        if board is not None and path != self._path:
            self._area.look_in(path)
            self._filters.choose(_first_choice(board))
        self._path = path
        self._pending.look(path)
        self._choose()
        self._show_edit()

    @Slot()
    def _choose(self) -> None:
        if self._board is not None:
            self._list.choose(self._board, self._filters.choice)

    @Slot(object)
    def _show_chosen(self, pictures: LabelPictures) -> None:
        self._area.show_pictures(pictures)
        self._show_edit()

    @Slot()
    def _show_edit(self) -> None:
        """Let everything that is shown follow the labels."""
        board = self._board
        self._inspector.show_board(board)
        if board is not None:
            board.pending = self._pending.labels
            self._filters.show_classes([name for name, _ in board.classes], tuple(board.tags))
        self._heat.show_board(self._path, board)
        self._area.show_board(board, self._labelling.last_label)

    @Slot()
    def _show_place(self) -> None:
        """Follow the cursor: its class is the chosen one."""
        board, key = self._board, self._area.current_key
        self._files.selected = self._area.selected_keys
        if board is not None and key is not None:
            top = board.suggestion(key)
            self._inspector.show_selected_class(board.record(key).label or (top[0] if top else ""))
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        """Say how things stand: sentence, button, mark on the rail, and what is missing."""
        board, doing = self._board, self._suggesting.state
        if board is None:
            self.set_sentence(words.NO_PROJECT)
            self.set_badge(Badge.NONE)
            self._show_button(words.GET, words.NO_PROJECT)
            self._area.show_empty(words.NO_PROJECT, "", words.GO_TO_DATA)
            return
        offered = 0 if doing else len(self._offered(board))
        self.set_sentence(doing or words.sentence(board, offered))
        self.set_badge(Badge.OPEN if board.left else Badge.DONE, board.left)
        if offered:
            self._show_button(words.accept(offered))
        else:
            self._show_button(words.GET, doing or ("" if board.view.runs else words.NO_RUN))
        if not self._list.is_looking:
            self._area.show_empty(*words.emptiness(board, self._area.shown_count))

    def _show_button(self, text: str, why_not: str = "") -> None:
        self._primary.setText(text)
        self._primary.set_icon("sparkle" if text == words.GET else "checks")
        self._primary.set_ready(not why_not, why_not)

    def _offered(self, board: LabelBoard) -> tuple[int, ...]:
        """Return the pictures in sight whose suggestion is sure enough to be accepted."""
        tops = ((key, board.open_suggestion(key)) for key in self._area.keys_in_sight)
        return tuple(key for key, top in tops if top and top[1] >= self._inspector.at_least)

    @Slot()
    def _do_primary(self) -> None:
        offered = self._offered(self._board) if self._board is not None else ()
        if offered:
            self._labelling.accept(offered)
        elif self._path is not None:
            self._suggesting.start(self._path, self._inspector.run)

    @Slot()
    def _do_empty(self) -> None:
        board = self._board
        if board is None:
            self.page_wanted.emit(PageKey.DATA)
            return
        order = LabelOrder.NAME if board.left else LabelOrder.LEAST_SURE
        self._filters.choose(LabelChoice(order=order))
        self._choose()
        if not board.left and board.suggestions is None and board.view.runs:
            self._do_primary()

    @Slot(str)
    def _give(self, name: str) -> None:
        self._labelling.label(self._area.selected_keys, name)
        self._area.advance()

    @Slot(object)
    def _act(self, action: LabelAction) -> None:
        keys = self._area.selected_keys
        decide = self._decisions.get(action)
        if decide is not None:
            decide(keys)
            self._area.advance()
        elif action is LabelAction.ACCEPT:
            self._accept(keys)
        elif action is LabelAction.CLEAR:
            self._labelling.clear(keys)
        elif action is LabelAction.TAG:
            self._questions.ask_for_tag(keys)
        elif action is LabelAction.FIND:
            self._inspector.find_class()

    def _accept(self, keys: tuple[int, ...]) -> None:
        """Take over what is suggested; where nothing is, open the picture."""
        if self._labelling.accept(keys):
            self._area.advance()
        else:
            self._area.open_single()

    @Slot(object)
    def _show_failure(self, error: PetStudioError) -> None:
        self.banner.show_message("err", error.what, error.cure)

    @Slot(str)
    def _say(self, text: str) -> None:
        self.banner.show_message("info", text)

    @Slot(str)
    def _show_heat_problem(self, why: str) -> None:
        self._show_state()
        if why:
            self.set_sentence(why)

    @Slot(str, str)
    def _show_no_suggestions(self, why: str, kept: str) -> None:
        self.banner.show_message("err", why, kept)


def _first_choice(board: LabelBoard) -> LabelChoice:
    """Begin with what is left to do, the doubtful pictures first."""
    order = LabelOrder.NAME if board.suggestions is None else LabelOrder.LEAST_SURE
    return LabelChoice(order=order, state=LabelState.OPEN if board.left else LabelState.ANY)
