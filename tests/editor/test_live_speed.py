"""What the benchmark counts in the real editor."""

from typing import Any

import pytest

from backend.bench.live import watched

pytestmark = pytest.mark.browser


def test_maps_and_frames_are_counted(browser: Any, server: str) -> None:
    counted = watched(browser, server, "parade", 2.0)
    assert counted["maps"] > 0
    # Scratch tries 30 frames in a second.
    assert 0 < counted["frames"] < 40 and 0 < counted["frames_without"] < 40
