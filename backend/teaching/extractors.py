"""Which models on this computer a new head can be put on, the best first."""

from typing import Any

from backend.classifiers import mobilenet
from backend.classifiers.backbones import is_teachable_machine
from backend.classifiers.model import PARADE, Model
from backend.classifiers.store import Store


def extractors(store: Store) -> list[dict[str, Any]]:
    """`id`, `name` and `source` of each.

    All Teachable Machine exports have the very same network inside, so one is enough.
    """
    models = store.models()
    found = []
    if theirs := next(filter(is_teachable_machine, models), None):
        found.append(
            {
                "id": theirs.id,
                "name": "Teachable Machine’s eyes",
                "source": f"inside “{theirs.name}”, trained on 1.2 million photos",
            }
        )
    if fetched := next(filter(_is_mobilenet, models), None):
        found.append(
            {
                "id": fetched.id,
                "name": "MobileNet’s eyes",
                "source": "from Keras, trained on 1.2 million photos",
            }
        )
    own = {
        "id": PARADE,
        "name": "Peekaboo’s own small eyes",
        "source": "comes with Peekaboo, trained on drawn pictures",
    }
    return [*found, own]


def _is_mobilenet(model: Model) -> bool:
    return model.source.split(", ")[0] == mobilenet.FILE
