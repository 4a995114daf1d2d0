"""Plugins that misbehave: each kind of contribution with each misdeed, as source code."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent
from typing import Final

# Of each kind: how its functions stand in a plugin, and a body for the first that behaves.
_START: Final = """
import numpy as np
from petstudio.api import *
PETSTUDIO_API = (1, 0)
"""

_SOURCES: Final = {
    "loader": """
def read(options, place):
{body}
@hookimpl
def petstudio_dataset_loaders():
    return [DatasetLoader(key="bad", label="Bad", summary="", options=NoOptions, read=read)]
""",
    "architecture": """
def build(options):
    from torch import nn
    module = nn.Sequential(nn.Conv2d(3, 4, 3))
    groups = (LayerGroup(name="all", modules=("0",)),)
{body}
@hookimpl
def petstudio_architectures():
    return [
        Architecture(
            key="bad", label="Bad", summary="", options=NoOptions, build=build, parameters=112
        )
    ]
""",
    "scheduler": """
def build(options, plan):
{body}
@hookimpl
def petstudio_schedulers():
    return [Scheduler(key="bad", label="Bad", summary="", options=NoOptions, build=build)]
""",
    "augmentation": """
def draw(options, uniforms):
    count = len(uniforms)
    eyes, zeros, ones = np.tile(np.eye(3), (count, 1, 1)), np.zeros(count), np.ones(count)
{body}
@hookimpl
def petstudio_augmentations():
    return [
        Augmentation(key="bad", label="Bad", summary="", options=NoOptions, draws=1, draw=draw)
    ]
""",
    "metric": """
def compute(options, probabilities, truth):
{body}
@hookimpl
def petstudio_metrics():
    return [Metric(key="bad", label="Bad", summary="", options=NoOptions, compute=compute)]
""",
    "exporter": """
def write(options, model):
    good = b"file"
    numbers = lambda pictures: np.full((len(pictures), 2), 0.5, dtype=np.float32)
{body}
def read(path):
    return "about", lambda pictures: np.full((len(pictures), 2), {number}, dtype=np.float32)
@hookimpl
def petstudio_exporters():
    return [
        Exporter(
            key="bad", label="Bad", summary="", options=NoOptions, suffix=".bad", write=write,
            read=read,
        )
    ]
""",
    "view": """
def look(options, images):
    columns = (ViewColumn(label="Pictures"),)
    def shown(*rows, **more): return ViewData(heading="Class", columns=columns, rows=rows, **more)
{body}
@hookimpl
def petstudio_evaluation_views():
    return [EvaluationView(key="bad", label="Bad", summary="", options=NoOptions, look=look)]
