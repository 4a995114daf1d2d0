"""One picture of the sample set: a pet, a place, a camera, all rolled from one dice."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from PIL import Image, ImageFilter

from petstudio.images.drawing import birds, foreground, mammals, scenes, turtles
from petstudio.images.drawing.camera import Shot, roll_shot, take
from petstudio.images.drawing.coats import Coat
from petstudio.images.drawing.fish import Fish, swimming
from petstudio.images.drawing.geometry import Affine, ellipse
from petstudio.images.drawing.heads import Face
from petstudio.images.drawing.kinds import Animal, Colours, Kind
from petstudio.images.drawing.surface import Surface

_OVERSAMPLING: Final = 2
_SHAPES: Final = (4 / 3, 4 / 3, 3 / 2, 1.0, 3 / 4, 4 / 5)
_COVERED_SHARE: Final = 0.3


@dataclass(frozen=True, kw_only=True)
class Drawing:
    image: Image.Image
    quality: int


@dataclass(frozen=True, kw_only=True)
class _Stand:
    """Where the pet is: the middle of its feet, and the size of one of its units."""

    x: float
    y: float
    unit: float
    mirror: bool
    turn: float


def draw_picture(kind: Kind, dice: Random) -> Drawing:
    """Return a picture of that kind; the dice decides everything about it."""
    size = _roll_size(dice)
    shot = roll_shot(dice)
    canvas = Image.new("RGB", (size[0] * _OVERSAMPLING, size[1] * _OVERSAMPLING))
    pixels = float(canvas.height)
    surface = Surface(canvas, Affine(a=pixels, e=pixels), shot.light)
    width = size[0] / size[1]
    _pet_in_place(surface, width, kind, dice)
    if dice.random() < _COVERED_SHARE:
        dice.choice(foreground.COVERS)(surface, width, dice)
    return Drawing(image=take(canvas, size, shot, dice), quality=shot.quality)


def _roll_size(dice: Random) -> tuple[int, int]:
    short, shape = dice.randrange(104, 161, 4), dice.choice(_SHAPES)
    return (round(short * shape), short) if shape >= 1 else (short, round(short / shape))


def _pet_in_place(surface: Surface, width: float, kind: Kind, dice: Random) -> None:
    colours = kind.roll_colours(dice)
    match kind.animal:
        case Animal.GOLDFISH:
            _draw_fish(surface, width, kind, colours, dice)
        case Animal.BUDGIE:
            _draw_bird(surface, width, colours, dice)
        case Animal.TURTLE:
            _draw_turtle(surface, width, colours, dice)
        case _:
            _draw_mammal(surface, width, kind, colours, dice)


def _scene(surface: Surface, width: float, scene: scenes.Scene, dice: Random) -> None:
    scene(surface, width, dice)
    radius = dice.choice((0.0, 1.5, 3.0))
    if radius:
        image = surface.image
        coarse = image.reduce(_OVERSAMPLING).filter(ImageFilter.GaussianBlur(radius * 0.6))
        image.paste(coarse.resize(image.size, Image.Resampling.BILINEAR))


def _stand(width: float, dice: Random, *, tall: float, broad: float) -> _Stand:
    """Roll a place for a pet that is `tall` and `broad` of its units."""
    unit = min(0.92 / tall, 1.0 * width / broad) * dice.uniform(0.82, 1.15)
    return _Stand(
        x=width * dice.uniform(0.38, 0.62),
        y=dice.uniform(0.88, 0.97),
        unit=unit,
        mirror=dice.random() < 0.5,
        turn=dice.uniform(-0.08, 0.08),
    )


def _at(surface: Surface, stand: _Stand, x: float, y: float) -> Surface:
    """Return the pet's surface; (x, y) is the point of the pet that stands at the place."""
    moved = surface.at(stand.x, stand.y, scale=stand.unit, turn=stand.turn, mirror=stand.mirror)
    return moved.at(-x, -y)


def _shadow(surface: Surface, x: float, y: float, broad: float) -> None:
    surface.soft(ellipse(x, y, broad, 0.22), (52, 40, 56), 0.25, 0.5)


