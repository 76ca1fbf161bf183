"""Which models on this computer a new head can be put on, the best first."""

from typing import Any

from backend.classifiers.model import PARADE, Model
from backend.classifiers.store import Store

_LAST_MAPS = "out_relu"
"""The end of MobileNetV2, which is inside every Teachable Machine export."""


def extractors(store: Store) -> list[dict[str, Any]]:
    """`id`, `name` and `source` of each.

    All Teachable Machine exports have the very same network inside, so one is enough.
    """
    models = store.models()
    found = []
    theirs = next((model for model in models if _has_mobilenet(model)), None)
    if theirs:
        found.append(
            {
                "id": theirs.id,
                "name": "Teachable Machine’s eyes (MobileNet)",
                "source": f"inside “{theirs.name}”, trained on 1.2 million photos",
            }
        )
    own = {
        "id": PARADE,
        "name": "Peekaboo’s own small eyes",
        "source": "comes with Peekaboo, trained on drawn pictures",
    }
    return [*found, own]


def _has_mobilenet(model: Model) -> bool:
    square = model.input_size[0] == model.input_size[1]
    return model.gradients and model.channels == "rgb" and square and _LAST_MAPS in model.layers
