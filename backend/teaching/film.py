"""The film of a lesson: what the pupil looks at after every epoch, and what it says."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from backend.disk import read_json, write_json
from backend.explanations.base import pool
from backend.explanations.grad_cam import resized
from backend.grid import Grid
from backend.picture import Fit, Picture
from backend.teaching.pupils import Pupil, cam, confidence

ROWS, COLUMNS = 6, 8
LIKELIEST = 3
FILM_FILE = "film.json"


@dataclass(frozen=True)
class Probe:
    """A picture that the film shows.

    Attributes:
        name: by which the collection knows it.
        place: of its label among the scores; None where nobody knows it: then the likeliest
            label is explained.
    """

    name: str
    label: str
    place: int | None
    picture: Picture
    fit: Fit


class Film:
    """Frames as they are taken, kept in `film.json`."""

    def __init__(self, folder: Path, probes: list[Probe], labels: tuple[str, ...]):
        self._file, self._probes, self._labels = folder / FILM_FILE, probes, labels
        self._maps: np.ndarray | None = None
        self._epochs: list[dict[str, Any]] = []

    def rewind(self, epochs: int) -> None:
        """Keep only the frames of the first `epochs` lessons of a film that is there already."""
        kept = read_json(self._file).get("epochs", [])
        self._epochs = [one for one in kept if one["epoch"] <= epochs]

    def take(self, pupil: Pupil, epoch: int, accuracy: float | None, frozen: bool) -> None:
        """Take the frames of one epoch.

        Args:
            frozen: whether the feature maps never change, so that they are counted once.
        """
        if self._maps is None or not frozen:
            fitted = [probe.fit.apply(probe.picture.pixels) for probe in self._probes]
            self._maps = pupil.maps(np.stack(fitted))
        shares = confidence(pupil, self._maps)
        frames = []
        for probe, maps, share in zip(self._probes, self._maps, shares, strict=True):
            target = int(share.argmax()) if probe.place is None else probe.place
            frames.append(self._frame(probe, cam(pupil, maps, target), share))
        self._epochs.append({"epoch": epoch, "accuracy": accuracy, "frames": frames})
        write_json(self._file, self.as_json(), indent=None)  # after every epoch, all of it

    def as_json(self) -> dict[str, Any]:
        """The film as it is kept."""
        return {
            "probes": [{"name": probe.name, "label": probe.label} for probe in self._probes],
            "rows": ROWS,
            "columns": COLUMNS,
            "epochs": self._epochs,
        }

    def _frame(self, probe: Probe, looked_at: np.ndarray, shares: np.ndarray) -> dict[str, Any]:
        relevance = on_squares(looked_at, probe.picture, probe.fit)
        likeliest = np.argsort(-shares, kind="stable")[:LIKELIEST]
        return {
            "relevance": _rounded(relevance),
            "ghost": _rounded(ghosts(relevance)),
            "top": [
                {"label": self._labels[at], "confidence": float(shares[at])} for at in likeliest
            ],
        }


def on_squares(looked_at: np.ndarray, picture: Picture, fit: Fit) -> np.ndarray:
    """A small map (h, w) as the mean of every square: (ROWS, COLUMNS)."""
    grid = Grid(ROWS, COLUMNS, picture.height_px, picture.width_px)
    large = resized(looked_at, (fit.input_height_px, fit.input_width_px))
    return pool(large, fit, grid, "mean")


def ghosts(relevance: np.ndarray) -> np.ndarray:
    """Ghost effect 0 to 100: the square that matters most is see-through; all 0 if none does."""
    largest = relevance.max()
    return relevance / largest * 100 if largest > 0 else np.zeros_like(relevance)


def _rounded(values: np.ndarray) -> list[list[float]]:
    # Five digits are more than anybody sees, and a tenth of the file.
    return [[float(f"{value:.5g}") for value in row] for row in values]
