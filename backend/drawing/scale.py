"""How strong a value is shown: one scale for the map and for the colour bar beside it."""

from dataclasses import dataclass

import numpy as np

from backend.drawing.colours import COLOURS, Colours
from backend.drawing.settings import DrawSettings


@dataclass(frozen=True)
class Scale:
    """From values to strengths and colours.

    A strength is in proportion to the value, always counted from zero, so that a colour
    means the same in the whole map: clipping hides what is below a percentile and cuts what
    is above another, it never moves zero.

    Attributes:
        polarity: `positive`, `negative` or `both`.
        hidden_below: values of a smaller magnitude are not shown.
        full_at: magnitude from which on a value is shown as strong as it gets; 0 in a map
            that has nothing to show.
        clipped: whether there are larger magnitudes than `full_at`.
        colours: the colour map.
    """

    polarity: str
    hidden_below: float
    full_at: float
    clipped: bool
    colours: Colours

    @classmethod
    def of(cls, values: np.ndarray, settings: DrawSettings, flat: bool) -> "Scale":
        """The scale for a map of `values` (any shape), percentiles taken over all of them.

        Args:
            flat: nothing in the map is worth showing, so that it must not be stretched.
        """
        name = _colours_for(settings)
        magnitude = _magnitude(np.asarray(values, np.float64), settings.polarity)
        low, high = np.percentile(magnitude, (settings.clip_below, settings.clip_above))
        if settings.clip_below == 0:
            low = 0.0  # hides nothing, and is no level of its own
        if high == 0:
            # Few values matter at all: the percentile must not hide them altogether.
            high = magnitude.max()
        if flat:
            low = high = 0.0
        clipped = bool(not flat and magnitude.max() > high)
        return cls(settings.polarity, float(low), float(high), clipped, COLOURS[name])

    def strength(self, values: np.ndarray) -> np.ndarray:
        """Signed strengths from −1 to 1; 0 for the other polarity."""
        if self.full_at == 0:
            return np.zeros(np.shape(values))
        strength = np.clip(np.asarray(values) / self.full_at, -1, 1)
        if self.polarity == "positive":
            return np.maximum(strength, 0)
        return np.minimum(strength, 0) if self.polarity == "negative" else strength

    def shown(self, values: np.ndarray) -> np.ndarray:
        """Which values are not hidden."""
        magnitude = _magnitude(np.asarray(values), self.polarity)
        return (magnitude >= self.hidden_below) & (self.full_at > 0)

    def paint(self, strength: np.ndarray) -> np.ndarray:
        """Colours (…, 3) uint8 of strengths (…) from −1 to 1."""
        if self.colours.two_sided or (self.polarity == "both" and not self.colours.covers):
            return self.colours.at(0.5 + 0.5 * strength)
        return self.colours.at(np.abs(strength))

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest value that the colour bar shows."""
        low = 0.0 if self.polarity == "positive" else -self.full_at
        return low, 0.0 if self.polarity == "negative" else self.full_at


def _colours_for(settings: DrawSettings) -> str:
    if settings.overlay == "mask_black":
        return "ghost"  # the picture's own colours, from black to as bright as they are
    if settings.colours == "auto":
        return "pink_green" if settings.polarity == "both" else "viridis"
    return settings.colours


def _magnitude(values: np.ndarray, polarity: str) -> np.ndarray:
    if polarity == "both":
        return np.abs(values)
    return np.maximum(values if polarity == "positive" else -values, 0)
