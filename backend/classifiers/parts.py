"""The files of a model as people have them: single files, several, or a zip of any depth."""

import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from backend.classifiers.formats.keras import is_keras_zip
from backend.classifiers.formats.tflite import is_tflite
from backend.classifiers.imported import Parts
from backend.errors import CannotUse, NotUnderstood, TooLarge

LARGEST_BYTES = 500 * 1024 * 1024
"""VGG16 has 528 MB of weights at 1000 classes, hardly anything in use is larger."""
MOST_ENTRIES = 10_000
LARGEST_RATIO = 100
"""Weights hardly shrink when packed; a hundredfold is no model."""
_OF_MODELS = {".h5", ".hdf5", ".keras", ".tflite", ".lite", ".json", ".bin", ".txt"}
_PLAIN_SIZE = 1024 * 1024


def gather(uploaded: Mapping[str, Path], folder: Path) -> Parts:
    """Collect the files of a model by their names, those from a zip unpacked into `folder`.

    Raises:
        TooLarge: too many bytes, packed or unpacked.
        CannotUse, NotUnderstood: a zip that is damaged, hostile or something else.
    """
    if sum(file.stat().st_size for file in uploaded.values()) > LARGEST_BYTES:
        raise too_large()
    parts: dict[str, Path] = {}
    for name, file in uploaded.items():
        # A .tflite file may carry a zip of its metadata at its end.
        plain = is_tflite(file) or is_keras_zip(file) or not zipfile.is_zipfile(file)
        found = {name: file} if plain else _unpack(file, folder)
        for part, path in found.items():
            if part in parts and parts[part].read_bytes() != path.read_bytes():
                raise CannotUse(
                    "several_models",
                    f"There are two different files named {part}.",
                    "Add one model at a time.",
                )
            parts[part] = path
    return parts


def too_large() -> TooLarge:
    """The error for models of more bytes than we accept."""
    return TooLarge(
        "model_too_large",
        f"The model has more than {LARGEST_BYTES // 2**20} MB.",
        "Use a smaller model.",
    )


def _unpack(file: Path, folder: Path) -> dict[str, Path]:
    try:
        with zipfile.ZipFile(file) as opened:
            entries = opened.infolist()
            _refuse_unsafe(entries)
            _refuse_other_exports([entry.filename for entry in entries])
            wanted = [entry for entry in entries if _wanted(entry)]
            _refuse_bombs(wanted, len(entries))
            return _write(opened, wanted, folder)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError) as problem:
        raise CannotUse(
            "damaged_zip",
            "The zip file is damaged or packed in a way that we do not know.",
            "Download it again and try once more.",
        ) from problem


def _write(opened: zipfile.ZipFile, wanted: list[zipfile.ZipInfo], folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for entry in wanted:
        name = PurePosixPath(entry.filename).name
        if name in found and opened.read(entry) == found[name].read_bytes():
            continue
        if name in found:
            raise CannotUse(
                "several_models",
                f"The zip holds two different files named {name}.",
                "Make a zip with one model only.",
            )
        # Named by us: no name in a zip decides where something is written.
        path = folder / f"part-{len(list(folder.iterdir()))}"
        with opened.open(entry) as packed, path.open("wb") as plain:
            # ZipExtFile never gives more than the size that was checked before.
            while block := packed.read(1 << 20):
                plain.write(block)
        found[name] = path
    return found


def _wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return not entry.is_dir() and not hidden and path.suffix.lower() in _OF_MODELS


def _refuse_unsafe(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        name = entry.filename
        outside = ".." in name.replace("\\", "/").split("/") or name[:1] in ("/", "\\")
        link = stat.S_ISLNK(entry.external_attr >> 16)
        if outside or link or ":" in name.split("/")[0]:
            raise CannotUse(
                "unsafe_zip",
                "The zip holds a file that wants to be put outside its own folder.",
                "Do not use this file; export the model again yourself.",
            )
        if entry.flag_bits & 1:
            raise CannotUse(
                "zip_with_password",
                "The zip is locked with a password.",
                "Make one without a password.",
            )


def _refuse_bombs(wanted: list[zipfile.ZipInfo], entries: int) -> None:
    if entries > MOST_ENTRIES or sum(entry.file_size for entry in wanted) > LARGEST_BYTES:
        raise too_large()
    for entry in wanted:
        if entry.file_size > max(_PLAIN_SIZE, LARGEST_RATIO * entry.compress_size):
            raise too_large()


def _refuse_other_exports(names: list[str]) -> None:
    if "manifest.json" in names and any("-!-" in name for name in names):
        raise CannotUse(
            "teachable_machine_project",
            "This is a Teachable Machine project with its pictures, not the trained model.",
            "Open it in Teachable Machine, click “Export Model”, “Tensorflow”, “Keras”, and "
            "add the file that you get.",
        )
    if any(name.endswith("saved_model.pb") for name in names):
        raise CannotUse(
            "saved_model",
            "This is a model in the form “SavedModel”, which may hold any program.",
            "Export it again and choose “Keras” (in Teachable Machine: “Tensorflow”, “Keras”).",
        )
    if not any(PurePosixPath(name).suffix.lower() in _OF_MODELS for name in names):
        raise NotUnderstood(
            "not_a_model",
            "There is no model in this zip.",
            "Add a zip from Teachable Machine's “Export Model”, or a .h5, .keras or .tflite file.",
        )
