"""The files of a model as people have them: single files, several, or a zip of them."""

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from backend.classifiers import archives, labels
from backend.classifiers.formats.keras import is_keras_zip
from backend.classifiers.formats.tflite import is_tflite
from backend.classifiers.imported import Parts
from backend.classifiers.refusals import damaged
from backend.errors import CannotUse, NotUnderstood
from backend.picture import SUFFIXES

_OF_NETWORKS = {".h5", ".hdf5", ".keras", ".tflite", ".lite", ".bin"}
_OF_MODELS = _OF_NETWORKS | {".json", ".txt"}


def gather(uploaded: Mapping[str, Path], folder: Path) -> Parts:
    """Collect the files of a model by their names, those from a zip unpacked into `folder`.

    Raises:
        TooLarge: too many bytes, packed or unpacked.
        CannotUse, NotUnderstood: a zip that is damaged, hostile or something else.
    """
    if sum(file.stat().st_size for file in uploaded.values()) > archives.LARGEST_BYTES:
        raise archives.too_large()
    parts: dict[str, Path] = {}
    for number, (name, file) in enumerate(uploaded.items()):
        own = folder / str(number)
        own.mkdir()
        for part, path in _files_in(last_step(name), file, own).items():
            if part in parts and parts[part].read_bytes() != path.read_bytes():
                raise CannotUse(
                    "several_models",
                    f"There are two different files named {part[:80]}.",
                    "Add one model at a time.",
                )
            parts[part] = path
    return parts


def find_labels(parts: Parts) -> tuple[str, ...]:
    """Read the labels from whichever part has them: metadata.json or a text file.

    Raises:
        CannotUse: none has, or it cannot be told which.
    """
    by_name = {name.lower(): file for name, file in parts.items()}
    if "metadata.json" in by_name and (listed := _labels_in_json(by_name["metadata.json"])):
        return labels.tidy(listed)
    texts = {name: file for name, file in by_name.items() if name.endswith(".txt")}
    named = [file for name, file in texts.items() if "label" in name or "class" in name]
    chosen = [texts["labels.txt"]] if "labels.txt" in texts else named or list(texts.values())
    if len(chosen) != 1:
        raise labels.missing()
    return labels.from_text(chosen[0].read_bytes())


def _files_in(name: str, file: Path, folder: Path) -> dict[str, Path]:
    if not zipfile.is_zipfile(file) and _begins_as_zip(file):
        raise damaged()  # most likely a download that broke off
    if is_keras_zip(file) or not zipfile.is_zipfile(file):
        return {name: file}
    with archives.opened(file) as archive:
        # A .tflite file may carry a small zip with its labels at its end.
        carried = is_tflite(file)
        if not carried:
            _refuse_other_exports(archive.namelist())
        wanted: dict[zipfile.ZipInfo, Path] = {}
        found: dict[str, Path] = {name: file} if carried else {}
        for entry in filter(_wanted, archive.infolist()):
            part = last_step(entry.filename)
            if part in found:
                raise CannotUse(
                    "several_models",
                    f"The zip holds several files named {part[:80]}.",
                    "Make a zip with one model only.",
                )
            found[part] = wanted[entry] = folder / f"part-{len(wanted)}"
        archives.unpack(archive, wanted)
    return found


def last_step(name: str) -> str:
    """A file's own name, without the folders in which it was."""
    return PurePosixPath(name.replace("\\", "/")).name


def _begins_as_zip(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def _wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    hidden = path.name.startswith(".") or "__MACOSX" in path.parts
    return not entry.is_dir() and not hidden and path.suffix.lower() in _OF_MODELS


def _labels_in_json(file: Path) -> list[str]:
    try:
        known = json.loads(file.read_text("utf-8-sig"))
    except (ValueError, RecursionError):
        return []
    if not isinstance(known, dict):
        return []
    # Sound models call them wordLabels; they are refused later, for what they are.
    listed = known.get("labels") or known.get("wordLabels")
    return [str(label) for label in listed] if isinstance(listed, list) else []


def _refuse_other_exports(names: list[str]) -> None:
    if "manifest.json" in names and any("-!-" in name for name in names):
        raise CannotUse(
            "teachable_machine_project",
            "This is a Teachable Machine project with its pictures, not the trained model.",
            "Drop it on the page “Teach your own”, or open it in Teachable Machine, click “Export "
            "Model”, “Tensorflow”, “Keras”, and add the file that you get.",
        )
    if any(name.endswith("saved_model.pb") for name in names):
        raise CannotUse(
            "saved_model",
            "This is a model in the form “SavedModel”, which may hold any program.",
            "Export it again and choose “Keras” (in Teachable Machine: “Tensorflow”, “Keras”).",
        )
    endings = {PurePosixPath(name).suffix.lower() for name in names}
    if endings & SUFFIXES and endings.isdisjoint(_OF_NETWORKS):
        raise CannotUse(
            "pictures_not_a_model",
            "This holds pictures to teach with, not a classifier.",
            "Drop it on the page “Teach your own” and teach one with them.",
        )
    if endings.isdisjoint(_OF_MODELS):
        raise NotUnderstood(
            "not_a_model",
            "There is no model in this zip.",
            "Add a zip from Teachable Machine's “Export Model”, or a .h5, .keras or .tflite file.",
        )
