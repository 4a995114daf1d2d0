"""What the functions of a plugin may give back; anything else is a failure of that plugin.

Called inside `PluginHost.call`, so that what is raised here names the plugin. Arrays are lent to
plugins, not given: one that writes into them fails, and nobody else's numbers change. Networks are
checked by engine.body_check.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from petstudio.api.contributions import (
    Augmentation,
    Exporter,
    FinishedModel,
    ImageTransforms,
    Metric,
    SchedulePlan,
    SchedulePoint,
    Scheduler,
)
from petstudio.api.views import (
    EvaluatedImages,
    EvaluationView,
    ViewColumn,
    ViewData,
    ViewForm,
    ViewRow,
)

if TYPE_CHECKING:
    from petstudio.api.contributions import Classify

Schedule = Callable[[int], SchedulePoint]

T = TypeVar("T")
D = TypeVar("D", bound=np.generic)
_NUMBERS: Final = (int, float, np.integer, np.floating)
_MOST_ROWS: Final = 20_000  # there may be as many classes
_MOST_COLUMNS: Final = 20
_MOST_BOXES: Final = 16
_HIGHEST: Final = 1e300  # a plot needs room above it, and floats end at 1.8e308


def metric_value(
    metric: Metric[Any],
    options: Any,
    probabilities: NDArray[np.float32],
    truth: NDArray[np.int64],
) -> float:
    """Return a finite number."""
    value = metric.compute(options, _lent(probabilities), _lent(truth))
    return _finite(value, "compute")


def image_transforms(
    augmentation: Augmentation[Any], options: Any, uniforms: NDArray[np.float64]
) -> ImageTransforms:
    """Return finite transforms, as many as there are rows of numbers."""
    drawn = _of_type(augmentation.draw(options, _lent(uniforms)), ImageTransforms, "draw")
    count = len(uniforms)
    _require_array("homography", drawn.homography, (count, 3, 3))
    _require_array("brightness", drawn.brightness, (count,))
    _require_array("contrast", drawn.contrast, (count,))
    if not (drawn.contrast > 0).all():
        raise ValueError("draw gave a contrast that is not above 0")
    if drawn.erased is not None:
        boxes = drawn.erased.shape[1] if getattr(drawn.erased, "ndim", 0) == 3 else 1
        _require_array("erased", drawn.erased, (count, min(boxes, _MOST_BOXES), 4))
    return drawn


def build_schedule(scheduler: Scheduler[Any], options: Any, plan: SchedulePlan) -> Schedule:
    """Return a function; each of its answers has to go through `schedule_point`."""
    built: Schedule = scheduler.build(options, plan)
    if not callable(built):
        raise TypeError(f"build gave {_article(built)} where a function belongs")
    return built


def schedule_point(of: Schedule, step: int) -> SchedulePoint:
    """Return what holds for the step: finite numbers, and a rate that is not negative."""
    point = _of_type(of(step), SchedulePoint, f"step {step}")
    scale = _finite(point.scale, f"the scale of step {step}")
    momentum = _finite(point.momentum, f"the momentum of step {step}")
    if scale < 0 or not 0 <= momentum < 1:
        raise ValueError(f"step {step} has the scale {scale} and the momentum {momentum}")
    return SchedulePoint(scale, momentum)


def export_content(exporter: Exporter[Any], options: Any, model: FinishedModel) -> bytes:
    """Return the bytes of the file."""
    return _of_type(exporter.write(options, model), bytes, "write")


def export_reader(exporter: Exporter[Any], path: Path) -> tuple[str, Classify]:
    """Return the description and a function; its answers have to go through `probabilities`."""
    answer = exporter.read(path)
    if not isinstance(answer, tuple) or len(answer) != 2 or not callable(answer[1]):
        raise TypeError("read gave something else than a text and a function")
    return _of_type(answer[0], str, "read"), answer[1]


def probabilities(classify: Classify, pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return one row of finite numbers for each picture."""
    found = classify(pictures)
    if not isinstance(found, np.ndarray) or found.ndim != 2 or len(found) != len(pictures):
        raise TypeError(f"for {len(pictures)} pictures the file read again gave no such rows")
    if not np.isfinite(found).all():
        raise ValueError("the file read again gave numbers that are not finite")
    return found


