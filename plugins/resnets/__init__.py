"""ResNets of torchvision: 18, 34, 50, 101 and 152 layers, with ImageNet weights if wanted."""

from __future__ import annotations

from functools import partial
from typing import Final

from petstudio.api import Architecture, Body, NoOptions, PretrainedWeights, hookimpl
from petstudio.api.language import tr

from .sizes import SIZES

PETSTUDIO_API = (1, 0)

MEAN: Final = (0.485, 0.456, 0.406)
STD: Final = (0.229, 0.224, 0.225)
LICENCE: Final = tr("BSD 3-Clause (torchvision); trained on ImageNet, see its terms of access")
SITE: Final = "https://download.pytorch.org/models/"


@hookimpl
def petstudio_architectures() -> list[Architecture[NoOptions]]:
    return [
        _describe(18, tr("Small and quick; good for a first try."), "f37072fd", 46_830_571),
        _describe(34, tr("The tutorial's choice."), "b627a593", 87_319_819),
        _describe(50, tr("Better and slower."), "11ad3fa6", 102_540_417),
        _describe(101, tr("Large; wants a GPU."), "cd907fc2", 178_814_045),
        _describe(152, tr("Very large; wants a GPU."), "f82ba261", 241_669_177),
    ]


def _describe(layers: int, summary: str, digest: str, size: int) -> Architecture[NoOptions]:
    name, sizes = f"resnet{layers}", SIZES[layers]
    file_name = f"{name}-{digest}.pth"
    weights = PretrainedWeights(
        file_name=file_name,
        url=SITE + file_name,
        sha256=digest,
        size=size,
        licence=LICENCE,
        mean=MEAN,
        std=STD,
    )
    return Architecture(
        key=name,
        label=f"ResNet {layers}",
        summary=summary,
        options=NoOptions,
        build=partial(_build, name),
        parameters=sizes.parameters,
        weights=(("imagenet", weights),),
        groups=sizes.groups,
        features=sizes.features,
    )


def _build(name: str, _options: NoOptions) -> Body:
    from .network import build_body

    return build_body(name)
