"""The split of a picture that gets its first label after the others were split."""

from __future__ import annotations

from collections import Counter

import pytest

from petstudio.api.contributions import Split
from petstudio.api.errors import InputError
from petstudio.images.split_choice import SplitChoice
from petstudio.project.project import Project
from petstudio.project.records import LabelOrigin, NewImage

PERSON = LabelOrigin.PERSON


def unlabelled(count: int) -> list[NewImage]:
    first = NewImage(path="first.jpg", label="Pug", split=Split.TRAIN)
    return [first, *(NewImage(path=f"{number}.jpg", label=None) for number in range(count))]


def sides(project: Project) -> list[Split | None]:
    return [image.split for image in project.images()]


def test_that_a_first_label_and_its_split_are_one_step(make_project) -> None:
    with make_project(unlabelled(1)) as project:
        project.set_labels({2: "Pug"}, PERSON)
        assert sides(project)[1] is not None
        project.undo()
        assert sides(project)[1] is None


def test_that_the_order_of_labels_does_not_matter(make_project, tmp_path) -> None:
    with make_project(unlabelled(40)) as project:
        project.set_labels(dict.fromkeys(range(2, 42), "Pug"), PERSON)
        at_once = sides(project)
        project.undo()
        for key in range(41, 1, -1):
            project.set_labels({key: "Pug"}, PERSON)
        assert sides(project) == at_once


def test_that_about_the_share_validates() -> None:
    choice = SplitChoice(valid_share=0.2, test_share=0.1, seed=7)
    drawn = Counter(choice.side_of(f"{number}.jpg") for number in range(5000))
    assert 900 < drawn[Split.VALID] < 1100
    assert 420 < drawn[Split.TEST] < 580


def test_that_the_first_picture_of_a_class_trains(make_project) -> None:
    with make_project(unlabelled(30)) as project:
        for key in range(2, 32):
            project.set_labels({key: f"class {key}"}, PERSON)
        assert set(sides(project)) == {Split.TRAIN}


@pytest.mark.parametrize("side", [Split.TRAIN, Split.VALID, Split.TEST])
def test_that_a_group_stays_on_its_side(make_project, side) -> None:
    images = [
        NewImage(path="a.jpg", label="Pug", split=side, group="rex"),
        NewImage(path="b.jpg", label=None, group="rex"),
    ]
    with make_project(images) as project:
        project.set_labels({2: "Boxer"}, PERSON)
        assert sides(project)[1] is side


def test_that_new_pictures_of_one_group_come_on_one_side(make_project) -> None:
    first = NewImage(path="first.jpg", label="Pug", split=Split.TRAIN)
    group = [NewImage(path=f"{n}.jpg", label=None, group="rex") for n in range(20)]
    with make_project([first, *group]) as project:
        project.set_labels(dict.fromkeys(range(2, 22), "Pug"), PERSON)
        assert len(set(sides(project)[1:])) == 1


def test_that_a_picture_with_the_same_bytes_comes_to_its_twin(make_project, tmp_path) -> None:
    images = [
        NewImage(path="a.jpg", label="Pug", split=Split.TEST, size=5),
        NewImage(path="b.jpg", label=None, size=5),
        NewImage(path="c.jpg", label=None, size=5),
    ]
    with make_project(images) as project:
        for name, content in (("a", b"twins"), ("b", b"twins"), ("c", b"other")):
            (tmp_path / "pictures" / f"{name}.jpg").write_bytes(content)
        project.set_labels({2: "Pug", 3: "Pug"}, PERSON)
        assert sides(project)[1:] == [Split.TEST, Split.TRAIN]


def test_that_a_label_that_is_taken_away_and_given_again_keeps_its_split(make_project) -> None:
    with make_project() as project:
        project.set_labels({2: None}, LabelOrigin.LOADER)
        project.set_labels({2: "Pug"}, PERSON)
        assert sides(project)[1] is Split.VALID


def test_that_an_unknown_moment_of_the_history_is_refused(make_project) -> None:
    with make_project() as project, pytest.raises(InputError):
        project.go_to_edit(3)


def test_that_recently_edited_pictures_come_newest_first_without_undone_edits(
    make_project,
) -> None:
    with make_project() as project:
        for key in (1, 3, 1, 4):
            project.set_labels({key: f"class {key} {len(project.history())}"}, PERSON)
        assert project.recent_images(10) == (4, 1, 3)
        project.undo()
        assert project.recent_images(10) == (1, 3)
