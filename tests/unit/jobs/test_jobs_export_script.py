"""The script beside an export: it prepares pictures as the program does."""

from __future__ import annotations

import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from petstudio.config.recipe import Resize
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.input.store import decode, short_side_for
from petstudio.images.pixel_records import LONGEST
from petstudio.jobs.export_script import script_text

LOADER = '''"""A loader without a model."""

import json
import zlib


def load(path):
    """Return facts and a function."""
    return json.dumps(str(path)), zlib.crc32
'''
SIZE = 48
ORIENTATION = 0x0112


@dataclass
class Script:
    """The functions of a script and its text."""

    text: str
    names: dict[str, object]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Script:
    folder = tmp_path_factory.mktemp("script")
    loader = folder / "loading.py"
    loader.write_text(LOADER, encoding="utf-8")
    file = folder / "model.x.predict.py"
    file.write_text(script_text(loader, ("zlib",), "model's “ä”.x"), encoding="utf-8")
    return Script(file.read_text(encoding="utf-8"), runpy.run_path(str(file)))


def soft(width: int, height: int, channels: int = 3) -> np.ndarray:
    """Return a picture with edges and noise, uint8."""
    rng = np.random.default_rng(width)
    coarse = rng.integers(0, 255, (9, 11, channels), dtype=np.uint8)
    planes = [
        np.asarray(
            Image.fromarray(coarse[..., at]).resize((width, height), Image.Resampling.BICUBIC)
        )
        for at in range(channels)
    ]
    return np.stack(planes, axis=-1)


def draw(folder: Path) -> Iterator[Path]:
    """Write a picture of every kind that is prepared in a way of its own."""
    photo = Image.fromarray(soft(500, 375))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    photo.save(folder / "turned.jpg", quality=95, exif=exif)
    photo.save(folder / "plain.jpg", quality=95)
    photo.convert("CMYK").save(folder / "print.jpg")
    Image.fromarray(soft(900, 100)).save(folder / "panorama.png")
    Image.fromarray(soft(61, 301)).save(folder / "tower.png")
    Image.fromarray(soft(20, 31)).save(folder / "smaller_than_the_network.png")
    Image.fromarray(soft(80, 70, 4)).save(folder / "transparent.png")
    photo.convert("L").save(folder / "grey.png")
    photo.quantize(20).save(folder / "palette.gif")
    deep = soft(90, 70, 1)[..., 0].astype(np.uint16) * 257
    Image.fromarray(deep).save(folder / "sixteen_bits.png")
    yield from sorted(folder.iterdir())


@pytest.mark.parametrize("resize", Resize)
def test_that_the_script_prepares_pictures_as_the_program_does(
    script: Script, resize: Resize, tmp_path: Path
) -> None:
    about = {"short_side": short_side_for(SIZE), "longest": LONGEST}
    plain = Sampler(size=SIZE, resize=resize, mean=(0.0,) * 3, std=(1.0,) * 3)
    for file in draw(tmp_path):
        wanted = plain.sample([decode(file, about["short_side"])], torch.device("cpu"))
        found = script.names["fitted"](script.names["read"](str(file), about), SIZE, resize.value)
        assert found.shape == (SIZE, SIZE, 3)
        # Pillow and torch round a few in a hundred pixels differently when they shrink.
        difference = np.abs(found - 255 * wanted[0].permute(1, 2, 0).numpy())
        assert difference.max() < 1.01, file.name
        assert difference.mean() < 0.05, file.name


def test_that_the_script_names_the_export_and_what_it_needs(script: Script) -> None:
    assert script.names["MODEL"].name == "model's “ä”.x"
    assert "pip install numpy pillow zlib\n" in script.text


def test_that_the_loader_stands_in_the_script_with_its_imports_once(script: Script) -> None:
    assert script.text.count("\nimport json\n") == 1
    assert script.text.count("\nimport zlib\n") == 1
    assert script.text.count("\ndef load(path):\n") == 1
    assert "A loader without a model" not in script.text
    assert script.names["load"]("here") == ('"here"', script.names["zlib"].crc32)


def test_that_the_script_is_short(script: Script) -> None:
    assert len(script.text.splitlines()) < 110
