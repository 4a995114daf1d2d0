from __future__ import annotations

import math
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from petstudio.api.errors import InputError, MachineError
from petstudio.images.line_plot import (
    Axis,
    Band,
    LinePlot,
    Mark,
    Series,
    Stroke,
    draw_plot,
    save_plot,
)
from petstudio.images.plot_canvas import Box, Canvas, blend, plain
from petstudio.images.plot_labels import CURVE, place_labels
from petstudio.images.plot_parts import BACKGROUND, BAND, PALETTE, series_colours
from petstudio.images.plot_scales import Scale, Tick, scale_of
from petstudio.ui.tokens import LIGHT

SIZE = (480, 320)
NAN = math.nan


def drawn(*series: Series, **parts: object) -> Image.Image:
    return draw_plot(LinePlot(series=series, **parts), SIZE)


def is_colour(picture: Image.Image, colour: str) -> np.ndarray:
    """Return a map (height, width) of the pixels that have exactly this colour."""
    channels = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)
    return (np.asarray(picture) == channels).all(axis=2)


def rows_and_columns(picture: Image.Image, colour: str = PALETTE[0]) -> tuple[np.ndarray, ...]:
    rows, columns = np.nonzero(is_colour(picture, colour))
    assert len(rows), f"nothing is {colour}"
    return rows, columns


def named(ticks: tuple[Tick, ...]) -> dict[str, float]:
    return {tick.text: tick.place for tick in ticks if tick.text}


def test_that_a_picture_has_the_size_that_was_asked_for():
    picture = drawn(Series(x=[0, 1], y=[0, 1]))
    assert (picture.size, picture.mode) == (SIZE, "RGB")


def test_that_a_plot_is_refused_where_it_would_not_fit():
    with pytest.raises(ValueError, match="too small"):
        draw_plot(LinePlot(), (100, 100))


def test_that_the_same_plot_is_drawn_alike_twice():
    line = Series(x=[0, 1, 2], y=[3, 1, 2], name="loss", stroke=Stroke.DASHED)
    assert drawn(line).tobytes() == drawn(line).tobytes()


def test_that_a_rising_curve_goes_from_the_lower_left_to_the_upper_right():
    rows, columns = rows_and_columns(drawn(Series(x=[0, 1], y=[0, 1])))
    assert rows[columns.argmin()] > 0.8 * SIZE[1]
    assert rows[columns.argmax()] < 0.2 * SIZE[1]
    assert np.corrcoef(rows, columns)[0, 1] < -0.99


def test_that_edges_are_smooth():
    pixels = np.asarray(drawn(Series(x=[0, 1], y=[0, 1]))).astype(int)
    bluish = pixels[:, :, 2] - pixels[:, :, 0] > 60  # nothing but the curve is
    full = is_colour(Image.fromarray(pixels.astype(np.uint8)), PALETTE[0])
    assert (bluish & ~full).sum() > 0.2 * bluish.sum()


def test_that_a_value_that_is_not_a_number_leaves_a_gap():
    line = Series(x=range(11), y=[5, 5, 5, 5, NAN, NAN, math.inf, 5, 5, 5, 5])
    _, columns = rows_and_columns(drawn(line))
    jumps = np.diff(np.unique(columns))
    assert (jumps > 1).sum() == 1
    assert jumps.max() > 0.3 * SIZE[0]


def test_that_a_point_between_two_gaps_is_a_dot():
    rows, columns = rows_and_columns(drawn(Series(x=range(5), y=[NAN, NAN, 5, NAN, NAN])))
    assert 3 <= np.ptp(columns) <= 8
    assert 3 <= np.ptp(rows) <= 8


def test_that_a_constant_curve_lies_in_the_middle():
    rows, _ = rows_and_columns(drawn(Series(x=[0, 1], y=[7, 7])))
    assert np.ptp(rows) <= 4
    assert 0.35 * SIZE[1] < rows.mean() < 0.6 * SIZE[1]


@pytest.mark.parametrize("stroke", Stroke)
@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([], []),
        ([1], [2]),
        ([1, 1, 1], [2, 2, 2]),
        ([NAN, NAN], [NAN, NAN]),
        ([0, 1, 2], [-math.inf, math.inf, NAN]),
        ([0, 1, 2], [-1e308, 0, 1e308]),
        ([0, 1, 2], [0, 0, 0]),
        ([-5, 0, 5], [-1, 0, 1]),
        ([1e-300, 2e-300], [1e-300, 3e-300]),
    ],
)
@pytest.mark.parametrize("logarithmic", [False, True])
def test_that_every_curve_can_be_drawn(x, y, stroke, logarithmic):
    axis = Axis(label="x", logarithmic=logarithmic)
    picture = drawn(Series(x=x, y=y, stroke=stroke, name="odd"), x_axis=axis, y_axis=axis)
    assert picture.size == SIZE


