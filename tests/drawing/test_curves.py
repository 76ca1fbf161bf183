import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.drawing.curves import Curve, plot, ticks

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*curves, title="Deletion"):
    return ElementTree.fromstring(plot(title, "squares covered", "confidence (%)", curves))


def test_points_lie_in_proportion():
    svg = drawn(Curve("a", [0, 1, 2], [0, 50, 100]))
    points = svg.find(f"{SVG}polyline").get("points").split()
    (x0, y0), (x1, y1), (x2, y2) = (map(float, point.split(",")) for point in points)
    assert x1 - x0 == pytest.approx(x2 - x1) and x1 > x0
    assert y0 - y1 == pytest.approx(y1 - y2) and y1 < y0  # more is higher up
    texts = {text.text: text for text in svg.iter(f"{SVG}text")}
    assert float(texts["100"].get("y")) - 4 == pytest.approx(y2, abs=0.2)


def test_axes_and_legend_are_named_and_the_plot_can_be_read_aloud():
    svg = drawn(Curve("by relevance", [0, 1], [1, 0]), Curve("at random", [0, 1], [1, 1]))
    texts = [text.text for text in svg.iter(f"{SVG}text")]
    for text in ("Deletion", "squares covered", "confidence (%)", "by relevance", "at random"):
        assert text in texts
    assert svg.get("role") == "img" and svg.get("aria-label") == "Deletion"


def test_texts_cannot_become_markup():
    nasty = '"><script>alert(1)</script>&'
    svg = drawn(Curve(nasty, [0, 1], [0, 1]), title=nasty)
    assert not list(svg.iter("{*}script"))
    assert svg.get("aria-label") == nasty


def test_what_is_not_a_number_is_a_gap():
    svg = drawn(Curve("a", [0, 1, 2, 3, 4], [1, 2, math.nan, 3, math.inf]))
    assert [len(line.get("points").split()) for line in svg.iter(f"{SVG}polyline")] == [2]
    assert len(list(svg.iter(f"{SVG}circle"))) == 1
    assert "nan" not in ElementTree.tostring(svg, "unicode")


def test_lines_can_be_told_apart_in_black_and_white():
    svg = drawn(*(Curve(str(n), [0, 1], [n, n]) for n in range(6)))
    dashes = {line.get("stroke-dasharray") for line in svg.iter(f"{SVG}polyline")}
    assert len(dashes) == 6


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_are_round_few_and_inside(low, spread):
    found = ticks(low, low + spread)
    assert 1 <= len(found) <= 7
    margin = 1e-6 * (spread + abs(low))
    assert all(low - margin <= tick <= low + spread + margin for tick in found)


@pytest.mark.parametrize("low, high, expected", [(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
                                                 (0, 48, [0, 10, 20, 30, 40]),
                                                 (-3, 12, [0, 5, 10])])  # fmt: skip
def test_ticks_as_a_person_would_choose(low, high, expected):
    assert ticks(low, high) == expected


def test_constant_and_single_points():
    for curve in (Curve("a", [3], [0]), Curve("b", [0, 1], [0, 0]), Curve("c", [0], [math.nan])):
        assert not re.search("nan|inf", plot("t", "x", "y", [curve]))
