"""The cycle collector stays where it is told to."""

from __future__ import annotations

import gc
import weakref

import pytest

from petstudio.bridge.collector import CycleCollector, set_data_aside


class Knot:
    def __init__(self):
        self.itself = self


@pytest.fixture
def collector(qapp):
    made = CycleCollector()
    made.start()
    yield made
    made.stop()


def test_that_python_does_not_collect_by_itself_meanwhile(collector):
    assert not gc.isenabled()


def test_that_python_collects_again_afterwards(collector):
    collector.stop()
    assert gc.isenabled()


def test_that_cycles_that_were_set_aside_are_collected_at_the_end(collector):
    gone = weakref.ref(Knot())
    set_data_aside()
    gc.collect()
    assert gone() is not None
    collector.stop()
    assert gone() is None


def test_that_cycles_are_collected_when_there_are_many(collector):
    gone = weakref.ref(Knot())
    keep = [[] for _ in range(gc.get_threshold()[0] + 100)]
    collector.collect()
    assert gone() is None
    del keep


def test_that_very_much_new_data_is_set_aside_in_place_of_being_looked_at(collector):
    data = [[] for _ in range(50_000)]
    collector.collect()
    assert gc.get_freeze_count() >= len(data)
