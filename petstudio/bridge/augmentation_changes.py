"""What is different between two ways of changing pictures at random, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from petstudio.api.contributions import Augmentation
from petstudio.api.language import shown_number, tr
from petstudio.api.options import OptionSpec, option_specs, to_mapping
from petstudio.config.recipe import AugmentationChoice

_FEWEST_DIGITS: Final = 3
_ALL_DIGITS: Final = 17  # no two numbers look alike with so many


def augmentation_changes(
    known: Mapping[str, Augmentation[Any]],
    before: Sequence[AugmentationChoice],
    after: Sequence[AugmentationChoice],
) -> tuple[str, ...]:
    """Return one phrase for each difference; options that a recipe leaves open are the defaults."""
    former = {choice.key: choice for choice in before}
    latter = {choice.key: choice for choice in after}
    return (
        *(
            phrase
            for key in latter
            if key in former
            for phrase in _options(known.get(key), former[key], latter[key])
        ),
        *(tr("{name} is new", name=_label(known, key)) for key in latter if key not in former),
        *(tr("{name} is gone", name=_label(known, key)) for key in former if key not in latter),
    )


def _label(known: Mapping[str, Augmentation[Any]], key: str) -> str:
    return known[key].label if key in known else key


def _options(
    item: Augmentation[Any] | None, before: AugmentationChoice, after: AugmentationChoice
) -> Iterator[str]:
    if item is None:  # no plugin offers it, so nothing is known of its options
        return
    defaults = to_mapping(item.options())
    old, new = {**defaults, **before.options}, {**defaults, **after.options}
    for spec in option_specs(item.options):
        if old[spec.name] != new[spec.name]:
            was, is_now = _told_apart(spec, old[spec.name], new[spec.name])
            yield f"{spec.label or spec.name} {was} → {is_now}"


def _told_apart(spec: OptionSpec, old: object, new: object) -> tuple[str, str]:
    """Return both values, with as few digits as show that they differ."""
    for digits in range(_FEWEST_DIGITS, _ALL_DIGITS + 1):
        was, is_now = _text(spec, old, digits), _text(spec, new, digits)
        if was != is_now:
            break
    return was, is_now


def _text(spec: OptionSpec, value: object, digits: int) -> str:
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, int | float):
        return f"{shown_number(value, f'.{digits}g')}{spec.unit}"
    return dict(spec.choices).get(str(value), str(value))
