"""Peekaboo: cover a part of a picture and see what it does to a classifier."""

import os
from typing import Any

# Squares are shared out among threads already, one for each core. Threads of NumPy's own would
# wait for those: a sweep of a 960 × 720 picture took three times the processor's time.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
__all__ = ["__version__", "explain", "open_classifier"]


def __getattr__(name: str) -> Any:
    """`open_classifier` and `explain` for notebooks, loaded when they are asked for."""
    if name in ("explain", "open_classifier"):
        from backend import notebook

        return getattr(notebook, name)
    raise AttributeError(name)
