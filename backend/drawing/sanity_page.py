"""Whether a map can be trusted: the checks of `explanations.sanity` as maps, tables and plots."""

from PIL import Image

from backend.drawing.attribution import draw_map
from backend.drawing.curves import Curve
from backend.drawing.report import Plot, Row, Table, report
from backend.drawing.settings import DrawSettings
from backend.explanations.base import Explanation
from backend.explanations.integrated_gradients import MOST_APPROX_ERROR
from backend.explanations.sanity import Sanity
from backend.picture import Picture


def sanity_tables(found: Sanity) -> list[Table]:
    """What was found, as tables for a page or a terminal."""
    labels = list(found.baselines[0].confidence)
    curves = [("deletion", found.deletion), ("insertion", found.insertion)]
    tables = [
        Table(
            f"Confidence on baselines (even: {found.baselines[0].even:.3f})",
            ["baseline", *labels],
            [[one.name, *one.confidence.values()] for one in found.baselines],
        ),
        Table(
            "Area under the curve",
            ["curve", "this map", "by chance"],
            [[name, curve.area, curve.area_by_chance] for name, curve in curves],
        ),
    ]
    error = found.explanation.approx_error
    if error is not None:
        rows = [["the map and the score", error, MOST_APPROX_ERROR]]
        tables.append(Table("Do the parts add up?", ["between", "error", "good up to"], rows))
    if found.mixed:
        rows = [[one.down_to, one.layers, one.similarity, one.absolute] for one in found.mixed]
        heads = ["down to layer", "layers", "similarity", "without signs"]
        tables.append(Table("How like the map stays when weights are mixed up", heads, rows))
    return tables


def sanity_page(found: Sanity, picture: Picture, method: str) -> str:
    """A page with maps, tables and plots; `method` is what people call it."""
    plots = [
        Plot(
            name,
            "share of squares",
            f"confidence in {found.explanation.target}",
            [
                Curve("this map", curve.shares.tolist(), curve.confidence.tolist()),
                Curve("by chance", curve.shares.tolist(), curve.by_chance.tolist()),
            ],
        )
        for name, curve in (
            ("Covering the most relevant squares first", found.deletion),
            ("Showing the most relevant squares first", found.insertion),
        )
    ]
    if found.mixed:
        plots.append(_alike(found))
    remarks = [[one] for one in found.warnings]
    tables = sanity_tables(found)
    if remarks:
        tables.append(Table("What to keep in mind", [""], remarks))
    return report([], plots, tables, f"Can {method} be trusted here?", [_maps(found, picture)])


def _alike(found: Sanity) -> Plot:
    mixed = [float(one.layers) for one in found.mixed]
    return Plot(
        "How like the map stays when weights are mixed up",
        "layers mixed up, from the last",
        "rank correlation",
        [
            Curve("with signs", mixed, [one.similarity for one in found.mixed]),
            Curve("without signs", mixed, [one.absolute for one in found.mixed]),
        ],
    )


def _maps(found: Sanity, picture: Picture) -> Row:
    def drawn(explanation: Explanation) -> Image.Image:
        return Image.fromarray(draw_map(picture, explanation, DrawSettings()))

    if not found.mixed:
        pictures = [(drawn(found.explanation), f"what speaks for {found.explanation.target}")]
        return Row("The map", " ".join(found.not_checked.values()), pictures)
    return Row(
        "What is left when weights are mixed up",
        "From the last layer to the first. A map that shows what was learned falls apart; one "
        "that stays as it is shows the picture only.",
        [
            (drawn(found.explanation), "as it learned"),
            *(
                (drawn(one.found), f"{one.layers} mixed up: {one.similarity:.2f} alike")
                for one in found.mixed
            ),
        ],
    )
