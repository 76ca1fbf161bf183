"""Fresh pictures for all tests of the parade; training uses seeds from a million up."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.parade import Scene, draw_scene

FRESH = 500


@pytest.fixture(scope="session")
def fresh() -> list[Scene]:
    """The pictures of the seeds 0 to 499, with whoever and wherever the dice say."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(draw_scene, range(FRESH)))
