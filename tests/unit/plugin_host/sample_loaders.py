"""Loaders that behave in all ways; imported by the child process, so light."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator

from petstudio.api import (
    DatasetLoader,
    ImageLabel,
    InputError,
    NoOptions,
    OptionError,
    PetStudioError,
    Place,
    Split,
)


def loader_of(read: Callable[..., Iterable[object]]) -> DatasetLoader[NoOptions]:
    return DatasetLoader(key="sample", label="Sample", summary="", options=NoOptions, read=read)


def by_index(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    for index, path in enumerate(place.files):
        yield ImageLabel(path=path, label=f"class {index}", split=Split.VALID, group="g")


def with_missing(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    yield from by_index(_options, place)
    yield ImageLabel(path="gone.jpg", label="cat")


def by_process(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    return (ImageLabel(path=path, label=str(os.getpid())) for path in place.files)


def by_modules(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    heavy = sorted({"torch", "numpy", "PySide6", "PIL"} & sys.modules.keys())
    return (ImageLabel(path=path, label=" ".join(heavy) or None) for path in place.files)


def chatty(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    for path in place.files:
        print("noise", path)  # noqa: T201  the noise is the point
        yield ImageLabel(path=path, label=None)


def too_few(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    yield ImageLabel(path=place.files[0], label="cat")


def wrong_order(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    return (ImageLabel(path=path, label="cat") for path in reversed(place.files))


def no_labels(_options: NoOptions, place: Place) -> list[str]:
    return list(place.files)


def nothing(_options: NoOptions, _place: Place) -> None:
    return None


def empty_label(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    return (ImageLabel(path=path, label="") for path in place.files)


def number_label(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    return (ImageLabel(path=path, label=5) for path in place.files)  # type: ignore[arg-type]


def text_split(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    return (
        ImageLabel(path=path, label="cat", split="train")  # type: ignore[arg-type]
        for path in place.files
    )


def raises_value_error(_options: NoOptions, _place: Place) -> Iterator[ImageLabel]:
    raise ValueError("no luck")


def raises_input_error(_options: NoOptions, _place: Place) -> Iterator[ImageLabel]:
    raise InputError("The source is bad.", cure="Mend it.")


def raises_option_error(_options: NoOptions, _place: Place) -> Iterator[ImageLabel]:
    raise OptionError("pattern", "it is bad.", cure="Mend it.")


class StubbornError(PetStudioError):
    """Cannot be rebuilt from what pickle keeps of it."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(first + second)


def raises_stubborn_error(_options: NoOptions, _place: Place) -> Iterator[ImageLabel]:
    raise StubbornError("a", "b")


def exits(_options: NoOptions, _place: Place) -> Iterator[ImageLabel]:
    raise SystemExit(4)


def dies(_options: NoOptions, _place: Place) -> Iterator[ImageLabel]:
    os._exit(3)


def never_opens(_options: NoOptions, _place: Place) -> Iterator[ImageLabel]:
    while True:
        time.sleep(60)


def never_ends(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    yield from by_index(_options, place)
    while True:
        yield ImageLabel(path="gone.jpg", label="cat")


def hangs_on_hard_ones(_options: NoOptions, place: Place) -> Iterator[ImageLabel]:
    for path in place.files:
        while path.startswith("hard"):
            time.sleep(60)
        yield ImageLabel(path=path, label="cat")
