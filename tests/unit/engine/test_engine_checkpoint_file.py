"""What a checkpoint file holds comes back bit for bit, and nothing else gets in or out."""

from __future__ import annotations

import errno
import io
import os
import pickle
import random
import zipfile

import numpy as np
import pytest
import torch

from petstudio.api.errors import DivergedError, IntegrityError, TrustError
from petstudio.engine.checkpoint_file import read_checkpoint, write_checkpoint


def written(content) -> bytes:
    stream = io.BytesIO()
    write_checkpoint(stream, content)
    return stream.getvalue()


def saved(content) -> bytes:
    """As torch saves it, without our checks."""
    stream = io.BytesIO()
    torch.save(content, stream)
    return stream.getvalue()


def round_trip(content):
    return read_checkpoint(written(content), "x.pt")


def training_state():
    torch.manual_seed(3)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4))
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(optimiser, 1)
    for _ in range(2):
        network(torch.randn(2, 3, 8, 8)).square().mean().backward()
        optimiser.step()
        scheduler.step()
    return network, optimiser, scheduler


def test_that_a_training_state_comes_back_bit_for_bit():
    network, optimiser, scheduler = training_state()
    again = round_trip(
        {
            "weights": network.state_dict(),
            "optimiser": optimiser.state_dict(),
            "scheduler": scheduler.state_dict(),
            "random": {"torch": torch.get_rng_state(), "python": random.Random(1).getstate()},
        }
    )
    other, other_optimiser, other_scheduler = training_state()
    other.load_state_dict(again["weights"], strict=True)
    other_optimiser.load_state_dict(again["optimiser"])
    other_scheduler.load_state_dict(again["scheduler"])
    torch.set_rng_state(again["random"]["torch"])
    for name, tensor in network.state_dict().items():
        assert torch.equal(again["weights"][name], tensor)
        assert again["weights"][name].dtype == tensor.dtype
    kept = optimiser.state_dict()["state"]
    assert again["optimiser"]["state"].keys() == kept.keys()
    for key, values in kept.items():
        assert all(torch.equal(again["optimiser"]["state"][key][n], v) for n, v in values.items())


def test_that_plain_values_come_back_with_their_kinds():
    values = {"weights": {}, "none": None, "yes": True, "one": 1, "half": 0.5, "text": "ä", 3: [[]]}
    again = round_trip({**values, "pair": (1, ("a", 2.0)), "deep": {0: {"x": [None]}}})
    assert again == {
        **{str(key): value for key, value in values.items()},
        "pair": [1, ["a", 2.0]],
        "deep": {0: {"x": [None]}},
    }
    assert type(again["yes"]) is bool
    assert type(again["one"]) is int


@pytest.mark.parametrize(
    "tensor",
    [
        torch.zeros(0),
        torch.tensor(1.5),
        torch.arange(6).reshape(2, 3).t(),
        torch.ones(2, 3, dtype=torch.bfloat16),
        torch.ones(3, dtype=torch.float16),
        torch.tensor([True, False]),
        torch.arange(5, dtype=torch.uint8),
        torch.ones(1).expand(4),
        torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last),
        torch.nn.Parameter(torch.ones(2)),
    ],
    ids=lambda tensor: f"{tensor.dtype}{list(tensor.shape)}",
)
def test_that_a_tensor_of_any_kind_comes_back(tensor):
    again = round_trip({"weights": {"a": tensor}})["weights"]["a"]
    assert torch.equal(again, tensor)
    assert again.dtype is tensor.dtype
    assert type(again) is torch.Tensor
    assert again.is_contiguous()
    assert not again.requires_grad


def test_that_a_view_does_not_drag_along_what_it_is_a_part_of():
    base = torch.zeros(1_000_000)
    assert len(written({"weights": {"a": base[:10], "b": base[10:30:2]}})) < 5_000