def view_data(view: EvaluationView[Any], options: Any, images: EvaluatedImages) -> ViewData:
    """Return plain texts and finite numbers; each row has one for each column."""
    lent = replace(
        images,
        keys=_lent(images.keys),
        targets=_lent(images.targets),
        probabilities=_lent(images.probabilities),
        losses=_lent(images.losses),
        train_counts=_lent(images.train_counts),
    )
    data = _of_type(view.look(options, lent), ViewData, "look")
    form = _of_type(data.form, ViewForm, "the form of look")
    columns = tuple(_view_column(column) for column in data.columns)
    if not 1 <= len(columns) <= _MOST_COLUMNS or len(data.rows) > _MOST_ROWS:
        raise ValueError(
            f"look gave {len(columns):,} columns and {len(data.rows):,} rows; from 1 to "
            f"{_MOST_COLUMNS} columns and at most {_MOST_ROWS:,} rows are shown"
        )
    known = frozenset(images.keys.tolist())
    return ViewData(
        heading=_of_type(data.heading, str, "the heading of look"),
        columns=columns,
        rows=tuple(_view_row(row, len(columns), form, known) for row in data.rows),
        form=form,
        note=_of_type(data.note, str, "the note of look"),
    )


def _view_column(column: Any) -> ViewColumn:
    given = _of_type(column, ViewColumn, "a column of look")
    label = _of_type(given.label, str, "the label of a column")
    return ViewColumn(label=label, as_percent=bool(given.as_percent))


def _view_row(row: Any, columns: int, form: ViewForm, known: frozenset[int]) -> ViewRow:
    given = _of_type(row, ViewRow, "a row of look")
    label = _of_type(given.label, str, "the label of a row")
    if len(given.values) != columns:
        raise ValueError(f"the row “{label}” has {len(given.values)} values for {columns} columns")
    values = tuple(_view_value(value, label) for value in given.values)
    if form is ViewForm.BARS:
        _require_bars(values, label)
    keys = tuple(int(key) for key in given.keys)
    if not known.issuperset(keys):
        raise ValueError(f"the row “{label}” has the key of an image that was not evaluated")
    return ViewRow(label=label, values=values, keys=keys)


def _require_bars(values: Sequence[float | None], label: str) -> None:
    heights = [value or 0.0 for value in values]
    if min(heights) < 0:
        raise ValueError(f"the row “{label}” has a bar below 0")
    if sum(heights) > _HIGHEST:
        raise ValueError(f"the row “{label}” has bars that are too high to be drawn")


def _view_value(value: Any, label: str) -> float | None:
    return None if value is None else _finite(value, f"the row “{label}”")


def _lent(array: NDArray[D]) -> NDArray[D]:
    view = array.view()
    view.flags.writeable = False
    return view


def _of_type(value: Any, wanted: type[T], where: str) -> T:
    if not isinstance(value, wanted):
        raise TypeError(f"{where} gave {_article(value)} where {_worded(wanted.__name__)} belongs")
    return value


def _finite(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        raise TypeError(f"{where} gave {_article(value)} where a number belongs")
    if not math.isfinite(value):
        raise ValueError(f"{where} gave {value}, which is no finite number")
    return float(value)


def _require_array(name: str, array: Any, shape: tuple[int, ...]) -> None:
    if not isinstance(array, np.ndarray) or array.shape != shape:
        found = array.shape if isinstance(array, np.ndarray) else type(array).__name__
        raise ValueError(f"draw gave a {name} of the shape {found} where {shape} belongs")
    if not np.issubdtype(array.dtype, np.number) or not np.isfinite(array).all():
        raise ValueError(f"draw gave a {name} that is not finite")


def _article(value: object) -> str:
    return "nothing" if value is None else _worded(type(value).__name__)


def _worded(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
