"""The learning-rate finder in the terminal: events, the picture, refusals, what it starts from."""

from __future__ import annotations

import tarfile
from pathlib import Path, PurePosixPath

import pytest
from PIL import Image
from terminal_fixtures import QUICK, events, new_project, petstudio
from tiny_plugin import TINY_NETWORK, let_commands_know

from petstudio.api.contributions import Split
from petstudio.images.line_plot import SIZE
from petstudio.project.project import Project

LIGHT = (*QUICK, *TINY_NETWORK, "--set", "stages.0.trainable=head")
FEW = ("--steps", "8")
RULES = ["valley", "slide", "minimum", "steepest"]
_PICTURES_PER_CLASS = 30


@pytest.fixture(scope="module")
def untrained_place(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    folder = tmp_path_factory.mktemp("untrained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PETSTUDIO_HOME", str(home))
        return home, new_project(folder)


@pytest.fixture(scope="module")
def trained_place(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    folder = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PETSTUDIO_HOME", str(home))
        let_commands_know(patch)
        project = new_project(folder)
        assert petstudio("train", project, *LIGHT) == 0
    return home, project


@pytest.fixture(autouse=True)
def tiny_network(monkeypatch):
    let_commands_know(monkeypatch)


@pytest.fixture
def project(untrained_place, monkeypatch):
    home, project = untrained_place
    monkeypatch.setenv("PETSTUDIO_HOME", str(home))
    return project


@pytest.fixture
def trained(trained_place, monkeypatch):
    home, project = trained_place
    monkeypatch.setenv("PETSTUDIO_HOME", str(home))
    return project


def found(capsys, *arguments):
    """Return the events of a sweep."""
    capsys.readouterr()
    assert petstudio("lr-find", *arguments, "--json") == 0
    return events(capsys.readouterr().out)


def one(told, kind):
    (event,) = (event for event in told if event["event"] == kind)
    return event


def refused(capsys, *arguments):
    capsys.readouterr()
    assert petstudio("lr-find", *arguments) == 2
    sentence = capsys.readouterr().err.strip()
    assert "Traceback" not in sentence
    assert len(sentence.splitlines()) == 1
    return sentence


def test_that_it_ends_with_four_suggestions(project, capsys):
    told = found(capsys, project, *LIGHT, "--steps", "30")
    assert [event["event"] for event in told[-2:]] == ["SweepFinished", "RunFinished"]
    steps = [event for event in told if event["event"] == "SweepStepFinished"]
    finished = told[-2]
    assert finished["steps"] == len(steps)
    assert finished["plot"] == ""
    assert [item["rule"] for item in finished["suggestions"]] == RULES
    for item in finished["suggestions"]:
        assert bool(item["reason"]) == (item["rate"] is None)
        assert item["rate"] is None or 1e-8 <= item["rate"] < 10
    assert sum(item["rate"] is not None for item in finished["suggestions"]) >= 2


def test_that_it_makes_no_run(project, capsys):
    found(capsys, project, *LIGHT, *FEW)
    with Project.open(project) as opened:
        assert opened.runs() == ()


def test_that_people_read_the_suggestions(project, capsys):
    assert petstudio("lr-find", project, *LIGHT, "--steps", "30") == 0
    output = capsys.readouterr().out
    assert "valley" in output.lower()
    assert "nan" not in output.lower()
    assert "SweepFinished" not in output


@pytest.mark.parametrize("name", ["curve.png", "curve.PNG"])
def test_that_the_plot_is_a_picture_of_the_curve(name, project, capsys, tmp_path):
    plot = tmp_path / name
    told = found(capsys, project, *LIGHT, "--steps", "20", "--plot", plot)
    assert one(told, "SweepFinished")["plot"] == str(plot)
    with Image.open(plot) as picture:
        assert picture.format == "PNG"
        assert picture.size == SIZE
        colours = picture.convert("RGB").getcolors(SIZE[0] * SIZE[1])
    assert len(colours) > 20
    assert max(count for count, _ in colours) < 0.99 * SIZE[0] * SIZE[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--plot", "curve.jpg"), "curve.jpg"),
        (("--plot", "curve"), "End it in .png."),
        (("--stage", "0"), "no stage 0"),
        (("--stage", "3"), "stages 1 to 2"),
        (("--start", "1", "--end", "1"), "no range of growing rates"),
        (("--start", "1", "--end", "0.1"), "1 to 0.1"),
        (("--start", "-1"), "no range of growing rates"),
        (("--start", "nan"), "no range of growing rates"),
        (("--end", "inf"), "no range of growing rates"),
        (("--steps", "5"), "5 batches"),
        (("--from", "9"), "9"),
        (("--set", "stages.0.rates=1"), "stages.0.rates"),
    ],
)
def test_that_what_cannot_be_swept_gets_one_sentence(arguments, words, project, capsys):
    assert words in refused(capsys, project, *LIGHT, *arguments)


def test_that_a_plot_in_a_folder_that_is_not_there_is_refused_at_once(project, capsys, tmp_path):
    plot = tmp_path / "nowhere" / "curve.png"
    assert "nowhere" in refused(capsys, project, *LIGHT, "--plot", plot, "--json")
    assert capsys.readouterr().out == ""


def test_that_a_later_stage_says_what_it_starts_from_without_a_finished_one(project, capsys):
    told = found(capsys, project, *LIGHT, *FEW, "--stage", "2")
    notice = one(told, "NoticeGiven")
    assert "No run of this model has finished stage 1 yet" in notice["message"]
    started = one(told, "SweepStarted")
    assert (started["stage"], started["weights"]) == (1, "random weights")


def test_that_a_later_stage_starts_where_a_run_has_finished_the_one_before(trained, capsys):
    told = found(capsys, trained, *LIGHT, *FEW, "--stage", "2")
    started = one(told, "SweepStarted")
    assert started["weights"] == "run 1, stage-1"
    assert not any(event["event"] == "NoticeGiven" for event in told)


def test_that_the_first_stage_starts_anew_whatever_was_trained(trained, capsys):
    told = found(capsys, trained, *LIGHT, *FEW)
    assert one(told, "SweepStarted")["weights"] == "random weights"


def test_that_a_run_of_another_model_is_passed_over(trained, capsys):
    other = ("--set", "model.architecture=resnet18")
    told = found(capsys, trained, *LIGHT, *other, *FEW, "--stage", "2")
    assert one(told, "SweepStarted")["weights"] == "random weights"


def test_that_it_starts_from_what_is_asked_for(trained, capsys):
    told = found(capsys, trained, "--from", "1:best", "--stage", "1", *FEW)
    started = one(told, "SweepStarted")
    assert (started["stage"], started["weights"]) == (0, "run 1, best")


def test_that_an_unreadable_picture_is_told_once(tmp_path, capsys):
    project = new_project(tmp_path, per_class=4)
    with Project.open(project) as opened:
        bad = opened.data_root / next(i.path for i in opened.usable() if i.split is Split.TRAIN)
    bad.write_bytes(b"no picture")
    told = found(capsys, project, *LIGHT, *FEW)
    assert one(told, "ImageSkipped")["path"] == str(bad)
    assert one(told, "SweepFinished")["steps"] == 8


def test_that_pictures_of_which_none_can_be_read_are_refused(tmp_path, capsys):
    project = new_project(tmp_path, per_class=4)
    for picture in (tmp_path / "data").iterdir():
        picture.write_bytes(b"no picture")
    plot = tmp_path / "curve.png"
    assert "No batch has two" in refused(capsys, project, *LIGHT, *FEW, "--plot", plot)
    assert not plot.exists()


def test_that_pictures_that_are_gone_are_told_as_before_training(tmp_path, capsys):
    project = new_project(tmp_path, per_class=4)
    data = tmp_path / "data"
    data.rename(tmp_path / "unplugged")
    data.mkdir()  # where a drive was mounted
    sentence = refused(capsys, project, *LIGHT, *FEW)
    assert "are gone or cannot be reached" in sentence
    assert petstudio("train", project, *LIGHT) == 2
    assert capsys.readouterr().err.strip() == sentence


@pytest.fixture(scope="module")
def real_pictures(tmp_path_factory):
    """Some of the shared pictures, in a folder for each class."""
    archive = Path(__file__).resolve().parents[3] / "shared" / "data" / "cifar10-mini.tgz"
    if not archive.is_file():
        pytest.skip("the shared data folder is not beside this checkout")
    folder = tmp_path_factory.mktemp("cifar")
    counts: dict[str, int] = {}
    with tarfile.open(archive) as opened:
        for member in opened:
            place = PurePosixPath(member.name)
            if not member.isreg() or place.parts[1] != "train":
                continue
            name = place.parent.name
            counts[name] = counts.get(name, 0) + 1
            if counts[name] <= _PICTURES_PER_CLASS:
                (folder / name).mkdir(exist_ok=True)
                (folder / name / place.name).write_bytes(opened.extractfile(member).read())
    assert len(counts) == 10
    return folder


@pytest.mark.slow
@pytest.mark.shared
def test_that_on_real_pictures_the_loss_falls_and_then_rises(real_pictures, tmp_path, capsys):
    data = ("--data", real_pictures, "--loader", "folder")
    assert petstudio("new", tmp_path / "p", *data) == 0
    batch = ("--set", "training.batch_size=32")
    told = found(capsys, tmp_path / "p", *QUICK, *batch)
    smoothed = [e["smoothed_loss"] for e in told if e["event"] == "SweepStepFinished"]
    lowest = min(range(len(smoothed)), key=smoothed.__getitem__)
    fall, rise = (1 - smoothed[lowest] / smoothed[0], max(smoothed[lowest:]) / smoothed[0])
    print(f"falls by {fall:.1%} and rises to {rise:.1f} times its start")  # noqa: T201  a figure
    assert smoothed[lowest] < 0.95 * smoothed[0]
    assert max(smoothed[lowest:]) > smoothed[0]
    valley = one(told, "SweepFinished")["suggestions"][0]["rate"]
    assert 1e-5 < valley < 1
