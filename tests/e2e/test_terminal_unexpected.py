"""A fault of ours at the end of a run is noted in the run, and the run is not left as going on."""

from __future__ import annotations

from terminal_fixtures import QUICK, new_project, petstudio

from petstudio.jobs import running
from petstudio.project.event_log import read_events
from petstudio.project.project import Access, Project
from petstudio.project.records import RunState


def test_that_an_unexpected_fault_fails_the_run_and_stands_in_its_log(
    tmp_path, monkeypatch, capsys
):
    def stumble(*_what):
        raise LookupError("nobody thought of this")

    project = new_project(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(running, "conclude", stumble)
        assert petstudio("train", project, *QUICK) == 1
    assert "Something went wrong inside PetStudio: LookupError" in capsys.readouterr().err
    with Project.open(project, Access.READ) as opened:
        (run,) = opened.runs()
    assert run.state is RunState.FAILED
    last = list(read_events(run.folder.events_path))[-1]
    assert last.message == "LookupError: nobody thought of this"
    status = petstudio("train", project, "--resume")
    assert (status, capsys.readouterr().err) == (0, "")
