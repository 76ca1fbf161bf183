"""How a map is drawn: every setting, its choices and its default, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from PIL import Image

from backend.drawing.colours import COLOURS
from backend.errors import BadSetting
from backend.explanations.asking import Setting

RESAMPLING = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
}


DRAW_SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting(
            "type",
            "choice",
            "pixels",
            "a colour for every pixel, one for every region or square, or lines of equal relevance",
            options=("pixels", "regions", "outlines"),
        ),
        Setting(
            "polarity",
            "choice",
            "positive",
            "what speaks for the label, what speaks against it, or both",
            options=("positive", "negative", "both"),
        ),
        Setting("clip_below", "number", 0.0, "percentile below which nothing is shown", 0, 100),
        Setting(
            "clip_above", "number", 99.5, "percentile from which on colours are strongest", 0, 100
        ),
        Setting(
            "colours",
            "choice",
            "auto",
            "colour map; auto is viridis, or pink_green when both polarities are shown",
            options=("auto", *COLOURS),
        ),
        Setting(
            "overlay",
            "choice",
            "grayscale",
            "what lies under the colours; mask_black shows the picture only where it matters",
            options=("original", "grayscale", "none", "mask_black"),
        ),
        Setting("alpha_limit", "number", 0.75, "how much of the picture colours may hide", 0, 1),
        Setting(
            "resampling",
            "choice",
            "bilinear",
            "how a coarse map is made finer",
            options=tuple(RESAMPLING),
        ),
    )
}
"""Every setting of a picture. Over HTTP and at a terminal the same names and defaults."""


def _default(name: str) -> Any:
    return DRAW_SETTINGS[name].default


@dataclass(frozen=True)
class DrawSettings:
    """How to draw a map; the meaning of each is in `DRAW_SETTINGS`.

    Raises:
        BadSetting: a value that `DRAW_SETTINGS` does not allow, or percentiles that leave
            nothing between them.
    """

    type: str = _default("type")
    polarity: str = _default("polarity")
    clip_below: float = _default("clip_below")
    clip_above: float = _default("clip_above")
    colours: str = _default("colours")
    overlay: str = _default("overlay")
    alpha_limit: float = _default("alpha_limit")
    resampling: str = _default("resampling")

    def __post_init__(self) -> None:
        for setting in fields(self):
            checked = DRAW_SETTINGS[setting.name].read(getattr(self, setting.name))
            object.__setattr__(self, setting.name, checked)
        if self.clip_below >= self.clip_above:
            raise BadSetting(
                "bad_clip_below",
                f"Nothing is left between clip_below {self.clip_below:g} and "
                f"clip_above {self.clip_above:g}.",
                "Choose a smaller clip_below.",
            )

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> "DrawSettings":
        """Read settings as they come over HTTP or from a terminal; absent ones keep defaults."""
        unknown = sorted(set(texts) - set(DRAW_SETTINGS))
        if unknown:
            raise BadSetting(
                "unknown_setting",
                f"There is no setting called “{unknown[0][:40]}” for a picture.",
                "Settings here: " + ", ".join(DRAW_SETTINGS) + ".",
            )
        return cls(**dict(texts))  # type: ignore[arg-type]  # texts become numbers above
