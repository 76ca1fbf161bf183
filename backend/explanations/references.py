"""Pictures to compare with, for methods that need some."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from backend.classifiers.model import PARADE
from backend.errors import NotFound, UserError
from backend.explanations.base import Caution, Explanation
from backend.parade import GALLERY, gallery_picture
from backend.picture import Picture, decode

MOST_REFERENCES = 100
STRANGE = Caution(
    "strange_references",
    "The pictures compared with are the parade's, not those that this classifier learned from.",
)


@lru_cache(maxsize=1)
def parade_pictures() -> tuple[Picture, ...]:
    """The parade's pictures, of the kind that its classifier learned from."""
    return tuple(Picture(gallery_picture(name).picture) for name in GALLERY)


def pictures_in(folder: Path) -> list[Picture]:
    """The first `MOST_REFERENCES` pictures of a folder, by name; other files are passed over.

    Raises:
        NotFound: there is none.
    """
    found: list[Picture] = []
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        if len(found) == MOST_REFERENCES:
            break
        try:
            if file.is_file():
                found.append(decode(file.read_bytes()))
        except UserError:
            continue
    if not found:
        raise NotFound("no_references", f"There are no pictures in {folder}.", "Choose another.")
    return found


def warned(explanation: Explanation, model_id: str, own: bool) -> Explanation:
    """The explanation, with a warning if it compares with pictures of another kind.

    Args:
        own: whether the asker brought the references.
    """
    if own or model_id == PARADE or "references" not in explanation.facts:
        return explanation
    return replace(explanation, cautions=(*explanation.cautions, STRANGE))
