"""All explanation methods, and the one way to ask them."""

from collections.abc import Mapping
from time import perf_counter
from typing import Any

import numpy as np

from backend.errors import BadSetting
from backend.explanations import (
    activations,
    expected_gradients,
    grad_cam,
    integrated_gradients,
    occlusion,
    shapley,
    smallest_peek,
    smoothgrad,
    xrai,
)
from backend.explanations.asking import Found, Method, Question
from backend.explanations.base import Caution, Explanation, pool
from backend.explanations.network import finite
from backend.picture import Picture

METHODS: dict[str, Method] = {
    module.METHOD.name: module.METHOD
    for module in (
        occlusion,
        grad_cam,
        smoothgrad,
        integrated_gradients,
        expected_gradients,
        xrai,
        shapley,
        activations,
        smallest_peek,
    )
}
ROUNDING = 1e-6
"""A map whose largest value is this small a part of the score is nothing but rounding."""
ONE_COLOUR = Caution(
    "one_colour",
    "The picture is of one colour: what the map shows is the classifier's own habit.",
)


def method_named(name: str) -> Method:
    """One of METHODS.

    Raises:
        BadSetting: there is none of this name.
    """
    if name not in METHODS:
        raise BadSetting(
            "bad_method",
            f"There is no method called “{name[:40]}”.",
            "Choose one of: " + ", ".join(METHODS) + ".",
        )
    return METHODS[name]


def answer(method: Method, question: Question, given: Mapping[str, Any]) -> Explanation:
    """Let a method answer a question.

    Args:
        given: settings by name, as values or as text; defaults for the others.

    Raises:
        BadSetting: an unknown setting, or one that is not allowed.
        CannotUse: the method needs what the classifier cannot give, or it gives no numbers.
    """
    settings = method.read_settings(given)
    start = perf_counter()
    found = method.run(question, **settings)
    relevance = _relevance(found, question)
    score = question.score if found.example_score is None else found.example_score
    empty = _is_of_one_colour(question.picture)
    flat = empty or found.flat or _is_rounding(relevance, score, found.degree)
    return Explanation(
        method=method.name,
        target=question.classifier.labels[question.target],
        label_index=question.target,
        grid=question.grid,
        relevance=relevance,
        unit=found.unit,
        attribution=found.attribution,
        fit=question.fit,
        settings=settings,
        seed=found.seed,
        seconds=perf_counter() - start,
        example_score=score,
        baseline_score=found.baseline_score,
        completeness_gap=found.completeness_gap,
        approx_error=found.approx_error,
        standard_error=found.standard_error,
        verdict="flat" if flat else "found",
        maps=found.maps,
        facts=found.facts,
        cautions=(ONE_COLOUR, *found.cautions) if empty else found.cautions,
    )


def _relevance(found: Found, question: Question) -> np.ndarray:
    if found.attribution is not None:
        finite(found.attribution)
    if found.relevance is not None:
        return finite(found.relevance)
    assert found.attribution is not None, "a method gives an attribution or a relevance"
    return pool(found.attribution, question.fit, question.grid, found.pooling)


def _is_rounding(relevance: np.ndarray, score: float, degree: int) -> bool:
    least = (ROUNDING * max(abs(score), 1e-3)) ** degree
    return bool(np.abs(relevance).max() <= least)


def _is_of_one_colour(picture: Picture) -> bool:
    first = picture.pixels[0, 0]
    # Most pictures are known by their first row.
    return bool((picture.pixels[0] == first).all() and (picture.pixels == first).all())
