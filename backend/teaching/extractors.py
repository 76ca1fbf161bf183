"""Which models on this computer a new head can be put on, the best first."""

from pathlib import Path
from typing import Any

from backend.classifiers import mobilenet
from backend.classifiers.backbones import is_taught_here, is_teachable_machine
from backend.classifiers.model import Model
from backend.classifiers.store import Store

OWN = "own"
KINDS = ("teachable_machine", "mobilenet", OWN)
_OWN_FOLDER = Path(__file__).parent / OWN


def extractors(store: Store) -> list[dict[str, Any]]:
    """`id`, `kind` (of KINDS), `name` and `source` of each, the latter two in English.

    All Teachable Machine exports have the very same network inside, so one is enough: an
    original before one that was taught here, which another lesson may replace.
    """
    models = store.models()
    found = []
    if theirs := min(filter(is_teachable_machine, models), key=is_taught_here, default=None):
        found.append(
            {
                "id": theirs.id,
                "kind": "teachable_machine",
                "name": "Teachable Machine’s eyes",
                "source": f"inside “{theirs.name}”, trained on 1.2 million photos",
            }
        )
    if fetched := next(filter(_is_mobilenet, models), None):
        found.append(
            {
                "id": fetched.id,
                "kind": "mobilenet",
                "name": "MobileNet’s eyes",
                "source": "from Keras, trained on 1.2 million photos",
            }
        )
    own = {
        "id": OWN,
        "kind": OWN,
        "name": "Peekaboo’s own small eyes",
        "source": "comes with Peekaboo, trained on drawn pictures",
    }
    return [*found, own]


def extractor_named(extractor: str, store: Store) -> Model:
    """The model whose network is used: one of `extractors`, or any other that was added.

    Raises:
        NotFound: there is none with this id.
    """
    return Model.read(_OWN_FOLDER, OWN) if extractor == OWN else store.model(extractor)


def _is_mobilenet(model: Model) -> bool:
    return model.source.split(", ")[0] == mobilenet.FILE
