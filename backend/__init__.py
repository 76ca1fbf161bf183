"""Peekaboo: cover a part of a picture and see what it does to a classifier."""

from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "explain", "open_classifier"]


def __getattr__(name: str) -> Any:
    """`open_classifier` and `explain` for notebooks, loaded when they are asked for."""
    if name in ("explain", "open_classifier"):
        from backend import notebook

        return getattr(notebook, name)
    raise AttributeError(name)
