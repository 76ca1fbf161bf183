"""One lesson from beginning to end: examples in, a classifier, its film and its review out."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import Literal

import numpy as np

from backend.classifiers.model import Model
from backend.classifiers.trainable import Extractor, SmallNetwork
from backend.disk import put, write_json
from backend.picture import Fit, Picture, decode
from backend.teaching.augmentation import changed
from backend.teaching.backgrounds import Backgrounds
from backend.teaching.examples import Examples, Skipped
from backend.teaching.film import COLUMNS, ROWS, Film, Probe
from backend.teaching.lesson import MOST_PROBES, Lesson
from backend.teaching.material import Material, gather
from backend.teaching.pupils import HeadPupil, NetworkPupil, Pupil, Tick
from backend.teaching.review import AT_ONCE, review

STATE_FILE, REVIEW_FILE = "state.npz", "review.json"
EXPORT, LABELS_FILE = "export", "labels.txt"
Stage = Literal["preparing", "teaching", "finishing"]


@dataclass(frozen=True)
class Progress:
    """How far a lesson is.

    Attributes:
        accuracy: share of right answers on the examples held back; None before the first
            epoch, or if none could be held back.
        seconds_left: None before there is anything to judge by.
    """

    stage: Stage
    epoch: int
    epochs: int
    accuracy: float | None = None
    loss: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True)
class Taught:
    """What came of a lesson.

    Attributes:
        files: the classifier's own files, name -> file, as `Store.add` takes them.
        skipped: pictures that could not be read.
    """

    files: dict[str, Path]
    fit: str
    pixels: tuple[float, float]
    accuracy: float | None
    skipped: tuple[Skipped, ...]


Tell = Callable[[Progress], None]


class Stopped(Exception):
    """Somebody wants the lesson to end here; it can be resumed."""


def teach(
    examples: Examples,
    lesson: Lesson,
    extractor: Model,
    work: Path,
    tell: Tell,
    resume: bool = False,
    watched: Sequence[Path] = (),
) -> Taught:
    """Teach a classifier.

    Args:
        extractor: the model whose features are used, for the way `head`.
        work: a folder of this lesson's own; its state is kept there after every epoch.
        tell: told how far it is; what it raises ends the lesson, which can then be resumed.
        resume: go on with the state in `work`, if it is of the same lesson and examples;
            the classifier is then the same as if it had never been interrupted.
        watched: more pictures for the film, which need not be examples.

    Raises:
        CannotUse: there is too little to learn from, or the extractor cannot be built upon.
    """
    preparing = Progress("preparing", 0, lesson.epochs)
    tell(preparing)
    work.mkdir(parents=True, exist_ok=True)
    body = Extractor(extractor) if lesson.way == "head" else None
    input_size = body.input_size if body else SmallNetwork.input_size
    fit, pixels = (body.fit, body.pixels) if body else (SmallNetwork.fit, SmallNetwork.pixels)
    material = gather(examples, input_size, fit, lesson.seed, lambda _: tell(preparing))
    pupil = _pupil(lesson, material, body, lambda _: tell(preparing))
    film = Film(work, _probes(lesson, material, watched), material.labels)
    accuracy = _learn(lesson, material, pupil, film, _State(work, lesson, material), resume, tell)
    tell(Progress("finishing", lesson.epochs, lesson.epochs, accuracy))
    names = [example.name for example in material.examples]
    write_json(work / REVIEW_FILE, review(material, pupil, names))
    export = work / EXPORT
    export.mkdir(exist_ok=True)
    # Numbered, because a label that begins with a number would lose it otherwise.
    listed = "".join(f"{at} {label}\n" for at, label in enumerate(material.labels))
    put(export / LABELS_FILE, listed.encode())
    written = pupil.write(export)
    files = {written.name: written, LABELS_FILE: export / LABELS_FILE}
    return Taught(files, fit, pixels, accuracy, material.skipped)


class _State:
    """The state of a lesson on the disk, of the same settings and examples only."""

    def __init__(self, work: Path, lesson: Lesson, material: Material):
        self._file = work / STATE_FILE
        files = [
            (one.name, one.label, _mark(one.path), one.mask and _mark(one.mask))
            for one in material.examples
        ]
        described = json.dumps([lesson.as_json(), files])
        self._sign = hashlib.sha256(described.encode()).hexdigest()

    def forget_review(self) -> None:
        """What was said of an earlier lesson no longer holds."""
        self._file.with_name(REVIEW_FILE).unlink(missing_ok=True)

    def save(self, epoch: int, pupil: Pupil) -> None:
        """Keep it on the disk."""
        stream = BytesIO()
        facts = {"epoch": np.array(epoch), "sign": np.array(self._sign)}
        facts |= {f"pupil {key}": value for key, value in pupil.state().items()}
        np.savez(stream, allow_pickle=False, **facts)
        put(self._file, stream.getvalue())

    def restore(self, pupil: Pupil) -> int:
        """Bring the pupil back to where it was; gives how many epochs it has behind it."""
        try:
            with np.load(self._file, allow_pickle=False) as kept:
                if str(kept["sign"]) != self._sign:
                    return 0
                start = len("pupil ")
                pupil.restore(
                    {key[start:]: kept[key] for key in kept.files if key.startswith("pupil ")}
                )
                return int(kept["epoch"])
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
            return 0


def _mark(path: Path) -> tuple[int, int] | None:
    """By which a file is told from another one of its name; None if it is gone by now."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns


