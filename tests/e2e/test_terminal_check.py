"""What `petstudio check` tells of a project."""

from __future__ import annotations

from terminal_fixtures import draw_colours, events, new_project, petstudio

from petstudio.api.control import RunControl
from petstudio.jobs.growing import add_folder
from petstudio.jobs.job import run_job
from petstudio.jobs.proving import DataSource
from petstudio.plugin_host.host import PluginHost


def test_that_a_good_project_has_nothing_to_look_at(tmp_path, capsys):
    project = new_project(tmp_path)
    capsys.readouterr()
    assert petstudio("check", project) == 0
    assert "24 pictures checked, 0 found to look at." in capsys.readouterr().out


def test_that_equal_pictures_with_two_labels_and_a_lost_one_are_told(tmp_path, capsys):
    data = draw_colours(tmp_path / "data")
    (data / "deep_red_1.png").write_bytes((data / "deep_blue_1.png").read_bytes())
    assert petstudio("new", tmp_path / "p", "--data", data, "--loader", "regex") == 0
    (data / "deep_green_2.png").unlink()
    capsys.readouterr()
    assert petstudio("check", tmp_path / "p", "--json") == 0
    told = [event["message"] for event in events(capsys.readouterr().out) if "message" in event]
    assert any("different labels" in message and "deep_red_1" in message for message in told)
    assert any("gone" in message and "deep_green_2.png" in message for message in told)


def test_that_a_project_that_is_not_there_is_bad_input(tmp_path, capsys):
    assert petstudio("check", tmp_path / "nothing") == 2
    assert "nothing" in capsys.readouterr().err


def test_that_a_folder_that_was_added_is_located_by_its_name(tmp_path, capsys):
    project = new_project(tmp_path)
    more = draw_colours(tmp_path / "more" / "red", per_class=2).parent
    source = DataSource(root=more, loader="folder", options={})
    run_job(add_folder(PluginHost.load(), project, source), lambda _event: None, RunControl())
    more.rename(tmp_path / "elsewhere")
    assert petstudio("check", project) == 0
    assert "--data more=FOLDER" in capsys.readouterr().out
    assert petstudio("check", project, "--data", f"more={tmp_path / 'elsewhere'}") == 0
    assert "not there" not in capsys.readouterr().out
