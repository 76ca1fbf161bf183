"""What came of a lesson: what is mixed up, what surprises, and what it looks at for each label."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image

from backend.teaching.material import Material, hardly_tested
from backend.teaching.pupils import Pupil, cam, confidence

AT_ONCE = 32
LOOKS_SIDE = 8
MOST_SURPRISING, MOST_SHOWN = 12, 24
SURE = 0.9


def review(
    material: Material, pupil: Pupil, names: list[str], tick: Any = lambda share: None
) -> dict[str, Any]:
    """Look at all examples once more.

    Args:
        names: by which the pictures are known, for the answer.
        tick: told the share that is done.

    Returns:
        `accuracy` and `confusion` (right label × what was said) on the examples held back,
        `cells` with their names, and the labels that these say little about, `hardly_tested`,
        because most of their pictures are nearly the same; `surprising` mistakes on all
        examples, the least expected first, and those of them that it was `sure_and_wrong`
        about; and for every label where it looks: `relevance` (8, 8), shares of the whole, the
        share `outside` the subject where that is known, and some `pictures` to show below.
    """
    shares, looks, beside = _look_again(material, pupil, tick)
    said, right = shares.argmax(axis=1), material.classes
    labels = material.labels
    cells: list[list[list[str]]] = [[[] for _ in labels] for _ in labels]
    for at in np.flatnonzero(material.held_back):
        cells[right[at]][said[at]].append(names[at])
    mistakes = sorted(np.flatnonzero(said != right), key=lambda at: shares[at, right[at]])
    surprising = [
        {
            "name": names[at],
            "label": labels[right[at]],
            "said": labels[said[at]],
            "confidence": float(shares[at, said[at]]),
        }
        for at in mistakes
    ]
    held = material.held_back
    return {
        "accuracy": float((said == right)[held].mean()) if held.any() else None,
        "labels": list(labels),
        "hardly_tested": hardly_tested(material),
        "confusion": [[len(names) for names in row] for row in cells],
        "cells": cells,
        "surprising": surprising[:MOST_SURPRISING],
        "sure_and_wrong": [one for one in surprising if one["confidence"] >= SURE][
            :MOST_SURPRISING
        ],
        "looks_at": [
            {
                "label": label,
                "relevance": looks[right == place].mean(axis=0).round(5).tolist(),
                "outside": _mean(beside[at] for at in np.flatnonzero(right == place)),
                "pictures": [names[at] for at in np.flatnonzero(right == place)[:MOST_SHOWN]],
            }
            for place, label in enumerate(labels)
        ],
    }


def _look_again(
    material: Material, pupil: Pupil, tick: Any
) -> tuple[np.ndarray, np.ndarray, list[float | None]]:
    """Confidences (N, K), where it looks (N, 8, 8) for the right label, and shares outside."""
    shares, looks, beside = [], [], []
    count = len(material.examples)
    for start in range(0, count, AT_ONCE):
        places = range(start, min(start + AT_ONCE, count))
        maps = pupil.maps(np.stack([material.fitted(place) for place in places]))
        shares.append(confidence(pupil, maps))
        for place, one in zip(places, maps, strict=True):
            looked_at = cam(pupil, one, int(material.classes[place]))
            looks.append(_shares(_coarse(looked_at)))
            beside.append(outside(looked_at, material.subject(place)))
        tick((places[-1] + 1) / count)
    return np.concatenate(shares), np.stack(looks), beside


def outside(looked_at: np.ndarray, subject: np.ndarray | None) -> float | None:
    """The share of a map (h, w) that lies outside the subject (H, W) bool; None if unknown.

    The map is no finer than its cells: one that holds anything of the subject is not outside.
    """
    if subject is None or not looked_at.any():
        return None
    height, width = looked_at.shape
    inside = Image.fromarray(subject.astype(np.float32))
    covered = np.asarray(inside.resize((width, height), Image.Resampling.BOX)) > 0
    return float(looked_at[~covered].sum() / looked_at.sum())


def _coarse(looked_at: np.ndarray) -> np.ndarray:
    image = Image.fromarray(looked_at.astype(np.float32))
    return np.asarray(image.resize((LOOKS_SIDE, LOOKS_SIDE), Image.Resampling.BILINEAR))


def _shares(looked_at: np.ndarray) -> np.ndarray:
    total = looked_at.sum()
    return looked_at / total if total > 0 else looked_at


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None
