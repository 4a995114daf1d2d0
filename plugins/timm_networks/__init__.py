"""Hundreds of networks of the package timm; needs pip install "petstudio[timm]"."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from petstudio.api import Architecture, Body, hookimpl, text
from petstudio.api.language import tr

PETSTUDIO_API = (1, 0)


@dataclass(frozen=True, kw_only=True)
class TimmOptions:
    name: str = text(
        "convnext_atto", label=tr("Network"), help=tr("As timm calls it, such as efficientnet_b0.")
    )


@hookimpl
def petstudio_architectures() -> list[Architecture[TimmOptions]]:
    if find_spec("timm") is None:
        return []
    return [
        Architecture(
            key="timm",
            label="timm",
            summary=tr("A network of timm by its name: all that give feature maps."),
            options=TimmOptions,
            build=_build,
            parameters=3_374_520,  # of the network that stands there first
        )
    ]


def _build(options: TimmOptions) -> Body:
    from .networks import build_body

    return build_body(options.name)
