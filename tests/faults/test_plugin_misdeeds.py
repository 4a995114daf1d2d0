"""Each kind of contribution with each misdeed: named, counted, and nobody else's work is lost."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from ctypes import c_longlong
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plugin_misdeeds import GOOD, KINDS, MISDEEDS, Misdeed, source

from petstudio.api import (
    EvaluatedImages,
    InputError,
    NoOptions,
    Place,
    PluginError,
    RunControl,
    SchedulePlan,
)
from petstudio.api.events import NoticeGiven
from petstudio.config.paths import user_plugin_folder
from petstudio.config.recipe import AugmentationChoice, ModelChoice, Recipe, Stage
from petstudio.engine.measuring import Measuring
from petstudio.engine.plan import TrainingPlan
from petstudio.engine.predictions import Predictions
from petstudio.jobs import converting
from petstudio.jobs.plans import make_plan
from petstudio.jobs.plugin_answers import view_data
from petstudio.jobs.rate_plan import plan_unstarted
from petstudio.plugin_host import label_process
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.discovery import bundled, in_folder
from petstudio.plugin_host.host import MOST_FAILURES, PluginHost
from petstudio.plugin_host.records import PluginState

PLACE = Place(root=Path("nowhere"), files=("a.png", "b.png"))
PREDICTIONS = Predictions(
    keys=np.arange(3),
    targets=np.array([0, 1, 1]),
    probabilities=np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], dtype=np.float32),
    losses=np.zeros(3, dtype=np.float32),
)


@pytest.fixture
def load() -> Callable[[str], PluginHost]:
    """Load a plugin “bad” of the user's folder beside all that come with the program."""
    folder = user_plugin_folder()

    def load_plugin(code: str) -> PluginHost:
        folder.mkdir(parents=True)
        (folder / "bad.py").write_text(code, encoding="utf-8")
        return PluginHost([*bundled(), *in_folder(folder)])

    return load_plugin


def use(host: PluginHost, kind: str) -> object:
    """Use the contribution “bad” of a kind on the road that jobs take."""
    return _USES[kind](host)


def _use_loader(host: PluginHost) -> object:
    bad = host.loaders["bad"]
    # A child for each, since its modules are those of the plugin before.
    with LabelReader(seconds_per_file=10) as reader:
        return host.call(bad, reader.read, bad, NoOptions(), PLACE, RunControl())


def plan_with(host: PluginHost, kind: str) -> TrainingPlan:
    recipe = Recipe(
        model=ModelChoice(
            architecture="bad" if kind == "architecture" else "resnet18", weights="none"
        ),
        augmentations=(AugmentationChoice(key="bad"),) if kind == "augmentation" else (),
        stages=(Stage(name="s", scheduler="bad" if kind == "scheduler" else "constant", epochs=1),),
    )
    return make_plan(host, replace(recipe, input=replace(recipe.input, size=(32,))))


def _use_architecture(host: PluginHost) -> object:
    plan = plan_with(host, "architecture")
    return plan.architecture.build(plan.architecture_options)


def _use_scheduler(host: PluginHost) -> object:
    stage = plan_with(host, "scheduler").stages[0]
    return stage.scheduler.build(stage.options, SchedulePlan(steps=4, steps_per_epoch=2))(0)


def _use_augmentation(host: PluginHost) -> object:
    augmentation, options = plan_with(host, "augmentation").augmentations[0]
    return augmentation.draw(options, np.random.default_rng(1).random((4, 1)))


def _use_metric(host: PluginHost) -> object:
    metrics = {metric.key: (metric, options) for metric, options in plan_with(host, "").metrics}
    metric, options = metrics["bad"]
    return metric.compute(options, PREDICTIONS.probabilities, PREDICTIONS.targets)


def _use_exporter(host: PluginHost) -> object:
    exporter = converting._guarded(host, host.exporters["bad"])
    exporter.write(NoOptions(), None)  # type: ignore[arg-type]  # these ones do not look at it
    _, classify = exporter.read(Path("model.bad"))
    return classify(np.zeros((2, 4, 4, 3), dtype=np.float32))


