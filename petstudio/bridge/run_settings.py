"""The settings of a recipe one by one, named and written as people read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from petstudio.api.language import tr
from petstudio.bridge.figures import exact_rate_text
from petstudio.config.recipe import Recipe, Stage, recipe_to_mapping

NOTHING: Final = "none"
_WORDS: Final[Mapping[str, str]] = {
    "model.architecture": tr("Architecture"),
    "start.checkpoint": tr("Starts from"),
    "start.stage": tr("First stage"),
    "input.size": tr("Picture size"),
    "training.device": tr("Asked for device"),
    "training.precision": tr("Asked for precision"),
    "training.weight_decay": tr("Weight decay of all stages"),
}
_LISTS: Final[Mapping[str, str]] = {"stages": tr("Stage"), "augmentations": tr("Augmentation")}
_NOT_SHOWN: Final = "schema_version"
_RATE: Final = "rate"


def settings_of(recipe: Recipe) -> dict[str, str]:
    """Return every setting by its dotted key, as `--set` takes it: "stages.0.rate"."""
    return {
        key: _text(key, value)
        for key, value in _flat(recipe_to_mapping(recipe))
        if key != _NOT_SHOWN
    }


def setting_words(key: str) -> str:
    """Return what a setting is called: "Stage 1, rate"."""
    if key in _WORDS:
        return _WORDS[key]
    first, *rest = key.split(".")
    name = rest[-1].replace("_", " ") if rest else first
    if first in _LISTS and len(rest) > 1:
        return f"{_LISTS[first]} {int(rest[0]) + 1}, {name}"
    return name.capitalize()


def part_of(key: str) -> str:
    """Return the stage or augmentation that a setting belongs to: "stages.0"; empty for others."""
    first, *rest = key.split(".")
    return f"{first}.{rest[0]}" if first in _LISTS and rest else ""


def part_words(part: str) -> str:
    """Return what a stage or an augmentation is called: "Stage 1"."""
    first, number = part.split(".")
    return f"{_LISTS[first]} {int(number) + 1}"


def rates_text(rates: tuple[float, ...]) -> str:
    """Return one rate, or the first and the last one."""
    shown = rates if len(rates) == 1 else (rates[0], rates[-1])
    return "…".join(exact_rate_text(rate) for rate in shown)


def stages_text(stages: tuple[Stage, ...]) -> str:
    """Return epochs and rates of all stages: "4 × 3e-3, 2 × 1e-6…1e-4"."""
    return ", ".join(f"{stage.epochs:,} × {rates_text(stage.rate)}" for stage in stages)


def _flat(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield from _flat({str(at): item for at, item in enumerate(value)}, f"{name}.")
        else:
            yield name, value


def _text(key: str, value: Any) -> str:  # Any: a plain value of a recipe
    if key.rpartition(".")[2] == _RATE:
        rates = value if isinstance(value, list) else [value]
        return ", ".join(exact_rate_text(rate) for rate in rates)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or NOTHING
    return str(value) or NOTHING
