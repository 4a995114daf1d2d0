"""How much memory pictures may take."""

from __future__ import annotations

import pytest

from petstudio.engine.input import memory


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine of which nothing is known, until a test writes its files."""
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    return tmp_path


def test_that_what_the_system_calls_available_is_free(machine):
    (machine / "meminfo").write_text("MemTotal: 16 kB\nMemAvailable:    8000 kB\n")
    assert memory.free_memory() == 8000 * 1024
    assert memory.memory_share() == 2000 * 1024


def test_that_a_containers_limit_counts_where_it_is_lower(machine):
    (machine / "meminfo").write_text("MemAvailable: 8000 kB\n")
    (machine / "memory.max").write_text("5000\n")
    (machine / "memory.current").write_text("2000\n")
    assert memory.free_memory() == 3000


def test_that_a_container_without_a_limit_has_the_machines_memory(machine):
    (machine / "meminfo").write_text("MemAvailable: 8000 kB\n")
    (machine / "memory.max").write_text("max\n")
    assert memory.free_memory() == 8000 * 1024


def test_that_half_the_memory_counts_as_free_where_the_system_says_no_more(machine, monkeypatch):
    pages = {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr("os.sysconf", pages.__getitem__, raising=False)
    assert memory.free_memory() == 2_048_000


def test_that_a_system_that_says_nothing_counts_as_a_small_computer(machine, monkeypatch):
    monkeypatch.delattr("os.sysconf", raising=False)
    assert memory.free_memory() == 4 << 30
