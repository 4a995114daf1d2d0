"""Two processes that train together over gloo on the CPU, against one that trains alone."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from engine_fixtures import make_plan
from safetensors.torch import load_file
from together import train, with_batch_size

from petstudio.api.errors import InputError
from petstudio.api.events import ImageSkipped, NoticeGiven
from petstudio.config.placement import Placement
from petstudio.engine import stepping
from petstudio.engine.building import choose_setting
from petstudio.engine.input.batches import ImageSet
from petstudio.engine.predictions import Predictions, joined_in_order
from petstudio.engine.processes import Processes

SCRIPT = Path(__file__).with_name("together.py")
TOLERANCE = 1e-4
# The gradient of a bias in front of BatchNorm is nothing but rounding, which Adam makes large.
ROUNDING = ("body.conv2.bias", "body.bn2.running_mean")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, coloured_data):
    """A folder with 35 pictures to train, one of them damaged, and 9 to validate."""
    folder = tmp_path_factory.mktemp("together")
    damaged = folder / "empty.png"
    damaged.write_bytes(b"")
    given = coloured_data.train
    paths = (*given.paths[:20], damaged, *given.paths[21:35])
    own = ImageSet(paths=paths, keys=given.keys[:35], targets=given.targets[:35])
    (folder / "data.pickle").write_bytes(pickle.dumps(replace(coloured_data, train=own)))
    return folder


@pytest.fixture(scope="module")
def ran(folder):
    """A function that gives what both processes have left of a scenario, which runs once."""

    @cache
    def results(scenario):
        ended = together(scenario, folder)
        assert ended.returncode == 0, ended.stderr
        files = [folder / f"result-{rank}.pt" for rank in range(2)]
        # Written a moment ago by our own script.
        return [torch.load(file, weights_only=False) for file in files]

    return results


def together(scenario, folder, count=2):
    """Run a scenario in so many processes; return how they ended."""
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count)]
    gpus = {} if "GPU" in scenario else {"CUDA_VISIBLE_DEVICES": ""}
    return subprocess.run(
        [sys.executable, *torchrun, SCRIPT, scenario, folder],
        # Named, as a script's own folder is not searched once PYTHONSAFEPATH is set.
        env={**os.environ, **gpus, "PYTHONPATH": str(SCRIPT.parent)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def assert_same_weights(first, second):
    assert list(first) == list(second)
    for name in first:
        if name not in ROUNDING:
            torch.testing.assert_close(first[name], second[name], atol=TOLERANCE, rtol=TOLERANCE)


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["every layer", "frozen head", "adapted head"])
def test_that_two_processes_make_the_run_of_one(folder, ran, scenario):
    one = train(scenario, folder)
    two, _ = ran(scenario)
    assert two["losses"] == pytest.approx(one["losses"], abs=TOLERANCE)
    assert_same_weights(one["weights"], two["weights"])
    assert Counter(map(type, two["events"])) == Counter(map(type, one["events"]))


@pytest.mark.slow
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
def test_that_two_processes_on_one_gpu_make_the_run_of_one(folder, ran, monkeypatch):
    # A captured step draws its dropout from elsewhere in the generator's sequence.
    monkeypatch.setattr(stepping, "capture", lambda *arguments: None)
    one = train("on one GPU", folder)
    two, _ = ran("on one GPU")
    assert two["losses"] == pytest.approx(one["losses"], abs=0.01)


@pytest.mark.slow
def test_that_features_that_both_processes_have_made_are_kept_for_later_runs(folder, ran):
    ran("frozen head")
    files = sorted((folder / "features of 2").rglob("*.safetensors"))
    counts = {file.name: len(load_file(file)["keys"]) for file in files}
    # Two of the four epochs take view 0, with 24 pictures each, of which a process sees 12.
    assert counts["valid.safetensors"] == 9
    assert counts["view-0-16px.safetensors"] > 2 * 12


@pytest.mark.slow
def test_that_a_batch_size_that_cannot_be_shared_is_lowered_and_told(folder, ran):
    two, _ = ran("odd batch")
    one = train("even batch", folder)
    notices = [event.message for event in two["events"] if isinstance(event, NoticeGiven)]
    assert len(notices) == 1
    assert notices[0].startswith("The batch size is 12 instead of 13: each of the 2 processes")
    assert two["losses"] == pytest.approx(one["losses"], abs=TOLERANCE)


@pytest.mark.slow
def test_that_the_first_process_has_all_predictions(folder, ran):
    first, _ = ran("every layer")
    valid = pickle.loads((folder / "data.pickle").read_bytes()).valid
    assert first["predictions"].keys.tolist() == valid.keys.tolist()


@pytest.mark.slow
def test_that_the_first_process_alone_tells_and_of_every_damaged_picture(folder, ran):
    first, second = ran("every layer")
    skipped = [event.path for event in first["events"] if isinstance(event, ImageSkipped)]
    assert skipped == [str(folder / "empty.png")]
    assert second["losses"] == []


@pytest.mark.slow
def test_that_cancelling_the_first_process_ends_both_after_the_same_step(ran):
    first, second = ran("cancelled")
    assert (first["outcome"], second["outcome"]) == ("cancelled", "cancelled")
    assert (first["steps"], second["steps"]) == (3, 3)
    assert_same_weights(first["weights"], second["weights"])


@pytest.mark.slow
def test_that_a_run_of_one_process_goes_on_in_two_with_the_batches_that_are_left(folder, ran):
    broken = train("cancelled", folder)
    torch.save(broken["checkpoint"], folder / "checkpoint.pt")
    rest, _ = ran("going on")
    assert_goes_on(folder, broken, rest)


@pytest.mark.slow
def test_that_a_run_of_two_processes_goes_on_in_one_with_the_batches_that_are_left(folder, ran):
    broken, _ = ran("cancelled")
    assert_goes_on(folder, broken, train("going on", folder, start=broken["checkpoint"]))


def assert_goes_on(folder, broken, rest):
    """The steps of both parts are those of a run that one process made without a break."""
    whole = train("whole", folder)
    assert len(broken["losses"]) == 3
    assert [*broken["losses"], *rest["losses"]] == pytest.approx(whole["losses"], abs=TOLERANCE)
    assert_same_weights(whole["weights"], rest["weights"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "sentence"),
    [
        ("failing", "Process 2 of 2 failed: The disk of this process is full."),
        ("killed", "One of the 2 processes has died"),
    ],
)
def test_that_the_end_of_another_process_is_told_by_the_first(folder, scenario, sentence):
    ended = together(scenario, folder)
    assert ended.returncode != 0
    assert (folder / "failure-0.txt").read_text().startswith(sentence)


@pytest.mark.slow
def test_that_two_processes_predict_as_one_does_in_the_order_of_the_files(folder, ran):
    two, other = ran("prediction")
    assert together("prediction", folder, count=1).returncode == 0
    one = torch.load(folder / "result-0.pt", weights_only=False)
    assert [found.path for found in two] == [found.path for found in one]
    assert [str(found.error) for found in two] == [str(found.error) for found in one]
    for found, expected in zip(two, one, strict=True):
        assert dict(found.top) == pytest.approx(dict(expected.top), abs=TOLERANCE)
    assert other == []


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_that_the_shares_of_all_processes_are_the_global_batch(count):
    chunk = np.random.default_rng(0).permutation(12)
    shares = [Processes(Placement(rank=rank, count=count)).share(chunk) for rank in range(count)]
    assert np.concatenate(shares).tolist() == chunk.tolist()


def test_that_too_few_pictures_for_so_many_processes_are_refused():
    recipe = with_batch_size(make_plan(), 5).recipe
    with pytest.raises(InputError, match=r"at least 6 pictures in a batch of 3 processes.*fewer"):
        choose_setting(recipe, 36, Processes(Placement(count=3)))


def test_that_parts_of_predictions_come_back_in_the_order_of_the_pictures():
    keys = np.array([7, 3, 9, 1])
    parts = [part_of([7, 9]), part_of([3, 1])]
    whole = joined_in_order(parts, keys)
    assert whole.keys.tolist() == whole.targets.tolist() == [7, 3, 9, 1]


def part_of(keys):
    numbers = np.array(keys, dtype=np.int64)
    shares = np.zeros((len(keys), 2), dtype=np.float32)
    return Predictions(keys=numbers, targets=numbers, probabilities=shares, losses=shares[:, 0])


@pytest.mark.parametrize(
    "variables",
    [{"RANK": "2", "WORLD_SIZE": "2"}, {"RANK": "one", "WORLD_SIZE": "2"}],
)
def test_that_variables_that_name_no_process_are_refused(variables):
    with pytest.raises(InputError, match="unset these variables"):
        Placement.of(variables)


def test_that_a_process_without_torchrun_is_alone():
    assert Placement.of({}).is_alone
    assert Placement.of({"RANK": "0", "WORLD_SIZE": "1"}).is_alone