def _draw_mammal(
    surface: Surface, width: float, kind: Kind, colours: Colours, dice: Random
) -> None:
    _scene(surface, width, dice.choice(scenes.INDOORS_AND_OUT), dice)
    pose = dice.choice(mammals.POSES)
    pet = mammals.Mammal(
        face=_roll_face(kind, colours, dice),
        tilt=dice.uniform(-0.22, 0.22),
        seed=dice.randrange(1 << 30),
    )
    if pose is mammals.portrait:
        stand = _stand(width, dice, tall=3.4, broad=2.9)
        pose(_at(surface, stand, 0.0, 2.1), pet)
        return
    upright = pose is mammals.sitting
    stand = _stand(width, dice, tall=4.7, broad=3.4 if upright else 5.2)
    moved = _at(surface, stand, 0.0 if upright else -0.2, 3.0)
    _shadow(moved, 0.0 if upright else -0.3, 2.95, 1.5 if upright else 2.1)
    pose(moved, pet)


def _roll_face(kind: Kind, colours: Colours, dice: Random) -> Face:
    coat = Coat(
        pattern=dice.choice(kind.patterns),
        colours=colours,
        seed=dice.randrange(1 << 30),
        boldness=dice.uniform(0.6, 1.0),
    )
    return Face(
        animal=kind.animal,
        coat=coat,
        mood=dice.choice(mammals.MOODS),
        yaw=dice.uniform(-1.0, 1.0),
        ear_pose=dice.uniform(-0.6, 1.0),
        seed=dice.randrange(1 << 30),
    )


def _draw_bird(surface: Surface, width: float, colours: Colours, dice: Random) -> None:
    _scene(surface, width, dice.choice(scenes.INDOORS_AND_OUT), dice)
    bird = birds.Bird(
        colours=colours,
        tilt=dice.uniform(-0.25, 0.25),
        asleep=dice.random() < 0.12,
        seed=dice.randrange(1 << 30),
    )
    pose = dice.choice((birds.perched, birds.facing, birds.flying))
    stand = _stand(width, dice, tall=5.0, broad=4.4 if pose is birds.flying else 3.0)
    pose(_at(surface, stand, -0.2, 3.4 if pose is birds.flying else 4.0), bird)


def _draw_turtle(surface: Surface, width: float, colours: Colours, dice: Random) -> None:
    pet = turtles.Turtle(
        colours=colours,
        dome=dice.random(),
        stretch=dice.random(),
        asleep=dice.random() < 0.12,
    )
    above = dice.random() < 0.4
    scene = scenes.water if above and dice.random() < 0.6 else dice.choice(scenes.INDOORS_AND_OUT)
    _scene(surface, width, scene, dice)
    if above:
        stand = _stand(width, dice, tall=4.4, broad=5.4)
        moved = _at(surface, stand, 0.0, 1.9).at(turn=dice.uniform(-0.6, 0.6))
        moved.soft(ellipse(0.1, 0.35, 2.0, 1.6), (40, 40, 60), 0.4, 0.35)
        turtles.from_above(moved, pet)
        return
    stand = _stand(width, dice, tall=3.4, broad=5.4)
    moved = _at(surface, stand, 0.2, 1.4)
    _shadow(moved, 0.1, 1.35, 1.9)
    turtles.walking(moved, pet)


def _draw_fish(surface: Surface, width: float, kind: Kind, colours: Colours, dice: Random) -> None:
    pet = Fish(
        colours=colours,
        pattern=dice.choice(kind.patterns),
        plump=dice.random(),
        sway=dice.uniform(-1, 1),
        seed=dice.randrange(1 << 30),
    )
    mirror, turn = dice.random() < 0.5, dice.uniform(-0.35, 0.35)
    if dice.random() < 0.5:
        _scene(surface, width, scenes.water, dice)
        stand = _stand(width, dice, tall=4.2, broad=5.6)
        swimming(surface.at(stand.x, 0.5, scale=stand.unit, turn=turn, mirror=mirror), pet)
        return
    _scene(surface, width, dice.choice(scenes.INDOORS_AND_OUT), dice)
    size = min(0.42, width * 0.42) * dice.uniform(0.82, 1.05)
    bowl = surface.at(width * dice.uniform(0.42, 0.58), 0.93 - size)
    foreground.bowl_back(bowl, size, dice)
    swimming(bowl.at(0.05 * size, 0.12 * size, scale=size * 0.3, turn=turn, mirror=mirror), pet)
    foreground.bowl_front(bowl, size)
