"""How the split stood when a run began is known as long as the run is."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from petstudio.api.contributions import Split
from petstudio.api.control import RunControl
from petstudio.api.errors import IntegrityError
from petstudio.config.recipe import Recipe
from petstudio.images.splitting import SplitChoice
from petstudio.jobs.importing import create_project
from petstudio.jobs.kept_facts import facts_file
from petstudio.jobs.proving import DataSource
from petstudio.jobs.split_badge import badge_of, load_badge, save_badge
from petstudio.plugin_host.host import PluginHost
from petstudio.project.project import Project


def draw(folder, name, seed, quality=95):
    rough = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    picture = Image.fromarray(rough).resize((120, 90), Image.Resampling.BICUBIC)
    folder.mkdir(parents=True, exist_ok=True)
    picture.save(folder / name, quality=quality)


@pytest.fixture
def project(tmp_path):
    """A project of four cats and four dogs; cat_0 and cat_9 look the same."""
    folder = tmp_path / "pictures"
    for number in range(4):
        draw(folder, f"cat_{number}.jpg", number)
        draw(folder, f"dog_{number}.jpg", 10 + number)
    draw(folder, "cat_9.jpg", 0, quality=50)
    options = {"pattern": r"^(?P<label>[a-z]+)(?P<group>_\d)"}
    source = DataSource(root=folder, loader="regex", options=options)
    path = tmp_path / "p.petstudio"
    create_project(PluginHost.load(), path, source, SplitChoice(alike=True))(
        lambda event: None, RunControl()
    )
    with Project.open(path) as opened:
        yield opened


def put(project, name, side):
    ids = {image.path: image.id for image in project.images()}
    project.set_splits({ids[name]: side})


def test_that_a_sound_split_has_a_clean_badge(project):
    badge = badge_of(project)
    assert (badge.groups, badge.pairs, badge.unchecked) == (0, 0, 0)
    assert badge.notices == ()
    assert badge.words == "nothing was found"


def test_that_a_pair_and_a_group_across_the_split_are_counted_and_named(project):
    sides = {image.path: image.split for image in project.images()}
    other = Split.VALID if sides["cat_0.jpg"] is Split.TRAIN else Split.TRAIN
    put(project, "cat_9.jpg", other)
    put(project, "cat_1.jpg", Split.VALID)
    put(project, "dog_1.jpg", Split.TRAIN)
    badge = badge_of(project)
    assert (badge.groups, badge.pairs) == (1, 1)
    assert "cat_0.jpg = cat_9.jpg" in badge.notices[0]
    assert badge.words == "1 group, 1 pair of equal or similar pictures"


def test_that_pictures_that_were_not_checked_are_counted(project):
    facts_file(project.path).unlink()
    assert badge_of(project).unchecked == 9


def test_that_the_badge_is_kept_with_the_run(project):
    run = project.new_run(Recipe())
    assert load_badge(run) is None
    save_badge(run, badge_of(project))
    assert load_badge(run) == badge_of(project)


def test_that_a_damaged_badge_is_an_error_that_names_the_run(project):
    run = project.new_run(Recipe())
    (run.path / "split.json").write_text("{")
    with pytest.raises(IntegrityError, match="run 1"):
        load_badge(run)
