"""The report: what it shows, and that it stays text and loads nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from kept_runs import finished_run, keep, new_project, predictions_of, write_model
from PIL import Image

from petstudio.api.contributions import Split
from petstudio.api.events import EpochFinished, StepFinished
from petstudio.jobs.curves import loss_curve
from petstudio.jobs.report import export_report
from petstudio.jobs.results import read_result
from petstudio.jobs.split_badge import SplitBadge, save_badge
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin

EVIL = "<img src=x onerror=alert(1)><script>$title{}%s</script>"
ROWS = (
    (1, 0, (0.7, 0.2, 0.1)),
    (2, 0, (0.1, 0.8, 0.1)),
    (3, 1, (0.2, 0.7, 0.1)),
    (4, 1, (0.1, 0.3, 0.6)),
)


class _Names(HTMLParser):
    """Collects every element and attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(name for name, _ in attrs)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose run was evaluated; the first picture can be read, the others are gone."""
    made = new_project(tmp_path)
    keep(finished_run(made, EVIL), predictions_of(ROWS))
    Image.new("RGB", (20, 20)).save(tmp_path / "pictures" / "0.jpg")
    return made


def report(project: Path, split: Split = Split.VALID) -> str:
    file = project.parent / "report.html"
    export_report(project, read_result(project, None, split), file)
    return file.read_text(encoding="utf-8")


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", text))


def test_that_names_never_become_markup_in_the_report(project: Path) -> None:
    with Project.open(project) as opened:
        opened.set_labels(dict.fromkeys((1, 2), EVIL), LabelOrigin.PERSON)
        run = opened.run().folder
    write_model(run.model_path, classes=(EVIL, "Birman", "Boxer"))
    run.recipe_path.write_text(EVIL)
    text = report(project)
    parser = _Names()
    parser.feed(text)
    assert not parser.seen & {"script", "onerror"}
    assert EVIL not in text
    assert "&lt;script&gt;$title{}%s" in text


def test_that_file_names_never_become_markup_in_the_report(tmp_path: Path) -> None:
    made = new_project(tmp_path, name="<img onerror=x>\x1b")
    keep(finished_run(made), predictions_of(ROWS))
    text = report(made)
    parser = _Names()
    parser.feed(text)
    assert "onerror" not in parser.seen
    assert "&lt;img onerror=x&gt;" in text
    assert "\x1b" not in text


def test_that_the_report_loads_nothing(project: Path) -> None:
    text = report(project)
    assert "default-src 'none'" in text
    assert "http" not in text.replace("http-equiv", "")
    assert text.count("src='data:image/jpeg;base64,") == 1
    assert "cannot read" in text


def test_that_the_report_says_how_sure_the_accuracy_is(project: Path) -> None:
    words = plain(report(project))
    assert "2 of 4 validation pictures right, 50.0% (95 % interval 15.0% to 85.0%)." in words


def test_that_the_report_scores_every_class(project: Path) -> None:
    words = plain(report(project))
    assert "Beagle 2 1 1 100.0% 50.0% 66.7%" in words
    assert "Birman 2 2 1 50.0% 50.0% 50.0%" in words
    assert "Boxer 0 1 0 0.0% – 0.0%" in words


def test_that_the_report_shows_likely_label_errors(project: Path) -> None:
    words = plain(report(project))
    assert "1 picture of 4 may be labelled wrongly." in words
    assert "maybe Birman labelled Beagle 1.jpg" in words


def test_that_the_report_tells_of_the_calibration_and_draws_it(project: Path) -> None:
    text = report(project)
    assert re.search(r"Expected calibration error 0\.\d{3} \(15 bins", text)
    assert text.count("class='bar'") == 3  # confidences 0.7 twice, 0.8 and 0.6


def test_that_the_report_holds_recipe_and_versions(project: Path) -> None:
    with Project.open(project) as opened:
        model = opened.run().folder.model_path
    write_model(model, versions={"petstudio": "1.2.3"}, fingerprint="0123456789abcdefff")
    words = plain(report(project))
    assert "schema_version = 1" in words
    assert "petstudio 1.2.3 pictures and labels 0123456789abcdef " in words


def test_that_the_report_says_what_was_on_both_sides_of_the_split(project: Path) -> None:
    with Project.open(project) as opened:
        run = opened.run(None).folder
    assert "both sides of the split" not in report(project)
    save_badge(run, SplitBadge(groups=0, pairs=2, unchecked=1))
    words = "both sides of the split 2 pairs of equal or similar pictures, 1 picture not looked at"
    assert words in plain(report(project))


def test_that_a_report_of_no_pictures_says_so(project: Path) -> None:
    with Project.open(project) as opened:
        opened.set_excluded([1, 2, 3, 4], True)
    assert "There are no pictures to check with." in report(project)


def test_that_the_curve_has_a_dot_for_each_epoch() -> None:
    steps = [
        StepFinished(
            stage=0,
            epoch=0,
            step=step,
            loss=1.0,
            smoothed_loss=1.0 / (step + 1),
            rate=1e-3,
            momentum=0.9,
            images_per_second=1.0,
        )
        for step in range(4)
    ]
    epochs = [
        EpochFinished(
            stage=0,
            epoch=0,
            step=4,
            train_loss=0.3,
            mean_train_loss=0.5,
            valid_loss=0.4,
            metrics={},
            seconds=1.0,
        )
    ]
    assert loss_curve(steps, epochs).count("<circle") == 1
    assert "No steps" in loss_curve([], [])
