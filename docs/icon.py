"""Draw the program's icon, a paw on a blue square, as SVG, PNG and ICO: `python docs/icon.py`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from petstudio.ui.tokens import LIGHT

FOLDER: Final = Path(__file__).parents[1] / "resources" / "desktop"
SIDE: Final = 256
CORNER: Final = 58
FINER: Final = 8  # drawn so much larger and then shrunk, for smooth edges
ICO_SIDES: Final = (16, 24, 32, 48, 64, 128, 256)
# Centre, half axes and turn in degrees of the four toes and of the three balls of the pad.
OVALS: Final = (
    (66, 122, 21, 29, -24),
    (103, 80, 23, 33, -8),
    (153, 80, 23, 33, 8),
    (190, 122, 21, 29, 24),
    (128, 152, 38, 34, 0),
    (98, 178, 33, 26, -28),
    (158, 178, 33, 26, 28),
)


def main() -> None:
    """Write the three files."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "petstudio.svg").write_text(svg(), encoding="utf-8")
    picture = drawn()
    picture.save(FOLDER / "petstudio.png", optimize=True)
    picture.save(FOLDER / "petstudio.ico", sizes=[(side, side) for side in ICO_SIDES])


def svg() -> str:
    """Return the icon as text."""
    ovals = "\n".join(
        f'  <ellipse cx="{x}" cy="{y}" rx="{a}" ry="{b}" transform="rotate({turn} {x} {y})"/>'
        for x, y, a, b, turn in OVALS
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">\n'
        f'<rect width="{SIDE}" height="{SIDE}" rx="{CORNER}" fill="{LIGHT.accent}"/>\n'
        f'<g fill="{LIGHT.on_accent}">\n{ovals}\n</g>\n</svg>\n'
    )


def drawn() -> Image.Image:
    """Return the icon as a picture."""
    large = Image.new("RGBA", (SIDE * FINER, SIDE * FINER))
    pen = ImageDraw.Draw(large)
    pen.rounded_rectangle((0, 0, *(side - 1 for side in large.size)), CORNER * FINER, LIGHT.accent)
    for oval in OVALS:
        pen.polygon(outline(*oval), LIGHT.on_accent)
    return large.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def outline(x: float, y: float, a: float, b: float, turn: float) -> list[tuple[float, float]]:
    """Return the points around an oval, of the larger drawing."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    points = []
    for degree in range(360):
        across, down = a * math.cos(math.radians(degree)), b * math.sin(math.radians(degree))
        left, top = x + across * cosine - down * sine, y + across * sine + down * cosine
        points.append((left * FINER, top * FINER))
    return points


if __name__ == "__main__":
    main()
