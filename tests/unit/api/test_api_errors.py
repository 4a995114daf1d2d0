"""Errors that are shown as they are, and that cross process borders."""

from __future__ import annotations

import pickle

import pytest

from petstudio.api.errors import (
    ConflictError,
    DivergedError,
    ImageError,
    ImageReason,
    InputError,
    IntegrityError,
    MachineError,
    OptionError,
    PetStudioError,
    PluginError,
    RunCancelledError,
    TrustError,
)

PLAIN = [ConflictError, DivergedError, InputError, IntegrityError, MachineError, TrustError]
ERRORS = [
    *(kind("It happened.", cure="Do this.") for kind in PLAIN),
    OptionError("stages.0.epochs", "it must be 1 to 100000.", cure="Lower it."),
    ImageError("a/b.jpg", ImageReason.TRUNCATED, "at byte 7"),
    PluginError("my_plugin", "my-loader", ValueError("no")),
    RunCancelledError(kept="Half of it is kept."),
]


def name_of(error: PetStudioError) -> str:
    return type(error).__name__


def test_that_a_sentence_and_its_cure_are_shown_together() -> None:
    assert str(InputError("It is empty.", cure="Choose another.")) == "It is empty. Choose another."


def test_that_an_error_without_a_cure_is_its_sentence() -> None:
    assert str(MachineError("The disk is full.")) == "The disk is full."


def test_that_an_option_error_names_the_option_first() -> None:
    error = OptionError("seed", "it is missing.", cure="Give one.")
    assert str(error) == "seed: it is missing. Give one."


def test_that_an_image_error_names_the_image_and_the_reason() -> None:
    error = ImageError("a/b.jpg", ImageReason.EMPTY)
    assert str(error) == "a/b.jpg: the file is empty."


def test_that_a_plugin_error_describes_an_error_without_text() -> None:
    assert PluginError("p", "c", KeyError()).reason == "KeyError"


@pytest.mark.parametrize("error", ERRORS, ids=name_of)
def test_that_an_error_survives_another_process(error: PetStudioError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert vars(copy) == vars(error)


@pytest.mark.parametrize("error", ERRORS, ids=name_of)
def test_that_one_class_covers_all_of_them(error: PetStudioError) -> None:
    assert isinstance(error, PetStudioError)


@pytest.mark.parametrize(
    ("error", "is_bad_input"),
    [
        (OptionError("a", "b"), True),
        (ImageError("a", ImageReason.EMPTY), True),
        (IntegrityError("a"), True),
        (TrustError("a"), True),
        (MachineError("a"), False),
        (ConflictError("a"), False),
        (PluginError("a", "b", "c"), False),
        (DivergedError("a"), False),
    ],
    ids=lambda value: name_of(value) if isinstance(value, PetStudioError) else "",
)
def test_that_an_error_knows_whose_fault_it_is(error: PetStudioError, is_bad_input: bool) -> None:
    assert error.is_bad_input is is_bad_input
