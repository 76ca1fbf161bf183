"""Shapley values of the squares: each one's fair share in the score.

Shapley (1953), sampled by permutations: Castro, Gómez & Tejada, "Polynomial calculation of
the Shapley value based on sampling" (2009). Squares are shown one after the other in a
random order, and each is credited with what it changes; every order is also taken backwards
(Mitchell et al. 2022), which lowers the noise. The shares add up exactly to the score of
the picture − the score of the cover alone.
"""

from contextlib import closing

import numpy as np

from backend.errors import BadSetting
from backend.explanations.asking import Found, Method, Question, Setting
from backend.explanations.base import Caution
from backend.explanations.coalitions import (
    LEAST,
    MEASURES,
    UNITS,
    Coalitions,
    levels,
    read_values,
    values_of,
)
from backend.explanations.cover import COVERS
from backend.explanations.network import SEED
from backend.picture import Patch


def shapley(question: Question, evaluations: int, cover: str, measure: str, seed: int) -> Found:
    """Share the score among the squares.

    Args:
        evaluations: about how many covered pictures are classified.

    Raises:
        BadSetting: too few for the squares.
    """
    coalitions = Coalitions(question, cover)
    number = len(coalitions.pieces)
    pairs = (evaluations - 2) // (2 * max(number - 1, 1))
    if pairs < 2:
        raise BadSetting(
            "bad_evaluations",
            f"{number} squares need at least {4 * (number - 1) + 2} evaluations.",
            "Choose more evaluations, or fewer squares.",
        )
    ends = np.stack([coalitions.shown([]), coalitions.shown(coalitions.pieces)])
    nothing, everything = values_of(question, ends, measure)
    random = np.random.default_rng(seed)
    orders = [random.permutation(number) for _ in range(pairs)]
    ways = [way for order in orders for way in (order, order[::-1])]
    prepared = question.classifier.prepare(lambda: levels(coalitions.everything_covered()))
    of_pairs = np.zeros((pairs, number))
    walks = prepared.walked(_along(coalitions, way) for way in ways)
    with closing(walks) as scores_of_ways:
        for done, (way, scores) in enumerate(zip(ways, scores_of_ways, strict=True)):
            values = read_values(question, scores, measure)
            of_pairs[done // 2, way] += np.diff([nothing, *values, everything]) / 2
            question.tell((done + 1) / len(ways))
    mean = of_pairs.mean(axis=0)
    error = of_pairs.std(axis=0, ddof=1) / np.sqrt(pairs)
    relevance, standard_error = _on_grid(question, coalitions, mean, error)
    return Found(
        unit=UNITS[measure],
        relevance=relevance,
        standard_error=standard_error,
        example_score=float(everything),
        baseline_score=float(nothing),
        completeness_gap=float(mean.sum() - (everything - nothing)),
        approx_error=0.0,
        seed=seed,
        flat=bool(np.abs(mean).max() < LEAST[measure] / 10),
        facts={"permutations": 2 * pairs, "evaluations": 2 * pairs * (number - 1) + 2},
        cautions=_cautions(mean, error),
    )


def _along(coalitions: Coalitions, order: np.ndarray) -> list[Patch]:
    """What changes when squares are shown in this order, but for the last of them."""
    running, patches = coalitions.everything_covered(), []
    for index in order[:-1]:
        piece = coalitions.pieces[index]
        coalitions.show(running, piece)
        patches.append(Patch(piece.box, levels(running[piece.place])))
    return patches


def _on_grid(
    question: Question, coalitions: Coalitions, *columns: np.ndarray
) -> tuple[np.ndarray, ...]:
    grids = []
    for values in columns:
        grid = np.zeros((question.grid.rows, question.grid.columns), np.float32)
        for piece, value in zip(coalitions.pieces, values, strict=True):
            grid[piece.row, piece.column] = value
        grids.append(grid)
    return tuple(grids)


def _cautions(mean: np.ndarray, error: np.ndarray) -> tuple[Caution, ...]:
    if error.max() > np.abs(mean).max() / 2:
        return (Caution("chance", "Chance moves these shares a lot: use more evaluations."),)
    return ()


METHOD = Method(
    name="shapley",
    title="Shapley values",
    purpose="What is each square's fair share in the score?",
    paper="Shapley 1953; Castro et al. 2009",
    needs="scores",
    settings=(
        Setting("evaluations", "whole", 800, "pictures that are classified", 10, 100_000),
        Setting("cover", "choice", "black", "what hides a square", options=tuple(COVERS)),
        Setting("measure", "choice", "log_odds", "what is shared", options=MEASURES),
        SEED,
    ),
    run=shapley,
)