def test_that_limits_keep_a_diverging_tail_from_flattening_the_rest():
    line = Series(x=range(21), y=[1 - step / 20 for step in range(20)] + [1e6])
    rows, columns = rows_and_columns(drawn(line, y_axis=Axis(limits=(0.0, 1.0))))
    falling = rows[columns < 0.9 * SIZE[0]]
    assert np.ptp(falling) > 0.6 * SIZE[1]


def test_that_nothing_is_drawn_outside_the_limits():
    line = Series(x=[-100, 100], y=[-1000, 1000])
    limits = {"x_axis": Axis(limits=(0, 1)), "y_axis": Axis(limits=(2, 6))}
    rows, columns = rows_and_columns(drawn(line, **limits))
    _, frame = rows_and_columns(drawn(Series(x=[0, 1], y=[4, 4]), **limits))
    assert columns.min() >= frame.min() - 1
    assert columns.max() <= frame.max() + 1
    assert rows.min() > 10
    assert rows.max() < SIZE[1] - 30


def test_that_a_curve_along_a_limit_is_not_cut_in_two():
    limits = {"x_axis": Axis(limits=(0, 1)), "y_axis": Axis(limits=(0, 1))}
    _, low = rows_and_columns(drawn(Series(x=[0, 1], y=[0, 0]), **limits))
    _, middle = rows_and_columns(drawn(Series(x=[0, 1], y=[0.5, 0.5]), **limits))
    assert len(low) > 0.4 * len(middle)


def test_that_a_curve_leaves_the_frame_where_it_passes_the_limit():
    limits = {"x_axis": Axis(limits=(0, 1)), "y_axis": Axis(limits=(0, 1))}
    _, steep = rows_and_columns(drawn(Series(x=[0, 1], y=[0, 10]), **limits))
    _, whole = rows_and_columns(drawn(Series(x=[0, 1], y=[0.5, 0.5]), **limits))
    assert np.ptp(steep) == pytest.approx(np.ptp(whole) / 10, abs=4)


def test_that_equal_factors_are_equal_distances_on_a_logarithmic_axis():
    axis = Axis(logarithmic=True)
    dots = [Series(x=[x], y=[1]) for x in (1e-6, 1e-4, 1e-2)]
    picture = drawn(*dots, x_axis=axis)
    first, second, third = (rows_and_columns(picture, PALETTE[i])[1].mean() for i in range(3))
    assert second - first > 0.3 * SIZE[0]
    assert third - second == pytest.approx(second - first, abs=1)


def test_that_a_logarithmic_axis_names_the_decades():
    ticks = scale_of(Axis(logarithmic=True, limits=(1e-7, 10)), []).ticks(9)
    assert list(named(ticks)) == [f"1e{exponent}" for exponent in range(-7, 2)]
    assert list(named(ticks).values()) == pytest.approx(np.linspace(0, 1, 9))


def test_that_the_decades_have_small_ticks_between_them():
    ticks = scale_of(Axis(logarithmic=True, limits=(1, 100)), []).ticks(5)
    small = [100**tick.place for tick in ticks if not tick.text]
    assert small == pytest.approx([*range(2, 10), *range(20, 100, 10)])


def test_that_many_decades_are_named_in_part():
    ticks = scale_of(Axis(logarithmic=True, limits=(1e-12, 1e12)), []).ticks(6)
    assert list(named(ticks)) == ["1e-10", "1e-5", "1e0", "1e5", "1e10"]


def test_that_less_than_a_decade_has_round_numbers():
    ticks = scale_of(Axis(logarithmic=True, limits=(2e-4, 9e-4)), []).ticks(4)
    assert list(named(ticks)) == ["0.0002", "0.0004", "0.0006", "0.0008"]


