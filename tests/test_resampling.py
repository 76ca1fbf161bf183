"""Our resampling is Pillow's, level for level."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.resampling import Lanczos, rounded


@settings(max_examples=200, deadline=None)
@given(
    size=st.integers(1, 300),
    outputs=st.integers(1, 120),
    edges=st.tuples(st.floats(0, 1), st.floats(0, 1)),
    seed=st.integers(0, 9),
)
def test_equals_pillow_for_any_box_and_any_part_of_the_outputs(size, outputs, edges, seed):
    low, high = sorted(edge * size for edge in edges)
    if high - low < 0.01:
        return
    values = np.random.default_rng(seed).integers(0, 256, (size, 4), dtype=np.uint8)
    judge = np.asarray(
        Image.fromarray(values).resize(
            (4, outputs), Image.Resampling.LANCZOS, box=(0, low, 4, high)
        )
    )
    plan = Lanczos(size, low, high, outputs)
    for first, end in ((0, outputs), (outputs // 3, outputs // 3 + 1)):
        window = slice(*plan.inputs(first, end))
        found = rounded(plan.weights[first:end, window] @ values[window].astype(float))
        np.testing.assert_array_equal(found, judge[first:end])


def test_touched_and_inside_by_hand():
    # Halving: output o lies at 2·o + 1 and reads the 12 inputs from 2·o − 5 on.
    plan = Lanczos(40, 0, 40, 20)
    assert plan.inputs(10, 11) == (15, 27)
    assert plan.touched(20, 21) == (7, 13)
    assert plan.inside(0, 20) == (0, 7)


def test_without_resizing_every_output_is_its_input():
    plan = Lanczos(9, 0, 9, 9)
    assert plan.touched(3, 5) == plan.inside(3, 5) == (3, 5)
