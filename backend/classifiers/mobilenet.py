"""MobileNetV2, a classifier of 1000 things that has seen 1.2 million photos, from Keras' site.

Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018). What it has
learned to see is a good beginning for a classifier of one's own.
"""

import json
import os
import tempfile
from pathlib import Path

from backend.classifiers.fetching import Download, Tell, fetch, is_whole
from backend.classifiers.model import Model
from backend.classifiers.quiet import quiet
from backend.classifiers.store import Store

NAME = "MobileNet (1000 things)"
FILE = "mobilenet_v2.keras"
"""How its file is called when it is added; by this it is known again."""
WEIGHTS = Download(
    name="mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224.h5",
    address="https://storage.googleapis.com/tensorflow/keras-applications/mobilenet_v2",
    size=14_536_120,
    sha256="3e195a2857356cfc092cbbb460beb2a5bce279015d7792598b8d3d9e451902e3",
)
LABELS = Download(
    name="imagenet_class_index.json",
    address="https://storage.googleapis.com/download.tensorflow.org/data",
    size=35_363,
    sha256="a1e7a966a1f601d39e4b43e119b3e7dd4a2ad3ea08cf69847cbaf021013767bc",
)


def get(store: Store, tell: Tell, source: str | None = None) -> Model:
    """Add MobileNetV2 to this computer's classifiers, from Keras' own folder if it is there.

    Args:
        tell: told how much of a file has come.
        source: where to look for the files instead of in the internet.

    Raises:
        UserError: they are not to be had at the moment, or are not what they should be.
    """
    found = [_found(wanted, store.home / "downloads", tell, source) for wanted in (WEIGHTS, LABELS)]
    model = add(store, *found)
    for file in found:  # What is in Keras' own folder stays there.
        if file.parent == store.home / "downloads":
            file.unlink(missing_ok=True)
    return model


def add(store: Store, weights: Path, labels: Path) -> Model:
    """Build the network, give it its weights and its labels, and add it.

    Args:
        weights: Keras' file of the whole network's weights.
        labels: JSON: place -> [number of the word in WordNet, name].
    """
    with tempfile.TemporaryDirectory() as name, quiet():
        import keras

        folder = Path(name)
        network = keras.applications.MobileNetV2(weights=str(weights))
        network.save(folder / FILE)
        names = json.loads(labels.read_bytes())
        words = [names[str(place)][1].replace("_", " ") for place in range(len(names))]
        (folder / "labels.txt").write_text("\n".join(words) + "\n", "utf-8")
        return store.add({part: folder / part for part in (FILE, "labels.txt")}, name=NAME)


def _found(wanted: Download, folder: Path, tell: Tell, source: str | None) -> Path:
    """The file in Keras' own folder, where its programs keep what they fetch, or fetched."""
    keras_home = Path(os.environ.get("KERAS_HOME", Path.home() / ".keras"))
    kept = keras_home / "models" / wanted.name
    return kept if is_whole(kept, wanted) else fetch(wanted, folder, tell, source)
