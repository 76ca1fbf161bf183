"""Keras classifiers: `.h5` and `.keras`, Teachable Machine's “Keras” export among them."""

import shutil
import zipfile
from pathlib import Path

from backend.classifiers.conversion import convert_keras
from backend.classifiers.imported import Imported, Parts
from backend.classifiers.keras_files import is_h5, opened

NAME = "keras"


def find(parts: Parts) -> list[tuple[Path, ...]]:
    """The models among the parts, recognised by their content."""
    return [(file,) for file in parts.values() if is_h5(file) or is_keras_zip(file)]


def is_keras_zip(file: Path) -> bool:
    """Whether it is a `.keras` file: a zip with a configuration and weights in it."""
    if not zipfile.is_zipfile(file):
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return {"config.json", "metadata.json", "model.weights.h5"} <= set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False


def convert(files: tuple[Path, ...], folder: Path) -> Imported:
    """Compile the model into `folder` and keep its Keras file there, for gradients.

    Raises:
        UserError: it is damaged, not allowed, or no image classifier.
    """
    (file,) = files
    suffix = ".h5" if is_h5(file) else ".keras"
    with opened(file) as (architecture, load_weights):
        imported = convert_keras(architecture, load_weights, folder)
    shutil.copyfile(file, folder / f"classifier{suffix}")
    return imported
