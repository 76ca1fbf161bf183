"""Pictures to compare with, for methods that need some."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from backend.classifiers.model import PARADE
from backend.errors import NotFound, UserError
from backend.explanations.base import Caution, Explanation
from backend.parade import GALLERY, gallery_picture
from backend.picture import Fit, Picture
from backend.teaching import examples
from backend.teaching.collections import Collections
from backend.teaching.examples import Example

MOST_REFERENCES = 100
Made = Callable[[Picture], Picture]
STRANGE = Caution(
    "strange_references",
    "The pictures compared with are the parade's, not those that this classifier learned from.",
)


@lru_cache(maxsize=1)
def parade_pictures() -> tuple[Picture, ...]:
    """The parade's pictures, of the kind that its classifier learned from."""
    return tuple(Picture(gallery_picture(name).picture) for name in GALLERY)


def pictures_in(folder: Path) -> list[Picture]:
    """At most `MOST_REFERENCES` pictures of a folder and of the labels' folders in it.

    Of more they are chosen evenly, so that every label has its share; what cannot be read is
    passed over.

    Raises:
        NotFound: there is none.
        CannotUse: there are too many to look through.
    """
    found: list[Picture] = []
    if folder.is_dir():
        paths = examples.pictures_in(folder)
        found = _read([Example(path, "") for path in paths] + [*_labelled(folder)])
    if not found:
        raise NotFound("no_references", f"There are no pictures in {folder}.", "Choose another.")
    return found


def usual_references(
    home: Path, model_id: str, made: Made = lambda picture: picture
) -> tuple[list[Picture], bool]:
    """What a classifier's answers are compared with unless the asker brings pictures.

    Args:
        made: what each becomes as it is read, such as `fitting` says: a hundred photos as they
            are would take a hundred times the memory of one.

    Returns:
        The pictures that it learned from, if it was taught on this computer, else the parade's;
        and whether they are of the kind that it learned from.
    """
    for collection in Collections(home).all():
        if collection.about().get("model") == model_id:
            found = _read(_labelled(collection.folder), made)
            if found:
                return found, True
    return list(parade_pictures()), model_id == PARADE


def _labelled(folder: Path) -> Sequence[Example]:
    return examples.examples_in(folder).examples


def fitting(input_size: tuple[int, int], way: str) -> Made:
    """What makes pictures to compare with as small as the input of (height, width) px.

    A picture that was fitted once stays as it is when it is fitted again.
    """
    return lambda one: Picture(Fit.of(one, input_size, way).apply(one.pixels))


def _read(found: Sequence[Example], made: Made = lambda picture: picture) -> list[Picture]:
    chosen = np.linspace(0, len(found) - 1, min(len(found), MOST_REFERENCES)).astype(int)
    pictures = []
    for index in chosen:
        try:
            pictures.append(made(found[index].picture()))
        except (OSError, UserError):
            continue
    return pictures


def warned(explanation: Explanation, own: bool) -> Explanation:
    """The explanation, with a warning if it compares with pictures of another kind.

    Args:
        own: whether they are of the kind that the classifier learned from.
    """
    if own or "references" not in explanation.facts:
        return explanation
    return replace(explanation, cautions=(*explanation.cautions, STRANGE))
