"""Pictures with bits, numbers and pieces changed: read or refused, never a death, never a hang.

The environment variable PETSTUDIO_MUTANTS sets how many are tried; `pytest --log-cli-level=info`
shows the figures.
"""

from __future__ import annotations

import csv
import logging
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from verified_images import verify_images

from petstudio.api.control import RunControl
from petstudio.images.checking_child import CheckRules
from petstudio.images.decoding import read_image

logger = logging.getLogger(__name__)

_MUTANTS = int(os.environ.get("PETSTUDIO_MUTANTS", "300"))
_FORMATS = ("JPEG", "PNG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
_CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpora" / "bad-images"
_EXTREMES = (0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_HEAD = 256  # most numbers that a decoder believes stand there

Mutate = Callable[[bytearray, random.Random], None]


def _flip_bits(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 16)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _flip_in_head(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 4)):
        content[chance.randrange(min(_HEAD, len(content)))] = chance.randrange(256)


def _write_extreme(content: bytearray, chance: random.Random) -> None:
    at, width = chance.randrange(min(_HEAD, len(content))), chance.choice((2, 4))
    number = chance.choice(_EXTREMES) & (1 << 8 * width) - 1
    content[at : at + width] = number.to_bytes(width, chance.choice(("little", "big")))


def _cut(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def _remove_piece(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content))
    del content[at : at + chance.randint(1, 400)]


def _insert_noise(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content))
    content[at:at] = chance.randbytes(chance.randint(1, 400))


def _repeat_piece(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content))
    content[at:at] = content[at : at + chance.randint(1, 400)] * chance.randint(1, 5)


def _zero_piece(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content))
    piece = content[at : at + chance.randint(1, 600)]
    content[at : at + len(piece)] = bytes(len(piece))


_WAYS: tuple[Mutate, ...] = (
    _flip_bits,
    _flip_in_head,
    _write_extreme,
    _cut,
    _remove_piece,
    _insert_noise,
    _repeat_piece,
    _zero_piece,
)


def read_in_all_ways(path: Path) -> None:
    """Read as import, training and preview do; runs in the child process that checks."""
    picture = read_image(path)
    assert picture.mode == "RGB"
    assert len(picture.tobytes()) == 3 * picture.width * picture.height > 0
    assert read_image(path, at_least=32).mode == "RGB"


def _drawn() -> list[tuple[str, bytes]]:
    """Return one picture of each format, so that there is something without the corpus."""
    rng = np.random.default_rng(0)
    picture = Image.fromarray(rng.integers(0, 255, (40, 48, 3), dtype=np.uint8))
    drawn = []
    for name in _FORMATS:
        stream = BytesIO()
        picture.save(stream, name)
        drawn.append((f".{name.lower()}", stream.getvalue()))
    return drawn


def _sources() -> list[tuple[str, bytes]]:
    if not _CORPUS.is_dir():
        return _drawn()
    with (_CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    files = [_CORPUS / "files" / row["filename"] for row in rows if row["expected"] == "loadable"]
    return _drawn() + [(file.suffix, file.read_bytes()) for file in files]


def _make_mutants(folder: Path) -> list[str]:
    chance = random.Random(1)
    sources = _sources()
    names = []
    for number in range(_MUTANTS):
        suffix, content = sources[number % len(sources)]
        way = chance.choice(_WAYS)
        mutant = bytearray(content)
        way(mutant, chance)
        names.append(f"{number}{way.__name__}{suffix}")
        (folder / names[-1]).write_bytes(mutant)
    return names


@pytest.mark.timeout(3600)
def test_that_every_mutant_is_read_or_refused_and_none_costs_a_process(tmp_path: Path) -> None:
    names = _make_mutants(tmp_path)
    rules = CheckRules(check=read_in_all_ways)
    bad = verify_images(tmp_path, names, RunControl(), lambda _: None, rules=rules)
    reasons = Counter(error.reason.name for error in bad.values())
    logger.info(
        "%d mutants: %d read, refused: %s", len(names), len(names) - len(bad), dict(reasons)
    )
    deaths = {name: error.detail for name, error in bad.items() if "process" in error.detail}
    hangs = {name: error.detail for name, error in bad.items() if "longer than" in error.detail}
    assert (deaths, hangs) == ({}, {})
    assert 0 < len(bad) < len(names)
    assert multiprocessing.active_children() == []


def test_that_a_death_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    rules = CheckRules(check=fail_outright)
    bad = verify_images(tmp_path, ["a.png"], RunControl(), lambda _: None, rules=rules)
    assert "the process that decoded it died" in bad["a.png"].detail


def fail_outright(_: Path) -> None:
    """Raise what no decoder may let through."""
    raise AssertionError
