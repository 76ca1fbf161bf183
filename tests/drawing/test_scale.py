import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.drawing.scale import Scale
from backend.drawing.settings import DrawSettings

values = arrays(
    np.float64, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(-9, 9)
)


def scale(numbers, flat=False, **settings):
    return Scale.of(np.array(numbers), DrawSettings(**settings), flat)


@given(values, st.floats(0, 40), st.floats(50, 100))
def test_clipping_is_numpys_percentile_of_the_magnitudes(numbers, below, above):
    got = scale(numbers, polarity="both", clip_below=below, clip_above=above)
    magnitudes = np.abs(numbers)
    if np.percentile(magnitudes, above) > 0:
        assert got.full_at == np.percentile(magnitudes, above)
        kept = magnitudes >= np.percentile(magnitudes, below)
        np.testing.assert_array_equal(got.shown(numbers), kept)


@given(values)
def test_strength_is_in_proportion_to_the_value(numbers):
    got = scale(numbers, polarity="both", clip_above=100)
    largest = np.abs(numbers).max()
    expected = numbers / largest if largest else np.zeros_like(numbers)
    np.testing.assert_allclose(got.strength(numbers), expected)


def test_polarities_look_at_their_own_side():
    numbers = [-8.0, -2.0, 0.0, 1.0, 4.0]
    assert scale(numbers, clip_above=100).strength(numbers).tolist() == [0, 0, 0, 0.25, 1]
    negative = scale(numbers, polarity="negative", clip_above=100)
    assert negative.strength(numbers).tolist() == [-1, -0.25, 0, 0, 0]
    assert negative.ends == (-8, 0)


def test_one_peak_among_zeros_is_not_lost_to_the_percentile():
    numbers = np.zeros(1000)
    numbers[7] = 3
    assert scale(numbers).full_at == 3


def test_a_scale_says_whether_there_is_more():
    assert scale([0, 1, 2, 10], clip_above=70).clipped
    assert not scale([0, 1, 2, 10], clip_above=100).clipped


def test_flat_means_no_colour():
    got = scale([1.0, 2.0], flat=True)
    assert got.strength([1.0, 2.0]).tolist() == [0, 0] and not got.shown([1.0, 2.0]).any()


@pytest.mark.parametrize(
    "polarity, colour", [("positive", (0xFD, 0xE7, 0x25)), ("both", (0x27, 0x64, 0x19))]
)
def test_colours_choose_themselves_by_polarity(polarity, colour):
    assert tuple(scale([1.0], polarity=polarity).paint(np.array(1.0))) == colour
