"""Keras files: read the configuration, check it, and only then let Keras build the model.

Runs where TensorFlow may be loaded: the import process, and gradients later.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.classifiers import allowed, archives
from backend.classifiers.refusals import damaged, not_allowed
from backend.errors import CannotUse

LARGEST_PARAMETERS = 150_000_000
"""600 MB of float32; VGG16, the largest that is still popular, has 138 million."""
_CONFIG, _METADATA, _WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
_H5 = b"\x89HDF\r\n\x1a\n"
LoadWeights = Callable[[Any], None]


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
        name = config.get("class_name") if isinstance(config, dict) else None
        if not isinstance(name, str) or name not in allowed.MODELS:
            raise not_allowed(str(name))
        allowed.check(config)
        return cls(config, legacy)

    def build(self) -> Any:
        """Let Keras make the model, with weights that are not loaded yet.

        Raises:
            CannotUse: Keras cannot.
        """
        text = json.dumps(self.config)
        try:
            if self.legacy:
                import tf_keras

                return tf_keras.models.model_from_json(text)
            from keras.models import model_from_json
            from keras.src.legacy.saving.saving_utils import model_from_config

            # Keras 3 writes .h5 files in the older form, which has no public reader.
            older_form = "module" not in self.config
            return model_from_config(json.loads(text)) if older_form else model_from_json(text)
        except Exception as problem:
            # Keras raises any kind of exception for configurations that it dislikes.
            raise damaged() from problem


def is_h5(file: Path) -> bool:
    """Whether it begins as HDF5 files do."""
    with file.open("rb") as content:
        return content.read(len(_H5)) == _H5


@contextmanager
def opened(file: Path) -> Iterator[tuple[Architecture, LoadWeights]]:
    """Read a `.h5` or `.keras` file.

    Yields:
        Its checked architecture, and a function that fills a model built from it, or from
        a variant that has the same weights.

    Raises:
        UserError: it is damaged, not allowed or not a whole model.
    """
    if is_h5(file):
        config, version = _read_h5(file)
        yield Architecture.checked(config, _is_legacy(version)), _weights_loader(file)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with archives.opened(file) as archive:
            entries = (_CONFIG, _METADATA, _WEIGHTS)
            archives.unpack(archive, {archive.getinfo(entry): folder / entry for entry in entries})
        try:
            config = json.loads((folder / _CONFIG).read_bytes())
            version = json.loads((folder / _METADATA).read_bytes())["keras_version"]
        except (ValueError, KeyError, TypeError, RecursionError) as problem:
            raise damaged() from problem
        with _opened_h5(folder / _WEIGHTS):
            pass
        yield Architecture.checked(config, _is_legacy(version)), _weights_loader(folder / _WEIGHTS)


def _is_legacy(version: Any) -> bool:
    text = version.decode() if isinstance(version, bytes) else str(version)
    return not text.startswith("3")


def _read_h5(file: Path) -> tuple[Any, Any]:
    with _opened_h5(file) as content:
        text = content.attrs.get("model_config")
        if text is None:
            raise CannotUse(
                "only_weights",
                "The file holds only a model's weights, not the model.",
                "Save the whole model with model.save(…), or export it again.",
            )
        return json.loads(text), content.attrs.get("keras_version", "2")


@contextmanager
def _opened_h5(file: Path) -> Iterator[Any]:
    import h5py

    try:
        with h5py.File(file, "r") as content:
            _check_content(content)
            yield content
    except CannotUse:
        raise
    except Exception as problem:
        # h5py raises OSError, KeyError, RuntimeError, ValueError … for broken files.
        raise damaged() from problem


def _check_content(content: Any) -> None:
    """Refuse weights that lie outside the file or would not fit into the memory."""
    import h5py

    total = 0
    groups, seen = [content], set()
    while groups:
        group = groups.pop()
        for name in group:
            part = group[name] if _is_hard_link(group, name) else None
            outside = isinstance(part, h5py.Dataset) and (part.external or part.is_virtual)
            if part is None or outside:
                raise CannotUse(
                    "not_allowed_link",
                    "The model file points to another file, which we do not follow.",
                    "Save the model as one file and try again.",
                )
            if part.id in seen:
                continue
            seen.add(part.id)
            if isinstance(part, h5py.Group):
                groups.append(part)
            elif isinstance(part, h5py.Dataset):
                total += part.size or 0
    if total > LARGEST_PARAMETERS:
        raise CannotUse(
            "model_too_large",
            f"The model has more than {LARGEST_PARAMETERS // 1_000_000} million numbers.",
            "Use a smaller model.",
        )


def _is_hard_link(group: Any, name: str) -> bool:
    import h5py

    return isinstance(group.get(name, getlink=True), h5py.HardLink)


def _weights_loader(file: Path) -> LoadWeights:
    def load(model: Any) -> None:
        try:
            model.load_weights(str(file))
        except Exception as problem:
            # Keras raises any kind of exception for weights that do not fit.
            raise damaged() from problem

    return load
