"""Every path that only a CUDA device takes; skipped, with the reason, where there is none."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace

import numpy as np
import pytest
import torch
from engine_fixtures import COLOURS, build_tiny, make_plan
from PIL import Image
from torch import nn

from petstudio.api import Body, LayerGroup, NoOptions, RunControl
from petstudio.api.contributions import Augmentation, ImageTransforms
from petstudio.api.events import NoticeGiven, RunStarted, StepFinished
from petstudio.config.recipe import BatchNorm, InputChoice, Precision, Resize
from petstudio.engine import folding, stepping
from petstudio.engine.capturing import capture
from petstudio.engine.compiling import BackgroundCompiler
from petstudio.engine.criterion import Criterion
from petstudio.engine.input import sources
from petstudio.engine.input.augmenting import Augmenter
from petstudio.engine.input.batches import BatchSource, ImageSet, ready
from petstudio.engine.input.device_batches import DeviceBatchSource
from petstudio.engine.input.device_store import DeviceStore
from petstudio.engine.input.gathering import Gatherer
from petstudio.engine.input.kernel import KernelGatherer
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.input.store import ImageStore
from petstudio.engine.network import Network
from petstudio.engine.precision import choose_precision
from petstudio.engine.training import Listener, Trainer

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")

CUDA = torch.device("cuda")
SHAPES = ((240, 180), (150, 150), (200, 300), (130, 400), (260, 190))


def drawn(options, numbers):
    """Turn, tilt and light each picture a little."""
    count = len(numbers)
    homography = np.tile(np.eye(3), (count, 1, 1))
    homography[:, :2, :2] += 0.3 * (numbers[:, :4].reshape(-1, 2, 2) - 0.5)
    homography[:, 2, :2] = 0.2 * (numbers[:, 4:6] - 0.5)
    return ImageTransforms(
        homography=homography, brightness=numbers[:, 6] - 0.5, contrast=0.8 + 0.4 * numbers[:, 7]
    )


DRAWN = Augmentation(key="drawn", label="", summary="", options=NoOptions, draws=8, draw=drawn)


@pytest.fixture
def cpu_source(tmp_path):
    rng = np.random.default_rng(1)
    paths = []
    for number, shape in enumerate(SHAPES):
        paths.append(tmp_path / f"{number}.png")
        Image.fromarray(rng.integers(0, 256, (*shape, 3), dtype=np.uint8)).save(paths[-1])
    images = ImageSet(paths=tuple(paths), keys=np.arange(5), targets=np.arange(5))
    sampler = Sampler(size=96, resize=Resize.CROP, mean=(0.4, 0.5, 0.6), std=(0.2, 0.25, 0.3))
    with ImageStore(images.paths, 110) as store:
        yield BatchSource(
            images=images,
            store=store,
            sampler=sampler,
            device=torch.device("cpu"),
            skipped=[].append,
        )


def on_cuda(source, resident):
    store = DeviceStore(len(source.images), CUDA, resident=resident, slot=1 << 20)
    return DeviceBatchSource(
        images=source.images,
        store=source.store,
        sampler=source.sampler,
        device=CUDA,
        skipped=source.skipped,
        device_store=store,
        dtype=torch.float32,
    )


@pytest.mark.parametrize("resident", [0, 1 << 17, 1 << 22])
def test_that_one_seed_gives_the_same_pictures_on_both_devices(cpu_source, resident):
    augmenter = Augmenter(seed=3, augmentations=((DRAWN, NoOptions()),))
    source = on_cuda(cpu_source, resident)
    for epoch in range(4):
        chunks = [np.array([4, 0]), np.array([2, 3])]
        expected = list(cpu_source.training(chunks, epoch, augmenter))
        for batch, other in zip(source.training(chunks, epoch, augmenter), expected, strict=True):
            difference = (batch.images.cpu() - other.images).abs()
            assert difference.mean() < 1e-4
            assert difference.max() < 0.05  # a pixel beside a hard edge of noise
            assert torch.equal(batch.targets.cpu(), other.targets)


def test_that_boxes_are_erased_on_both_devices_alike(cpu_source):
    def boxes(options, numbers):
        corners = 2 * numbers[:, None, 6:8] - 1
        erased = np.concatenate([corners, corners + 0.6], axis=2)
        return replace(drawn(options, numbers), erased=erased)

    erasing = replace(DRAWN, draw=boxes)
    augmenter = Augmenter(seed=3, augmentations=((erasing, NoOptions()),))
    chunks = [np.array([4, 0]), np.array([2, 3])]
    expected = cpu_source.training(chunks, 0, augmenter)
    found = on_cuda(cpu_source, 1 << 22).training(chunks, 0, augmenter)
    for batch, other in zip(found, expected, strict=True):
        assert torch.equal(batch.images.cpu() == 0, other.images == 0)
        assert (other.images == 0).any()


@pytest.mark.parametrize("lit", [True, False])
def test_that_the_kernel_does_what_the_gatherer_does(cpu_source, lit):
    source = on_cuda(cpu_source, 1 << 22)
    augmenter = Augmenter(seed=3, augmentations=((DRAWN, NoOptions()),))
    (batch,) = source.training([np.arange(5)], 0, augmenter)
    mean, std = (torch.tensor(v, device=CUDA) for v in ((0.4, 0.5, 0.6), (0.2, 0.25, 0.3)))
    gatherer = Gatherer(size=96, mean=mean, std=std, dtype=torch.float32, lit=lit)
    pixels = source.device_store.pixels
    one, other = gatherer(pixels, *batch.inputs), KernelGatherer(gatherer)(pixels, *batch.inputs)
    assert (one - other).abs().mean() < 1e-5


def plan_for(precision=Precision.FLOAT32, **changes):
    plan = make_plan(**changes)
    training = replace(plan.recipe.training, device="cuda", precision=precision)
    return replace(
        plan,
        recipe=replace(plan.recipe, training=training),
        augmentations=((DRAWN, NoOptions()),),
    )


def run(plan, data):
    events = []
    trainer = Trainer(plan, data)
    predictions = trainer.run(1, "folder", Listener(emit=events.append, control=RunControl()))
    return trainer, predictions, events


def losses(events):
    return [event.loss for event in events if isinstance(event, StepFinished)]


STAGES = {
    "every layer": {"trainable": "all"},
    "head, features": {"trainable": "head", "batchnorm": BatchNorm.FROZEN},
    "head, kept views": {"trainable": "head", "batchnorm": BatchNorm.FROZEN, "views": 1},
    "head, BatchNorm trains": {"trainable": "head", "batchnorm": BatchNorm.TRAIN},
}


@pytest.mark.parametrize("stage", STAGES.values(), ids=STAGES)
def test_that_captured_steps_learn_what_single_ones_do(coloured_data, monkeypatch, stage):
    plan = plan_for(epochs=3, **stage)
    captured = []
    real = stepping.capture
    monkeypatch.setattr(
        stepping, "capture", lambda *given: captured.append(real(*given)) or captured[-1]
    )
    _, _, replayed = run(plan, coloured_data)
    assert captured
    assert None not in captured
    monkeypatch.setattr(stepping, "capture", lambda *_given: None)
    monkeypatch.setattr(folding, "capture", lambda *_given: None)
    _, _, single = run(plan, coloured_data)
    assert [e.step for e in replayed if isinstance(e, StepFinished)] == list(range(9))
    # Steps are the same until rounding, which another order of summing adds to, has grown.
    assert losses(replayed)[:4] == pytest.approx(losses(single)[:4], rel=2e-3)


def test_that_sizes_that_grow_are_captured_one_by_one(coloured_data):
    plan = plan_for(epochs=4)
    recipe = replace(plan.recipe, input=InputChoice(size=(8, 16)))
    _, predictions, events = run(replace(plan, recipe=recipe), coloured_data)
    assert len(losses(events)) == 12
    assert predictions.correct > len(coloured_data.valid) / len(COLOURS)


@pytest.mark.parametrize("precision", [Precision.BFLOAT16, Precision.FLOAT16])
def test_that_short_formats_learn_three_colours(coloured_data, precision):
    trainer, predictions, events = run(plan_for(precision, epochs=12), coloured_data)
    assert predictions.correct == len(coloured_data.valid)
    assert next(e for e in events if isinstance(e, RunStarted)).precision == precision.value
    assert all(bool(t.isfinite().all()) for t in trainer.network.state_dict().values())


def test_that_automatic_precision_is_short_on_a_graphics_card():
    is_new = torch.cuda.get_device_capability() >= (8, 0)
    expected = Precision.BFLOAT16 if is_new else Precision.FLOAT16
    assert choose_precision(Precision.AUTO, CUDA) in (expected, Precision.FLOAT32)


def test_that_pictures_stream_where_the_device_has_no_room(coloured_data, monkeypatch):
    _, whole, kept = run(plan_for(epochs=3), coloured_data)
    monkeypatch.setattr(sources, "_DEVICE_SHARE", 0.0)
    _, streamed_result, streamed = run(plan_for(epochs=3), coloured_data)
    assert losses(streamed)[:4] == pytest.approx(losses(kept)[:4], rel=1e-3)
    assert len(streamed_result) == len(whole)


def build_wide(options):
    """A body that takes about 130 MB for each picture of 512 px in every layer."""
    layers = OrderedDict(
        conv=nn.Conv2d(3, 128, 3, padding=1, bias=False), bn=nn.BatchNorm2d(128), relu=nn.ReLU()
    )
    groups = (LayerGroup(name="all", modules=tuple(layers)),)
    return Body(module=nn.Sequential(layers), groups=groups, features=128)


def test_that_full_memory_leads_to_smaller_pieces_and_the_run_goes_on(coloured_data):
    plan = plan_for(epochs=1)
    plan = replace(plan, architecture=replace(plan.architecture, build=build_wide))
    training = replace(plan.recipe.training, batch_size=36)
    recipe = replace(plan.recipe, training=training, input=InputChoice(size=(512,)))
    torch.cuda.empty_cache()
    total = torch.cuda.mem_get_info()[1]
    try:
        torch.cuda.set_per_process_memory_fraction((6 << 30) / total)
        _, _, events = run(replace(plan, recipe=recipe), coloured_data)
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
        torch.cuda.empty_cache()
    assert any("memory was full" in e.message for e in events if isinstance(e, NoticeGiven))
    assert len(losses(events)) == 1


def test_that_a_compiled_network_learns_on_in_a_graph():
    torch.manual_seed(0)
    network = Network(build_tiny(NoOptions()), 3).to(CUDA, memory_format=torch.channels_last)
    network.eval()  # without dropout, so that losses can be compared
    compiler = BackgroundCompiler(network, Precision.BFLOAT16, (8, 32))
    compiler.start()
    compiler.join()
    compiled = compiler.after_epoch(0.0)
    assert compiled is not None
    scaler = torch.amp.GradScaler("cuda", enabled=False)
    numbers = stepping.Numbers(criterion=Criterion(), precision=Precision.BFLOAT16, scaler=scaler)
    step = stepping.Step(network, network, numbers, divided=lambda images, pieces: None)
    images = torch.randn(8, 3, 32, 32, device=CUDA).to(memory_format=torch.channels_last)
    batch = ready(np.arange(8), torch.arange(8, device=CUDA) % 3, images)
    plain = step(batch, 0).item()
    step.use(compiled)
    assert step(batch, 0).item() == pytest.approx(plain, rel=0.02)
    assert any(step._graphs.values())


def test_that_a_network_is_left_as_it_was_by_capturing():
    network = Network(build_tiny(NoOptions()), 3).to(CUDA).train()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    images = torch.randn(4, 3, 32, 32, device=CUDA)

    def step(pictures):
        loss = network(pictures).sum()
        loss.backward()
        return loss.detach()

    assert capture(step, (images,), network) is not None
    assert all(torch.equal(t, before[name]) for name, t in network.state_dict().items())
