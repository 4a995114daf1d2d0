"""The engine meets the reference library's numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from petstudio.api.contributions import ImageTransforms, SchedulePlan, SchedulePoint
from petstudio.api.options import from_mapping
from petstudio.config.recipe import Precision, Resize
from petstudio.engine.devices import gradient_scaler
from petstudio.engine.input.fitting import fit_to_square
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.layer_groups import group_rates
from petstudio.engine.network import ModuleGroup, build_head
from petstudio.engine.optimiser import Optimiser
from petstudio.engine.predictions import most_confused
from petstudio.engine.smoothing import SmoothedLoss
from petstudio.plugins.schedules import petstudio_schedulers

GOLDEN = json.loads((Path(__file__).parent / "golden.json").read_text())
CPU = torch.device("cpu")


@pytest.mark.parametrize("case", GOLDEN["even_mults"])
def test_that_group_rates_rise_by_equal_factors(case):
    low, high, groups = case.split(",")
    rates = group_rates((float(low), float(high)), int(groups))
    assert rates == pytest.approx(GOLDEN["even_mults"][case], rel=1e-12)


def test_that_one_group_gets_the_high_rate():
    assert group_rates((1e-6, 1e-4), 1) == (1e-4,)


def test_that_one_rate_holds_for_every_group():
    assert group_rates((1e-3,), 3) == (1e-3, 1e-3, 1e-3)


def followed(rates: tuple[float, ...], scheduler: str, steps: int, **options: object):
    """Give the rates and momenta of an optimiser in each step; groups with one rate are one."""
    layers = [nn.Linear(1, 1, bias=False) for _ in rates]
    groups = [ModuleGroup(name=str(n), modules=(layer,)) for n, layer in enumerate(layers)]
    optimiser = Optimiser(groups, rates, 0.01)
    schedule = next(s for s in petstudio_schedulers() if s.key == scheduler)
    plan = SchedulePlan(steps=steps, steps_per_epoch=steps // 2)
    point = schedule.build(from_mapping(schedule.options, options), plan)
    found = []
    for step in range(steps):
        optimiser.follow(point(step))
        settings = optimiser._adam.param_groups
        found.append(([s["lr"] for s in settings], [s["betas"][0] for s in settings]))
    return found


SLICE_OF_ONE = (2e-4, 2e-4, 2e-3)  # fastai's slice(2e-3): a tenth for all groups but the last


@pytest.mark.parametrize(
    ("case", "prefix", "rates", "scheduler", "options"),
    [
        ("one_cycle_v2_12batches", "", group_rates((1e-6, 1e-4), 3), "one-cycle", {}),
        ("flat_cos_v2_12batches", "", group_rates((1e-3,), 3), "flat-cosine", {}),
        ("fit_const_v2", "", group_rates((1e-3,), 3), "constant", {}),
        ("fine_tune_v2", "phase1_", SLICE_OF_ONE, "one-cycle", {"pct_start": 0.99}),
        (
            "fine_tune_v2",
            "phase2_",
            group_rates((1e-5, 1e-3), 3),
            "one-cycle",
            {"pct_start": 0.3, "div": 5},
        ),
    ],
    ids=["one cycle", "flat cosine", "constant", "fine-tune 1", "fine-tune 2"],
)
def test_that_every_group_of_an_optimiser_has_fastais_rate_and_momentum_in_every_step(
    case, prefix, rates, scheduler, options
):
    expected_rates = GOLDEN[case][f"{prefix}lr"]
    expected_momenta = GOLDEN[case][f"{prefix}mom"]
    found = followed(rates, scheduler, len(expected_rates), **options)
    for (lr, momenta), golden_lr, golden_momentum in zip(
        found, expected_rates, expected_momenta, strict=True
    ):
        assert lr == pytest.approx(sorted(set(golden_lr)), rel=1e-6)
        assert momenta == pytest.approx([golden_momentum] * len(lr), rel=1e-6)


def test_that_losses_are_smoothed_as_fastai_smooths_them():
    smoothed = SmoothedLoss()
    values = [smoothed.add(loss) for loss in GOLDEN["smooth"]["in"]]
    assert values == pytest.approx(GOLDEN["smooth"]["out"], rel=1e-6)


def test_that_an_optimiser_step_equals_fastais_adam():
    golden = GOLDEN["adam_v2"]
    layer = nn.Module()
    layer.weight = nn.Parameter(torch.tensor(golden["p0"]))
    layer.bias = nn.Parameter(torch.tensor(golden["b0"]))
    group = ModuleGroup(name="all", modules=(layer,))
    optimiser = Optimiser([group], [golden["lr"]], golden["wd"])
    scaler = gradient_scaler(CPU, Precision.FLOAT32)
    steps = zip(golden["grads_p"], golden["grads_b"], golden["after_each_step"], strict=True)
    for weight_gradient, bias_gradient, after in steps:
        layer.weight.grad = torch.tensor(weight_gradient)
        layer.bias.grad = torch.tensor([bias_gradient])
        optimiser.follow(SchedulePoint(1.0, after["mom"]))
        optimiser.step(scaler)
        assert layer.weight.tolist() == pytest.approx(after["p"], rel=1e-6)
        assert layer.bias.tolist() == pytest.approx(after["b"], rel=1e-6)


@pytest.mark.parametrize(("features", "parameters"), [(512, 546_304), (2048, 2_125_312)])
def test_that_the_head_for_37_classes_has_fastais_number_of_parameters(features, parameters):
    assert sum(p.numel() for p in build_head(features, 37).parameters()) == parameters


def test_that_confused_pairs_come_in_fastais_order():
    golden = GOLDEN["most_confused"]
    pairs = most_confused(np.array(golden["cm_rows_actual"]), ["a", "b", "c"])
    assert [[p.actual, p.predicted, p.count] for p in pairs] == golden["min_val_1"]


@pytest.mark.parametrize(
    ("key", "brightness", "contrast"), [("brightness", 0.6, 1.0), ("contrast", 0.5, 1.25)]
)
def test_that_light_changes_in_logit_space(key, brightness, contrast):
    # The golden input is a ramp from 0 to 1 in 48 steps; a picture of one pixel a column has it
    # in bytes, so inputs are compared at the nearest byte.
    values = np.round(np.linspace(0, 1, 48) * 255).astype(np.uint8)
    picture = torch.from_numpy(np.repeat(values[None, :, None], 48, axis=0).repeat(3, axis=2))
    sampler = Sampler(size=48, resize=Resize.SQUISH, mean=(0, 0, 0), std=(1, 1, 1))
    transforms = ImageTransforms(
        homography=np.eye(3)[None],
        brightness=np.array([np.log(brightness / (1 - brightness))]),
        contrast=np.array([contrast]),
    )
    lit = sampler.sample([picture], CPU, None, transforms)[0, 0, 0, :4]
    expected = torch.tensor(GOLDEN[key]["out_first4"])
    assert torch.allclose(lit, expected, atol=3.5e-3)


@pytest.mark.parametrize("case", ["500x375->224 crop", "375x500->224 crop", "100x80->224 crop"])
def test_that_the_middle_crop_is_fastais(case):
    width, height = (int(part) for part in case.split("->")[0].split("x"))
    golden = GOLDEN["resize"][case]
    matrix = fit_to_square(np.array([[height, width]], float), Resize.CROP, np.full((1, 2), 0.5))[0]
    corner = matrix @ [-1, -1, 1]
    left = (corner[0] + 1) / 2 * width
    top = (corner[1] + 1) / 2 * height
    assert [left, top] == pytest.approx(golden["top_left_xy"], abs=0.51)
    assert matrix[0, 0] * width == pytest.approx(golden["crop_box_wh"][0])
