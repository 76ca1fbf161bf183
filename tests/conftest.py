"""What several tests share: the folder of real models and photos, when it is there."""

import json
import os
from pathlib import Path

import pytest

REAL = Path(os.environ.get("PEEKABOO_REAL", Path(__file__).parents[2] / "shared" / "real"))


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real models and photos; tests that need it are skipped without it."""
    if not (REAL / "index.json").exists():
        pytest.skip(f"no real models and photos at {REAL} (name the folder in PEEKABOO_REAL)")
    return REAL


@pytest.fixture(scope="session")
def real_index(real: Path) -> dict:
    """What is known about the real models: labels, expected probabilities."""
    return json.loads((real / "index.json").read_text("utf-8"))
