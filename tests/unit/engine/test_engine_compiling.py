"""When a network is compiled beside its run; the compiler itself is tried on CUDA only."""

from __future__ import annotations

import pytest
import torch
from engine_fixtures import build_tiny

from petstudio.api import NoOptions
from petstudio.config.recipe import Precision
from petstudio.engine import compiling
from petstudio.engine.compiling import BackgroundCompiler
from petstudio.engine.network import Network


@pytest.fixture
def network():
    return Network(build_tiny(NoOptions()), 3)


@pytest.fixture
def calls(monkeypatch):
    """Note what is given to the compiler, which hands it back as it is."""
    seen = []
    monkeypatch.setattr(torch, "compile", lambda module, **_options: seen.append(module) or module)
    return seen


def test_that_a_short_run_is_not_compiled(network, calls):
    compiler = BackgroundCompiler(network, Precision.BFLOAT16, (2, 16))
    assert compiler.after_epoch(compiling._WORTH_S - 1) is None
    assert compiler.after_epoch(0.0) is None
    assert not calls


def test_that_a_long_run_gets_the_compiled_network_once(network, calls):
    compiler = BackgroundCompiler(network, Precision.BFLOAT16, (2, 16))
    assert compiler.after_epoch(compiling._WORTH_S + 1) is None
    compiler.join()
    assert calls[0] is not network
    assert compiler.after_epoch(1.0) is network
    assert compiler.after_epoch(1.0) is None


def test_that_compiling_leaves_the_network_alone(network, calls):
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    compiler = BackgroundCompiler(network, Precision.BFLOAT16, (2, 16))
    compiler.start()
    compiler.join()
    assert all(torch.equal(t, before[name]) for name, t in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_that_a_compiler_that_fails_leaves_the_run_as_it_is(network, monkeypatch):
    def fail(*_given, **_options):
        raise RuntimeError("no C compiler here")

    monkeypatch.setattr(torch, "compile", fail)
    compiler = BackgroundCompiler(network, Precision.BFLOAT16, (2, 16))
    compiler.start()
    compiler.join()
    assert compiler.after_epoch(1.0) is None
