"""What every contribution of every plugin must keep; the plugin guide's examples as well."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from petstudio.api import (
    Architecture,
    Augmentation,
    Body,
    Contribution,
    DatasetLoader,
    EvaluatedImages,
    EvaluationView,
    Exporter,
    FinishedModel,
    GroupSize,
    Metric,
    Place,
    RunControl,
    SchedulePlan,
    Scheduler,
    from_mapping,
    option_specs,
    to_mapping,
)
from petstudio.jobs.plugin_answers import view_data
from petstudio.plugin_host.child import LabelReader
from petstudio.plugin_host.host import PluginHost

FILES = ("cats/tabby_1.jpg", "cats/tabby_2.jpg", "dogs/Beagle_1.jpg", "stray.jpg")
TABLE = "path,label\ncats/tabby_1.jpg,tabby\ndogs/Beagle_1.jpg,beagle\n"


def all_contributions(host: PluginHost) -> list[Contribution]:
    return [contribution for kind in all_kinds(host) for contribution in kind.values()]


def all_kinds(host: PluginHost) -> tuple[Mapping[str, Any], ...]:
    return (
        host.loaders,
        host.architectures,
        host.schedulers,
        host.augmentations,
        host.metrics,
        host.exporters,
        host.views,
    )


def check_words(contribution: Contribution) -> None:
    assert contribution.label.strip() == contribution.label
    assert contribution.summary.endswith(".")


def check_options(contribution: Contribution) -> None:
    options = contribution.options()
    assert from_mapping(contribution.options, to_mapping(options)) == options
    assert all(spec.label for spec in option_specs(contribution.options))


def check_loader(loader: DatasetLoader[Any], reader: LabelReader, folder: Path) -> None:
    (folder / "labels.csv").write_text(TABLE, encoding="utf-8")
    place = Place(root=folder, files=FILES)
    labels = reader.read(loader, loader.options(), place, RunControl())
    assert [label.path for label in labels] == list(FILES)
    assert any(label.label for label in labels)


def check_architecture(architecture: Architecture[Any]) -> None:
    import torch

    body = architecture.build(architecture.options())
    body.module.eval()
    with torch.inference_mode():
        features = body.module(torch.rand(2, 3, 64, 64))
    assert features.ndim == 4
    assert features.shape[:2] == (2, body.features)
    grouped = [module for group in body.groups for module in group.modules]
    assert grouped == [name for name, _ in body.module.named_children()]
    count = sum(parameter.numel() for parameter in body.module.parameters())
    assert count == architecture.parameters
    if architecture.groups:
        assert architecture.features == body.features
        assert architecture.groups == built_groups(body)


def built_groups(body: Body) -> tuple[GroupSize, ...]:
    from torch import nn

    norms = (nn.modules.batchnorm._BatchNorm, nn.GroupNorm, nn.LayerNorm)
    children = dict(body.module.named_children())
    groups = []
    for group in body.groups:
        layers = [layer for name in group.modules for layer in children[name].modules()]
        sizes = {layer: sum(p.numel() for p in layer.parameters(recurse=False)) for layer in layers}
        groups.append(
            GroupSize(
                name=group.name,
                parameters=sum(sizes.values()),
                norm_parameters=sum(s for layer, s in sizes.items() if isinstance(layer, norms)),
            )
        )
    return tuple(groups)


def check_weights(architecture: Architecture[Any]) -> None:
    for _, weights in architecture.weights:
        assert weights.url.startswith("https://")
        assert len(bytes.fromhex(weights.sha256)) >= 4
        assert weights.file_name == Path(weights.file_name).name
        assert weights.size > 0


def check_scheduler(scheduler: Scheduler[Any], plan: SchedulePlan) -> None:
    point = scheduler.build(scheduler.options(), plan)
    points = [point(step) for step in range(plan.steps)]
    assert all(math.isfinite(p.scale) and p.scale >= 0 for p in points)
    assert all(0 <= p.momentum < 1 for p in points)
    assert [point(step) for step in range(plan.steps)] == points


def check_augmentation(augmentation: Augmentation[Any], uniforms: np.ndarray) -> None:
    count = len(uniforms)
    before = uniforms.copy()
    drawn = augmentation.draw(augmentation.options(), uniforms)
    assert drawn.homography.shape == (count, 3, 3)
    assert drawn.brightness.shape == drawn.contrast.shape == (count,)
    for numbers in (drawn.homography, drawn.brightness, drawn.contrast):
        assert numbers.dtype == np.float64
        assert np.isfinite(numbers).all()
    assert (drawn.contrast > 0).all()
    if drawn.erased is not None:
        assert drawn.erased.shape[::2] == (count, 4)
        assert np.abs(drawn.erased).max(initial=0) <= 1
    assert (uniforms == before).all()


def check_metric(metric: Metric[Any], images: int, classes: int) -> None:
    random = np.random.default_rng(images)
    raw = random.random((images, classes)).astype(np.float32)
    probabilities = raw / raw.sum(axis=1, keepdims=True)
    truth = random.integers(classes, size=images)
    value = metric.compute(metric.options(), probabilities, truth)
    assert isinstance(value, float)
    assert 0 <= value <= 1 or not metric.as_percent
    perfect = np.eye(classes, dtype=np.float32)[truth]
    best = metric.compute(metric.options(), perfect, truth)
    assert best >= value if metric.higher_is_better else best <= value


def check_view(view: EvaluationView[Any], count: int, classes: int) -> None:
    random = np.random.default_rng(count)
    raw = random.random((count, classes)).astype(np.float32)
    probabilities = raw / raw.sum(axis=1, keepdims=True)
    truth = random.integers(classes, size=count)
    images = EvaluatedImages(
        classes=tuple(f"class_{place}" for place in range(classes)),
        keys=np.arange(10, 10 + count),
        targets=truth,
        probabilities=probabilities,
        losses=-np.log(probabilities[np.arange(count), truth]),
        train_counts=random.integers(50, size=classes),
    )
    data = view_data(view, view.options(), images)
    assert data.rows
    assert data.heading
    assert all(column.label for column in data.columns)
    assert len({row.label for row in data.rows}) == len(data.rows)


def check_exporter(exporter: Exporter[Any], folder: Path) -> None:
    import torch

    model = tiny_model()
    file = folder / f"model{exporter.suffix}"
    content = exporter.write(exporter.options(), model)
    assert type(content) is bytes
    file.write_bytes(content)
    about, classify = exporter.read(file)
    assert about == model.about
    for count in (1, 3):
        pictures = np.random.default_rng(count).uniform(0, 255, (count, 16, 16, 3))
        pictures = pictures.astype(np.float32)
        with torch.inference_mode():
            wanted = model.module(torch.from_numpy(pictures)).numpy()
        found = classify(pictures)
        assert isinstance(found, np.ndarray)
        assert found.dtype == np.float32
        assert np.abs(found - wanted).max() < 1e-5


def tiny_model() -> FinishedModel:
    import torch
    from torch import nn

    class Tiny(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.convolution = nn.Conv2d(3, 4, 3, stride=2)
            self.classifier = nn.Linear(8, 3)

        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            maps = self.convolution(pictures.permute(0, 3, 1, 2) / 255).relu()
            features = torch.cat([maps.amax((2, 3)), maps.mean((2, 3))], dim=1)
            return self.classifier(features).softmax(dim=1)

    torch.manual_seed(1)
    module = Tiny().eval().requires_grad_(requires_grad=False)
    return FinishedModel(module=module, size=16, about='{"classes": ["caf\\u00e9", "b", "c"]}')


def check_script(exporter: Exporter[Any]) -> None:
    assert exporter.script is not None
    tree = ast.parse(exporter.script.read_text(encoding="utf-8"))
    assert any(isinstance(node, ast.FunctionDef) and node.name == "load" for node in tree.body)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert "petstudio" not in " ".join(ast.unparse(node) for node in imports)
    assert exporter.packages
