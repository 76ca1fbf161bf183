"""Methods and explanations as JSON, over HTTP and at a terminal."""

from typing import Any

import numpy as np

from backend.classifiers.model import Model
from backend.drawing.settings import DRAW_SETTINGS
from backend.explanations.base import Explanation, shares
from backend.explanations.methods import METHODS
from backend.picture import Picture
from backend.wire import seen_json


def methods_json(model: Model) -> dict[str, Any]:
    """Every method, whether this model can be asked, and what can be set."""
    return {
        "model": model.id,
        "methods": [
            {
                "name": method.name,
                "title": method.title,
                "purpose": method.purpose,
                "paper": method.paper,
                "needs": method.needs,
                "needs_target": method.needs_target,
                "needs_references": method.needs_references,
                "available": method.why_not(model.gradients, model.layers) is None,
                "reason": method.why_not(model.gradients, model.layers),
                "settings": [setting.as_json() for setting in method.settings],
            }
            for method in METHODS.values()
        ],
        "layers": list(model.layers),
        "drawing": [{"name": name} | one.as_json() for name, one in DRAW_SETTINGS.items()],
    }


def explanation_json(model: str, found: Explanation, picture: Picture) -> dict[str, Any]:
    """One explanation of a picture; rows and columns count from 0."""
    at = found.most_relevant
    rows, columns = (side.sum(axis=1) > 0 for side in shares(found.fit, found.grid))
    unseen = [list(one) for one in found.grid.squares() if not (rows[one[0]] and columns[one[1]])]
    return {
        "model": model,
        "method": found.method,
        "target": found.target,
        "label_index": found.label_index,
        "settings": dict(found.settings),
        "seed": found.seed,
        "unit": found.unit,
        "example_score": found.example_score,
        "baseline_score": found.baseline_score,
        "completeness_gap": found.completeness_gap,
        "approx_error": found.approx_error,
        "rows": found.grid.rows,
        "columns": found.grid.columns,
        "relevance": found.relevance.tolist(),
        "standard_error": _listed(found.standard_error),
        "ghost": ghost(found).tolist(),
        "verdict": found.verdict,
        "most_relevant": at and {"row": at[0], "column": at[1], "square": found.grid.number(*at)},
        "seen": seen_json(found.fit.seen.times(picture.shrunk_by)),
        "unseen": unseen,
        "facts": dict(found.facts),
        "warnings": list(found.warnings),
        "warning_codes": [one.code for one in found.cautions],
        "seconds": found.seconds,
    }


def ghost(found: Explanation) -> np.ndarray:
    """(rows, columns) how see-through each square becomes, 0 to 100."""
    positive = np.maximum(found.relevance.astype(np.float64), 0)
    if found.most_relevant is None:
        return np.zeros_like(positive)
    return 100 * positive / positive.max()


def _listed(values: np.ndarray | None) -> list | None:
    if values is None or not np.isfinite(values).all():
        return None
    return values.tolist()
