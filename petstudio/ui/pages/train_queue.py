"""The queue beside the Train page: what is added to it, and when the next recipe starts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from petstudio.api.events import RunFinished
from petstudio.api.language import tr
from petstudio.bridge.recipe_draft import RecipeDraft
from petstudio.bridge.recipe_queue import RecipeQueue, queue_words
from petstudio.bridge.run_feed import RunFeed
from petstudio.ui.acts import Act
from petstudio.ui.key_map import KeyAction
from petstudio.ui.page import Page
from petstudio.ui.pages.train_banners import BannersPart
from petstudio.ui.theme import Theme
from petstudio.ui.widgets.button import Button
from petstudio.ui.widgets.queue_panel import QueuePanel

_ADD: Final = tr("Add to queue")
_ADD_TIP: Final = tr("Let this recipe wait for its turn")
_PLAN: Final = tr("Plan next")
_PLAN_TIP: Final = tr("Prepare a recipe that starts after this run")
_BACK: Final = tr("Back to run")
_BACK_TIP: Final = tr("Show the run that is going again, and drop what is planned")


class QueuePart(QObject):
    """While a run is going the draft is locked to it, unless the user plans the next recipe."""

    start_wanted = Signal(object)
    """The Recipe that is next; `take_first` tells that it has started."""
    planning_changed = Signal()

    def __init__(
        self,
        theme: Theme,
        draft: RecipeDraft,
        feed: RunFeed,
        banners: BannersPart,
        page: Page,
    ) -> None:
        super().__init__(page)
        self._banners = banners
        self._draft = draft
        self._feed = feed
        self._why_not = ""
        self._is_due = False
        self.is_planning = False
        self.queue = RecipeQueue(self)
        self.panel = QueuePanel(theme)
        self.add = Button(theme, _ADD, icon="list-numbers", name="training.queue.add")
        self.back = Button(theme, _BACK, kind="ghost", name="training.queue.back")
        self.back.setToolTip(_BACK_TIP)
        self._action = KeyAction(Act.QUEUE, page, self._add_or_plan)
        # Not within the signal of the runner that tells of the end: others have still to hear it.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._connect()

    def set_project(self, project: Path | None) -> None:
        """Take the queue of another project; none of its recipes starts by itself."""
        self._is_due = False
        self.queue.look(project)

    def show_controls(self, why_not: str) -> None:
        """Show what can be done; `why_not` is why the recipe that is being edited cannot wait."""
        self._why_not = why_not
        is_going = self._feed.is_going
        plans = is_going and not self.is_planning
        self.add.setText(_PLAN if plans else _ADD)
        self.add.set_ready(plans or not why_not, why_not)
        if self.add.isEnabled():
            self.add.setToolTip(self._action.tip(_PLAN_TIP if plans else _ADD_TIP))
        self.back.setVisible(is_going and self.is_planning)
        self._show_queue()

    def leave_planning(self, *, keep_draft: bool = False) -> None:
        """Lock the draft to the run that is going again."""
        if self.is_planning:
            self.is_planning = False
            if self._feed.run is not None and self._feed.is_going and not keep_draft:
                self._draft.load(self._feed.run.recipe)
            self.planning_changed.emit()

    def take_first(self) -> None:
        """Take the next recipe out of the queue, as it has started."""
        self.queue.remove(0)

    @Slot()
    def go_on(self) -> None:
        """Start the next recipe now, or when the run that is going has come to its end."""
        self.queue.go_on()
        self._is_due = not self._feed.is_going
        self._start_when_free()

    def shutdown(self) -> None:
        self._soon.stop()
        self.queue.shutdown()

    def _connect(self) -> None:
        self.add.clicked.connect(self._add_or_plan)
        self.back.clicked.connect(self._go_back)
        self._action.changed.connect(self._renew)
        self.panel.move_wanted.connect(self.queue.move)
        self.panel.remove_wanted.connect(self.queue.remove)
        self.panel.go_on_wanted.connect(self.go_on)
        self.queue.changed.connect(self._on_changed)
        self.queue.found.connect(self._offer)
        self.queue.failed.connect(self._banners.show_error)
        self._banners.queue_go_on_wanted.connect(self.go_on)
        self._banners.queue_clear_wanted.connect(self.queue.clear)
        self._feed.ended.connect(self._on_ended)
        self._feed.state_changed.connect(self._start_when_free)
        self._soon.timeout.connect(self._start_next)

    @Slot()
    def _renew(self) -> None:
        self.show_controls(self._why_not)

    @Slot()
    def _add_or_plan(self) -> None:
        if self._feed.is_going and not self.is_planning:
            self.is_planning = True
            self.planning_changed.emit()
        elif not self._why_not:
            self.queue.add(self._draft.recipe)
            self.leave_planning()

    @Slot()
    def _go_back(self) -> None:
        self.leave_planning()

    @Slot(object)
    def _on_ended(self, finished: RunFinished) -> None:
        self._is_due = self.queue.goes_on_after(finished.outcome)

    @Slot()
    def _start_when_free(self) -> None:
        is_free = not self._feed.is_going and self._feed.busy_with is None
        if self._is_due and is_free:
            self._soon.start()

    @Slot()
    def _start_next(self) -> None:
        is_free = not self._feed.is_going and self._feed.busy_with is None
        if self._is_due and is_free and self.queue.recipes:
            self._is_due = False
            self.start_wanted.emit(self.queue.recipes[0])

    @Slot()
    def _offer(self) -> None:
        self._banners.show_queue(len(self.queue.recipes))

    @Slot()
    def _on_changed(self) -> None:
        if not self.queue.is_held:
            self._banners.drop_queue()
        self._show_queue()

    def _show_queue(self) -> None:
        is_going = self._feed.is_going
        self.panel.show_queue(
            tuple(queue_words(recipe) for recipe in self.queue.recipes),
            starts_itself=is_going and not self.queue.is_held,
            can_start=self.queue.is_held or not is_going,
        )
