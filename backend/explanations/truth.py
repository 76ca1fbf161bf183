"""How often methods find what is known to matter: `python -m backend.explanations.truth`.

On parade pictures the truth is known: the boxes of the parts that tell who it is. Scored are
the pointing game (does the most relevant square touch one of them? Zhang et al. 2018, on
squares) and the share of all positive relevance that lies inside them. “By chance” is a map
that says nothing. The table goes into docs/methods.md, between its two marks.
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from backend.classifiers.differentiable import Differentiable
from backend.classifiers.model import PARADE
from backend.classifiers.store import Store
from backend.explanations.asking import Question
from backend.explanations.base import Explanation, shares
from backend.explanations.methods import METHODS, answer
from backend.explanations.references import parade_pictures
from backend.grid import Box
from backend.parade import Scene, draw_scene
from backend.picture import Picture

FIRST_SEED = 700_000
"""Pictures from here on were never trained on or tuned with."""
DOCUMENT = Path(__file__).parents[2] / "docs" / "methods.md"
MARKS = "<!-- truth table -->\n", "<!-- end of truth table -->\n"


def points_at(relevance: np.ndarray, scene: Scene, question: Question) -> bool:
    """Whether the most relevant square touches a telling part."""
    row, column = np.unravel_index(np.argmax(relevance), relevance.shape)
    square = question.grid.box(int(row), int(column))
    return any(_touch(square, box) for box in scene.telling_parts.values())


def share_inside(found: Explanation, scene: Scene) -> float:
    """The share of positive relevance inside the telling parts, as fine as the map is."""
    rows, columns = shares(found.fit, found.grid)
    positive = found.attribution
    if positive is None:
        # Spread evenly over the squares.
        area = np.outer(rows.sum(axis=1), columns.sum(axis=1))
        positive = rows.T @ (found.relevance / np.maximum(area, 1e-9)) @ columns
    positive = np.maximum(positive, 0)
    inside = np.zeros(scene.picture.shape[:2], bool)
    for box in scene.telling_parts.values():
        inside[box.top : box.bottom, box.left : box.right] = True
    known = found.fit.apply(np.repeat(np.uint8(255) * inside[..., np.newaxis], 3, axis=2))
    total = positive.sum()
    return float((positive * (known[..., 0] / 255)).sum() / total) if total > 0 else 0.0


def score(scenes: Iterable[Scene]) -> dict[str, tuple[float, float]]:
    """Method → (share of pictures where it points right, mean share inside)."""
    store = Store()
    classifier, network = store.open(PARADE), Differentiable(store.model(PARADE))
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in METHODS}
    found["by chance"] = []
    for scene in scenes:
        question = Question.about(
            classifier,
            network,
            Picture(scene.picture),
            6,
            8,
            scene.label,
            references=list(parade_pictures()),
        )
        for name, method in METHODS.items():
            one = answer(method, question, {})
            found[name].append(
                (points_at(one.relevance, scene, question), share_inside(one, scene))
            )
        found["by chance"].append(_by_chance(scene, question))
    return {
        name: (float(np.mean([a for a, _ in each])), float(np.mean([b for _, b in each])))
        for name, each in found.items()
    }


def _by_chance(scene: Scene, question: Question) -> tuple[float, float]:
    boxes = scene.telling_parts.values()
    squares = [question.grid.box(*at) for at in question.grid.squares()]
    touched = [any(_touch(square, box) for box in boxes) for square in squares]
    inside = np.zeros(scene.picture.shape[:2], bool)
    for box in boxes:
        inside[box.top : box.bottom, box.left : box.right] = True
    return float(np.mean(touched)), float(inside.mean())


def _touch(one: Box, other: Box) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def table(scores: dict[str, tuple[float, float]], pictures: int) -> str:
    """The table in Markdown."""
    lines = [
        f"Parade pictures: {pictures}. Made with "
        f"`python -m backend.explanations.truth --pictures {pictures}`.",
        "",
        "| method | points at a telling part | relevance on telling parts |",
        "|---|---:|---:|",
    ]
    lines += [
        f"| {name if name not in METHODS else '`' + name + '`'} | {points:.0%} | {inside:.0%} |"
        for name, (points, inside) in scores.items()
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """Score all methods, print the table and put it into the document."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--pictures", type=int, default=50)
    chosen = parser.parse_args(arguments)
    scenes = (draw_scene(FIRST_SEED + number) for number in range(chosen.pictures))
    made = table(score(scenes), chosen.pictures)
    print(made)
    text = DOCUMENT.read_text("utf-8")
    start = text.index(MARKS[0]) + len(MARKS[0])
    DOCUMENT.write_text(text[:start] + made + text[text.index(MARKS[1]) :], "utf-8")


if __name__ == "__main__":
    main()