def _use_view(host: PluginHost) -> object:
    images = EvaluatedImages(
        classes=("a", "b"),
        keys=PREDICTIONS.keys,
        targets=PREDICTIONS.targets,
        probabilities=PREDICTIONS.probabilities,
        losses=PREDICTIONS.losses,
        train_counts=np.array([1, 2]),
    )
    bad = host.views["bad"]
    return host.call(bad, view_data, bad, NoOptions(), images)


_USES: dict[str, Callable[[PluginHost], Any]] = {
    "loader": _use_loader,
    "architecture": _use_architecture,
    "scheduler": _use_scheduler,
    "augmentation": _use_augmentation,
    "metric": _use_metric,
    "exporter": _use_exporter,
    "view": _use_view,
}


@pytest.mark.parametrize("misdeed", MISDEEDS, ids=str)
def test_that_a_misdeed_is_named_counted_and_nobody_elses(load, misdeed: Misdeed):
    host = load(misdeed.source)
    with pytest.raises(PluginError) as caught:
        use(host, misdeed.kind)
    assert (caught.value.plugin, caught.value.contribution) == ("bad", "bad")
    assert misdeed.reason in caught.value.reason
    record = host.record("bad")
    assert (record.state, record.failures) == (PluginState.ACTIVE, 1)
    assert record.traceback
    assert all(not other.failures for other in host.records if other.name != "bad")


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_plugin_that_prints_much_is_used_all_the_same(load, kind, capfd):
    host = load(source(kind, f"for n in range(10_000): print(n)\n{GOOD[kind]}"))
    assert use(host, kind) is not None
    assert host.record("bad").failures == 0


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_plugin_is_left_alone_after_it_failed_too_often(load, kind):
    host = load(source(kind, "raise ValueError('no luck')"))
    for _ in range(MOST_FAILURES):
        with pytest.raises(PluginError, match="no luck"):
            use(host, kind)
    with pytest.raises(PluginError, match="it failed 3 times and is left alone"):
        use(host, kind)
    assert host.record("bad").failures == MOST_FAILURES


@pytest.mark.parametrize("kind", KINDS)
def test_that_trying_again_gives_a_plugin_new_chances(load, kind):
    host = load(source(kind, "raise ValueError('no luck')"))
    with pytest.raises(PluginError, match="no luck"):
        use(host, kind)
    assert host.try_again("bad").failures == 0
    assert host.record("bad").reason == ""


@pytest.mark.parametrize("kind", KINDS)
def test_that_the_same_plugin_without_its_misdeed_can_be_used(load, kind):
    assert use(load(source(kind, GOOD[kind])), kind) is not None


def test_that_a_loader_that_hangs_is_ended_and_named(load):
    children = multiprocessing.active_children()
    host = load(source("loader", "import time\nyield time.sleep(60)"))
    bad = host.loaders["bad"]
    with LabelReader(seconds_per_file=0.3) as reader, pytest.raises(InputError, match="“Bad”"):
        host.call(bad, reader.read, bad, NoOptions(), PLACE, RunControl())
    assert multiprocessing.active_children() == children


def test_that_a_loader_that_never_ends_is_stopped(load, monkeypatch):
    monkeypatch.setattr(label_process, "MOST_MISSING", 1000)
    endless = """
import itertools
yield from [ImageLabel(path=path, label="a") for path in place.files]
yield from (ImageLabel(path=f"{n}.png", label="a") for n in itertools.count())
"""
    bad = load(source("loader", endless)).loaders["bad"]
    request = label_process.request_of(bad, NoOptions(), PLACE)
    with Path(os.devnull).open("w") as nowhere:
        watch = label_process._OrphanWatch(nowhere)
        *_, last = label_process._answers(request, c_longlong(), watch)
        watch.stop()
    assert isinstance(last, label_process.LoaderFailed)
    assert "read goes on after 1,002 labels for 2 files" in last.reason


