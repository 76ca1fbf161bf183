"""Whether a map can be trusted: the checks of `explanations.sanity` as tables and plots."""

from backend.drawing.curves import Curve
from backend.drawing.report import Plot, Table, report
from backend.explanations.sanity import Sanity


def sanity_tables(found: Sanity) -> list[Table]:
    """What was found, as tables for a page or a terminal."""
    labels = list(found.baselines[0].confidence)
    curves = [("deletion", found.deletion), ("insertion", found.insertion)]
    return [
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
        Table(
            "How like the map stays when weights are mixed up",
            ["down to layer", "layers", "similarity", "without signs"],
            [[one.down_to, one.layers, one.similarity, one.absolute] for one in found.mixed],
        ),
    ]


def sanity_page(found: Sanity, method: str) -> str:
    """A page with tables and plots; `method` is what people call it."""
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
    mixed = [float(one.layers) for one in found.mixed]
    plots.append(
        Plot(
            "How like the map stays when weights are mixed up",
            "layers mixed up, from the last",
            "rank correlation",
            [
                Curve("with signs", mixed, [one.similarity for one in found.mixed]),
                Curve("without signs", mixed, [one.absolute for one in found.mixed]),
            ],
        )
    )
    remarks = Table("What to keep in mind", [""], [[one] for one in found.warnings])
    tables = [*sanity_tables(found), *([remarks] if found.warnings else [])]
    return report([], plots, tables, title=f"Can {method} be trusted here?")
