"""One picture of the sample set: a pet, a place, a camera, all rolled from one dice."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from PIL import Image, ImageFilter

from petstudio.images.drawing import birds, foreground, mammals, scenes, turtles
from petstudio.images.drawing.camera import roll_shot, take
from petstudio.images.drawing.coats import Coat
from petstudio.images.drawing.faces import Face
from petstudio.images.drawing.fish import FISH_EXTENT, Fish, swimming
from petstudio.images.drawing.geometry import Affine, ellipse
from petstudio.images.drawing.kinds import Animal, Colours, Kind
from petstudio.images.drawing.placing import placed, shadow
from petstudio.images.drawing.surface import Surface

_OVERSAMPLING: Final = 2
_SHAPES: Final = (4 / 3, 4 / 3, 3 / 2, 1.0, 3 / 4, 4 / 5)
_MIST: Final = (248, 243, 236)
_COVERED_SHARE: Final = 0.18


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A finished picture, and the JPEG quality of the camera that took it."""

    image: Image.Image
    quality: int


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
    image = surface.image
    radius, mist = dice.choice((0.8, 1.6, 2.6)), dice.uniform(0.1, 0.35)
    coarse = image.reduce(_OVERSAMPLING).filter(ImageFilter.BoxBlur(radius))
    pale = Image.blend(coarse, Image.new("RGB", coarse.size, _MIST), mist)
    image.paste(pale.resize(image.size, Image.Resampling.BILINEAR))


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
    extent = pose.extent(pet.build)
    moved = placed(surface, width, extent, dice)
    shadow(moved, extent)
    pose.draw(moved, pet)


def _roll_face(kind: Kind, colours: Colours, dice: Random) -> Face:
    coat = Coat(
        pattern=dice.choice(kind.patterns),
        colours=colours,
        seed=dice.randrange(1 << 30),
        boldness=dice.uniform(0.7, 1.0),
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
    pose = dice.choice(birds.POSES)
    pose.draw(placed(surface, width, pose.extent, dice), bird)


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
        moved = placed(surface, width, turtles.FROM_ABOVE, dice).at(turn=dice.uniform(-0.6, 0.6))
        moved.soft(ellipse(0.1, 0.35, 2.0, 1.6), (40, 40, 60), 0.4, 0.35)
        turtles.from_above(moved, pet)
        return
    moved = placed(surface, width, turtles.WALKING, dice)
    shadow(moved, turtles.WALKING)
    turtles.walking(moved, pet)


def _draw_fish(surface: Surface, width: float, kind: Kind, colours: Colours, dice: Random) -> None:
    pet = Fish(
        colours=colours,
        pattern=dice.choice(kind.patterns),
        plump=dice.random(),
        sway=dice.uniform(-1, 1),
        seed=dice.randrange(1 << 30),
    )
    if dice.random() < 0.5:
        _scene(surface, width, scenes.water, dice)
        moved = placed(surface, width, FISH_EXTENT, dice)
        swimming(moved.at(turn=dice.uniform(-0.3, 0.3)), pet)
        return
    _scene(surface, width, dice.choice(scenes.INDOORS_AND_OUT), dice)
    side = min(width, 1.0)
    size = 0.45 * side * dice.uniform(0.85, 1.05)
    middle = width / 2 + side * dice.uniform(-0.08, 0.08)
    bowl = surface.at(middle, 0.5 + 0.44 * side - size, mirror=dice.random() < 0.5)
    foreground.bowl_back(bowl, size, dice)
    turn = dice.uniform(-0.35, 0.35)
    swimming(bowl.at(0.05 * size, 0.12 * size, scale=size * 0.3, turn=turn), pet)
    foreground.bowl_front(bowl, size)
