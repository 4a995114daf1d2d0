"""The settings decide what "auto" stands for, and on how many threads the processor computes."""

from __future__ import annotations

import pytest
import torch
from engine_fixtures import make_plan

from petstudio.api.errors import InputError
from petstudio.config.hardware import Hardware
from petstudio.engine.building import choose_setting
from petstudio.engine.devices import choose_device
from petstudio.engine.joining import joined
from petstudio.engine.workplace import Workplace

CPU = Hardware(device="cpu", threads=1)
FAR = Hardware(device="cuda:99")


@pytest.fixture(autouse=True)
def same_threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_that_auto_is_what_the_settings_say():
    assert choose_device("auto", CPU) == torch.device("cpu")


def test_that_a_recipe_that_names_a_device_is_obeyed():
    assert choose_device("cpu", FAR) == torch.device("cpu")


def test_that_a_device_of_the_settings_that_is_not_there_sends_to_the_settings():
    with pytest.raises(InputError, match="cuda:99 is not there") as caught:
        choose_device("auto", FAR)
    assert "Settings" in caught.value.cure


def test_that_a_run_alone_computes_on_what_the_settings_say(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    recipe = make_plan().recipe
    with joined(CPU) as processes:
        setting = choose_setting(recipe, 36, processes)
    assert (setting.device.type, setting.threads) == ("cpu", 1)


def test_that_finished_models_compute_there_too(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    torch.set_num_threads(2)
    assert Workplace(hardware=CPU).ready_device().type == "cpu"
    assert torch.get_num_threads() == 1