def test_that_a_failing_metric_is_left_out_of_the_job_and_the_others_stay(load):
    host = load(source("metric", "raise ValueError('no luck')"))
    told: list[NoticeGiven] = []
    measuring = Measuring(plan_with(host, "").metrics, told.append)
    first, second = measuring.measure(PREDICTIONS), measuring.measure(PREDICTIONS)
    assert first == second
    assert first["accuracy"] == pytest.approx(2 / 3)
    assert "bad" not in first
    assert [notice.plugin for notice in told] == ["bad"]
    assert "This job goes on without it." in told[0].message
    assert host.record("bad").failures == 1


def test_that_predictions_are_as_they_were_after_a_metric_wrote_into_them(load):
    before = PREDICTIONS.probabilities.copy()
    host = load(source("metric", "probabilities[:] = 0"))
    Measuring(plan_with(host, "").metrics, lambda event: None).measure(PREDICTIONS)
    assert (PREDICTIONS.probabilities == before).all()


def test_that_the_window_names_a_scheduler_that_gives_nan_before_it_is_used(load):
    host = load(source("scheduler", "return lambda step: SchedulePoint(float('nan'), 0.9)"))
    recipe = Recipe(stages=(Stage(name="s", scheduler="bad", epochs=1),))
    with pytest.raises(PluginError, match="The plugin bad failed"):
        plan_unstarted(host, recipe, 10)


HOOKS = {
    "loader": "petstudio_dataset_loaders",
    "architecture": "petstudio_architectures",
    "scheduler": "petstudio_schedulers",
    "augmentation": "petstudio_augmentations",
    "metric": "petstudio_metrics",
    "exporter": "petstudio_exporters",
    "view": "petstudio_evaluation_views",
}
HOOK_DEEDS = {
    "raises": ("raise ValueError('no luck')", "It failed with ValueError: no luck"),
    "ends the program": ("raise SystemExit(3)", "It tried to end the program (SystemExit: 3)."),
    "needs a package": ("import no_such_package", "It needs the package no_such_package, which"),
    "gives nothing": ("return None", "gave a NoneType, not a list of"),
    "gives a text": ("return 'text'", "gave a str where a"),
    "gives the wrong thing": ("return [object()]", "gave a object where a"),
    "fails on the way": ("yield from [1 / 0]", "It failed with ZeroDivisionError"),
    "never ends": ("while True: yield good()[0]", "gave more than 5,000 descriptions."),
    "gives a key twice": ("return [*good(), *good()]", "with the key “bad”."),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("deed", HOOK_DEEDS)
def test_that_a_hook_that_misbehaves_adds_nothing_and_the_others_load(load, kind, deed):
    body, reason = HOOK_DEEDS[deed]
    code = source(kind, GOOD[kind]).replace(f"@hookimpl\ndef {HOOKS[kind]}", "def good")
    host = load(f"{code}\n@hookimpl\ndef {HOOKS[kind]}():\n    {body}\n")
    record = host.record("bad")
    assert record.state is PluginState.FAILED
    assert reason in record.reason
    assert record.kinds == (kind,)
    assert [r.state for r in host.records if r.name != "bad"] == [PluginState.ACTIVE] * (
        len(host.records) - 1
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("stated", "cure"), [("(1, 99)", "Update PetStudio."), ("(0, 9)", "Update the plugin.")]
)
def test_that_a_plugin_for_another_api_adds_nothing(load, kind, stated, cure):
    code = source(kind, GOOD[kind]).replace("PETSTUDIO_API = (1, 0)", f"PETSTUDIO_API = {stated}")
    record = load(code).record("bad")
    assert record.state is PluginState.FAILED
    assert record.reason.endswith(cure)


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_plugin_that_prints_while_it_loads_is_loaded(load, kind, capfd):
    host = load(f"for n in range(10_000): print(n)\n{source(kind, GOOD[kind])}")
    assert host.record("bad").state is PluginState.ACTIVE
