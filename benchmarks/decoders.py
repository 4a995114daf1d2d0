"""Decoding to short side 256 by threads and by processes: `python decoders.py [FOLDER]`."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import PIL
import torch
from turns import print_machine

from petstudio.engine.cores import usable_cores
from petstudio.engine.input.shrinking import as_tensor, shrink
from petstudio.engine.input.store import ImageStore, StorePlan, decode
from petstudio.images.decoder_pool import DecoderPool, sensible_processes

PETS: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "pets-mini"
_SIDE: Final = 256
_SECONDS: Final = 0.35  # of each case in each round
_ROUNDS: Final = 2
_THREADS: Final = (1, 2, 4, 8, 16)
_PROCESSES: Final = ((2, 2), (2, 3), (4, 6), (8, 10), (12, 12), (12, 16), (12, 24), (16, 20))
_AHEAD: Final = 128  # pictures that a loop over two batches of 64 has asked for


@dataclass(frozen=True, kw_only=True)
class Speed:
    """Pictures a second, and the milliseconds that this process itself spent on each."""

    pictures: float
    own_ms: float


def run_threads(read: Callable[[Path], object], files: Sequence[Path], threads: int) -> Speed:
    """Let threads read files until the time is over."""
    end = time.perf_counter() + _SECONDS

    def read_on(first: int) -> int:
        count = 0
        while time.perf_counter() < end:
            read(files[(first + count * threads) % len(files)])
            count += 1
        return count

    started, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        done = sum(pool.map(read_on, range(threads)))
    return _speed(done, started, cpu)


def run_store(store: ImageStore) -> Speed:
    """Read a store as the batches of a training run do."""
    started, cpu = time.perf_counter(), time.process_time()
    done = 0
    requests = [store.request(index % len(store)) for index in range(_AHEAD)]
    while time.perf_counter() < started + _SECONDS:
        requests.pop(0).result()
        requests.append(store.request((done + _AHEAD) % len(store)))
        done += 1
    for request in requests:
        request.result()
    return _speed(done + _AHEAD, started, cpu)


def _speed(done: int, started: float, cpu: float) -> Speed:
    seconds = time.perf_counter() - started
    return Speed(pictures=done / seconds, own_ms=(time.process_time() - cpu) * 1e3 / done)


def cases(files: Sequence[Path], stack: ExitStack) -> Iterator[tuple[str, Callable[[], Speed]]]:
    """Give each case with its name; `stack` ends the processes."""
    for threads in _THREADS:
        read = partial(decode, short_side=_SIDE)
        yield f"threads: {threads}", partial(run_threads, read, files, threads)
    pools = {
        count: stack.enter_context(closing(_started(count)))
        for count in sorted({count for count, _ in _PROCESSES if count <= usable_cores()})
    }
    for count, threads in _PROCESSES:
        if count in pools:
            name = f"processes: {count}, threads: {threads}"
            read = partial(_read_in, pools[count])
            yield name, partial(run_threads, read, files, threads)
    for decoders in sorted({0, sensible_processes(usable_cores())}):
        plan = StorePlan(memory_budget=0, decoders=decoders)
        store = stack.enter_context(ImageStore(files, _SIDE, plan=plan))
        yield f"a store with {decoders} processes", partial(run_store, store)


def _started(count: int) -> DecoderPool:
    pool = DecoderPool(count)
    pool.start()
    return pool


def _read_in(pool: DecoderPool, path: Path) -> torch.Tensor:
    picture = pool.read(path, at_least=_SIDE)
    assert picture is not None  # the processes have started
    return shrink(as_tensor(picture), _SIDE)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=PETS)
    files = sorted(parser.parse_args().folder.glob("*.jpg"))
    print_machine(f"torch {torch.__version__}", f"Pillow {PIL.__version__}")
    torch.set_num_threads(1)
    for file in files:
        file.read_bytes()  # nobody shall wait for the disk
    with ExitStack() as stack:
        runs = dict(cases(files, stack))
        speeds: dict[str, list[Speed]] = {name: [] for name in runs}
        for _ in range(1 + _ROUNDS):
            for name, run in runs.items():
                speeds[name].append(run())
    print_speeds({name: taken[1:] for name, taken in speeds.items()})  # the first warms up


def print_speeds(speeds: dict[str, list[Speed]]) -> None:
    """Print medians; a case's ratio is taken inside each round."""
    base = next(iter(speeds.values()))
    print(
        "\n| decoding | pictures/s | times one thread | own CPU, ms a picture |\n|---|---|---|---|"
    )
    for name, taken in speeds.items():
        ratios = [one.pictures / first.pictures for one, first in zip(taken, base, strict=True)]
        pictures = statistics.median(speed.pictures for speed in taken)
        own = statistics.median(speed.own_ms for speed in taken)
        print(f"| {name} | {pictures:,.0f} | {statistics.median(ratios):.2f} | {own:.2f} |")


if __name__ == "__main__":
    main()
