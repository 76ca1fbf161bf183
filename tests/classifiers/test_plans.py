"""How the squares of a grid are divided into jobs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.classifiers.plans import MOST_ALONE, MOST_IN_A_BAND, Plan, bands_of
from backend.grid import Grid
from backend.picture import Patch


def patches(rows, columns):
    grid = Grid(rows, columns, 64, 64)
    return [Patch(grid.box(*at), np.zeros((0, 0, 3), np.uint8)) for at in grid.squares()]


def plans(shared):
    return [Plan(1, 1, {}, {}, shared=shared, runs_each=1)]


@pytest.mark.parametrize(
    ("rows", "columns", "workers", "jobs"),
    [
        (6, 8, 2, [8, 8, 8, 8, 8, 8]),
        (5, 8, 2, [8, 8, 8, 8, 4, 4]),
        (6, 8, 4, [8, 8, 8, 8, 4, 4, 4, 4]),
        (1, 5, 2, [3, 2]),
        (2, 2, 8, [1, 1, 1, 1]),
        (3, 3, 1, [3, 3, 3]),
    ],
)
def test_rows_are_jobs_and_those_left_over_are_cut_for_all_workers(rows, columns, workers, jobs):
    assert [len(band) for band in bands_of(patches(rows, columns), plans(True), workers)] == jobs


@given(st.integers(1, 12), st.integers(1, 64), st.integers(1, 16), st.booleans())
def test_no_square_is_lost_or_moved_and_no_job_is_large(rows, columns, workers, shared):
    todo = patches(rows, columns)
    bands = list(bands_of(todo, plans(shared), workers))
    assert [id(patch) for band in bands for patch in band] == [id(patch) for patch in todo]
    for band in bands:
        assert 1 <= len(band) <= (MOST_IN_A_BAND if shared else MOST_ALONE)
        assert len({patch.box.top for patch in band}) == 1
