"""Keras files: read the configuration, check it, and only then let Keras build the model.

Runs where TensorFlow may be loaded: the import process, and gradients later.
"""

import copy
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.classifiers import allowed
from backend.errors import CannotUse, NotUnderstood

LARGEST_PARAMETERS = 150_000_000
"""600 MB of float32; VGG16, the largest that is still popular, has 138 million."""
LARGEST_CONFIG_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class Architecture:
    """A checked configuration, and which Keras understands it.

    Attributes:
        config: {"class_name", "config", …} as in the file, without what only training needs.
        legacy: whether it is from Keras 2, which Keras 3 cannot read (`tf_keras` can).
    """

    config: dict[str, Any]
    legacy: bool

    @classmethod
    def checked(cls, config: Any, legacy: bool) -> "Architecture":
        """Accept a configuration from a file.

        Raises:
            CannotUse: it is not a model, or holds something that is not allowed.
        """
        config = allowed.without_training(config)
        if not isinstance(config, dict) or config.get("class_name") not in allowed.MODELS:
            name = config.get("class_name") if isinstance(config, dict) else None
            raise CannotUse(
                "not_allowed_layer",
                f"The model is of a kind that we do not run: {str(name)[:80]}.",
                "Use a Keras model made with Sequential or with the functional way.",
            )
        allowed.check(config)
        return cls(config, legacy)

    def build(self) -> Any:
        """Let Keras make the model, with weights that are not loaded yet.

        Raises:
            CannotUse: Keras cannot.
        """
        config = copy.deepcopy(self.config)
        try:
            if self.legacy:
                import tf_keras

                return tf_keras.models.model_from_json(json.dumps(config))
            import keras

            return keras.models.model_from_json(json.dumps(config))
        except Exception as problem:
            # Keras raises any kind of exception for configurations that it dislikes.
            raise damaged() from problem


@dataclass(frozen=True)
class KerasFile:
    """A `.h5` or `.keras` file whose configuration has been checked.

    Attributes:
        architecture: what the file describes.
        load_weights: fills a model built from it (or from a variant with the same weights).
    """

    architecture: Architecture
    load_weights: Callable[[Any], None]

    @classmethod
    def read(cls, file: Path, folder: Path) -> "KerasFile":
        """Read a file; `folder` is for what has to be unpacked.

        Raises:
            CannotUse, NotUnderstood: it is damaged, not allowed or not a whole model.
        """
        return _read_zip(file, folder) if zipfile.is_zipfile(file) else _read_h5(file)

    def model(self) -> Any:
        """The whole model, with its weights."""
        model = self.architecture.build()
        self.load_weights(model)
        return model


def damaged() -> CannotUse:
    """The error for files that are of a known kind but cannot be read to the end."""
    return CannotUse(
        "damaged_model",
        "The model file is damaged or not complete.",
        "Export or download it again and try once more.",
    )


def _read_h5(file: Path) -> KerasFile:
    import h5py

    try:
        with h5py.File(file, "r") as opened:
            _check_weights(opened)
            text = opened.attrs.get("model_config")
            version = str(opened.attrs.get("keras_version", "2"))
        if text is None:
            raise CannotUse(
                "only_weights",
                "The file holds only a model's weights, not the model.",
                "Save the whole model with model.save(…), or export it again.",
            )
        config = json.loads(text)
    except CannotUse:
        raise
    except Exception as problem:
        # h5py raises OSError, KeyError, RuntimeError, ValueError … for broken files.
        raise damaged() from problem
    legacy = not version.startswith("3")
    return KerasFile(Architecture.checked(config, legacy), _weights_loader(file))


def _read_zip(file: Path, folder: Path) -> KerasFile:
    import h5py

    weights = folder / "model.weights.h5"
    try:
        with zipfile.ZipFile(file) as opened:
            if opened.getinfo("config.json").file_size > LARGEST_CONFIG_BYTES:
                raise NotUnderstood(
                    "bad_model_file", "The model's description is too long.", "Use a smaller model."
                )
            config = json.loads(opened.read("config.json"))
            metadata = json.loads(opened.read("metadata.json"))
            with opened.open("model.weights.h5") as packed, weights.open("wb") as plain:
                while block := packed.read(1 << 20):
                    plain.write(block)
        with h5py.File(weights, "r") as opened:
            _check_weights(opened)
        version = str(metadata.get("keras_version", "3"))
    except (CannotUse, NotUnderstood):
        raise
    except OSError as problem:
        if problem.errno is not None:
            raise
        raise damaged() from problem
    except Exception as problem:
        raise damaged() from problem
    legacy = not version.startswith("3")
    return KerasFile(Architecture.checked(config, legacy), _weights_loader(weights))


def _check_weights(opened: Any) -> None:
    """Refuse weights that lie outside the file or would not fit into the memory."""
    import h5py

    total = 0
    groups = [opened]
    seen = set()
    while groups:
        group = groups.pop()
        for name in group:
            link = group.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                raise CannotUse(
                    "not_allowed_link",
                    "The model file points to another file, which we do not follow.",
                    "Save the model as one file and try again.",
                )
            part = group[name]
            if part.id in seen:
                continue
            seen.add(part.id)
            if isinstance(part, h5py.Group):
                groups.append(part)
            elif isinstance(part, h5py.Dataset):
                if part.external:
                    raise damaged()
                total += part.size or 0
    if total > LARGEST_PARAMETERS:
        raise CannotUse(
            "model_too_large",
            f"The model has more than {LARGEST_PARAMETERS // 1_000_000} million numbers.",
            "Use a smaller model.",
        )


def _weights_loader(file: Path) -> Callable[[Any], None]:
    def load(model: Any) -> None:
        try:
            model.load_weights(str(file))
        except Exception as problem:
            raise damaged() from problem

    return load
