"""Recipes as files, as mappings, and changed from the command line."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from petstudio.api.errors import InputError, IntegrityError, OptionError
from petstudio.config.paths import recipes_folder
from petstudio.config.recipe import (
    AugmentationChoice,
    BatchNorm,
    InputChoice,
    Keep,
    ModelChoice,
    Precision,
    Recipe,
    Resize,
    Stage,
    TrainingChoice,
    recipe_from_mapping,
    recipe_to_mapping,
)
from petstudio.config.recipe_file import (
    bundled_recipe,
    bundled_recipes,
    load_recipe,
    save_recipe,
    saved_recipes,
    with_settings,
)

RECIPE = Recipe(
    seed=7,
    model=ModelChoice(architecture="resnet18", weights="none", options={"depth": 3}),
    input=InputChoice(size=(64,), resize=Resize.SQUISH),
    training=TrainingChoice(batch_size=32, precision=Precision.BFLOAT16, device="cuda:1"),
    augmentations=(AugmentationChoice(key="tutorial", options={"max_zoom": 1.2}),),
    stages=(
        Stage(name="head", epochs=2),
        Stage(
            name="all layers",
            epochs=3,
            trainable="all",
            rate=(1e-6, 1e-4),
            scheduler="cosine",
            batchnorm=BatchNorm.TRAIN,
            options={"warmup": 0.1},
        ),
    ),
)

plain = some.booleans() | some.integers(-(2**63), 2**63 - 1) | some.text(max_size=9)
words = some.text(
    some.characters(min_codepoint=32, exclude_categories=["Cs"]), min_size=1, max_size=12
)
option_tables = some.dictionaries(words, plain, max_size=3)
rates = some.floats(1e-9, 100.0)
sizes = some.lists(some.integers(8, 2048), min_size=1, max_size=4).map(sorted).map(tuple)
stages = some.builds(
    Stage,
    name=words,
    epochs=some.integers(1, 100_000),
    trainable=words,
    rate=some.tuples(rates) | some.tuples(rates, rates),
    scheduler=words,
    batchnorm=some.sampled_from(BatchNorm),
    views=some.integers(0, 1000),
    weight_decay=some.none() | some.floats(0.0, 1.0),
    label_smoothing=some.floats(0.0, 0.9),
    mixup=some.floats(0.0, 100.0),
    clip_gradient=some.floats(0.0, 1e9),
    keep=some.sampled_from(Keep),
    patience=some.integers(0, 100_000),
    options=option_tables,
)
recipes = some.builds(
    Recipe,
    seed=some.integers(0, 2**63 - 1),
    model=some.builds(ModelChoice, architecture=words, weights=words, options=option_tables),
    input=some.builds(InputChoice, size=sizes, resize=some.sampled_from(Resize)),
    training=some.builds(
        TrainingChoice,
        batch_size=some.integers(1, 65536),
        precision=some.sampled_from(Precision),
        device=some.sampled_from(["auto", "cpu", "mps", "cuda", "cuda:3", "all"]),
        weight_decay=some.floats(0.0, 1.0),
    ),
    augmentations=some.lists(
        some.builds(
            AugmentationChoice,
            key=words,
            options=option_tables.filter(lambda options: "key" not in options),
        ),
        max_size=2,
    ).map(tuple),
    stages=some.lists(stages, max_size=3).map(tuple),
)


def as_mapping(**changes: Any) -> dict[str, Any]:
    return {**recipe_to_mapping(RECIPE), **changes}


def stage_with(**changes: Any) -> dict[str, Any]:
    return as_mapping(stages=[{"name": "head", "epochs": 1, **changes}])


@given(recipes)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_any_recipe_comes_back_from_its_file(
    tmp_path_factory: pytest.TempPathFactory, recipe: Recipe
) -> None:
    path = tmp_path_factory.getbasetemp() / "recipe.toml"
    save_recipe(path, recipe)
    assert load_recipe(path) == recipe


def test_that_a_file_reads_as_a_person_would_write_it(tmp_path: Path) -> None:
    save_recipe(tmp_path / "r.toml", RECIPE)
    values = tomllib.loads((tmp_path / "r.toml").read_text(encoding="utf-8"))
    assert values["stages"][0]["rate"] == 3e-3
    assert values["stages"][1]["rate"] == [1e-6, 1e-4]
    assert values["augmentations"] == [{"key": "tutorial", "max_zoom": 1.2}]


def test_that_an_empty_file_is_a_recipe_of_defaults(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text("")
    assert load_recipe(tmp_path / "r.toml") == Recipe()


@pytest.mark.parametrize("name", bundled_recipes())
def test_that_every_bundled_recipe_can_be_read(name: str) -> None:
    assert bundled_recipe(name).stages


def test_that_an_unknown_bundled_recipe_comes_with_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"Known: [a-z, -]*tutorial"):
        bundled_recipe("../tutorial")


@pytest.mark.parametrize(
    ("values", "option"),
    [
        (as_mapping(sead=1), "sead"),
        (as_mapping(seed="x"), "seed"),
        (as_mapping(seed=-1), "seed"),
        (as_mapping(seed=2**63), "seed"),
        (as_mapping(schema_version="1"), "schema_version"),
        (as_mapping(model={"arch": "resnet18"}), "model.arch"),
        (as_mapping(model="resnet18"), "model"),
        (as_mapping(input={"size": 4}), "input.size"),
        (as_mapping(input={"size": 4096}), "input.size"),
        (as_mapping(input={"resize": "stretch"}), "input.resize"),
        (as_mapping(training={"batch_size": 0}), "training.batch_size"),
        (as_mapping(training={"device": "gpu"}), "training.device"),
        (as_mapping(training={"precision": "float64"}), "training.precision"),
        (as_mapping(training={"weight_decay": -0.1}), "training.weight_decay"),
        (as_mapping(augmentations={"key": "x"}), "augmentations"),
        (as_mapping(augmentations=["tutorial"]), "augmentations.0"),
        (as_mapping(augmentations=[{"max_zoom": 2}]), "augmentations.0.max_zoom"),
        (as_mapping(stages={}), "stages"),
        (as_mapping(stages=[3]), "stages.0"),
        (as_mapping(stages=[{"epochs": 1}]), "stages.0.name"),
        (stage_with(epochs=0), "stages.0.epochs"),
        (stage_with(epochs=1.5), "stages.0.epochs"),
        (stage_with(rate=[]), "stages.0.rate"),
        (stage_with(rate=[1e-3, 1e-2, -1e-1]), "stages.0.rate"),
        (stage_with(weight_decay=2.0), "stages.0.weight_decay"),
        (stage_with(label_smoothing=1.0), "stages.0.label_smoothing"),
        (stage_with(mixup=-0.1), "stages.0.mixup"),
        (stage_with(clip_gradient=-1.0), "stages.0.clip_gradient"),
        (stage_with(keep="all"), "stages.0.keep"),
        (stage_with(patience=-1), "stages.0.patience"),
        (as_mapping(training={"accumulate": 0}), "training.accumulate"),
        (as_mapping(training={"class_weights": "some"}), "training.class_weights"),
        (as_mapping(start={"stage": 2}), "start.stage"),
        (as_mapping(start={"run": 2}), "start.run"),
        (stage_with(rate=-1e-3), "stages.0.rate"),
        (stage_with(rate=0), "stages.0.rate"),
        (stage_with(rate="fast"), "stages.0.rate.0"),
        (stage_with(rate=float("nan")), "stages.0.rate.0"),
        (stage_with(batchnorm="off"), "stages.0.batchnorm"),
        (stage_with(options=3), "stages.0.options"),
        (stage_with(warmup=3), "stages.0.warmup"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_that_a_wrong_entry_is_refused_by_its_dotted_name(
    values: dict[str, Any], option: str
) -> None:
    with pytest.raises(OptionError) as caught:
        recipe_from_mapping(values)
    assert caught.value.option == option


def test_that_a_recipe_of_a_newer_program_is_refused_as_such() -> None:
    with pytest.raises(IntegrityError, match="schema version 99") as caught:
        recipe_from_mapping({"schema_version": 99, "unknown_here": True})
    assert "Update" in caught.value.cure


@pytest.mark.parametrize(
    "content",
    [
        b"seed = ",
        b"[model",
        b"\xff\xfe",
        b"seed = 1\nseed = 2",
        b"seed = " + b"9" * 5000,
        b"x = " + b"[" * 50_000,
    ],
    ids=["no value", "no bracket", "no text", "twice", "huge number", "deep"],
)
def test_that_a_file_that_is_no_recipe_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "r.toml").write_bytes(content)
    with pytest.raises(InputError, match=r"r\.toml") as caught:
        load_recipe(tmp_path / "r.toml")
    assert caught.value.cure


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.toml cannot be read"):
        load_recipe(tmp_path / "gone.toml")


def test_that_settings_change_what_they_name_and_nothing_else() -> None:
    changed = with_settings(RECIPE, ["seed=3", "stages.0.epochs=9", "model.weights=imagenet"])
    assert changed == replace(
        RECIPE,
        seed=3,
        model=replace(RECIPE.model, weights="imagenet"),
        stages=(replace(RECIPE.stages[0], epochs=9), RECIPE.stages[1]),
    )


@pytest.mark.parametrize(
    ("setting", "rate"),
    [
        ("stages.0.rate=1e-2", (1e-2,)),
        ("stages.0.rate=[1e-6, 1e-4]", (1e-6, 1e-4)),
        ("stages.0.rate = 1", (1.0,)),
        ("stages.1.rate.0=1e-5", (1e-5, 1e-4)),
    ],
)
def test_that_a_rate_is_set_as_one_number_or_two(setting: str, rate: tuple[float, ...]) -> None:
    stage = int(setting.split(".")[1])
    assert with_settings(RECIPE, [setting]).stages[stage].rate == rate


def test_that_options_of_a_plugin_can_be_set() -> None:
    changed = with_settings(
        RECIPE,
        ["augmentations.0.max_zoom=1.5", "model.options.depth=4", "stages.0.options.start=0.3"],
    )
    assert changed.augmentations[0].options == {"max_zoom": 1.5}
    assert changed.model.options == {"depth": 4}
    assert changed.stages[0].options == {"start": 0.3}


def test_that_a_later_setting_wins() -> None:
    assert with_settings(RECIPE, ["seed=1", "seed=2"]).seed == 2


def test_that_a_path_is_taken_as_text() -> None:
    assert with_settings(RECIPE, ["model.weights=/tmp/a=b.pth"]).model.weights == "/tmp/a=b.pth"


@pytest.mark.parametrize(
    ("setting", "option"),
    [
        ("seed", "seed"),
        ("sead=1", "sead"),
        ("seed=many", "seed"),
        ("seed=", "seed"),
        ("=1", ""),
        ("model.arch=x", "model.arch"),
        ("modle.weights=none", "modle"),
        ("seed.x=1", "seed.x"),
        ("seed.x.y=1", "seed.x"),
        ("model.weights.x=1", "model.weights.x"),
        ("stages.5.epochs=1", "stages.5"),
        ("stages.-1.epochs=1", "stages.-1"),
        ("stages.head.epochs=1", "stages.head"),
        ("stages.0.epochs=0", "stages.0.epochs"),
        ("stages.0=1", "stages.0"),
        ("stages.9=1", "stages.9"),
        ("seed=" + "9" * 5000, "seed"),
        ("seed=" + "[" * 50_000, "seed"),
    ],
    ids=lambda value: value[:30],
)
def test_that_a_wrong_setting_is_refused_by_its_dotted_name(setting: str, option: str) -> None:
    with pytest.raises(OptionError) as caught:
        with_settings(RECIPE, [setting])
    assert caught.value.option == option


def test_that_saved_recipes_are_the_recipe_files_of_the_users_folder_by_name() -> None:
    assert saved_recipes() == ()
    folder = recipes_folder()
    folder.mkdir(parents=True)
    for name in ("b.toml", "a.toml", ".c.toml", "notes.txt"):
        (folder / name).write_text("")
    assert saved_recipes() == (folder / "a.toml", folder / "b.toml")
