"""How a map is drawn: every setting, its choices and its default, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from PIL import Image

from backend.drawing.colours import COLOURS
from backend.errors import BadSetting

RESAMPLING = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
}


@dataclass(frozen=True)
class Choice:
    """A setting that is one of several words; `meaning` is for people."""

    choices: tuple[str, ...]
    default: str
    meaning: str

    def check(self, name: str, value: object) -> str:
        """Return `value` if it is one of the choices, else raise BadSetting."""
        if value in self.choices:
            return str(value)
        raise BadSetting(
            f"bad_{name}",
            f"“{str(value)[:40]}” is not a choice for {name}.",
            "Choose one of: " + ", ".join(self.choices) + ".",
        )

    def as_json(self) -> dict[str, Any]:
        """What a form needs to offer it."""
        return {"choices": list(self.choices), "default": self.default, "meaning": self.meaning}


@dataclass(frozen=True)
class Number:
    """A setting that is a number from `lowest` to `highest`; `meaning` is for people."""

    lowest: float
    highest: float
    default: float
    meaning: str

    def check(self, name: str, value: object) -> float:
        """Return `value` as a number if it is in the range, else raise BadSetting."""
        try:
            number = float(value)  # type: ignore[arg-type]  # what cannot be read is caught
        except (TypeError, ValueError):
            number = float("nan")
        if self.lowest <= number <= self.highest:
            return number
        raise BadSetting(
            f"bad_{name}",
            f"“{str(value)[:40]}” cannot be used for {name}.",
            f"Choose a number from {self.lowest:g} to {self.highest:g}.",
        )

    def as_json(self) -> dict[str, Any]:
        """What a form needs to offer it."""
        return {
            "lowest": self.lowest,
            "highest": self.highest,
            "default": self.default,
            "meaning": self.meaning,
        }


DRAW_SETTINGS: dict[str, Choice | Number] = {
    "type": Choice(
        ("pixels", "regions", "outlines"),
        "pixels",
        "a colour for every pixel, one for every region or square, or lines of equal relevance",
    ),
    "polarity": Choice(
        ("positive", "negative", "both"),
        "positive",
        "what speaks for the label, what speaks against it, or both",
    ),
    "clip_below": Number(0, 100, 0, "percentile below which nothing is shown"),
    "clip_above": Number(0, 100, 99.5, "percentile from which on the colour is the strongest"),
    "colours": Choice(
        ("auto", *COLOURS),
        "auto",
        "colour map; auto is viridis, or pink_green when both polarities are shown",
    ),
    "overlay": Choice(
        ("original", "grayscale", "none", "mask_black"),
        "grayscale",
        "what lies under the colours; mask_black shows the picture only where it matters",
    ),
    "alpha_limit": Number(0, 1, 0.75, "how much colours may hide of the picture at most"),
    "resampling": Choice(tuple(RESAMPLING), "bilinear", "how a coarse map is made finer"),
}
"""Setting → what it may be. Over HTTP and at a terminal the same names and defaults."""


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
            checked = DRAW_SETTINGS[setting.name].check(setting.name, getattr(self, setting.name))
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
