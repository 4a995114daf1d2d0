"""A loss or weight that is no number: the run stops, says where, and keeps good weights."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import safetensors.torch
import torch
from engine_runs import (
    ALL,
    HEAD,
    MemoryStore,
    augmented,
    digest,
    of_kind,
    plan_of,
    unchanged,
    weights_of,
)

from petstudio.api.control import RunControl
from petstudio.api.errors import DivergedError
from petstudio.api.events import (
    CheckpointKind,
    CheckpointSaved,
    EpochFinished,
    ModelSaved,
    Outcome,
    RunFinished,
    StepFinished,
    TrainingDiverged,
)
from petstudio.cli.main import run as run_command
from petstudio.config.recipe import recipe_from_mapping
from petstudio.engine.checkpoint import from_content
from petstudio.engine.checkpoint_file import read_checkpoint
from petstudio.engine.input.batches import full_chunks
from petstudio.engine.input.draws import epoch_order
from petstudio.engine.reporting import StepDivergedError
from petstudio.engine.training import Listener, Trainer
from petstudio.engine.workbench import Workbench
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.job import run_job
from petstudio.jobs.proving import DataSource
from petstudio.jobs.training import resume, train
from petstudio.plugin_host.host import PluginHost
from petstudio.project.event_log import read_events
from petstudio.project.project import Project
from petstudio.project.records import RunState


def diverging(plan, data, *, store=None, on_event=None, control=None):
    """Train until it diverges; return the error, the events, the trainer."""
    trainer, events = Trainer(plan, data), []

    def emit(event):
        events.append(event)
        if on_event is not None:
            on_event(event, trainer)

    listener = Listener(emit=emit, control=control or RunControl(), store=store)
    with pytest.raises(StepDivergedError) as caught:
        trainer.run(1, "", listener)
    return caught.value, events, trainer


def poisoned(plan, at):
    """Return the plan with pictures that are no numbers from a batch on."""
    return augmented(
        plan, lambda number, count: unchanged(count, math.nan if number >= at else 1.0)
    )


def batch_of(plan, data, step):
    per_epoch = len(data.train) // 12
    order = epoch_order(plan.recipe.seed, step // per_epoch, len(data.train))
    return full_chunks(order, 12)[step % per_epoch].tolist()


def is_finite(weights):
    return all(bool(torch.isfinite(tensor).all()) for tensor in weights.values())


@pytest.mark.parametrize("at", [0, 4])
@pytest.mark.parametrize("stage", [ALL, HEAD], ids=["pictures", "features"])
def test_that_spoiled_pictures_are_named_with_step_and_rate(stage, at, coloured_data):
    plan = poisoned(plan_of([replace(stage, epochs=3)]), at)
    error, events, _ = diverging(plan, coloured_data)
    assert [event.step for event in of_kind(events, StepFinished)] == list(range(at))
    assert error.place.step == at
    assert (error.place.stage, error.place.epoch) == (0, at // 3)
    assert error.place.rate == pytest.approx(1e-2 * (0.5 + 0.5 * math.sin(at)))
    assert error.place.pictures.tolist() == batch_of(plan, coloured_data, at)
    assert math.isnan(error.loss)
    assert str(error).startswith(f"The loss is not a finite number any more at step {at + 1}, ")
    assert f"learning rate of {error.place.rate:.1e}" in str(error)
    assert "Lower the learning rate" in str(error)


def test_that_weights_go_back_to_the_last_checkpoint(coloured_data):
    store, kept = MemoryStore(), {}

    def note(event, trainer):
        if isinstance(event, EpochFinished):
            kept["good"] = digest(trainer.network.state_dict())

    plan = poisoned(plan_of([replace(ALL, epochs=3)]), 4)
    _, _, trainer = diverging(plan, coloured_data, store=store, on_event=note)
    assert not is_finite(weights_of(trainer))  # BatchNorm has seen the spoiled pictures
    saved = list(store.kept)
    assert trainer.recover() == 3
    assert is_finite(weights_of(trainer))
    assert digest(weights_of(trainer)) == digest(store.newest().weights) == kept["good"]
    assert store.kept == saved


def test_that_nothing_can_be_recovered_before_the_first_checkpoint(coloured_data):
    plan = poisoned(plan_of([ALL]), 0)
    _, _, trainer = diverging(plan, coloured_data, store=MemoryStore())
    assert trainer.recover() == 0
    _, _, trainer = diverging(poisoned(plan_of([ALL]), 4), coloured_data)  # and without a store
    assert trainer.recover() == 0


def test_that_good_weights_stay_where_only_the_loss_is_no_number(coloured_data, monkeypatch):
    """With BatchNorm at rest the step that diverged has changed nothing."""
    monkeypatch.setattr(
        "petstudio.engine.workbench.set_training_mode", lambda network, *_: network.eval()
    )
    kept = {}

    def note(event, trainer):
        if isinstance(event, StepFinished):
            kept["before"] = digest(trainer.network.state_dict())

    plan = poisoned(plan_of([replace(ALL, epochs=3)]), 4)
    _, _, trainer = diverging(plan, coloured_data, on_event=note)
    assert trainer.recover() == 4
    assert is_finite(weights_of(trainer))
    assert digest(weights_of(trainer)) != kept["before"]  # that of step 4 came after its event


def test_that_a_huge_rate_diverges_and_leaves_finite_weights(coloured_data):
    store = MemoryStore()
    stages = [replace(ALL, epochs=1), replace(ALL, name="huge", epochs=9, rate=(1e30,))]
    error, events, trainer = diverging(plan_of(stages), coloured_data, store=store)
    assert error.place.stage == 1
    assert error.place.rate > 1e28
    pictures = error.place.pictures.tolist()
    assert pictures == batch_of(plan_of(stages), coloured_data, error.place.step)
    assert of_kind(events, StepFinished)[-1].step == error.place.step - 1
    assert trainer.recover() >= 3
    assert is_finite(weights_of(trainer))
    assert all(is_finite(store_weights(data)) for _, data in store.kept)


def store_weights(data):
    return from_content(read_checkpoint(data, "test")).weights


def spoil(trainer):
    """Make a running mean no number: training does not notice it, but validation would."""
    trainer.network.body.bn1.running_mean[0] = math.nan


def test_that_weights_that_are_no_numbers_are_never_written(coloured_data):
    store, before = MemoryStore(), []

    def spoil_at_fifth(event, trainer):
        if isinstance(event, StepFinished) and event.step == 4:
            before.extend(store.kept)
            spoil(trainer)

    plan = plan_of([replace(ALL, epochs=3)])
    error, events, trainer = diverging(plan, coloured_data, store=store, on_event=spoil_at_fifth)
    assert "A weight is not a finite number any more at step" in str(error)
    assert math.isfinite(error.loss)
    assert error.place.step >= 4
    assert error.place.step == of_kind(events, StepFinished)[-1].step
    full = [
        [p for p, _ in kept if p.kind is not CheckpointKind.BEST] for kept in (before, store.kept)
    ]
    assert full[0] == full[1]
    assert full[0]
    assert all(is_finite(store_weights(data)) for _, data in store.kept)
    assert trainer.recover() == store.newest().training.position.steps
    assert digest(weights_of(trainer)) == digest(store.newest().weights)


def test_that_spoiled_weights_are_noticed_by_a_run_that_is_paused(coloured_data):
    store, control = MemoryStore(), RunControl()

    def spoil_and_pause(event, trainer):
        if isinstance(event, StepFinished) and event.step == 3:
            spoil(trainer)
            control.pause()

    plan = plan_of([replace(ALL, epochs=3)])
    error, _, trainer = diverging(
        plan, coloured_data, store=store, on_event=spoil_and_pause, control=control
    )
    assert error.place.step == 3
    assert trainer.recover() == 3


def test_that_spoiled_weights_are_noticed_by_a_run_that_is_cancelled(coloured_data):
    store, control = MemoryStore(), RunControl()

    def spoil_and_cancel(event, trainer):
        if isinstance(event, StepFinished) and event.step == 3:
            spoil(trainer)
            control.cancel()

    plan = plan_of([replace(ALL, epochs=3)])
    error, _, trainer = diverging(
        plan, coloured_data, store=store, on_event=spoil_and_cancel, control=control
    )
    assert error.place.step == 3
    assert trainer.recover() == 3
    assert digest(weights_of(trainer)) == digest(store.newest().weights)


def test_that_a_network_that_gives_no_numbers_from_the_start_is_no_good(coloured_data):
    plan = replace(plan_of([ALL]), std=(1e-45, 1e-45, 1e-45))
    error, events, _ = diverging(plan, coloured_data)
    assert error.place.step == 0
    assert of_kind(events, StepFinished) == []
    assert isinstance(error, DivergedError)


# On a project

RECIPE = {
    "model": {"architecture": "resnet18", "weights": "none"},
    "input": {"size": 16},
    "training": {"batch_size": 6, "device": "cpu", "precision": "float32"},
    "stages": [{"name": "head", "epochs": 3, "rate": 1e-3, "trainable": "layer3 to layer4"}],
}


@pytest.fixture
def project(coloured_data, tmp_path):
    path = tmp_path / "p.petstudio"
    pictures = coloured_data.train.paths[0].parent
    source = DataSource(root=pictures, loader="regex", options={}, group="")
    job = create_project(PluginHost.load(), path, source, SplitChoice())
    job(lambda event: None, RunControl())
    return path


@pytest.fixture
def spoiled_batches(monkeypatch):
    """Batches are no numbers from step 8, in the second epoch, on; returns their indices."""
    changed, seen = Workbench.changed, []

    def spoil_batch(bench, batch, stage, step):
        batch = changed(bench, batch, stage, step)
        if step < 8:
            return batch
        seen.append(batch.indices)
        return replace(batch, make=lambda *inputs: batch.make(*inputs) * math.nan)

    monkeypatch.setattr(Workbench, "changed", spoil_batch)
    return seen


def train_on(project):
    events = []
    job = train(PluginHost.load(), project, recipe_from_mapping(RECIPE))
    finished = run_job(job, events.append, RunControl())
    return finished, events


def test_that_a_run_that_diverged_has_failed_and_keeps_its_last_good_model(
    project, spoiled_batches
):
    finished, events = train_on(project)
    (diverged,) = of_kind(events, TrainingDiverged)
    with Project.open(project) as opened:
        (run,) = opened.runs()
        train_paths = [
            str(opened.data_root / image.path)
            for image in opened.usable()
            if image.split.value == "train"
        ]
    assert (diverged.step, math.isnan(diverged.loss)) == (8, True)
    assert diverged.rate > 0
    assert list(diverged.paths) == [train_paths[index] for index in spoiled_batches[0]]
    assert len(set(diverged.paths)) == 6
    last = of_kind(events, CheckpointSaved)[-1]
    assert last.step < 8
    assert f"as trained for {last.step} steps is kept in {run.folder.model_path}" in diverged.kept
    assert finished.outcome is Outcome.FAILED
    assert "step 9" in finished.message
    assert not finished.bad_input
    assert run.state is RunState.FAILED
    assert is_finite(safetensors.torch.load_file(run.folder.model_path))
    assert (run.folder.path / "checkpoints" / last.file).is_file()
    logged = list(read_events(run.folder.events_path))
    assert [type(event) for event in logged[-2:]] == [TrainingDiverged, RunFinished]
    assert logged[-1].outcome is Outcome.FAILED
    assert logged[-1].message == finished.message
    assert [e.step for e in of_kind(logged, StepFinished)] == list(range(8))
    assert of_kind(logged, ModelSaved) == []


def test_that_a_run_that_diverged_goes_on_from_its_last_checkpoint(project, monkeypatch):
    changed = Workbench.changed
    with monkeypatch.context() as patch:
        patch.setattr(
            Workbench,
            "changed",
            lambda bench, batch, stage, step: replace(
                changed(bench, batch, stage, step),
                make=lambda *inputs: batch.make(*inputs) * (math.nan if step == 8 else 1.0),
            ),
        )
        assert train_on(project)[0].outcome is Outcome.FAILED
    finished = run_job(resume(PluginHost.load(), project), lambda event: None, RunControl())
    assert finished.outcome is Outcome.COMPLETED
    with Project.open(project) as opened:
        (run,) = opened.runs()
    logged = list(read_events(run.folder.events_path))
    steps = [event.step for event in of_kind(logged, StepFinished)]
    assert steps == list(range(len(steps)))
    assert of_kind(logged, TrainingDiverged) == []
    assert logged[-1].outcome is Outcome.COMPLETED


def test_that_the_terminal_says_so_in_one_sentence_with_status_1(
    project, spoiled_batches, tmp_path, capsys
):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        '[model]\narchitecture = "resnet18"\nweights = "none"\n[input]\nsize = 16\n'
        '[training]\nbatch_size = 6\ndevice = "cpu"\nprecision = "float32"\n'
        '[[stages]]\nname = "head"\nepochs = 3\nrate = 1e-3\ntrainable = "layer3 to layer4"\n'
    )
    arguments = ["train", str(project), "--recipe", str(recipe)]
    assert run_command(arguments, lambda path: 99) == 1
    output = capsys.readouterr()
    assert len(output.err.strip().splitlines()) == 1
    assert "The loss is not a finite number any more at step 9" in output.err
    assert "is kept in" in output.out
    assert "Traceback" not in output.err + output.out


def test_that_best_weights_are_written_before_what_relies_on_them(coloured_data):
    """The order in which a store is asked to write, where one of them is the best so far."""
    store = MemoryStore()
    trainer = Trainer(plan_of([ALL]), coloured_data)
    trainer.run(1, "", Listener(emit=lambda _: None, control=RunControl(), store=store))
    kinds = [point.kind for point, _ in store.kept]
    assert kinds[0] is CheckpointKind.BEST
    assert np.count_nonzero([kind is CheckpointKind.STAGE for kind in kinds]) == 1
