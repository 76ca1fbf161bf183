"""Gradients behind a filter: a convolution is a matrix, and the way back is its transpose."""

from itertools import product

import numpy as np
import pytest

from backend.classifiers.ways_back import NotInTable, phases


def as_matrix(size, count, taps, stride, before):
    """What a convolution along one axis is: outputs are this times the inputs."""
    matrix = np.zeros((count, size))
    for output, tap in product(range(count), range(len(taps))):
        place = output * stride + tap - before
        if 0 <= place < size:
            matrix[output, place] += taps[tap]
    return matrix


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("extent", [3, 5])
def test_phases_are_the_transpose(stride, extent):
    random = np.random.default_rng(0)
    for size, before in product(range(6, 13), range(extent)):
        count = (size + before - extent) // stride + 1  # no zeros behind
        taps, values = random.normal(size=extent), random.normal(size=count)
        expected = as_matrix(size, count, taps, stride, before).T @ values
        found = np.zeros(-(-size // stride) * stride)
        for place, phase in enumerate(phases(size, count, extent, stride, before)):
            padded = np.pad(values, np.maximum(phase.pads, 0))
            unseen = np.maximum(-np.array(phase.pads), 0)
            padded = padded[unseen[0] : len(padded) - unseen[1]]
            found[place::stride] = np.correlate(padded, taps[list(phase.taps)], "valid")
        np.testing.assert_allclose(found[:size], expected, atol=1e-12)


def test_strides_over_places_are_refused():
    with pytest.raises(NotInTable):
        phases(size=6, count=2, extent=2, stride=3, before=0)
