"""The store with processes that decode: the same pictures, errors and counts as with threads."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from petstudio.api.errors import ImageError
from petstudio.engine.cores import usable_cores
from petstudio.engine.input import sources
from petstudio.engine.input.store import ImageStore, StorePlan, decode

SIDE = 32


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    made = []
    for number in range(96):
        small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), dtype=np.uint8))
        made.append(folder / f"{number}.{'jpg' if number % 2 else 'png'}")
        small.resize((20 * (number % 9 + 1), 150)).save(made[-1])
    return made


def test_that_processes_give_the_same_pictures_in_the_order_that_was_asked(paths):
    plan = StorePlan(memory_budget=0, decoders=2)
    with ImageStore(paths, SIDE, plan=plan) as store:
        store._decoders.start()
        requests = [store.request(index) for index in range(len(paths))]
        pictures = [request.result() for request in requests]
        assert store.decoded == len(paths)
    for path, picture in zip(paths, pictures, strict=True):
        assert torch.equal(picture, decode(path, SIDE))


def test_that_pictures_of_processes_are_kept_on_the_disk(paths, tmp_path):
    plan = StorePlan(folder=tmp_path / "cache", disk_budget=10 << 20, memory_budget=0, decoders=1)
    with ImageStore(paths[:9], SIDE, plan=plan) as store:
        store._decoders.start()
        for index in range(9):
            store.request(index).result()
    with ImageStore(paths[:9], SIDE, plan=plan) as store:
        for index in range(9):
            assert torch.equal(store.request(index).result(), decode(paths[index], SIDE))
        assert (store.decoded, store.reused) == (0, 9)


def test_that_an_error_of_a_process_names_the_path_as_it_was_given(tmp_path):
    missing = tmp_path / "sub" / ".." / "gone.png"
    with ImageStore([missing], SIDE, plan=StorePlan(memory_budget=0, decoders=1)) as store:
        store._decoders.start()
        error = store.request(0).exception()
    with pytest.raises(ImageError) as expected:
        decode(missing, SIDE)
    assert str(error) == str(expected.value)


def test_that_closing_the_store_leaves_no_process(paths):
    with ImageStore(paths, SIDE, plan=StorePlan(memory_budget=0, decoders=2)) as store:
        store._decoders.start()
        processes = list(store._decoders._processes)
    assert len(processes) == 2
    assert all(process._process.returncode is not None for process in processes)


def test_that_only_a_gpu_on_a_machine_with_many_cores_gets_processes(monkeypatch):
    monkeypatch.setattr(sources, "usable_cores", lambda: 16)
    plan = StorePlan(memory_budget=7)
    assert sources.with_decoders(plan, torch.device("cpu")).decoders == 0
    assert sources.with_decoders(plan, torch.device("cuda")) == StorePlan(
        memory_budget=7, decoders=12
    )
    assert sources.with_decoders(plan, torch.device("cuda"), sharers=4).decoders == 0
    assert usable_cores() >= 1
