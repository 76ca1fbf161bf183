"""Labelled pictures to learn from, wherever they lie: a folder per label."""

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from backend.classifiers.labels import unused
from backend.errors import CannotUse, UserError
from backend.picture import LARGEST_FILE_BYTES, SUFFIXES, Picture, decode
from backend.teaching.masks import MASKS, mask_of

COLLECTION_FILE = "collection.json"
MOST_PICTURES, MOST_LABELS = 10_000, 100
LARGEST_NUMBER = 10**8
"""What is larger in a name or in `collection.json` was not counted by us."""


@dataclass(frozen=True)
class Example:
    """A picture file and what is on it.

    Attributes:
        mask: PNG in grey, 255 where the thing itself is; of the same shape as the picture.
    """

    path: Path
    label: str
    mask: Path | None = None

    @property
    def name(self) -> str:
        """By which the picture is known in its collection."""
        return f"{self.path.parent.name}~{self.path.name}"

    def picture(self) -> Picture:
        """Read the picture.

        Raises:
            UserError: it is damaged or too large.
        """
        with self.path.open("rb") as file:
            return decode(file.read(LARGEST_FILE_BYTES + 1))

    def subject(self, height_px: int, width_px: int) -> np.ndarray | None:
        """Where the thing itself is, as (height, width) bool; None without a (whole) mask."""
        if self.mask is None:
            return None
        try:
            pixels = decode(self.mask.read_bytes()).pixels[..., 0]
        except (OSError, UserError):
            return None
        size = (width_px, height_px)
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.NEAREST)) > 127


@dataclass(frozen=True)
class Skipped:
    """A file that was left out, and why."""

    name: str
    message: str


@dataclass(frozen=True)
class Examples:
    """All examples of a classifier-to-be.

    Attributes:
        labels: different, in the order of the scores.
    """

    labels: tuple[str, ...]
    examples: tuple[Example, ...]

    def of(self, label: str) -> list[Example]:
        """The examples of one label."""
        return [example for example in self.examples if example.label == label]

    def in_turns(self) -> Iterator[Example]:
        """The first one of each label, then the second ones, and so on."""
        rounds = zip_longest(*map(self.of, self.labels))
        return (example for one_of_each in rounds for example in one_of_each if example)

    def fingerprint(self) -> str:
        """Tells these examples from others by names and the sizes of files; opens nothing."""
        names = [(one.label, one.name, _bytes(one.path), _bytes(one.mask)) for one in self.examples]
        return hashlib.sha256(repr((self.labels, names)).encode("utf-8", "replace")).hexdigest()


def _bytes(file: Path | None) -> int:
    try:
        return file.stat().st_size if file else -1
    except OSError:  # gone meanwhile
        return -1


def examples_in(folder: Path) -> Examples:
    """Find the examples in a folder that has a folder of pictures for every label.

    Labels are called as `collection.json` says, if there is one, else as their folders.
    Masks are in the folder `masks` beside the pictures. Nothing is opened yet.

    Raises:
        CannotUse: there is no such folder, or more in it than we can take.
    """
    if not folder.is_dir():
        raise CannotUse(
            "no_folder",
            f"There is no folder “{folder.name}”.",
            "Choose a folder that has a folder of pictures for every label.",
        )
    found = {label: folder / name for label, name in label_folders(folder)}
    if len(found) > MOST_LABELS:
        raise too_many_labels()
    examples = []
    for label, inner in found.items():
        masked, paths = (inner / MASKS).is_dir(), pictures_in(inner)
        twice = _stems_used_twice(paths)
        for path in paths:
            others = [one.name for one in paths] if path.stem in twice else ()
            mask = mask_of(path, others) if masked else None
            examples.append(Example(path, label, mask if mask and mask.is_file() else None))
        if len(examples) > MOST_PICTURES:
            raise too_many_pictures()
    return Examples(tuple(found), tuple(examples))


def label_folders(folder: Path) -> Iterator[tuple[str, str]]:
    """Every label with the name of its folder: those of `collection.json`, then all others."""
    known = {}
    try:
        listed = json.loads((folder / COLLECTION_FILE).read_text("utf-8"))["labels"]
        known = {str(one["folder"]): str(one["label"]) for one in listed}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass  # A folder that somebody made by hand has none, or a broken one.
    there = {path.name for path in folder.iterdir() if path.is_dir() and _is_shown(path.name)}
    taken: set[str] = set()
    for name in [*known, *sorted(there - known.keys())]:
        label = unused(known.get(name, name), taken)
        taken.add(label)
        if name in there:
            yield label, name


def pictures_in(folder: Path) -> list[Path]:
    """The picture files of one label, by name."""
    files = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return sorted(path for path in files if _is_shown(path.name) and path.is_file())


def _stems_used_twice(paths: list[Path]) -> set[str]:
    stems = Counter(path.stem for path in paths)
    return {stem for stem, count in stems.items() if count > 1}


def _is_shown(name: str) -> bool:
    """Whether a file or folder is not hidden, and its name can be said in an answer at all."""
    return not name.startswith(".") and name.isprintable()


def entries_in(about: dict[str, Any]) -> list[dict[str, Any]]:
    """What `collection.json` says of each label, whoever wrote it."""
    listed = about.get("labels")
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [{**one, "last": number_in(one)} if "last" in one else one for one in entries]


def number_in(about: dict[str, Any]) -> int:
    """The largest number of a picture that `collection.json` tells of; 0 if it tells none."""
    last = about.get("last")
    return last if isinstance(last, int) and 0 < last < LARGEST_NUMBER else 0


def last_number(folder: Path) -> int:
    """The largest number that a picture in a folder has; 0 without any."""
    used = (int(path.stem) for path in folder.iterdir() if path.stem.isdecimal())
    return max((number for number in used if number < LARGEST_NUMBER), default=0)


def files_in(folder: Path) -> int:
    """How many files there are, at a glance: a look at each would take minutes with thousands."""
    with os.scandir(folder) as entries:
        return sum(1 for _ in entries)


def too_many_pictures() -> CannotUse:
    """A collection that is full."""
    return CannotUse(
        "too_many_pictures",
        f"These are more than {MOST_PICTURES:,} pictures.",
        "Choose fewer; some hundred for every label are plenty.",
    )


def too_many_labels() -> CannotUse:
    """A collection with all the labels that it can have."""
    return CannotUse(
        "too_many_labels",
        f"These are more than {MOST_LABELS} labels.",
        "Put some of them together, or leave some out.",
    )