""",
}

GOOD: Final = {
    "loader": "return [ImageLabel(path=path, label='a') for path in place.files]",
    "architecture": "return Body(module=module, groups=groups, features=4)",
    "scheduler": "return lambda step: SchedulePoint(1.0, 0.9)",
    "augmentation": "return ImageTransforms(homography=eyes, brightness=zeros, contrast=ones)",
    "metric": "return 0.5",
    "exporter": "return good",
    "view": "return shown(ViewRow(label='a', values=(len(images.keys),)))",
}

KINDS: Final = tuple(GOOD)


@dataclass(frozen=True, kw_only=True)
class Misdeed:
    """What the function of one kind does, and what the user reads about it."""

    kind: str
    deed: str
    body: str
    reason: str
    number: str = "0.5"

    def __str__(self) -> str:
        return f"{self.kind} {self.deed}"

    @property
    def source(self) -> str:
        return source(self.kind, self.body, number=self.number)


def source(kind: str, body: str, *, number: str = "0.5") -> str:
    text = _SOURCES[kind].replace("{body}", indent(body, "    "))
    return _START + text.replace("{number}", number)


def _everywhere(deed: str, body: str, reason: str) -> list[Misdeed]:
    return [Misdeed(kind=kind, deed=deed, body=body, reason=reason) for kind in KINDS]


def _one(kind: str, deed: str, body: str, reason: str, **more: str) -> Misdeed:
    return Misdeed(kind=kind, deed=deed, body=body, reason=reason, **more)


def _row(row: str, more: str = "") -> str:
    return f"return shown(ViewRow(label={row}), {more})"


_POINT = "return lambda step: "
_BOX = "erased=np.zeros((count, 1, 2))"
_CHANGED = "return ImageTransforms(homography=eyes, brightness={}, contrast={})"

MISDEEDS: Final = (
    *_everywhere("raises", "raise ValueError('no luck')", "ValueError: no luck"),
    *_everywhere("ends the program", "raise SystemExit(3)", "SystemExit: 3"),
    *_everywhere("needs a package", "import no_such_package", "No module named 'no_such_package'"),
    *_everywhere("gives nothing", "return None", ""),
    *_everywhere("gives a text", "return 'text'", ""),
    *_everywhere("changes its options", "options.more = 1", "cannot assign to field 'more'"),
    *_everywhere("never returns from itself", "def again(): return again()\nagain()", "Recursion"),
    _one("scheduler", "gives NaN", f"{_POINT}SchedulePoint(float('nan'), 0.9)", "scale of step 0"),
    _one("scheduler", "goes below zero", f"{_POINT}SchedulePoint(-1.0, 0.9)", "has the scale -1.0"),
    _one("scheduler", "gives no point", f"{_POINT}0.5", "step 0 gave a float where a Schedule"),
    _one("scheduler", "fails later", f"{_POINT}1 / 0", "ZeroDivisionError"),
    _one("augmentation", "gives NaN", _CHANGED.format("zeros * np.nan", "ones"), "not finite"),
    _one("augmentation", "gives a wrong shape", _CHANGED.format("zeros[1:]", "ones"), "shape (3,)"),
    _one("augmentation", "takes all contrast", _CHANGED.format("zeros", "zeros"), "not above 0"),
    _one(
        "augmentation",
        "gives half a box",
        f"{_CHANGED[:-1].format('zeros', 'ones')}, {_BOX})",
        "shape (4, 1, 2)",
    ),
    _one("augmentation", "writes into its numbers", "uniforms[:] = 0", "read-only"),
    _one("metric", "gives NaN", "return float('nan')", "gave nan, which is no finite number"),
    _one("metric", "gives a truth", "return True", "gave a bool where a number belongs"),
    _one("metric", "writes into the predictions", "probabilities[:] = 0", "read-only"),
    _one("metric", "writes into the truth", "truth[:] = 0", "read-only"),
    _one(
        "architecture",
        "lies about its features",
        "return Body(module=module, groups=groups, features=5)",
        "made (1, 4, 30, 30)",
    ),
    _one(
        "architecture",
        "has no groups",
        "return Body(module=module, groups=(), features=4)",
        "“0” of the body is not in exactly one layer group",
    ),
    _one(
        "architecture",
        "fails in its network",
        "module = nn.Sequential(nn.Linear(5, 4))\n"
        "return Body(module=module, groups=groups, features=4)",
        "RuntimeError",
    ),
    _one("exporter", "gives NaN", "return good", "not finite", number="np.nan"),
    _one("view", "gives NaN", _row("'a', values=(float('nan'),)"), "which is no finite number"),
    _one("view", "forgets a value", _row("'a', values=()"), "has 0 values for 1 columns"),
    _one("view", "gives a number for a name", _row("7, values=(1,)"), "gave an int where a str"),
    _one("view", "gives no row", "return shown('a')", "a row of look gave a str"),
    _one("view", "gives no column", "columns = ()\nreturn shown()", "gave 0 columns"),
    _one("view", "knows another picture", _row("'a', values=(1,), keys=(99,)"), "not evaluated"),
    _one("view", "goes below zero", _row("'a', values=(-1,)", "form=ViewForm.BARS"), "below 0"),
    _one("view", "has no end", _row("'a', values=(1.7e308,)", "form=ViewForm.BARS"), "too high"),
    _one("view", "writes into the predictions", "images.probabilities[:] = 0", "read-only"),
    _one("view", "writes into the pictures", "images.keys[:] = 0", "read-only"),
    _one("loader", "forgets a file", "return []", "gave 0 labels for 2 files"),
    _one(
        "loader",
        "gives a wrong file",
        "yield ImageLabel(path='other.png', label='a')",
        "gave 'other.png' where 'a.png' belongs",
    ),
    _one("loader", "dies", "import os\nos._exit(9)", "its process ended by itself (exit code 9)"),
)