def test_that_tied_weights_come_back():
    tied = torch.randn(1000)
    again = round_trip({"weights": {"a": tied, "b": tied}, "best": {"a": tied}})
    assert all(
        torch.equal(tensor, tied)
        for tensor in (again["weights"]["a"], again["weights"]["b"], again["best"]["a"])
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_that_weights_that_are_no_numbers_are_never_written(value):
    weights = {"body": {"conv.weight": torch.ones(3)}, "head": [torch.ones(2), torch.ones(2)]}
    weights["head"][1][1] = value
    stream = io.BytesIO()
    with pytest.raises(DivergedError, match=r"head\.1"):
        write_checkpoint(stream, {"weights": weights})
    assert stream.getvalue() == b""


def test_that_half_precision_weights_that_overflowed_are_never_written():
    with pytest.raises(DivergedError, match=r"a\.b"):
        written({"weights": {"a.b": torch.full((2,), 1e6).half()}})


def test_that_other_tensors_may_be_infinite():
    again = round_trip({"weights": {}, "best_loss": torch.tensor(float("inf"))})
    assert again["best_loss"] == float("inf")


@pytest.mark.parametrize(
    "value",
    [np.zeros(2), np.float32(1), np.float64(1), {1, 2}, b"x", object(), torch.float32, 1j],
    ids=lambda value: type(value).__name__,
)
def test_that_a_value_that_could_not_be_read_again_is_not_written(value):
    stream = io.BytesIO()
    with pytest.raises(TypeError, match=r"x\.1"):
        write_checkpoint(stream, {"weights": {}, "x": [1, value]})
    with pytest.raises(TypeError, match="key"):
        write_checkpoint(stream, {"weights": {}, "x": {(1, 2): 1}})
    assert stream.getvalue() == b""


class FullDisk(io.BytesIO):
    """Takes so many bytes, then no more."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, data) -> int:
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


def test_that_a_full_disk_comes_out_as_the_error_of_the_stream():
    """Torch alone says "unexpected pos"."""
    content = {"weights": {name: torch.zeros(500) for name in "abc"}}
    need = len(written(content))
    for room in range(0, need, need // 50):
        with pytest.raises(OSError, match="No space left") as caught:
            write_checkpoint(FullDisk(room), content)
        assert caught.value.errno == errno.ENOSPC
    write_checkpoint(FullDisk(need), content)


# Reading what others wrote.


@pytest.mark.parametrize("number", [2, 99, 10**30])
def test_that_a_newer_format_is_refused(number):
    with pytest.raises(IntegrityError, match="newer"):
        read_checkpoint(saved({"format": number, "weights": {}}), "x.pt")


@pytest.mark.filterwarnings("ignore:Validating sparse tensor")
@pytest.mark.parametrize(
    "content",
    [
        {"format": 1},
        {"weights": {}},
        {"format": "1", "weights": {}},
        {"format": True, "weights": {}},
        {"format": 0, "weights": {}},
        {"format": 1, "weights": {"a": {1, 2}}},
        {"format": 1, "weights": {"a": torch.zeros(2, 2).to_sparse()}},
        {"format": 1, "weights": {"a": torch.zeros(2, device="meta")}},
        {"format": 1, "weights": {"a": torch.nn.Parameter(torch.zeros(2))}},
        {"format": 1, "weights": {"a": torch.tensor([float("nan")])}},
        [1, 2],
        torch.zeros(2),
        None,
    ],
    ids=lambda content: str(content)[:40],
)
def test_that_what_is_no_checkpoint_is_refused(content):
    with pytest.raises((IntegrityError, TrustError), match=r"x\.pt"):
        read_checkpoint(saved(content), "x.pt")


class Payload:
    """Makes a folder when it is unpickled by somebody careless."""

    def __init__(self, canary):
        self.canary = canary

    def __reduce__(self):
        return os.mkdir, (str(self.canary),)


@pytest.mark.parametrize("form", ["zip", "raw", "old", "raw before zip"])
@pytest.mark.parametrize("is_forced", [False, True])
def test_that_a_checkpoint_with_code_is_refused_and_nothing_runs(
    tmp_path, form, is_forced, monkeypatch
):
    if is_forced:
        monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    canary = tmp_path / "canary"
    content = {"format": 1, "weights": {"a": Payload(canary)}}
    old = io.BytesIO()
    torch.save(content, old, _use_new_zipfile_serialization=False)
    data = {
        "zip": saved(content),
        "raw": pickle.dumps(content),
        "old": old.getvalue(),
        "raw before zip": pickle.dumps(content) + written({"weights": {}}),
    }[form]
    with pytest.raises((TrustError, IntegrityError)) as caught:
        read_checkpoint(data, "x.pt")
    assert not canary.exists()
    assert "weights_only" not in str(caught.value)


def test_that_compressed_members_are_refused_before_they_are_unpacked():
    good, bomb = io.BytesIO(written({"weights": {"a": torch.zeros(10_000)}})), io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with pytest.raises(TrustError, match="not opened"):
        read_checkpoint(bomb.getvalue(), "x.pt")


def test_that_a_program_in_the_archive_is_refused():
    data = written({"weights": {}})
    for name in ("x/constants.pkl", "x/code/evil.py"):
        stream = io.BytesIO(data)
        with zipfile.ZipFile(stream, "a") as archive:
            archive.writestr(name, b"")
        with pytest.raises(TrustError):
            read_checkpoint(stream.getvalue(), "x.pt")


def test_that_too_many_members_are_refused():
    stream = io.BytesIO(written({"weights": {}}))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"x/data/{number}", b"")
    with pytest.raises(TrustError):
        read_checkpoint(stream.getvalue(), "x.pt")


def bombs():
    shared = torch.zeros(1000)
    doubling = [0]
    for _ in range(60):
        doubling = [doubling, doubling]
    endless: list[object] = []
    endless.append(endless)
    deep: dict[str, object] = {}
    for _ in range(50):
        deep = {"inside" * 5: deep}
    return {
        "huge shape": {"a": torch.zeros(1).expand(10**6, 10**6)},
        "one storage many times": {str(number): shared[:] for number in range(1000)},
        "doubling lists": {"a": doubling},
        "a list in itself": {"a": endless},
        "deep": {"a": deep},
    }


@pytest.mark.parametrize("weights", bombs().values(), ids=bombs())
def test_that_what_would_fill_the_memory_is_refused(weights):
    with pytest.raises(TrustError, match="memory"):
        read_checkpoint(saved({"format": 1, "weights": weights}), "x.pt")


@pytest.mark.filterwarnings("ignore::UserWarning")  # torch's remarks on what it finds
def test_that_damage_that_nobody_noticed_before_raises_nothing_else():
    """The SHA-256 is checked before; this is what would happen without it."""
    data = written({"weights": {"a": torch.randn(20), "b": [1, 2.5, "x"]}, "seed": 7})
    chance = random.Random(4)
    read = refused = 0
    for number in range(600):
        spoilt = bytearray(data)
        if number % 6 == 0:
            del spoilt[chance.randrange(len(data)) :]
        else:
            spoilt[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            read_checkpoint(bytes(spoilt), "x.pt")
            read += 1
        except (IntegrityError, TrustError) as error:
            assert "x.pt" in str(error)  # noqa: PT017  one of many
            refused += 1
    assert refused >= 100
    assert read > 0  # which is why the SHA-256 is there