@pytest.mark.parametrize(
    ("limits", "texts"),
    [
        ((0, 1), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ((-1.3, 3.1), ["-1", "0", "1", "2", "3"]),
        ((0, 368), ["0", "100", "200", "300"]),
        ((0, 4e-7), ["0", "1e-7", "2e-7", "3e-7", "4e-7"]),
        ((0, 3e8), ["0", "1e8", "2e8", "3e8"]),
        ((0.9995, 1.0005), ["0.9996", "0.9998", "1.0000", "1.0002", "1.0004"]),
    ],
)
def test_that_ticks_stand_at_round_numbers(limits, texts):
    assert list(named(scale_of(Axis(limits=limits), []).ticks(5))) == texts


@given(
    low=st.floats(-1e9, 1e9),
    span=st.floats(1e-3, 1e9),
    most=st.integers(2, 20),
    logarithmic=st.booleans(),
)
def test_that_ticks_are_inside_in_order_and_told_apart(low, span, most, logarithmic):
    scale = Scale(low=low / 1e7, high=low / 1e7 + span / 1e7 + 1e-3, logarithmic=logarithmic)
    ticks = [tick for tick in scale.ticks(most) if tick.text]
    assert len({tick.text for tick in ticks}) == len(ticks)
    places = [tick.place for tick in ticks]
    assert places == sorted(places)
    assert all(-1e-6 <= place <= 1 + 1e-6 for place in places)
    assert len(places) <= 2 * most + 2


@given(values=st.lists(st.floats(), max_size=20), logarithmic=st.booleans())
@example(values=[5e-324], logarithmic=True)
@example(values=[sys.float_info.max, -sys.float_info.max], logarithmic=False)
def test_that_a_scale_without_limits_holds_every_number_that_has_a_place(values, logarithmic):
    places = scale_of(Axis(logarithmic=logarithmic), [values]).places(values)
    known = places[np.isfinite(places)]
    assert len(known) == sum(math.isfinite(v) and (v > 0 or not logarithmic) for v in values)
    assert ((known >= 0) & (known <= 1)).all()


@pytest.mark.parametrize("limits", [(1, 1), (2, 1), (NAN, 1), (0, math.inf)])
def test_that_an_axis_refuses_limits_that_are_none(limits):
    with pytest.raises(ValueError, match="no limits"):
        Axis(limits=limits)


def test_that_a_logarithmic_axis_cannot_begin_at_zero():
    with pytest.raises(ValueError, match="no limits"):
        Axis(limits=(0, 1), logarithmic=True)


def test_that_a_mark_is_a_dot_in_a_colour_of_its_own_on_the_curve():
    line = Series(x=[0, 1], y=[1, 1])
    picture = drawn(line, marks=(Mark(x=0.5, y=1, label="valley 4.8e-04"),))
    rows, columns = rows_and_columns(picture, PALETTE[1])
    curve, _ = rows_and_columns(picture)
    assert rows.mean() == pytest.approx(curve.mean(), abs=1)
    assert 6 <= np.ptp(columns) <= 12


@pytest.mark.parametrize("place", [(2, 0.5), (0.5, 2), (NAN, 0.5), (0.5, NAN)])
def test_that_a_mark_outside_the_limits_is_left_out(place):
    limits = {"x_axis": Axis(limits=(0, 1)), "y_axis": Axis(limits=(0, 1))}
    line = Series(x=[0, 1], y=[0, 1])
    marked = drawn(line, marks=(Mark(x=place[0], y=place[1], label="away"),), **limits)
    assert marked.tobytes() == drawn(line, **limits).tobytes()


def test_that_labels_of_one_place_cover_neither_each_other_nor_the_curve():
    busy = Image.new("L", (400, 300))
    busy.paste(CURVE, (0, 145, 400, 155))
    curve = Box(0, 145, 400, 155)
    boxes = place_labels(busy, Box(0, 0, 400, 300), [(200, 150)] * 4, [(100, 18)] * 4)
    for number, box in enumerate(boxes):
        assert not overlap(box, curve)
        assert not any(overlap(box, other) for other in boxes[:number])


def test_that_the_way_to_a_label_crosses_no_other_label():
    point, busy = np.array([200, 150]), Image.new("L", (400, 300))
    boxes = place_labels(busy, Box(0, 0, 400, 300), [(200, 150)] * 5, [(100, 18)] * 5)
    for number, box in enumerate(boxes):
        for share in (0, 1 / 3, 2 / 3, 1):
            place = tuple(point + share * (np.array(box.nearest((200, 150))) - point))
            assert all(other.nearest(place) != place for other in boxes[:number])


def test_that_a_label_stays_inside_the_frame():
    frame = Box(20, 20, 380, 280)
    corners = [(22, 22), (378, 22), (22, 278), (378, 278)]
    for box in place_labels(Image.new("L", (400, 300)), frame, corners, [(120, 18)] * 4):
        assert frame.left <= box.left < box.right <= frame.right
        assert frame.top <= box.top < box.bottom <= frame.bottom


def test_that_a_label_wider_than_the_frame_is_drawn_all_the_same():
    assert place_labels(Image.new("L", (50, 50)), Box(0, 0, 50, 50), [(25, 25)], [(90, 18)])


def overlap(one: Box, other: Box) -> bool:
    return (
        min(one.right, other.right) > max(one.left, other.left) + 1
        and min(one.bottom, other.bottom) > max(one.top, other.top) + 1
    )


def test_that_a_band_shades_its_range_from_top_to_bottom():
    limits = {"x_axis": Axis(limits=(0, 10)), "y_axis": Axis(limits=(0, 1))}
    shaded = is_colour(drawn(bands=(Band(start=2.5, end=7.5),), **limits), BAND)
    assert 0.4 < np.ptp(np.nonzero(shaded)[1]) / SIZE[0] < 0.55
    assert np.ptp(np.nonzero(shaded)[0]) > 0.75 * SIZE[1]


def test_that_names_stand_in_the_legend():
    picture = drawn(Series(x=[0, 1], y=[1, 1], name="a"), Series(x=[0, 1], y=[2, 2]))
    assert is_colour(picture, PALETTE[0])[:40].any()
    assert not is_colour(picture, PALETTE[1])[:40].any()


def test_that_a_legend_takes_as_many_rows_as_it_needs():
    picture = drawn(*(Series(x=[], y=[], name="a long name") for _ in range(6)))
    tops = [rows_and_columns(picture, colour)[0].min() for colour in PALETTE]
    assert tops[0] == tops[1] < tops[3] <= tops[5]
    assert tops[3] - tops[0] == 22


def test_that_a_faint_curve_has_the_colour_of_the_next_one_that_is_not():
    faint, solid = Series(x=[], y=[], stroke=Stroke.FAINT), Series(x=[], y=[])
    pale = [blend(colour, BACKGROUND, 0.6) for colour in PALETTE]
    assert series_colours([faint, solid, faint, solid]) == [
        pale[0],
        PALETTE[0],
        pale[1],
        PALETTE[1],
    ]


def test_that_a_dashed_curve_has_dashes_of_one_length():
    _, columns = rows_and_columns(drawn(Series(x=[0, 1], y=[1, 1], stroke=Stroke.DASHED)))
    jumps = np.diff(np.unique(columns))
    assert (jumps > 1).sum() > 20
    assert jumps[jumps > 1].max() - jumps[jumps > 1].min() <= 2


def test_that_the_colours_are_those_of_the_window():
    assert LIGHT.series == PALETTE


def test_that_text_keeps_to_the_letters_of_the_font():
    assert plain("Größe\nder Bäume") == "Gro?e der Baume"


def test_that_a_title_that_is_too_long_is_cut():
    canvas = Canvas(SIZE, BACKGROUND)
    cut = canvas.fitting("a word and " * 50, 18, 300)
    assert cut.endswith("...")
    assert 200 < canvas.text_width(cut, 18) <= 300


def test_that_a_saved_plot_is_the_drawn_one(tmp_path):
    plot = LinePlot(title="Loss", series=(Series(x=[0, 1], y=[1, 2], name="train"),))
    save_plot(tmp_path / "plot.PNG", plot, SIZE)
    with Image.open(tmp_path / "plot.PNG") as saved:
        assert saved.format == "PNG"
        pixels = np.asarray(saved.convert("RGB")).astype(int)
    assert abs(pixels - np.asarray(draw_plot(plot, SIZE)).astype(int)).max() <= 16


@pytest.mark.parametrize("name", ["plot.jpg", "plot", "plot.png.svg"])
def test_that_a_plot_is_saved_as_png_only(tmp_path, name):
    with pytest.raises(InputError, match=r"ends in \.png"):
        save_plot(tmp_path / name, LinePlot())
    assert not list(tmp_path.iterdir())


def test_that_a_plot_for_a_missing_folder_is_an_error_in_words(tmp_path):
    with pytest.raises(MachineError, match="could not be written"):
        save_plot(tmp_path / "missing" / "plot.png", LinePlot())


@settings(max_examples=25)
@given(
    y=st.lists(st.floats(), max_size=12),
    stroke=st.sampled_from(Stroke),
    logarithmic=st.booleans(),
)
def test_that_any_numbers_make_a_picture(y, stroke, logarithmic):
    axis = Axis(logarithmic=logarithmic)
    marks = tuple(Mark(x=value, y=value, label="m") for value in y[:3])
    line = Series(x=y[::-1], y=y, stroke=stroke)
    assert drawn(line, marks=marks, x_axis=axis, y_axis=axis).size == SIZE
