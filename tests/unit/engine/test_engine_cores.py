"""How many threads torch gets, and what the machine tells about its cores."""

from __future__ import annotations

import os

import pytest
import torch

from petstudio.engine import cores, devices

CPU = torch.device("cpu")


@pytest.fixture
def threads(monkeypatch):
    """Let the test choose threads, and put back what was."""
    before = torch.get_num_threads()
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    yield
    torch.set_num_threads(before)


def on(monkeypatch, physical, in_use):
    monkeypatch.setattr(devices, "physical_cores", lambda: physical)
    monkeypatch.setattr(devices, "cores_in_use", lambda: in_use)
    return devices.prepare(CPU)


@pytest.mark.parametrize(
    ("physical", "in_use", "expected"),
    [(1, 0.0, 1), (1, 1.0, 1), (2, 0.1, 2), (2, 1.0, 1), (4, 0.1, 4), (8, 0.1, 7), (8, 3.0, 7)],
)
def test_that_a_core_is_left_where_there_are_many_or_others_work(
    threads, monkeypatch, physical, in_use, expected
):
    assert on(monkeypatch, physical, in_use) == expected
    assert torch.get_num_threads() == expected


def test_that_the_users_own_number_of_threads_is_respected(threads, monkeypatch):
    torch.set_num_threads(3)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert on(monkeypatch, 8, 0.0) == 3


def test_that_cores_in_use_are_between_none_and_all():
    assert 0 <= cores.cores_in_use() <= (os.cpu_count() or 1) + 1


def test_that_an_unknown_load_counts_as_a_busy_machine(monkeypatch, tmp_path):
    monkeypatch.setattr(cores, "_STATISTICS", tmp_path / "nowhere")
    assert cores.cores_in_use() == float(os.cpu_count() or 1)
    (tmp_path / "nowhere").write_text("cpu no numbers here")
    assert cores.cores_in_use() == float(os.cpu_count() or 1)
