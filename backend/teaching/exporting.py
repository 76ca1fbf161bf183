"""A classifier's own files, for other programs and other computers."""

import tempfile
import zipfile
from pathlib import Path
from typing import IO

from backend.classifiers.model import COMPILED_FILE, ORIGINAL_FILES, Model
from backend.errors import BadSetting, CannotUse

KINDS = ("keras", "tflite")
Contents = dict[str, Path | bytes]


def model_files(model: Model, kind: str) -> Contents:
    """What an export holds: name -> file, or content.

    The LiteRT file takes pixels from `model.pixels` and gives scores before softmax.

    Raises:
        BadSetting: no such kind.
        CannotUse: the model came without a Keras file.
    """
    labels = "".join(f"{at} {label}\n" for at, label in enumerate(model.labels)).encode()
    if kind == "tflite":
        return {"model.tflite": model.folder / COMPILED_FILE, "labels.txt": labels}
    if kind != "keras":
        raise BadSetting(
            "bad_format", f"“{kind[:40]}” is no kind of export.", "Choose keras or tflite."
        )
    files = [model.folder / name for name in ORIGINAL_FILES]
    file = next((path for path in files if path.is_file()), None)
    if file is None:
        raise CannotUse(
            "no_keras_file",
            "This classifier came without a Keras file.",
            "Export it as tflite instead.",
        )
    return {f"keras_model{file.suffix}": file, "labels.txt": labels}


def packed(contents: Contents) -> IO[bytes]:
    """A zip, open at its beginning; it has no name on the disk and goes by itself."""
    file = tempfile.TemporaryFile(prefix="peekaboo-")  # noqa: SIM115
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            if isinstance(content, bytes):
                archive.writestr(name, content)
            else:
                archive.write(content, name)
    file.seek(0)
    return file
