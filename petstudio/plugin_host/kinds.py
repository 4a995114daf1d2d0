"""The kinds of contribution: which hook gives them, and what a description must be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from petstudio.api import (
    Architecture,
    Augmentation,
    DatasetLoader,
    EvaluationView,
    Exporter,
    Metric,
    OptionError,
    Scheduler,
    from_mapping,
    to_mapping,
)
from petstudio.api.language import tr

_KEY: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class RejectedError(Exception):
    """A plugin breaks a rule; the text is a sentence for its author."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of contribution; `word` is shown and `factory` is the field that does the work."""

    hook: str
    type: type[Any]  # each kind has its own class, all generic in their options
    word: str
    factory: str


KINDS: Final = (
    Kind(hook="petstudio_dataset_loaders", type=DatasetLoader, word="loader", factory="read"),
    Kind(hook="petstudio_architectures", type=Architecture, word="architecture", factory="build"),
    Kind(hook="petstudio_schedulers", type=Scheduler, word="scheduler", factory="build"),
    Kind(hook="petstudio_augmentations", type=Augmentation, word="augmentation", factory="draw"),
    Kind(hook="petstudio_metrics", type=Metric, word="metric", factory="compute"),
    Kind(hook="petstudio_exporters", type=Exporter, word="exporter", factory="write"),
    Kind(hook="petstudio_evaluation_views", type=EvaluationView, word="view", factory="look"),
)


def check_description(kind: Kind, description: Any) -> None:
    """Raise RejectedError unless the description, which may be anything, can be offered."""
    if type(description) is not kind.type:
        found = type(description).__name__
        raise RejectedError(
            tr(
                "{hook} gave a {found} where a {name} belongs.",
                hook=kind.hook,
                found=found,
                name=kind.type.__name__,
            )
        )
    key = description.key
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise RejectedError(
            tr("The key {key!r} must be lower-case words with hyphens between them.", key=key)
        )
    if not isinstance(description.label, str) or not description.label.strip():
        raise RejectedError(tr("The {word} “{key}” has no label.", word=tr(kind.word), key=key))
    if not callable(getattr(description, kind.factory)):
        raise RejectedError(
            tr(
                "The {word} “{key}” has a {factory} that is no function.",
                word=tr(kind.word),
                key=key,
                factory=kind.factory,
            )
        )
    _check_options(
        tr("The options of the {word} “{key}” cannot be used", word=tr(kind.word), key=key),
        description.options,
    )


def _check_options(problem: str, options: Any) -> None:
    if not isinstance(options, type):
        raise RejectedError(
            tr("{problem}: {options!r} is not a class.", problem=problem, options=options)
        )
    try:
        from_mapping(options, to_mapping(options()))
    except (TypeError, OptionError) as error:
        raise RejectedError(f"{problem}: {error}") from error
