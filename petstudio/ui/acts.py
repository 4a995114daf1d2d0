"""Everything that a key can do in the window, once: the palette, the keys and the tips share it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from petstudio.api.language import tr
from petstudio.ui.page import PageKey


class Place(Enum):
    """Where a key counts, in the order in which places are listed."""

    EVERYWHERE = tr("Everywhere")
    DATA = tr("Data")
    LABEL = tr("Label")
    TRAIN = tr("Train")
    RUNS = tr("Runs")
    PLUGINS = tr("Plugins")


@dataclass(frozen=True, kw_only=True)
class ActSpec:
    """`keys` are those of a new installation, as Qt writes them."""

    name: str
    text: str
    place: Place = Place.EVERYWHERE
    keys: tuple[str, ...] = ()


class Act(Enum):
    """One thing that a user can ask for by a key; `value.name` is what settings call it."""

    PALETTE = ActSpec(
        name="palette", text=tr("Find commands, pages and classes"), keys=("Ctrl+Shift+P",)
    )
    NEW = ActSpec(name="new", text=tr("New from a folder of pictures…"), keys=("Ctrl+O",))
    OPEN = ActSpec(name="open", text=tr("Open a project…"), keys=("Ctrl+Shift+O",))
    CLOSE = ActSpec(name="close", text=tr("Close the project"))
    UNDO = ActSpec(name="undo", text=tr("Undo"), keys=("Ctrl+Z",))
    REDO = ActSpec(name="redo", text=tr("Redo"), keys=("Ctrl+Shift+Z",))
    INSPECTOR = ActSpec(name="inspector", text=tr("Show or hide the details"), keys=("Ctrl+I",))
    THEME = ActSpec(name="theme", text=tr("Change the colours"), keys=("Ctrl+Shift+T",))
    ACTIVITY = ActSpec(name="activity", text=tr("Show or hide the activity"), keys=("Ctrl+J",))
    REGION = ActSpec(name="region", text=tr("Go to the next part of the window"), keys=("Ctrl+F6",))
    STOP = ActSpec(name="stop", text=tr("Stop the running job"), keys=("Ctrl+.",))
    KEYS = ActSpec(name="keys", text=tr("Show all keys"), keys=("Ctrl+/",))
    HELP = ActSpec(name="help", text=tr("Help and diagnostics"), keys=("F1",))
    DATA = ActSpec(name="page.data", text=tr("Go to Data"), keys=("Ctrl+1",))
    LABEL = ActSpec(name="page.label", text=tr("Go to Label"), keys=("Ctrl+2",))
    TRAIN = ActSpec(name="page.train", text=tr("Go to Train"), keys=("Ctrl+3",))
    EVALUATE = ActSpec(name="page.evaluate", text=tr("Go to Evaluate"), keys=("Ctrl+4",))
    PREDICT = ActSpec(name="page.predict", text=tr("Go to Predict"), keys=("Ctrl+5",))
    RUNS = ActSpec(name="page.runs", text=tr("Go to Runs"), keys=("Ctrl+6",))
    PLUGINS = ActSpec(name="page.plugins", text=tr("Go to Plugins"), keys=("Ctrl+7",))
    SETTINGS = ActSpec(name="page.settings", text=tr("Go to Settings"), keys=("Ctrl+,",))
    ADD_FOLDER = ActSpec(
        name="data.add",
        text=tr("Add a folder to the project…"),
        place=Place.DATA,
        keys=("Ctrl+Shift+A",),
    )
    FIND_CLASS = ActSpec(
        name="label.find", text=tr("Find a class"), place=Place.LABEL, keys=("Ctrl+F",)
    )
    GO = ActSpec(name="train.go", text=tr("Start or resume"), place=Place.TRAIN, keys=("F5",))
    PAUSE = ActSpec(name="train.pause", text=tr("Pause"), place=Place.TRAIN, keys=("F6",))
    STOP_AFTER = ActSpec(
        name="train.stop_after",
        text=tr("Stop after this epoch"),
        place=Place.TRAIN,
        keys=("Shift+F5",),
    )
    STOP_NOW = ActSpec(
        name="train.stop_now",
        text=tr("Stop now, keep what is trained"),
        place=Place.TRAIN,
        keys=("Ctrl+F5",),
    )
    DISCARD = ActSpec(
        name="train.discard",
        text=tr("Stop now and discard the run…"),
        place=Place.TRAIN,
        keys=("Ctrl+Shift+Delete",),
    )
    QUEUE = ActSpec(
        name="train.queue",
        text=tr("Add the recipe to the queue"),
        place=Place.TRAIN,
        keys=("Ctrl+Shift+F5",),
    )
    SAVE_RECIPE = ActSpec(
        name="train.save", text=tr("Save the recipe as…"), place=Place.TRAIN, keys=("Ctrl+S",)
    )
    FIND_RATE = ActSpec(
        name="train.find", text=tr("Find a learning rate"), place=Place.TRAIN, keys=("Ctrl+R",)
    )
    FILTER_RUNS = ActSpec(
        name="runs.filter", text=tr("Filter the runs"), place=Place.RUNS, keys=("Ctrl+F", "/")
    )
    NEW_PLUGIN = ActSpec(
        name="plugins.new", text=tr("Write a new plugin…"), place=Place.PLUGINS, keys=("Ctrl+N",)
    )
    FIND_PLUGIN = ActSpec(
        name="plugins.find", text=tr("Find a plugin"), place=Place.PLUGINS, keys=("Ctrl+F", "/")
    )

    @property
    def text(self) -> str:
        return self.value.text

    @property
    def place(self) -> Place:
        return self.value.place

    def meets(self, other: Act) -> bool:
        """Tell if both could be meant by the same key at the same time."""
        return self.place is other.place or Place.EVERYWHERE in (self.place, other.place)


PAGE_ACTS: Final = {
    PageKey.DATA: Act.DATA,
    PageKey.LABEL: Act.LABEL,
    PageKey.TRAIN: Act.TRAIN,
    PageKey.EVALUATE: Act.EVALUATE,
    PageKey.PREDICT: Act.PREDICT,
    PageKey.RUNS: Act.RUNS,
    PageKey.PLUGINS: Act.PLUGINS,
    PageKey.SETTINGS: Act.SETTINGS,
}
