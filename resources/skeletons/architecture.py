"""A small network."""

from petstudio.api import Architecture, Body, GroupSize, LayerGroup, NoOptions, hookimpl

PETSTUDIO_API = (1, 0)
__version__ = "0.1"


def build(_options: NoOptions) -> Body:
    """Return the network without pooling and classifier, which PetStudio adds."""
    from collections import OrderedDict

    from torch import nn  # here, so that finding the plugin does not load torch

    def stage(inputs: int, outputs: int) -> nn.Sequential:
        convolution = nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False)
        return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())

    children: OrderedDict[str, nn.Module] = OrderedDict(
        low=stage(3, 16), middle=stage(16, 32), high=stage(32, 64)
    )
    groups = (
        LayerGroup(name="low and middle", modules=("low", "middle")),
        LayerGroup(name="high", modules=("high",)),
    )
    return Body(module=nn.Sequential(children), groups=groups, features=64)


@hookimpl
def petstudio_architectures() -> list[Architecture[NoOptions]]:
    return [
        Architecture(
            key="sample-key",  # recipes store it: never change it
            label="Sample label",
            summary="Three convolutions.",
            options=NoOptions,
            build=build,
            parameters=23_696,
            # What `build` will make, so that the window shows it before torch is loaded. Leave
            # `groups` and `features` out while the network still changes.
            groups=(
                GroupSize(name="low and middle", parameters=5_136, norm_parameters=96),
                GroupSize(name="high", parameters=18_560, norm_parameters=128),
            ),
            features=64,
        )
    ]
