"""Peekaboo in a notebook: `from backend import open_classifier, explain`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from backend.classifiers.compiled import Compiled
from backend.classifiers.gradients import Network
from backend.classifiers.model import Model
from backend.classifiers.store import Store
from backend.errors import NotFound
from backend.explanations.asking import Question
from backend.explanations.base import Explanation
from backend.explanations.methods import answer, method_named
from backend.explanations.references import usual_references, warned
from backend.picture import Picture, decode
from backend.wire import DEFAULT_COLUMNS, DEFAULT_ROWS

Pixels = np.ndarray | Path | str


@dataclass(frozen=True)
class Opened:
    """A classifier, and the network behind it where there is one.

    Attributes:
        model: what is known about it: id, labels, input_size (height, width), layers …
        compiled: the fast classifier: `compiled.scores(batch)` takes (N, H, W, 3) of the
            input's size, 0 to 255, and gives (N, K).
    """

    model: Model
    compiled: Compiled

    @cached_property
    def network(self) -> Network | None:
        """The same with gradients (loads TensorFlow); None without a Keras file."""
        if not self.model.gradients:
            return None
        from backend.classifiers.differentiable import Differentiable

        return Differentiable(self.model)


def open_classifier(model: str | None = None) -> Opened:
    """Open a classifier by its id or name; the built-in one if None.

    Raises:
        NotFound: there is none.
    """
    store = Store()
    found = model_named(store, model)
    return Opened(found, store.open(found.id))


def model_named(store: Store, name: str | None) -> Model:
    """A classifier's model by its id or name; the built-in one if None.

    Raises:
        NotFound: there is none.
    """
    if name is None:
        return store.model(store.default_id)
    named = {one.name: one.id for one in store.models()}
    try:
        return store.model(named.get(name, name))
    except NotFound as problem:
        hint = "The command `models list` lists those that are there, by id and name."
        raise NotFound(problem.code, problem.message, hint) from None


def explain(
    picture: Pixels,
    classifier: Opened | None = None,
    method: str = "occlusion",
    *,
    target: str | None = None,
    rows: int = DEFAULT_ROWS,
    columns: int = DEFAULT_COLUMNS,
    fit: str | None = None,
    references: Sequence[Pixels] = (),
    **settings: Any,
) -> Explanation:
    """Explain what a classifier says about a picture.

    Args:
        picture: (H, W, 3) uint8 sRGB of any size, or a picture file.
        classifier: from `open_classifier`; the built-in one if None.
        method: a name from `backend.explanations.methods.METHODS`.
        target: the label to explain; the winner if None.
        rows, columns: of squares.
        fit: `crop`, `stretch` or `pad`; as the classifier likes it if None.
        references: pictures to compare with, for methods that need them.
        settings: of the method, such as `steps=50`.

    Returns:
        `relevance` (rows, columns) float32, signed; `attribution` (H, W) float32 over the
        classifier's input, or None; `unit` says what the numbers are.

    Raises:
        UserError: a setting that is not allowed, an unknown label, a picture that cannot be
            read, or a method that this classifier cannot be asked.
    """
    classifier = classifier or open_classifier()
    asked = method_named(method)
    compared, own = [_picture(one) for one in references], True
    if asked.needs_references and not compared:
        compared, own = usual_references(Store().home, classifier.model.id)
    question = Question.about(
        classifier.compiled,
        classifier.network if asked.needs == "gradients" else None,
        _picture(picture),
        rows,
        columns,
        target,
        fit,
        compared,
    )
    return warned(answer(asked, question, settings), own)


def _picture(given: Pixels) -> Picture:
    if not isinstance(given, np.ndarray):
        return decode(Path(given).read_bytes())
    if given.dtype != np.uint8 or given.ndim != 3 or given.shape[2] != 3:
        raise ValueError(f"expected (H, W, 3) uint8, got {given.shape} {given.dtype}")
    return Picture(given)
