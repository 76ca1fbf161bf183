"""Collections as one file: our zip, a zip with a folder per label, a Teachable Machine project."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path, PurePosixPath
from typing import IO

from backend.errors import CannotUse, NotUnderstood, TooLarge
from backend.picture import LARGEST_FILE_BYTES, SUFFIXES, decode
from backend.teaching import naming
from backend.teaching.collection import Collection
from backend.teaching.examples import (
    COLLECTION_FILE,
    MOST_LABELS,
    MOST_PICTURES,
    Skipped,
    too_many_labels,
    too_many_pictures,
)
from backend.teaching.exporting import Contents
from backend.teaching.masks import MASKS, mask_names
from backend.teaching.pictures import encoded

AT_ONCE = 32
MOST_ENTRIES = 3 * MOST_PICTURES
LARGEST_FACTS_BYTES = 1 << 20
LARGEST_UNPACKED_BYTES = 4_000_000_000
"""All pictures and masks together. No more is ever unpacked than a zip says of itself."""
_TEACHABLE_MACHINE = "-!-"
"""Between label and number in a Teachable Machine project; its manifest is never opened."""


@dataclass(frozen=True)
class _Entry:
    """A picture in a zip, and its mask if there is one."""

    info: zipfile.ZipInfo
    label: str
    mask: zipfile.ZipInfo | None


def pack(collection: Collection, target: IO[bytes], extra: Contents | None = None) -> None:
    """Write a collection as plain folders into a zip.

    Args:
        extra: more files, by their names in the zip.
    """
    with zipfile.ZipFile(target, "w") as archive:
        for folder in collection.labels().values():
            for path in sorted(folder.rglob("*")):
                # Pictures do not shrink any more.
                if path.is_file() and path.suffix.lower() in SUFFIXES:
                    archive.write(path, path.relative_to(collection.folder).as_posix())
        listed = [
            {"label": label, "folder": folder.name} for label, folder in collection.labels().items()
        ]
        facts = json.dumps({"name": collection.name, "labels": listed}, ensure_ascii=False)
        archive.writestr(COLLECTION_FILE, facts)
        for name, content in (extra or {}).items():
            if isinstance(content, bytes):
                archive.writestr(name, content)
            else:
                archive.write(content, name)


def unpack(file: Path, collection: Collection) -> list[Skipped]:
    """Add all pictures of a zip to a collection, one after the other.

    Returns:
        The pictures that were left out, and why.

    Raises:
        UserError: it is no zip, there is no picture in it, or too many.
    """
    with _opened(file) as archive:
        entries = list(_entries(archive))
        if not entries:
            raise _no_pictures()
        if len(entries) > MOST_PICTURES:
            raise too_many_pictures()
        if len({entry.label for entry in entries}) > MOST_LABELS:
            raise too_many_labels()
        _refuse_too_much(entries)
        return [*_add_all(archive, entries, collection)]


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except Exception as problem:
        # BadZipFile, and for names and sizes that cannot be many others.
        raise NotUnderstood(
            "not_a_zip",
            "This is not a zip with pictures that we can read, or it is damaged.",
            "Choose a zip that has a folder of pictures for every label, or a .tm project.",
        ) from problem


def _refuse_too_much(entries: list[_Entry]) -> None:
    packed = (info for entry in entries for info in (entry.info, entry.mask) if info)
    if sum(min(info.file_size, LARGEST_FILE_BYTES) for info in packed) > LARGEST_UNPACKED_BYTES:
        raise TooLarge(
            "too_much_in_zip",
            f"The pictures in it take more than {LARGEST_UNPACKED_BYTES // 10**9} GB.",
            "Choose fewer or smaller pictures.",
        )


def _add_all(
    archive: zipfile.ZipFile, entries: list[_Entry], collection: Collection
) -> Iterator[Skipped]:
    for label, own in groupby(entries, lambda entry: entry.label):
        if label not in collection.labels():
            collection.add_label(label)
        # Some at a time: each look at what is there already takes longer than a picture.
        while some := list(islice(own, AT_ONCE)):
            yield from _add_some(archive, some, collection)


def _add_some(
    archive: zipfile.ZipFile, entries: list[_Entry], collection: Collection
) -> Iterator[Skipped]:
    files, masks = [], []
    for entry in entries:
        try:
            files.append(encoded(decode(_read(archive, entry.info))))
        except (NotUnderstood, TooLarge) as problem:
            yield Skipped(entry.info.filename, problem.message)
        else:
            masks.append(entry.mask)
    names = collection.add_files(entries[0].label, files) if files else []
    for name, mask in zip(names, masks, strict=True):
        try:
            if mask:
                collection.set_mask(name, decode(_read(archive, mask)))
        except (NotUnderstood, TooLarge) as problem:
            yield Skipped(mask.filename if mask else "", problem.message)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as packed:
            # One byte more than is allowed is enough to be refused.
            return packed.read(LARGEST_FILE_BYTES + 1)
    except Exception as problem:
        # RuntimeError is what zipfile says of a password; each way of packing has errors of its
        # own (zlib.error, lzma.LZMAError, OSError, EOFError …).
        raise NotUnderstood(
            "damaged_in_zip", "It is damaged in the zip, or locked.", "Make the zip again."
        ) from problem


def _entries(archive: zipfile.ZipFile) -> Iterator[_Entry]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_ENTRIES:
        raise too_many_pictures()
    by_path = {PurePosixPath(info.filename.replace("\\", "/")): info for info in infos}
    labels = _labels(by_path, archive)
    alike: dict[PurePosixPath, list[str]] = {}
    for path in by_path:
        alike.setdefault(path.with_suffix(""), []).append(path.name)
    for path, info in by_path.items():
        hidden = path.name.startswith(".") or "__MACOSX" in path.parts
        if hidden or path.suffix.lower() not in SUFFIXES:
            continue
        beside = path.parent.parent / path.stem
        if path.parent.name == MASKS and (beside in alike or beside in by_path):
            continue  # With the picture that it belongs to; others are a label called so.
        if _TEACHABLE_MACHINE in path.name:
            label = path.name.partition(_TEACHABLE_MACHINE)[0]
        elif len(path.parts) > 1:
            label = labels.get(path.parts[-2], path.parts[-2])
        else:
            continue
        names = mask_names(path.name, alike[path.with_suffix("")])
        masks = [path.parent / MASKS / name for name in names]
        mask = next((by_path[one] for one in masks if one in by_path), None)
        yield _Entry(info, naming.label(label), mask)


def _labels(
    by_path: dict[PurePosixPath, zipfile.ZipInfo], archive: zipfile.ZipFile
) -> dict[str, str]:
    """Exact labels by folder, from our own zips."""
    info = next((info for path, info in by_path.items() if path.name == COLLECTION_FILE), None)
    if info is None or info.file_size > LARGEST_FACTS_BYTES:
        return {}
    try:
        listed = json.loads(_read(archive, info))["labels"]
        return {str(one["folder"]): str(one["label"]) for one in listed}
    except (ValueError, KeyError, TypeError, RecursionError, NotUnderstood):
        return {}


def _no_pictures() -> CannotUse:
    return CannotUse(
        "no_pictures",
        "There are no pictures in folders in this file.",
        "Choose a zip that has a folder of pictures for every label, or a .tm project.",
    )
