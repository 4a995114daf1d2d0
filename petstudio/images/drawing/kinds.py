"""What the sample set shows, as data: kinds of pet, their coats and colours."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from importlib import resources
from random import Random

from petstudio.config.mapping import from_mapping
from petstudio.images.drawing.colour import Colour, named, varied


class Animal(Enum):
    CAT = "cat"
    DOG = "dog"
    RABBIT = "rabbit"
    HAMSTER = "hamster"
    GUINEA_PIG = "guinea pig"
    BUDGIE = "budgie"
    GOLDFISH = "goldfish"
    TURTLE = "turtle"


class Pattern(Enum):
    """How the second colour lies on the first."""

    PLAIN = "plain"
    TABBY = "tabby"
    POINTS = "points"
    SADDLE = "saddle"
    SPOTS = "spots"
    PATCHES = "patches"
    BACK = "back"
    BLAZE = "blaze"


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours as #rrggbb: the coat, the marks on it, chest and muzzle, nose and inner ear.

    `weight` says how often a picture takes it, beside the other palettes of the kind.
    """

    weight: int = 1
    base: str
    mark: str
    light: str
    skin: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One class of the sample set; a picture takes one of each of the tuples."""

    name: str
    animal: Animal
    patterns: tuple[Pattern, ...]
    eyes: tuple[str, ...]
    palettes: tuple[Palette, ...]

    def roll_colours(self, dice: Random) -> Colours:
        weights = [palette.weight for palette in self.palettes]
        palette = dice.choices(self.palettes, weights)[0]
        return Colours(
            base=varied(named(palette.base), dice),
            mark=varied(named(palette.mark), dice),
            light=named(palette.light),
            skin=named(palette.skin),
            eye=named(dice.choice(self.eyes)),
        )


@dataclass(frozen=True, kw_only=True)
class _Definition:
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, kw_only=True)
class Colours:
    """A palette as it is used in one picture."""

    base: Colour
    mark: Colour
    light: Colour
    skin: Colour
    eye: Colour


def sample_kinds() -> tuple[Kind, ...]:
    """Read the definition that comes with the program."""
    source = resources.files("petstudio.resources") / "sample_set.toml"
    definition = from_mapping(_Definition, tomllib.loads(source.read_text(encoding="utf-8")))
    return definition.kinds