def _pupil(lesson: Lesson, material: Material, body: Extractor | None, tick: Tick) -> Pupil:
    learned = np.flatnonzero(~material.held_back)
    backgrounds = Backgrounds(material) if lesson.other_backgrounds else None

    def variant(place: int, random: np.random.Generator) -> np.ndarray:
        at = int(learned[place])
        pixels = backgrounds.replaced(at, random) if backgrounds else material.fitted(at)
        return changed(pixels, lesson.augment, random)

    classes, outputs = material.classes[learned], len(material.labels)
    if body is None:
        return NetworkPupil(variant, classes, outputs, lesson.seed, lesson.epochs)
    variants = 1 + 3 * bool(lesson.augment) + 4 * lesson.other_backgrounds
    return HeadPupil(body, variant, classes, variants, outputs, lesson.seed, tick)


def _probes(lesson: Lesson, material: Material, watched: Sequence[Path]) -> list[Probe]:
    """The pictures of the film: those that were chosen, else the first of every label."""

    def probe(name: str, label: str, place: int | None, picture: Picture) -> Probe:
        # Of one as thin as a thread, every pixel becomes some, so that each square has its own.
        larger = -(-ROWS // picture.height_px), -(-COLUMNS // picture.width_px), 1
        picture = Picture(np.repeat(np.repeat(picture.pixels, max(larger), 0), max(larger), 1))
        fit = Fit.of(picture, material.input_size, material.way)
        return Probe(name, label, place, picture, fit)

    by_name = {example.name: at for at, example in enumerate(material.examples)}
    places = [by_name[name] for name in lesson.probes if name in by_name]
    if not places and not watched:
        firsts = [int(np.argmax(material.classes == at)) for at in range(len(material.labels))]
        places = firsts[:MOST_PROBES]
    found = []
    for at in places:
        example = material.examples[at]
        found.append(
            probe(example.name, example.label, int(material.classes[at]), example.picture())
        )
    found += [probe(str(path), "", None, decode(path.read_bytes())) for path in watched]
    return found[:MOST_PROBES]


def _learn(
    lesson: Lesson,
    material: Material,
    pupil: Pupil,
    film: Film,
    state: _State,
    resume: bool,
    tell: Tell,
) -> float | None:
    """All epochs that are left; gives the accuracy on the examples held back."""
    done = state.restore(pupil) if resume else 0
    film.rewind(done)
    state.forget_review()
    held = np.flatnonzero(material.held_back)
    frozen = lesson.way == "head"
    kept = _maps_of(pupil, material, held) if frozen else None
    accuracy = _right(pupil, material, held, kept)
    begun, epoch = monotonic(), done
    for epoch in range(done + 1, lesson.epochs + 1):
        loss = pupil.learn(epoch)
        accuracy = _right(pupil, material, held, kept)
        film.take(pupil, epoch, accuracy, frozen)
        state.save(epoch, pupil)
        left = (monotonic() - begun) / (epoch - done) * (lesson.epochs - epoch)
        tell(Progress("teaching", epoch, lesson.epochs, accuracy, loss, left))
    return accuracy


def _right(
    pupil: Pupil, material: Material, held: np.ndarray, kept: np.ndarray | None
) -> float | None:
    if not held.size:
        return None
    maps = _maps_of(pupil, material, held) if kept is None else kept
    return float((pupil.scores(maps).argmax(axis=1) == material.classes[held]).mean())


def _maps_of(pupil: Pupil, material: Material, places: np.ndarray) -> np.ndarray:
    """The mean maps (n, 1, 1, C) of some examples: all that scores need."""
    pieces = []
    for start in range(0, len(places), AT_ONCE):
        batch = np.stack([material.fitted(int(at)) for at in places[start : start + AT_ONCE]])
        pieces.append(pupil.maps(batch).mean(axis=(1, 2), keepdims=True))
    return np.concatenate(pieces) if pieces else np.zeros((0, 1, 1, 1))
