"""Pictures from file to batch: the plain way against the store's and the sampler's."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import PIL
import torch
from PIL import Image
from turns import print_machine, print_table, take_turns

from petstudio.config.recipe import Resize
from petstudio.engine.input.sampler import Sampler
from petstudio.engine.input.store import ImageStore, StorePlan, decode, short_side_for

PETS: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "pets-mini"
_PICTURES: Final = 64
_LARGE: Final = 6
_SIZE: Final = 224
_ROUNDS: Final = 7
_SMALL_BUDGET: Final = 40_000  # bytes a picture: too little for pixels, enough for small JPEGs


def web_photos(folder: Path) -> list[Path]:
    """Return real pictures of about 500 x 375 pixels, or made ones where there are none."""
    real = sorted(PETS.glob("*.jpg"))[:_PICTURES]
    return real or make_photos(folder, "web", (500, 375), _PICTURES)


def make_photos(folder: Path, name: str, size: tuple[int, int], count: int) -> list[Path]:
    """Write JPEG files with the soft shapes and the fine noise of photographs."""
    rng = np.random.default_rng(0)
    files = []
    for number in range(count):
        shapes = Image.fromarray(rng.integers(0, 255, (30, 40, 3), dtype=np.uint8))
        soft = np.asarray(shapes.resize(size, Image.Resampling.BICUBIC), dtype=np.int16)
        noisy = soft + rng.normal(0, 2, soft.shape).astype(np.int16)
        files.append(folder / f"{name}{number}.jpg")
        Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(files[-1], quality=90)
    return files


def decode_plainly(path: Path) -> torch.Tensor:
    """Open, convert and resize with Pillow, as most loaders do."""
    short = short_side_for(_SIZE)
    with Image.open(path) as image:
        scale = short / min(image.size)
        size = (round(image.width * scale), round(image.height * scale))
        small = image.convert("RGB").resize(size, Image.Resampling.BILINEAR)
        return torch.from_numpy(np.array(small))


def compare_decoding(title: str, files: list[Path]) -> None:
    """One thread: the figures are those of one core."""
    short = short_side_for(_SIZE)
    rows = take_turns(
        {
            "Pillow open, convert, resize": lambda: [decode_plainly(file) for file in files],
            "store: checked, draft, torch resize": lambda: [decode(f, short) for f in files],
        },
        _ROUNDS,
    )
    megabytes = sum(file.stat().st_size for file in files) / len(files) / 1e6
    title = f"Decoding {title}, {megabytes:.1f} MB each, to short side 256, one core"
    print_table(title, rows, items=len(files), unit="pictures")


def read_through(store: ImageStore) -> None:
    """Copy every picture of a store once, in random order, 64 at a time."""
    order = np.random.default_rng(1).permutation(len(store))
    for start in range(0, len(order), 64):
        requests = [store.request(int(index)) for index in order[start : start + 64]]
        for request in requests:
            request.result().clone()


def compare_tiers(files: list[Path], folder: Path) -> None:
    """Open and read a store whose pictures lie in one tier each; decode threads in all cases."""
    short, count = short_side_for(_SIZE), len(files)
    files = files * 4
    nothing = StorePlan(memory_budget=0)
    jpegs = StorePlan(folder=folder / "jpeg", disk_budget=count * _SMALL_BUDGET, memory_budget=0)
    pixels = StorePlan(folder=folder / "raw", disk_budget=1 << 32, memory_budget=0)
    with (
        ImageStore(files, short, plan=nothing) as originals,
        ImageStore(files, short, plan=jpegs) as small,
        ImageStore(files, short, plan=pixels) as mapped,
        ImageStore(files, short, plan=StorePlan(memory_budget=1 << 32)) as kept,
    ):

        def reading(store: ImageStore) -> Callable[[], None]:
            return lambda: read_through(store)

        rows = take_turns(
            {
                "decoding the files": reading(originals),
                "small JPEGs on the disk": reading(small),
                "pixels on the disk, mapped": reading(mapped),
                "pixels in memory": reading(kept),
            },
            _ROUNDS,
        )
    print_table("Reading a store", rows, items=len(files), unit="pictures")


def compare_filling(files: list[Path], folder: Path) -> None:
    """The first epoch: what keeping the pictures adds to decoding them."""
    short = short_side_for(_SIZE)
    fills = iter(range(1000))

    def fill(plan: StorePlan) -> None:
        with ImageStore(files, short, plan=plan) as store:
            read_through(store)

    def place() -> StorePlan:
        return StorePlan(folder=folder / str(next(fills)), disk_budget=1 << 32, memory_budget=0)

    rows = take_turns(
        {
            "decoding only": lambda: fill(StorePlan(memory_budget=0)),
            "decoding and writing pixels": lambda: fill(place()),
        },
        _ROUNDS,
    )
    print_table("Filling a store", rows, items=len(files), unit="pictures")


def compare_sampling(pictures: list[torch.Tensor]) -> None:
    """Crop and normalise in one pass, alone and together."""
    sampler = Sampler(size=_SIZE, resize=Resize.CROP, mean=(0.5,) * 3, std=(0.25,) * 3)
    device = torch.device("cpu")
    rows = take_turns(
        {
            "one picture at a time": lambda: [sampler.sample([p], device) for p in pictures],
            "slices of one shape": lambda: sampler.sample(pictures, device),
        },
        _ROUNDS,
    )
    print_table("Crop and normalise to 224 px", rows, items=len(pictures), unit="pictures")


def main() -> None:
    """Print the tables."""
    print_machine(f"torch {torch.__version__}", f"Pillow {PIL.__version__}")
    threads = torch.get_num_threads()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = web_photos(folder)
        torch.set_num_threads(1)
        compare_decoding("500 x 375", files)
        compare_decoding("4000 x 3000", make_photos(folder, "phone", (4000, 3000), _LARGE))
        compare_filling(files, folder)
        compare_tiers(files, folder)
    torch.set_num_threads(threads)
    compare_sampling([decode(file, short_side_for(_SIZE)) for file in files[:24]])


if __name__ == "__main__":
    main()
