"""The built-in sample set: repeatable, complete, varied, and quick to find already drawn."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from petstudio.api.errors import MachineError, RunCancelledError
from petstudio.config.recipe import TRAIN_ALL
from petstudio.config.recipe_file import bundled_recipe
from petstudio.images.drawing import foreground, scenes
from petstudio.images.drawing.geometry import Affine, ellipse, path, ribbon, smooth
from petstudio.images.drawing.kinds import Kind, sample_kinds
from petstudio.images.drawing.picture import draw_picture
from petstudio.images.drawing.surface import Light, Surface
from petstudio.images.sample_set import (
    SAMPLE_CLASSES,
    SAMPLE_PATTERN,
    SAMPLES_PER_CLASS,
    draw_sample_set,
    sample_picture,
)


@pytest.fixture(scope="module")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures") / "new"
    draw_sample_set(folder, per_class=3)
    return folder


def blank_surface() -> Surface:
    return Surface(Image.new("RGB", (80, 60)), Affine(a=60, e=60), Light())


def test_that_the_class_list_is_that_of_the_definition() -> None:
    assert sorted(kind.name for kind in sample_kinds()) == list(SAMPLE_CLASSES)


def test_that_there_are_at_least_eight_classes_of_sixty_pictures() -> None:
    assert len(SAMPLE_CLASSES) >= 8
    assert SAMPLES_PER_CLASS >= 60


def test_that_every_class_gets_its_number_of_pictures(sample_folder: Path) -> None:
    labels = [re.fullmatch(SAMPLE_PATTERN, path.name) for path in sample_folder.iterdir()]
    counted = Counter(match["label"] for match in labels if match)
    assert counted == dict.fromkeys(SAMPLE_CLASSES, 3)


def test_that_nothing_but_pictures_is_left_in_the_folder(sample_folder: Path) -> None:
    assert {path.suffix for path in sample_folder.iterdir()} == {".jpg"}


def test_that_drawing_twice_gives_the_same_bytes(sample_folder: Path, tmp_path: Path) -> None:
    draw_sample_set(tmp_path, per_class=1)
    again = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert again == {name: (sample_folder / name).read_bytes() for name in again}


def test_that_a_picture_does_not_depend_on_those_drawn_before_it(sample_folder: Path) -> None:
    last = sample_kinds()[-1]
    expected = (sample_folder / f"{last.name}_3.jpg").read_bytes()
    assert sample_picture(last, 3, seed=7) == expected


def test_that_another_seed_gives_another_picture() -> None:
    kind = sample_kinds()[0]
    assert sample_picture(kind, 1, seed=7) != sample_picture(kind, 1, seed=8)


def test_that_pictures_of_one_class_all_differ(sample_folder: Path) -> None:
    pictures = {path.read_bytes() for path in sample_folder.glob("beagle_*.jpg")}
    assert len(pictures) == 3


def test_that_pictures_are_small_colour_photographs_of_mixed_sizes(sample_folder: Path) -> None:
    sizes = set()
    for file in sample_folder.iterdir():
        with Image.open(file) as image:
            assert (image.format, image.mode) == ("JPEG", "RGB")
            sizes.add(image.size)
    assert all(96 <= min(size) <= 160 for size in sizes)
    assert any(width > height for width, height in sizes)
    assert any(width < height for width, height in sizes)


def test_that_no_picture_is_flat(sample_folder: Path) -> None:
    for file in sample_folder.iterdir():
        pixels = np.asarray(Image.open(io.BytesIO(file.read_bytes())).convert("L"))
        assert pixels.std() > 8


def test_that_a_complete_set_is_left_alone(sample_folder: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in sample_folder.iterdir()}
    calls: list[tuple[int, int]] = []
    draw_sample_set(sample_folder, per_class=3, on_progress=lambda *call: calls.append(call))
    after = {path.name: path.stat().st_mtime_ns for path in sample_folder.iterdir()}
    assert (after, calls) == (before, [])


def test_that_only_missing_and_empty_pictures_are_drawn_again(tmp_path: Path) -> None:
    draw_sample_set(tmp_path, per_class=1)
    expected = (tmp_path / "turtle_1.jpg").read_bytes()
    (tmp_path / "turtle_1.jpg").write_bytes(b"")
    (tmp_path / "beagle_1.jpg").unlink()
    calls: list[tuple[int, int]] = []
    draw_sample_set(tmp_path, per_class=1, on_progress=lambda *call: calls.append(call))
    total = len(SAMPLE_CLASSES)
    assert calls == [(total - 1, total), (total, total)]
    assert (tmp_path / "turtle_1.jpg").read_bytes() == expected


def test_that_stopping_keeps_what_is_drawn(tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise RunCancelledError

    with pytest.raises(RunCancelledError):
        draw_sample_set(tmp_path, per_class=1, on_progress=stop)
    assert len(list(tmp_path.glob("*.jpg"))) == 2


def test_that_a_folder_that_cannot_be_made_is_a_machine_error(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with pytest.raises(MachineError, match="could not be written"):
        draw_sample_set(in_the_way / "pictures", per_class=1)


@pytest.mark.parametrize("scene", [*dict.fromkeys(scenes.INDOORS_AND_OUT), scenes.water])
def test_that_a_scene_covers_the_whole_picture(scene: scenes.Scene) -> None:
    surface = blank_surface()
    scene(surface, 80 / 60, Random(1))
    colours = surface.image.getcolors(80 * 60) or []
    assert (0, 0, 0) not in {colour for _, colour in colours}


@pytest.mark.parametrize("cover", foreground.COVERS)
def test_that_a_cover_hides_a_part_of_the_picture_only(cover: foreground.Cover) -> None:
    surface = blank_surface()
    cover(surface, 80 / 60, Random(1))
    hidden = np.asarray(surface.image).any(axis=2).mean()
    assert 0.02 < hidden < 0.75


@pytest.mark.parametrize("kind", sample_kinds(), ids=lambda kind: kind.name)
def test_that_every_roll_of_the_dice_gives_another_picture(kind: Kind) -> None:
    drawn = {draw_picture(kind, Random(seed)).image.tobytes() for seed in range(6)}
    assert len(drawn) == 6


def test_that_a_part_outside_the_picture_changes_nothing() -> None:
    surface = blank_surface()
    with surface.part(ellipse(9, 9, 1, 1), (255, 0, 0)) as inner:
        inner.fill(ellipse(9, 9, 1, 1), (0, 255, 0))
    assert surface.image.getbbox() is None


def test_that_drawing_inside_a_part_stays_inside_it() -> None:
    surface = blank_surface()
    with surface.part(ellipse(0.5, 0.5, 0.2, 0.2), (255, 0, 0), round_=0) as inner:
        inner.fill(ellipse(0.5, 0.5, 3.0, 3.0), (0, 255, 0))
    assert surface.image.getpixel((30, 30)) == (0, 255, 0)
    assert surface.image.getpixel((5, 5)) == (0, 0, 0)


def test_that_a_mirrored_surface_draws_the_other_way_round() -> None:
    place = Affine().at(10.0, 0.0, scale=2.0, turn=0.0, mirror=True)
    assert place.apply(path("1,1")).tolist() == [[8.0, 2.0]]


def test_that_a_soft_curve_goes_through_its_corners() -> None:
    corners = path("0,0 1,0 1,1 0,1")
    curve = smooth(corners)
    distances = np.abs(curve[None] - corners[:, None]).sum(axis=2).min(axis=1)
    assert distances.max() < 1e-9


def test_that_a_ribbon_is_as_wide_as_asked() -> None:
    outline = ribbon([(0.0, 0.0), (5.0, 0.0), (10.0, 0.0)], (0.5,))
    assert outline[:, 1].max() == pytest.approx(0.5)
    assert outline[:, 1].min() == pytest.approx(-0.5)


def test_that_the_sample_recipe_trains_everything_from_random_weights() -> None:
    recipe = bundled_recipe("sample")
    assert (recipe.model.architecture, recipe.model.weights) == ("resnet18", "none")
    assert [stage.trainable for stage in recipe.stages] == [TRAIN_ALL]
