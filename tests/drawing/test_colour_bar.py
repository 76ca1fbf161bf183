import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.drawing.colour_bar import BAR_PX, MARGIN_PX, colour_bar, number
from backend.drawing.lettering import _fonts, lettering
from backend.drawing.scale import Scale
from backend.drawing.settings import DrawSettings


def bar(numbers, unit="logit", **settings):
    scale = Scale.of(np.array(numbers, float), DrawSettings(**settings), flat=False)
    return np.asarray(colour_bar(scale, unit, 320))


def test_colours_run_from_zero_to_the_largest():
    row = bar([0, 5], clip_above=100)[MARGIN_PX + BAR_PX // 2]
    assert row[MARGIN_PX].tolist() == [0x44, 0x01, 0x54]
    assert row[320 - MARGIN_PX - 1].tolist() == [0xFD, 0xE7, 0x25]


def test_hidden_values_are_hatched_and_the_others_are_not():
    row = bar([0, 1, 2, 3, 4], clip_below=50, clip_above=100)[MARGIN_PX + BAR_PX // 2]
    coloured = np.ptp(row.astype(int), axis=1) > 20
    middle = 160
    assert not coloured[MARGIN_PX + 2 : middle - 2].any()
    assert coloured[middle + 2 : 320 - MARGIN_PX - 2].all()


def test_the_unit_is_written():
    assert (bar([1]) != bar([1], unit="share of the score")).any()


def test_long_units_stay_inside():
    image = bar([1], unit="a very long unit " * 20)
    assert (image[:, 0] == 255).all() and (image[:, -1] == 255).all()


@pytest.mark.parametrize(
    "value, text",
    [(0, "0"), (-0.0, "0"), (1, "1.00"), (-12.34, "-12.3"), (123.4, "123"), (9876.5, "9876"),
     (0.00123, "0.00123"), (1.5e-7, "1.5e-07"), (2e6, "2.0e+06")],
)  # fmt: skip
def test_numbers_for_people(value, text):
    assert number(value) == text


@given(st.floats(-1e30, 1e30, allow_nan=False))
def test_numbers_are_nearly_the_value_and_short(value):
    assert float(number(value)) == pytest.approx(value, rel=0.06)
    assert len(number(value)) <= 10


@pytest.mark.parametrize("label", ["김치", "Żółw & 猫", "قطة", "🐱", "\u0000", ""])
def test_any_label_can_be_written(label):
    assert bar([1], unit=label).shape == bar([1]).shape


def test_a_plain_label_is_written_with_the_built_in_font():
    text, font = lettering("cat 1", 14)
    assert text == "cat 1" and font.getname()[0] == "Aileron"


def test_without_any_font_letters_lose_their_accents_at_most(monkeypatch):
    monkeypatch.setattr("backend.drawing.lettering.SYSTEM_FONTS", ())
    _fonts.cache_clear()
    try:
        assert lettering("Žaba 1", 14)[0] == "Zaba 1"
        assert lettering("Haus & 猫", 14)[0] == "Haus & ?"
    finally:
        _fonts.cache_clear()
