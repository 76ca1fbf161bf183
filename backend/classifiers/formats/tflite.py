"""TensorFlow Lite files with float or 8-bit input."""

from pathlib import Path

from backend.classifiers.formats.base import Imported, Parts

NAME = "tflite"


def find(parts: Parts) -> list[tuple[Path, ...]]:
    """The models among the parts, recognised by their content."""
    return [(file,) for file in parts.values() if is_tflite(file)]


def is_tflite(file: Path) -> bool:
    """Whether it has TensorFlow Lite's mark at its beginning."""
    with file.open("rb") as opened:
        return opened.read(8)[4:] == b"TFL3"


def convert(files: tuple[Path, ...], folder: Path) -> Imported:
    """Rewrite the model into `folder`."""
    raise NotImplementedError
