"""Evaluation views: what a plugin finds in a stored result is told as an event of plain values."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from kept_runs import finished_run, keep, new_project, predictions_of

from petstudio.api import InputError, OptionError, RunControl, ViewColumn, ViewRow
from petstudio.api.events import ViewMade, from_json, to_json
from petstudio.config.paths import user_plugin_folder
from petstudio.jobs.engine_job import view_job
from petstudio.jobs.view_texts import value_text, view_lines
from petstudio.jobs.viewing import ViewWish, look
from petstudio.plugin_host.discovery import bundled
from petstudio.plugin_host.host import PluginHost
from petstudio.plugin_host.skeletons import kind_called, write_skeleton
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin

FOUR = (
    (1, 0, (0.7, 0.2, 0.1)),
    (2, 0, (0.1, 0.8, 0.1)),
    (3, 1, (0.2, 0.5, 0.3)),
    (4, 1, (0.0, 0.4, 0.6)),
)
HOST = PluginHost(bundled())
IMPORTS = """
import sys
import petstudio.jobs.viewing, petstudio.jobs.view_texts
sys.exit("torch" in sys.modules)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = new_project(tmp_path)
    keep(finished_run(made), predictions_of(FOUR))
    return made


def looked(project: Path, wish: ViewWish) -> ViewMade:
    told: list[object] = []
    look(HOST, project, wish)(told.append, RunControl())
    (made,) = told
    assert isinstance(made, ViewMade)
    return made


def test_that_a_view_is_looked_at_without_torch() -> None:
    assert subprocess.run([sys.executable, "-c", IMPORTS], check=False).returncode == 0


def test_that_a_view_tells_plain_values(project: Path) -> None:
    made = looked(project, ViewWish(key="rare-classes"))
    assert (made.run, made.split, made.label) == (1, "valid", "Rare classes")
    assert made.rows[0] == ViewRow(label="Beagle", values=(0.0, 2.0, 1.0, 0.5), keys=(2, 1))
    assert from_json(to_json(made)) == made


def test_that_labels_of_today_count(project: Path) -> None:
    with Project.open(project) as opened:
        opened.set_labels({2: "Birman"}, LabelOrigin.PERSON)
    rows = looked(project, ViewWish(key="rare-classes")).rows
    assert [(row.label, row.values[1], row.values[2]) for row in rows] == [
        ("Beagle", 1.0, 1.0),
        ("Birman", 3.0, 2.0),
    ]


def test_that_only_the_pictures_that_were_asked_for_count(project: Path) -> None:
    made = looked(project, ViewWish(key="confidence", images=(1, 4)))
    assert sum(sum(row.values) for row in made.rows) == 2
    assert {key for row in made.rows for key in row.keys} == {1, 4}


def test_that_options_are_used(project: Path) -> None:
    made = looked(project, ViewWish(key="confidence", options={"bars": 2}))
    assert [row.label for row in made.rows] == ["50 to 100 %"]


def test_that_a_wrong_option_is_an_error_before_anything_is_read(project: Path) -> None:
    with pytest.raises(OptionError, match="bars"):
        look(HOST, project, ViewWish(key="confidence", options={"bars": 1}))


def test_that_an_unknown_view_names_the_known_ones(project: Path) -> None:
    with pytest.raises(InputError, match="Known: rare-classes, confidence"):
        look(HOST, project, ViewWish(key="confidenze"))


def test_that_a_view_that_was_written_since_the_start_is_found(project: Path) -> None:
    host = PluginHost(bundled(), user_folder=user_plugin_folder())
    write_skeleton(host, kind_called("view"), "own_view")
    told: list[object] = []
    look(host, project, ViewWish(key="own-view"))(told.append, RunControl())
    (made,) = told
    assert isinstance(made, ViewMade)
    assert [row.values for row in made.rows] == [(1.0, 2.0), (2.0, 2.0), (1.0, 0.0)]


def test_that_no_pictures_are_no_view(project: Path) -> None:
    with pytest.raises(InputError, match="no pictures to look at"):
        looked(project, ViewWish(key="confidence", images=()))


def test_that_the_job_can_go_to_the_engine_process(project: Path) -> None:
    job = view_job(HOST, project, ViewWish(key="confidence", options={"bars": 3}))
    assert pickle.loads(job.packed()).named == {}


def test_that_numbers_are_written_as_people_read_them() -> None:
    count, share = ViewColumn(label="Pictures"), ViewColumn(label="Recall", as_percent=True)
    assert [value_text(value, count) for value in (7390.0, 0.25, None)] == ["7,390", "0.25", "–"]
    assert value_text(0.943, share) == "94.3 %"


def test_that_a_table_in_the_terminal_has_straight_columns(project: Path) -> None:
    lines = list(view_lines(looked(project, ViewWish(key="rare-classes"))))
    assert len({len(line) for line in lines}) == 1
    assert lines[1].split() == ["Beagle", "0", "2", "1", "50.0", "%"]
