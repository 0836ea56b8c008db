"""Drawings of cars: every body, from every side, in its colour, on a lighter floor than its shadow."""

from functools import cache

import pytest
from PIL import Image, ImageChops, ImageStat

from app.adapters import drawings
from app.adapters.drawings.bodies import BODIES
from app.adapters.drawings.paints import PAINTS
from app.adapters.drawings.space import Eye, Frame, curve
from app.adapters.imaging.looks import dhash
from app.media import rules
from tests.support.proofs import proof

draw = cache(drawings.draw)


def mean(image: Image.Image, box: tuple[int, int, int, int]) -> list[float]:
    return list(ImageStat.Stat(image.crop(box)).mean)


SEEN = {"convertible", "hatchback", "pickup", "sedan"}


@pytest.mark.parametrize("body", [body if body in SEEN else proof(body) for body in sorted(BODIES)])
def test_a_car_of_every_body_fills_its_picture(body: str):
    image = draw(body, "red", "side")
    red, green, blue = image.split()
    painted = Image.eval(red, lambda v: 255 if v > 120 else 0)
    other = Image.eval(green, lambda v: 255 if v < 110 else 0)
    left, _top, right, bottom = Image.composite(painted, Image.new("L", image.size), other).getbbox() or (0, 0, 0, 0)

    assert image.size == (1280, 853)
    assert (right - left) / 1280 > 0.5
    assert bottom / 853 < 0.85
    assert blue.getextrema()[0] < 30  # tyres and gaps


def test_each_side_of_it_is_another_picture():
    seen = {angle: dhash(draw("sedan", "white", angle).convert("L")) for angle in drawings.ANGLES}
    pairs = [(one, other) for one in seen for other in seen if one < other]

    assert len(seen) == 3
    assert all(rules.differs_by(seen[one], seen[other]) > rules.NEARLY_THE_SAME for one, other in pairs)


@pytest.mark.parametrize(("colour", "strongest"), [("red", 0), ("green", 1), ("blue", 2)])
def test_the_flank_has_the_colour_of_the_car(colour: str, strongest: int):
    flank = mean(draw("suv", colour, "side"), (560, 440, 760, 500))

    assert flank.index(max(flank)) == strongest
    assert max(flank) > min(flank) * 1.4


def test_white_is_bright_black_is_dark_and_the_shadow_is_darker_than_the_floor():
    white, black = (draw("sedan", colour, "side") for colour in ("white", "black"))
    flank, floor, below = (560, 470, 700, 500), (20, 830, 200, 850), (560, 640, 700, 655)

    assert min(mean(white, flank)) > 190
    assert max(mean(black, flank)) < 70
    assert max(mean(white, below)) < min(mean(white, floor)) * 0.6


def test_a_convertible_has_no_roof_and_what_stands_in_it_is_seen():
    open_car, coupe = (draw(body, "blue", "side") for body in ("convertible", "coupe"))
    wall = mean(open_car, (200, 395, 230, 405))
    above_the_seats, leather = (735, 395, 765, 405), (480, 300, 1000, 420)
    red, _green, blue = open_car.crop(leather).split()
    brown = sum(ImageChops.subtract(red, blue).histogram()[40:])

    assert max(abs(a - b) for a, b in zip(mean(open_car, above_the_seats), wall, strict=True)) < 15
    assert max(abs(a - b) for a, b in zip(mean(coupe, above_the_seats), wall, strict=True)) > 40
    assert brown > 800


def test_what_we_do_not_know_is_drawn_as_the_nearest_we_do():
    assert draw("boat", "pink", "side") == draw("sedan", "silver", "side")


def test_the_names_that_listings_use_are_all_known():
    names = [name for body in (*BODIES, None, "boat") for name in rules.drawings_of(body, "pink")]
    coloured = [rules.drawings_of("suv", paint)[0] for paint in PAINTS]

    assert {name.split("-")[0] for name in names} == set(BODIES)
    assert {name.split("-")[2] for name in names} == set(drawings.ANGLES)
    assert {name.split("-")[1] for name in coloured} <= set(PAINTS)
    assert rules.drawings_of("suv", "green") == ["suv-green-front", "suv-green-side", "suv-green-rear"]


def test_an_eye_fits_what_it_sees_into_its_frame():
    eye, frame = Eye(37, 1.3, 7.6, 0.6), Frame(100, 1100, 80, 700)
    corners = [(x, y, z) for x in (-2.3, 2.3) for y in (-0.9, 0.9) for z in (0.0, 1.5)]
    eye.fit(corners, frame)
    spots = [eye.spot(corner) for corner in corners]

    assert max(y for _, y in spots) == pytest.approx(700)
    assert min(x for x, _ in spots) >= 99.9
    assert max(x for x, _ in spots) <= 1100.1
    assert min(y for _, y in spots) >= 79.9


def test_a_curve_goes_through_its_knots_and_overshoots_nowhere():
    knots = ((0.0, 1.0), (1.0, 1.0), (2.0, 3.0), (4.0, 2.0))
    line = [curve(knots, n / 50 - 1) for n in range(300)]

    assert [curve(knots, x) for x, _ in knots] == [y for _, y in knots]
    assert (min(line), max(line)) == (1.0, 3.0)
