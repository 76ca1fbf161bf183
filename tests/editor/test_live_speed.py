"""What the benchmark counts in the real editor."""

from typing import Any

import pytest

from backend.bench.live import watched

pytestmark = pytest.mark.browser


def test_maps_and_frames_are_counted(contexts: Any, server: str) -> None:
    page = contexts("en-GB").new_page()
    try:
        counted = watched(page, server, "parade", 3.0)
    finally:
        page.close()
    assert counted["maps"] > 0
    # Scratch tries 30 frames in a second and never more.
    assert 0 < counted["frames"] < 40 and 0 < counted["frames_without"] < 40
