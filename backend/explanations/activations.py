"""Feature maps: what the channels of a layer see in the picture.

Zeiler & Fergus 2014 look at layers in this way. It explains no label: the map laid over
the picture is the mean of all channels, and the mosaic shows the most active ones.
"""

import numpy as np

from backend.explanations.asking import Found, Method, Question, Setting
from backend.explanations.grad_cam import resized
from backend.explanations.network import LAYER, as_batch, finite, map_layer, network_of


def activations(question: Question, layer: str, channels: int) -> Found:
    """The maps of a layer's most active channels, strongest first.

    Raises:
        BadSetting: no such layer, or one without space.
    """
    network = network_of(question)
    chosen = map_layer(network, layer)
    maps = finite(network.maps(as_batch(question), chosen.name)[0])
    strongest = np.argsort(-np.abs(maps).mean(axis=(0, 1)), kind="stable")[:channels]
    mean = maps.mean(axis=-1, dtype=np.float64).astype(np.float32)
    return Found(
        unit="mean activation",
        attribution=resized(mean, question.model_input.shape[:2]),
        maps=np.moveaxis(maps[..., strongest], -1, 0).copy(),
        facts={
            "layer": chosen.as_json(),
            "channels": [int(channel) for channel in strongest],
            "layers": [one.as_json() for one in network.layers()],
        },
    )


METHOD = Method(
    name="activations",
    title="Feature maps",
    purpose="What do the channels of an inner layer see?",
    paper="Zeiler & Fergus 2014",
    needs="gradients",
    settings=(
        LAYER,
        Setting("channels", "whole", 64, "how many of the most active channels", 1, 4096),
    ),
    run=activations,
    needs_target=False,
)
