"""Predicted pictures as pictures of the project, with suggestions."""

from pathlib import Path

import pytest
from kept_runs import CLASSES, finished_run, new_project, write_model

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError
from petstudio.api.events import TopClass
from petstudio.jobs.adding import add_as_suggestions
from petstudio.jobs.model_files import model_at, models_of
from petstudio.jobs.predicted import Predicted
from petstudio.project.project import Project
from petstudio.project.records import AddedFolder, LabelOrigin, Source
from petstudio.project.suggestions import load_suggestions

LABELS = ("Beagle", "Birman", None, "Boxer")


@pytest.fixture
def project(tmp_path):
    path = new_project(tmp_path, LABELS)
    finished_run(path)
    return path


@pytest.fixture
def root(tmp_path):
    return tmp_path / "pictures"


def found(path, label="Birman"):
    others = [name for name in CLASSES if name != label]
    shares = zip((label, *others), (0.7, 0.2, 0.1), strict=True)
    top = tuple(TopClass(label=name, probability=share) for name, share in shares)
    return Predicted(path=Path(path), top=top)


def new(root, name):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a picture")
    return path


def add(project, *results, model=None):
    chosen = model or models_of(project)[0]
    with Project.open(project) as opened:
        return add_as_suggestions(opened, results, chosen)


def images(project):
    with Project.open(project) as opened:
        return {image.path: image for image in opened.images()}


def test_that_a_new_picture_below_the_folder_is_added_without_a_label(project, root):
    added = add(project, found(new(root, "new/a.jpg")))
    assert (added.new, added.suggested) == (1, 1)
    image = images(project)["new/a.jpg"]
    assert (image.label, image.origin, image.split) == (None, LabelOrigin.LOADER, Split.TRAIN)
    assert (image.id, image.size) == (len(LABELS) + 1, 9)


def test_that_the_label_page_finds_what_the_model_says(project, root):
    add(project, found(new(root, "a.jpg"), "Boxer"))
    suggestions = load_suggestions(project)
    label, share = suggestions.top(images(project)["a.jpg"].id)
    assert (suggestions.run, label) == (1, "Boxer")
    assert share == pytest.approx(0.7)


def test_that_a_picture_without_a_label_gets_a_suggestion(project, root):
    added = add(project, found(root / "2.jpg"))
    assert (added.new, added.suggested) == (0, 1)
    assert load_suggestions(project).top(3)[0] == "Birman"


def test_that_a_picture_with_a_label_is_left_alone(project, root):
    added = add(project, found(root / "0.jpg"))
    assert (added.decided, added.suggested) == (1, 0)
    assert load_suggestions(project) is None


def test_that_pictures_elsewhere_and_unreadable_ones_are_counted(project, root, tmp_path):
    outside = new(tmp_path / "pictures-2", "a.jpg")
    added = add(project, found(outside), Predicted(path=root / "b.jpg", reason="it is empty"))
    assert (added.outside, added.unreadable, added.new) == (1, 1, 0)
    assert len(images(project)) == len(LABELS)


def test_that_suggestions_of_the_same_run_stay(project, root):
    add(project, found(root / "2.jpg"))
    add(project, found(new(root, "a.jpg"), "Boxer"))
    suggestions = load_suggestions(project)
    assert suggestions.top(3)[0] == "Birman"
    assert suggestions.top(5)[0] == "Boxer"


def test_that_suggestions_of_another_run_are_replaced(project, root):
    add(project, found(root / "2.jpg"))
    finished_run(project, "second")
    add(project, found(new(root, "a.jpg")))
    suggestions = load_suggestions(project)
    assert (suggestions.run, len(suggestions)) == (2, 1)


def test_that_a_model_from_elsewhere_suggests_nothing(project, root, tmp_path):
    write_model(tmp_path / "other.safetensors")
    with pytest.raises(InputError, match="run of the project"):
        add(project, found(new(root, "a.jpg")), model=model_at(tmp_path / "other.safetensors"))


def test_that_a_picture_that_is_gone_is_left_out_and_the_others_are_added(project, root):
    added = add(project, found(root / "gone.jpg"), found(new(root, "a.jpg")))
    assert (added.gone, added.new, added.suggested) == (1, 1, 1)
    assert set(images(project)) == {"0.jpg", "1.jpg", "2.jpg", "3.jpg", "a.jpg"}


def test_that_a_picture_in_an_added_folder_is_found_under_its_name(project, tmp_path):
    other = tmp_path / "other"
    picture = new(other, "a.jpg")
    with Project.open(project) as opened:
        opened.folders.add(AddedFolder(name="other", source=Source(loader="folder")), other)
    assert add(project, found(picture)).new == 1
    assert images(project)["other/a.jpg"].size == 9


def test_that_a_picture_out_of_reach_gives_another_one_no_suggestion(project, root, tmp_path):
    other = tmp_path / "other"
    new(other, "a.jpg")
    with Project.open(project) as opened:
        opened.folders.add(AddedFolder(name="other", source=Source(loader="folder")), other)
    added = add(project, found(new(root, "other/a.jpg")))
    assert (added.outside, added.suggested) == (1, 0)


def test_that_added_pictures_survive_undo(project, root):
    with Project.open(project) as opened:
        opened.set_excluded([1], excluded=True)
    add(project, found(new(root, "a.jpg")))
    with Project.open(project) as opened:
        opened.undo()
    assert len(images(project)) == len(LABELS) + 1
    assert not images(project)["0.jpg"].excluded


def test_that_a_label_makes_an_added_picture_usable(project, root):
    add(project, found(new(root, "a.jpg")))
    with Project.open(project) as opened:
        opened.set_labels({5: "Birman"}, LabelOrigin.SUGGESTION)
        assert 5 in {image.id for image in opened.usable()}


@pytest.mark.parametrize("name", ["<b>x.jpg", "=1+1.jpg", "\u202egpj.jpg", "a\nb.jpg"])
def test_that_odd_names_are_added(project, root, name):
    assert add(project, found(new(root, name))).new == 1
    assert name in images(project)
