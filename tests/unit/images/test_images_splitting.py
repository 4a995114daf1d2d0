"""Splits: counts, classes, groups, and what the source prescribes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petstudio.api.contributions import Split
from petstudio.api.errors import OptionError
from petstudio.images.splitting import SplitChoice, SplitItem, split_items

TRAIN, VALID, TEST = Split.TRAIN, Split.VALID, Split.TEST
PLAIN = SplitChoice(stratify=False)

choices = st.builds(
    SplitChoice,
    valid_share=st.floats(0, 0.5),
    test_share=st.floats(0, 0.4),
    seed=st.integers(0, 2**63),
    stratify=st.booleans(),
)
labels = st.sampled_from("abcde")
open_items = st.lists(st.builds(SplitItem, label=labels), max_size=60)
grouped_items = st.lists(
    st.builds(SplitItem, label=labels, group=st.none() | st.sampled_from("uvwxyz")), max_size=40
)
any_items = st.lists(
    st.builds(
        SplitItem,
        label=labels,
        group=st.none() | st.sampled_from("uvwxyz"),
        split=st.none() | st.sampled_from(Split),
    ),
    max_size=40,
)
relaxed = settings(deadline=None, max_examples=150)


def _items(**counts: int) -> list[SplitItem]:
    return [SplitItem(label=label) for label, count in counts.items() for _ in range(count)]


def _by_class(items: list[SplitItem], parts: tuple[Split, ...], part: Split) -> Counter[str]:
    return Counter(item.label for item, found in zip(items, parts, strict=True) if found is part)


@pytest.mark.parametrize(
    ("images", "valid"),
    [(7390, 1478), (370, 74), (397, 79), (185, 37), (101, 20), (9, 1), (4, 0), (1, 0), (0, 0)],
)
@pytest.mark.parametrize("choice", [SplitChoice(), PLAIN])
def test_that_a_fifth_of_the_images_validates_rounded_down(
    images: int, valid: int, choice: SplitChoice
) -> None:
    assert split_items(_items(pug=images), choice).count(VALID) == valid


def test_that_the_counts_are_those_of_the_reference_library(shared_folder: Path) -> None:
    golden = json.loads((shared_folder / "reference" / "fastai-golden.json").read_text())
    for images, valid in golden["split_counts"].items():
        assert split_items(_items(pug=int(images)), PLAIN).count(VALID) == valid


def test_that_37_classes_of_5_each_give_one_image() -> None:
    items = [SplitItem(label=f"breed {index % 37:02}") for index in range(185)]
    parts = split_items(items, SplitChoice())
    assert set(_by_class(items, parts, VALID).values()) == {1}
    assert len(_by_class(items, parts, VALID)) == 37


def test_that_stratifying_follows_the_sizes_of_the_classes() -> None:
    items = _items(pug=70, beagle=20, birman=10)
    parts = split_items(items, SplitChoice(valid_share=0.25))
    assert _by_class(items, parts, VALID) in (
        {"pug": 18, "beagle": 5, "birman": 2},
        {"pug": 17, "beagle": 5, "birman": 3},
    )


def test_that_a_class_with_one_image_trains() -> None:
    items = _items(pug=20, **{f"rare {index}": 1 for index in range(20)})
    parts = split_items(items, SplitChoice())
    assert _by_class(items, parts, VALID) == {"pug": 8}


def test_that_a_test_part_does_not_change_the_validation_part() -> None:
    items = _items(pug=50, beagle=50)
    two = split_items(items, SplitChoice())
    three = split_items(items, SplitChoice(test_share=0.1))
    assert [part is VALID for part in two] == [part is VALID for part in three]
    assert three.count(TEST) == 10


def test_that_another_seed_gives_another_split() -> None:
    items = _items(pug=100)
    assert split_items(items, SplitChoice(seed=1)) != split_items(items, SplitChoice(seed=2))


def test_that_prescribed_splits_are_kept() -> None:
    items = [SplitItem(label="pug", split=part) for part in (VALID, TEST, TRAIN, VALID)]
    assert split_items(items, SplitChoice(valid_share=0.9)) == (VALID, TEST, TRAIN, VALID)


def test_that_the_share_counts_only_what_the_source_leaves_open() -> None:
    items = [*_items(pug=10), *(SplitItem(label="pug", split=TRAIN) for _ in range(90))]
    parts = split_items(items, SplitChoice())
    assert parts.count(VALID) == 2
    assert set(parts[10:]) == {TRAIN}


def test_that_a_source_with_train_and_test_validates_on_a_part_of_train() -> None:
    items = [SplitItem(label="pug", split=TRAIN) for _ in range(50)]
    items += [SplitItem(label="pug", split=TEST) for _ in range(10)]
    parts = split_items(items, SplitChoice(test_share=0.3))
    assert (parts.count(TRAIN), parts.count(VALID), parts.count(TEST)) == (40, 10, 10)
    assert set(parts[50:]) == {TEST}


def test_that_a_source_with_only_train_is_split_like_an_open_one() -> None:
    items = [SplitItem(label="pug", split=TRAIN) for _ in range(50)]
    parts = split_items(items, SplitChoice(test_share=0.1))
    assert (parts.count(TRAIN), parts.count(VALID), parts.count(TEST)) == (35, 10, 5)


def test_that_open_images_follow_the_prescribed_one_of_their_group() -> None:
    items = [SplitItem(label="pug", group="rex") for _ in range(5)]
    items.append(SplitItem(label="pug", group="rex", split=TEST))
    assert set(split_items(items, SplitChoice())) == {TEST}


def test_that_single_images_fill_the_gap_that_groups_leave() -> None:
    items = [SplitItem(label="pug", group=f"dog {index // 7}") for index in range(70)]
    items += _items(pug=30)
    assert split_items(items, SplitChoice()).count(VALID) == 20


def test_that_a_class_in_a_single_group_trains() -> None:
    items = [SplitItem(label="pug", group="rex") for _ in range(8)] + _items(beagle=12)
    parts = split_items(items, SplitChoice())
    assert set(parts[:8]) == {TRAIN}
    assert parts.count(VALID) == 4


@relaxed
@given(items=any_items, choice=choices)
def test_that_a_split_is_a_function_of_its_arguments(
    items: list[SplitItem], choice: SplitChoice
) -> None:
    assert split_items(items, choice) == split_items(list(items), choice)


@relaxed
@given(items=open_items, choice=choices)
def test_that_plain_counts_are_exact(items: list[SplitItem], choice: SplitChoice) -> None:
    choice = SplitChoice(
        valid_share=choice.valid_share,
        test_share=choice.test_share,
        seed=choice.seed,
        stratify=False,
    )
    parts = split_items(items, choice)
    assert parts.count(VALID) == int(choice.valid_share * len(items))
    assert parts.count(TEST) == int(choice.test_share * len(items))


@relaxed
@given(items=open_items, share=st.floats(0, 0.99), seed=st.integers(0, 1000))
def test_that_stratified_counts_are_exact_as_far_as_classes_can_spare(
    items: list[SplitItem], share: float, seed: int
) -> None:
    parts = split_items(items, SplitChoice(valid_share=share, seed=seed))
    spare = len(items) - len({item.label for item in items})
    assert parts.count(VALID) == min(int(share * len(items)), spare)


@relaxed
@given(items=grouped_items, choice=choices)
def test_that_stratified_classes_keep_a_training_image(
    items: list[SplitItem], choice: SplitChoice
) -> None:
    parts = split_items(items, choice)
    if choice.stratify:
        assert set(_by_class(items, parts, TRAIN)) == {item.label for item in items}


@relaxed
@given(items=open_items, choice=choices)
def test_that_stratified_classes_get_their_share_within_one_image(
    items: list[SplitItem], choice: SplitChoice
) -> None:
    parts = split_items(items, choice)
    count = int(choice.valid_share * len(items))
    sizes = Counter(item.label for item in items)
    if choice.stratify and all(size > 2 for size in sizes.values()):
        found = _by_class(items, parts, VALID)
        for label, size in sizes.items():
            assert abs(found[label] - count * size / len(items)) < 1


@relaxed
@given(items=grouped_items, choice=choices)
def test_that_no_group_crosses_a_border(items: list[SplitItem], choice: SplitChoice) -> None:
    sides: dict[str, set[Split]] = {}
    for item, part in zip(items, split_items(items, choice), strict=True):
        if item.group is not None:
            sides.setdefault(item.group, set()).add(part)
    assert all(len(parts) == 1 for parts in sides.values())


@relaxed
@given(items=grouped_items, share=st.floats(0, 0.9), seed=st.integers(0, 1000))
def test_that_no_single_group_more_would_come_closer_to_the_count(
    items: list[SplitItem], share: float, seed: int
) -> None:
    parts = split_items(items, SplitChoice(valid_share=share, seed=seed, stratify=False))
    missing = int(share * len(items)) - parts.count(VALID)
    groups = Counter(
        item.group or index
        for index, (item, part) in enumerate(zip(items, parts, strict=True))
        if part is TRAIN
    )
    assert all(abs(missing - size) >= abs(missing) for size in groups.values())


@relaxed
@given(items=any_items, choice=choices)
def test_that_prescribed_validation_and_test_images_never_move(
    items: list[SplitItem], choice: SplitChoice
) -> None:
    for item, part in zip(items, split_items(items, choice), strict=True):
        assert item.split not in (VALID, TEST) or part is item.split


@pytest.mark.parametrize(
    ("choice", "option"),
    [
        (SplitChoice(valid_share=1.0), "valid_share"),
        (SplitChoice(valid_share=-0.1), "valid_share"),
        (SplitChoice(valid_share=float("nan")), "valid_share"),
        (SplitChoice(test_share=1.5), "test_share"),
        (SplitChoice(valid_share=0.5, test_share=0.5), "valid_share"),
        (SplitChoice(seed=-1), "seed"),
    ],
)
def test_that_a_choice_out_of_range_is_refused_by_name(choice: SplitChoice, option: str) -> None:
    with pytest.raises(OptionError) as caught:
        split_items(_items(pug=4), choice)
    assert caught.value.option == option
