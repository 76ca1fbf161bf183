"""An HTML report: explanations side by side, in one file that needs nothing else.

Pictures are in the file itself; there is no script, and nothing is fetched. Every text is
escaped by the template engine, also labels that hold markup.
"""

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup
from PIL import Image

from backend.drawing.attribution import draw
from backend.drawing.colour_bar import number
from backend.drawing.curves import Curve, plot
from backend.drawing.settings import DrawSettings
from backend.explanations.base import Explanation
from backend.explanations.integrated_gradients import MOST_APPROX_ERROR
from backend.picture import Picture

WIDEST_PX = 720
"""Wider drawings are made smaller: a report of twenty must still open on a school computer."""


@dataclass(frozen=True)
class Card:
    """One explanation in a report.

    Attributes:
        picture_name: what people call the picture; cards of one picture stand together.
        model: what people call the classifier.
        method: what people call the method; its name if empty.
        drawing: how the map is drawn.
        sheet: a further picture below the map, such as a mosaic of feature maps.
    """

    picture: Picture
    picture_name: str
    model: str
    explanation: Explanation
    method: str = ""
    drawing: DrawSettings = field(default_factory=DrawSettings)
    sheet: Image.Image | None = None

    @property
    def method_name(self) -> str:
        """The method for people."""
        return self.method or self.explanation.method.replace("_", " ")


@dataclass(frozen=True)
class Plot:
    """Curves for a report; texts as in `curves.plot`."""

    title: str
    across: str
    up: str
    curves: Sequence[Curve]


@dataclass(frozen=True)
class Row:
    """Pictures in a row for a report, each with the words below it."""

    title: str
    text: str
    pictures: Sequence[tuple[Image.Image, str]]


@dataclass(frozen=True)
class Table:
    """A table for a report; the first column names the rows."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def report(
    cards: Sequence[Card],
    plots: Sequence[Plot] = (),
    tables: Sequence[Table] = (),
    title: str = "What is it looking at?",
    rows: Sequence[Row] = (),
) -> str:
    """A whole HTML page with an overview, all maps side by side, rows, tables and plots.

    Pictures follow in the order of their first card.
    """
    return _template().render(
        title=title,
        cards=[_described(card) for card in cards],
        drawn_alike=len({card.drawing for card in cards}) == 1,
        pictures=list(_by_picture(cards)),
        plots=[Markup(plot(one.title, one.across, one.up, one.curves)) for one in plots],
        tables=tables,
        rows=[
            {
                "title": row.title,
                "text": row.text,
                "pictures": [(data_uri(image), words) for image, words in row.pictures],
            }
            for row in rows
        ],
        show=_shown,
    )


def data_uri(image: Image.Image) -> str:
    """A picture as PNG that can stand in a page in place of an address."""
    if image.width > WIDEST_PX:
        height = max(1, round(image.height * WIDEST_PX / image.width))
        image = image.resize((WIDEST_PX, height), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    image.save(stream, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


@lru_cache(maxsize=1)
def _template() -> Template:
    folder = Path(__file__).parent
    engine = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return engine.get_template("report.jinja")


def _by_picture(cards: Sequence[Card]) -> Iterable[dict[str, Any]]:
    names = list(dict.fromkeys(card.picture_name for card in cards))
    together = sorted(cards, key=lambda card: names.index(card.picture_name))
    for name, group in groupby(together, key=lambda card: card.picture_name):
        same = list(group)
        original = Image.fromarray(same[0].picture.pixels)
        yield {
            "name": name,
            "uri": data_uri(original),
            "cards": [_described(card) | _pictures(card) for card in same],
        }


def _pictures(card: Card) -> dict[str, str]:
    return {
        "uri": data_uri(draw(card.picture, card.explanation, card.drawing)),
        "sheet": data_uri(card.sheet) if card.sheet else "",
    }


def _described(card: Card) -> dict[str, Any]:
    explanation = card.explanation
    return {
        "picture": card.picture_name,
        "method": card.method_name,
        "layer": _layer(explanation),
        "model": card.model,
        "target": explanation.target,
        "unit": explanation.unit,
        "most_relevant": _most_relevant(explanation),
        "score": explanation.example_score,
        "baseline": explanation.baseline_score,
        "error": explanation.approx_error,
        "error_high": (explanation.approx_error or 0) > MOST_APPROX_ERROR,
        "seconds": explanation.seconds,
        "warnings": explanation.warnings,
        "settings": _settings(explanation),
        "facts": _scalars(explanation.facts),
        "drawing": asdict(card.drawing),
    }


def _layer(explanation: Explanation) -> str:
    """The inner layer that was looked at; empty where there was none."""
    layer = explanation.facts.get("layer")
    return str(layer.get("name", "")) if isinstance(layer, Mapping) else ""


def _settings(explanation: Explanation) -> dict[str, object]:
    seed = {} if explanation.seed is None else {"seed": explanation.seed}
    return _scalars(explanation.settings) | seed


def _most_relevant(explanation: Explanation) -> str:
    at = explanation.most_relevant
    return f"row {at[0] + 1}, column {at[1] + 1}" if at else "none"


def _scalars(values: Mapping[str, Any]) -> dict[str, object]:
    """What fits a line of a table: words and numbers, also those one level down."""
    lines: dict[str, object] = {}
    for name, value in values.items():
        inner = value if isinstance(value, Mapping) else {"": value}
        lines |= {f"{name} {key}".strip(): item for key, item in inner.items()}
    plain = {name: item for name, item in lines.items() if isinstance(item, str | int | float)}
    return {name.replace("_", " "): item for name, item in plain.items()}


def _shown(value: object) -> str:
    """A value for people."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return number(value) if isinstance(value, float) else str(value)
