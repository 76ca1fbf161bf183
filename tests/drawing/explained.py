"""Explanations of maps that a reader can see at a glance."""

import numpy as np

from backend.explanations.base import Explanation, pool
from backend.grid import Grid
from backend.picture import Fit, Picture


def grey_picture(height: int, width: int, level: int = 100) -> Picture:
    return Picture(np.full((height, width, 3), level, np.uint8))


def explained(picture: Picture, attribution, way: str = "stretch", squares=None, **more):
    """An explanation with this map (H, W) over the model's input, or with `squares` alone."""
    if attribution is not None:
        attribution = np.asarray(attribution, np.float32)
    size = attribution.shape if attribution is not None else (8, 8)
    fit = more.pop("fit", None) or Fit.of(picture, size, way)
    rows, columns = np.shape(squares) if squares is not None else (1, 1)
    grid = Grid(rows, columns, picture.height_px, picture.width_px)
    if squares is None:
        relevance = pool(attribution, fit, grid, "sum")
    else:
        relevance = np.asarray(squares, np.float32)
    known = {"method": "grad_cam", "target": "cat", "label_index": 0, "unit": "logit",
             "settings": {}, "seed": None, "seconds": 0.1, "example_score": 2.0}  # fmt: skip
    return Explanation(
        grid=grid, relevance=relevance, attribution=attribution, fit=fit, **(known | more)
    )
