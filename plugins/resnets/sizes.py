"""How large the layer groups are, written down so that torch need not be loaded to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from petstudio.api import GroupSize

LOW: Final = "stem to layer2"
HIGH: Final = "layer3 to layer4"


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Of one network without its pooling and classifier."""

    groups: tuple[GroupSize, ...]
    features: int

    @property
    def parameters(self) -> int:
        return sum(group.parameters for group in self.groups)


def _sizes(low: tuple[int, int], high: tuple[int, int], *, features: int) -> Sizes:
    """Return sizes of the two groups' parameters and those of norm layers among them."""
    named = ((LOW, low), (HIGH, high))
    groups = tuple(
        GroupSize(name=name, parameters=count, norm_parameters=norm)
        for name, (count, norm) in named
    )
    return Sizes(groups=groups, features=features)


SIZES: Final = {
    18: _sizes((683_072, 1_920), (10_493_440, 7_680), features=512),
    34: _sizes((1_347_904, 3_200), (19_936_768, 13_824), features=512),
    50: _sizes((1_444_928, 10_112), (22_063_104, 43_008), features=2048),
    101: _sizes((1_444_928, 10_112), (41_055_232, 95_232), features=2048),
    152: _sizes((2_565_184, 16_256), (55_578_624, 135_168), features=2048),
}
