"""Where to cut a compiled network, so that a sweep can run most of it on small crops.

Where the graph comes to an operation whose reach is not known, the part that is run on crops
ends; the rest always runs whole.
"""

import logging
import math
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from backend.classifiers.compiled_parts import FOLDER, Parts
from backend.classifiers.graph import Cut, Graph, Part, Reading
from backend.classifiers.model import COMPILED_FILE
from backend.classifiers.plans import Plan
from backend.classifiers.reach import Axis, Span

COST_OF_A_VALUE = 12
"""Reading or writing one value takes as long as so many multiplications (measured: 9 to 14)."""
COST_OF_A_PART = 1_000_000
"""Handing a change to an interpreter and getting its result, in multiplications (10 µs)."""
COST_OF_HANDING_OVER = 36
"""Copying one value of a map out of one part and into the next."""
USUAL_SQUARES, USUAL_BLUR_PX = 6, 4
"""The cuts are chosen for squares of a sixth of each side, and what resampling smears."""
MOST_CUTS = 40

log = logging.getLogger(__name__)


def write_parts(model_folder: Path) -> bool:
    """Cut the compiled model in a folder and write its parts there, if that pays.

    A model without parts is swept whole, which is slower but as right; so whatever is odd
    about a graph ends here.
    """
    content = (model_folder / COMPILED_FILE).read_bytes()
    try:
        graph = Graph(content)
        parts = best_parts(graph)
        if not parts:
            return False
        Parts([part.axes() for part in parts], graph.files(parts)).write(model_folder / FOLDER)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        log.warning("a network could not be cut into parts", exc_info=True)
        return False
    return True


def best_parts(graph: Graph) -> list[Part]:
    """The parts to run on crops, from input to output; none if that does not pay.

    The cheapest of all ways to cut, counted for usual squares.
    """
    cuts = graph.cuts()
    if len(cuts) < 2:
        return []
    cuts = [cuts[0], *cuts[1 :: math.ceil(len(cuts) / MOST_CUTS)]]
    changes = [_usual_changes(graph, cuts[0], cut) for cut in cuts]
    cheapest: list[tuple[float, list[Part]]] = [(0.0, [])]
    savings = [0.0]
    for number, cut in enumerate(cuts[1:], 1):
        ways = []
        for before in range(number):
            part = graph.part(cuts[before], cut)
            cost = cheapest[before][0] + _cost_on_crops(graph, part, changes[before])
            ways.append((cost, [*cheapest[before][1], part]))
        cheapest.append(min(ways, key=lambda way: way[0]))
        handing_over = COST_OF_HANDING_OVER * math.prod(graph.shape(cut.map))
        # Behind the cut everything runs whole: what counts is what is saved before it.
        savings.append(cheapest[-1][0] + handing_over - _cost(graph, cut.readings))
    return cheapest[savings.index(min(savings))][1]


def _usual_changes(graph: Graph, start: Cut, cut: Cut) -> tuple[list[Span], list[Span]]:
    """The rows and columns that usual squares change in the map at a cut."""
    rows, columns = graph.part(start, cut).axes()
    return _reached(rows), _reached(columns)


def _reached(axis: Axis) -> list[Span]:
    side = axis.sizes[axis.first]
    edges = [side * number // USUAL_SQUARES for number in range(USUAL_SQUARES + 1)]
    return [
        axis.reached((max(low - USUAL_BLUR_PX, 0), min(high + USUAL_BLUR_PX, side)))
        for low, high in pairwise(edges)
    ]


def _cost_on_crops(graph: Graph, part: Part, changes: tuple[list[Span], list[Span]]) -> float:
    """Cost of running a part on the crops that these changes of its input need."""
    plan = Plan.of(part.axes(), *changes)
    sizes = [{part.first: plan.height}, {part.first: plan.width}]
    cost: float = COST_OF_HANDING_OVER * plan.height * plan.width * graph.shape(part.first)[2]
    for reading in part.readings:
        for side, step in zip(sizes, (reading.rows, reading.columns), strict=True):
            side[step.output] = max(step.size_after(side[step.inputs[0]]), 1)
        pixels = math.prod(side[reading.rows.output] for side in sizes)
        cost += pixels * _cost_of_a_pixel(reading)
    return COST_OF_A_PART + plan.runs_each * cost


def _cost(graph: Graph, readings: Iterable[Reading]) -> float:
    """Cost of running these on the whole picture."""
    return sum(
        math.prod(graph.shape(reading.rows.output)[:2]) * _cost_of_a_pixel(reading)
        for reading in readings
    )


def _cost_of_a_pixel(reading: Reading) -> int:
    return reading.multiplications + COST_OF_A_VALUE * reading.values
