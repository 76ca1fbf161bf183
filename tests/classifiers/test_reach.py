"""The reach of a change along one axis, judged by NumPy on random layers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.classifiers.reach import Axis, Step, apart

steps = st.lists(
    st.one_of(
        st.builds(
            dict,
            extent=st.integers(1, 5),
            stride=st.integers(1, 3),
            same=st.booleans(),
        ),
        st.builds(dict, pad=st.tuples(st.integers(0, 3), st.integers(0, 3))),
    ),
    min_size=1,
    max_size=5,
)


def run(chain: list[Step], values: np.ndarray) -> np.ndarray:
    """Convolve with all ones, padding zeros, exactly as TensorFlow defines it."""
    for step in chain:
        size = step.size_after(len(values))
        if step.same:
            total = max((size - 1) * step.stride + step.extent - len(values), 0)
            pads = (total // 2, total - total // 2)
        else:
            pads = step.pad
        padded = np.pad(values, pads)
        values = np.array(
            [padded[o * step.stride : o * step.stride + step.extent].sum() for o in range(size)]
        )
    return values


def chain_of(kinds: list[dict]) -> list[Step]:
    return [Step((number,), number + 1, **kind) for number, kind in enumerate(kinds)]


def axis_or_none(chain: list[Step], size: int) -> Axis | None:
    axis = Axis(chain, 0, len(chain), size)
    return axis if min(axis.sizes.values()) > 0 else None


@settings(max_examples=150, deadline=None)
@given(kinds=steps, size=st.integers(5, 60), low=st.integers(0, 59), width=st.integers(1, 20))
def test_reach_is_exactly_where_the_output_changes(kinds, size, low, width):
    chain = chain_of(kinds)
    axis = axis_or_none(chain, size)
    if axis is None or low >= size:
        return
    changed = (low, min(size, low + width))
    values = np.arange(1.0, size + 1)
    other = values.copy()
    other[slice(*changed)] += 1000
    differs = np.flatnonzero(run(chain, values) != run(chain, other))
    first, end = axis.reached(changed)
    assert set(differs) <= set(range(first, end))
    if len(differs) and all(step.stride <= step.extent for step in chain):
        # Without gaps between the windows, the reach is not only enough but tight.
        assert (differs[0], differs[-1] + 1) == (first, end)


@settings(max_examples=150, deadline=None)
@given(
    kinds=steps,
    size=st.integers(5, 80),
    changes=st.lists(st.tuples(st.integers(0, 79), st.integers(1, 12)), min_size=1, max_size=4),
)
def test_a_run_on_the_crop_equals_the_run_on_everything(kinds, size, changes):
    chain = chain_of(kinds)
    axis = axis_or_none(chain, size)
    spans = [(low, min(size, low + width)) for low, width in changes if low < size]
    if axis is None or not spans:
        return
    generator = np.random.default_rng(size)
    length, crops = axis.crops(spans)
    assert 0 < length <= size
    for span in spans:
        if span not in crops:
            low, high = axis.reached(span)
            assert low >= high
            continue
        crop = crops[span]
        values = generator.normal(size=size)
        whole = run(chain, values)
        assert crop.start >= 0 and crop.start + length <= size
        part = run(chain, values[crop.start : crop.start + length])
        kept = slice(*crop.kept)
        found = part[crop.skip : crop.skip + crop.kept[1] - crop.kept[0]]
        np.testing.assert_allclose(found, whole[kept], rtol=1e-12)
        assert crop.kept == axis.reached(span)


def test_a_small_change_needs_only_a_small_crop():
    # Four 3 × 3 layers with stride 2 see 31 pixels: 37 + 2 × 15 fit in 80 of 224.
    chain = chain_of([{"extent": 3, "stride": 2, "same": True}] * 4)
    axis = Axis(chain, 0, 4, 224)
    length, crops = axis.crops([(left, left + 37) for left in range(0, 187, 37)])
    assert length <= 96
    assert crops[0, 37].start == 0
    assert axis.total_stride == 16


def test_branches_that_meet_again():
    # 0 → 1 (3 wide) → 3 = 1 + 2, and 0 → 2 (5 wide): the wider branch decides.
    chain = [
        Step((0,), 1, extent=3, same=True),
        Step((0,), 2, extent=5, same=True),
        Step((1, 2), 3),
    ]
    assert Axis(chain, 0, 3, 20).reached((10, 11)) == (8, 13)


@pytest.mark.parametrize("size", [7, 8])
def test_same_padding_is_that_of_tensorflow(size):
    # Size 8, stride 2, kernel 3: TensorFlow pads one value after the end, none before.
    step = Step((0,), 1, extent=3, stride=2, same=True)
    assert step.size_after(size) == 4
    assert step.before(size) == (1 if size == 7 else 0)


def test_what_is_needed_by_hand():
    # Output 3 of two 3-wide layers without padding reads the inputs 3 to 7.
    axis = Axis(chain_of([{"extent": 3}, {"extent": 3}]), 0, 2, 20)
    assert axis.needed((3, 4)) == (3, 8)


def test_spans_that_overlap_are_set_apart_by_hand():
    # 0–4 and 3–6 overlap; 4–8 touches the first without overlap, 6–9 the second.
    assert apart(((0, 4), (3, 6), (4, 8), (6, 9))) == [[0, 2], [1, 3]]
    assert apart(((5, 7), (0, 5), (5, 6))) == [[1, 2], [0]]
    assert apart(()) == []
