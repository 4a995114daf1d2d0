"""Every event survives the trip through a line of JSON."""

from __future__ import annotations

import json
import math
from typing import get_args

import pytest

from petstudio.api.errors import IntegrityError
from petstudio.api.events import (
    BatchDivided,
    CheckpointKind,
    CheckpointSaved,
    ConfusedPair,
    EpochFinished,
    EvaluationFinished,
    Event,
    ExportFinished,
    GroupPlan,
    ImagePredicted,
    ImageSkipped,
    MemoryEstimated,
    ModelSaved,
    NoticeGiven,
    NoticeLevel,
    Outcome,
    ProgressMade,
    ProjectCreated,
    RateRule,
    RatesEdited,
    RateSuggestion,
    RunFinished,
    RunResumed,
    RunStarted,
    StageFinished,
    StageStarted,
    StepFinished,
    SweepEnd,
    SweepFinished,
    SweepStarted,
    SweepStepFinished,
    TopClass,
    TrainingDiverged,
    ViewMade,
    from_json,
    to_json,
)
from petstudio.api.views import ViewColumn, ViewForm, ViewRow

EPOCH = EpochFinished(
    stage=0,
    epoch=1,
    step=9,
    train_loss=0.5,
    mean_train_loss=0.6,
    valid_loss=0.7,
    metrics={"accuracy": 0.9, "error-rate": 0.1},
    seconds=3.5,
)
EVENTS: list[Event] = [
    ProgressMade(task="Reading", done=3, total=7),
    NoticeGiven(level=NoticeLevel.WARNING, message="“straße” \u202e \x1b ' \" \\ \n"),
    ImageSkipped(path="a/\udcff.jpg", reason="the file is empty"),
    ProjectCreated(
        path="p.petstudio",
        images=185,
        classes=37,
        train=148,
        valid=37,
        test=0,
        unmatched=0,
        unreadable=0,
        left_out=0,
    ),
    RunStarted(
        run=1,
        folder="runs/1",
        architecture="resnet18",
        classes=("cat", "dog"),
        train=8,
        valid=2,
        batch_size=4,
        steps=6,
        device="cpu",
        precision="float32",
        threads=2,
    ),
    StageStarted(
        stage=0,
        name="head",
        epochs=3,
        steps_per_epoch=2,
        scheduler="one-cycle",
        groups=(GroupPlan(name="stem", parameters=9, trainable=0, rate=0.0),),
    ),
    StepFinished(
        stage=0,
        epoch=0,
        step=0,
        loss=0.7,
        smoothed_loss=0.7,
        rate=1e-3,
        momentum=0.9,
        images_per_second=81.5,
    ),
    EPOCH,
    StageFinished(stage=1, epochs=3, is_early=True, restored=4),
    RatesEdited(stage=1, step=40, epochs=(2, 3), factors=(0.5, 0.1)),
    RunResumed(run=2, step=70, checkpoint="step-70.pt", is_exact=False),
    CheckpointSaved(file="stage-1.pt", kind=CheckpointKind.STAGE, name="stage-1", step=80),
    MemoryEstimated(fixed=10, per_picture=3, free=100, safe_batch_size=26),
    BatchDivided(step=3, images=64, pieces=2),
    TrainingDiverged(step=9, rate=0.1, loss=2.5, paths=("a.jpg",), kept="Nothing is kept."),
    SweepStarted(
        stage=0,
        name="head",
        weights="imagenet",
        start_rate=1e-7,
        end_rate=10.0,
        steps=100,
        batch_size=64,
        groups=(GroupPlan(name="stem", parameters=9, trainable=9, rate=10.0),),
    ),
    SweepStepFinished(step=1, rate=1e-6, loss=0.9, smoothed_loss=0.8),
    SweepFinished(
        end=SweepEnd.DIVERGED,
        steps=80,
        suggestions=(RateSuggestion(rule=RateRule.VALLEY, rate=1e-3, reason=""),),
        plot="sweep.png",
    ),
    ModelSaved(path="runs/1/model.safetensors"),
    ExportFinished(
        run=1,
        path="model.onnx",
        format="onnx",
        pictures=64,
        agreeing=63,
        largest_difference=0.25,
        tolerance=1e-3,
        matches=False,
        check="model.onnx.check.json",
    ),
    EvaluationFinished(
        run=1,
        split="valid",
        images=10,
        correct=9,
        loss=0.3,
        metrics={"accuracy": 0.9},
        most_confused=(ConfusedPair(actual="cat", predicted="dog", count=1),),
    ),
    ViewMade(
        run=1,
        split="valid",
        key="confidence",
        label="Confidence",
        heading="Probability",
        columns=(ViewColumn(label="Right"), ViewColumn(label="Recall", as_percent=True)),
        rows=(ViewRow(label="90 to 100 %", values=(3.0, None), keys=(4, 5)),),
        form=ViewForm.BARS,
        note="Sure and wrong.",
    ),
    ImagePredicted(path="a.jpg", top=(TopClass(label="cat", probability=0.9),)),
    RunFinished(outcome=Outcome.FAILED, seconds=1.5, message="No.", bad_input=True, details="..."),
]


def name_of(event: Event) -> str:
    return type(event).__name__


def test_that_every_event_is_tried_here() -> None:
    assert {type(event) for event in EVENTS} == set(get_args(Event))


@pytest.mark.parametrize("event", EVENTS, ids=name_of)
def test_that_an_event_comes_back_equal(event: Event) -> None:
    assert from_json(to_json(event)) == event


@pytest.mark.parametrize("event", EVENTS, ids=name_of)
def test_that_an_event_is_one_line_of_plain_ascii(event: Event) -> None:
    line = to_json(event)
    assert line.isascii()
    assert line.isprintable()


def test_that_a_line_names_its_event() -> None:
    assert json.loads(to_json(ModelSaved(path="x"))) == {"event": "ModelSaved", "path": "x"}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_that_a_loss_that_is_no_number_is_null_in_json_and_nan_again(value: float) -> None:
    line = to_json(EpochFinished(**{**vars(EPOCH), "valid_loss": value}))
    assert json.loads(line)["valid_loss"] is None
    restored = from_json(line)
    assert isinstance(restored, EpochFinished)
    assert math.isnan(restored.valid_loss)


def test_that_a_metric_that_is_no_number_comes_back_as_nan() -> None:
    line = to_json(EpochFinished(**{**vars(EPOCH), "metrics": {"accuracy": math.nan}}))
    restored = from_json(line)
    assert isinstance(restored, EpochFinished)
    assert math.isnan(restored.metrics["accuracy"])


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "null",
        "3",
        "{}",
        '{"event": "Unknown"}',
        '{"event": ["ModelSaved"], "path": "x"}',
        '{"event": "ModelSaved"}',
        '{"event": "ModelSaved", "path": "x", "colour": "red"}',
        '{"event": "RunFinished", "outcome": "excellent"}',
        '{"event": "ImagePredicted", "path": "x", "top": [3]}',
        '{"event": "ImagePredicted", "path": "x", "top": [{"tag": "x"}]}',
        '{"event": "ModelSaved", "path": ' + "[" * 100_000,
        '{"event": "ProgressMade", "task": "x", "done": ' + "9" * 100_000 + "}",
    ],
    ids=lambda line: line[:40],
)
def test_that_a_line_that_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(IntegrityError):
        from_json(line)
