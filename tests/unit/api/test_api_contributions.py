"""What a description of a plugin refuses by itself."""

from __future__ import annotations

import pytest

from petstudio.api import Architecture, GroupSize, NoOptions


def describe(**values):
    return Architecture(
        key="tiny",
        label="Tiny",
        summary="Small.",
        options=NoOptions,
        build=lambda _options: None,
        parameters=30,
        **values,
    )


GROUPS = (GroupSize(name="low", parameters=10), GroupSize(name="high", parameters=20))


def test_that_an_architecture_need_not_declare_its_groups():
    made = describe()
    assert (made.groups, made.features) == ((), 0)


def test_that_groups_that_add_up_are_taken():
    assert describe(groups=GROUPS, features=4).groups == GROUPS


def test_that_groups_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="“tiny” have 10 parameters, but it declares 30"):
        describe(groups=GROUPS[:1], features=4)


def test_that_groups_without_features_are_refused():
    with pytest.raises(ValueError, match="“tiny” declares groups, but not how many features"):
        describe(groups=GROUPS)
