"""The pictures of a lesson: read once, fitted for who is taught, and some of them held back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from backend.errors import CannotUse, UserError
from backend.picture import Fit, Picture
from backend.teaching.examples import Example, Examples, Skipped
from backend.teaching.likeness import sign_of, tiny_of, twins_of

LEAST_PICTURES = 2
"""Of each label."""
HELD_BACK = 0.15
LEAST_TO_HOLD_BACK = 4
MOST_KEPT_BYTES = 150_000_000
"""Fitted pictures are kept in memory up to here, else read from the disk again."""


@dataclass
class Material:
    """All examples that can be read.

    Attributes:
        labels: those that have pictures, in the order of the scores.
        classes: (N,) the place of each example's label.
        twins: (N,) pictures that are nearly the same have the same number, see `likeness`.
        held_back: (N,) bool; the others are learned from.
    """

    labels: tuple[str, ...]
    examples: list[Example]
    classes: np.ndarray
    twins: np.ndarray
    held_back: np.ndarray
    skipped: tuple[Skipped, ...]
    input_size: tuple[int, int]
    way: str
    _kept: dict[int, np.ndarray] = field(default_factory=dict)

    def fitted(self, place: int) -> np.ndarray:
        """One example as the pupil sees it: (H, W, 3) uint8."""
        if place in self._kept:
            return self._kept[place]
        return _fitted(self.examples[place].picture(), self.input_size, self.way)

    def subject(self, place: int) -> np.ndarray | None:
        """Where in it the thing itself is: (H, W) bool; None where nobody said so."""
        example = self.examples[place]
        if example.mask is None:
            return None
        pixels = example.picture().pixels
        subject = example.subject(*pixels.shape[:2])
        if subject is None:
            return None
        white = np.repeat(subject[..., np.newaxis].astype(np.uint8) * 255, 3, axis=2)
        return _fitted(Picture(white), self.input_size, self.way)[..., 0] > 127


def gather(
    examples: Examples,
    input_size: tuple[int, int],
    way: str,
    seed: int,
    tick: Callable[[float], None] = lambda share: None,
) -> Material:
    """Read all examples; those that are broken are left out and named.

    Args:
        input_size, way: how pictures are fitted.
        tick: told the share that is done.

    Raises:
        CannotUse: fewer than two labels have pictures, or one has too few.
    """
    found: list[Example] = []
    signs: list[np.ndarray] = []
    tiny: list[np.ndarray] = []
    skipped: list[Skipped] = []
    kept: dict[int, np.ndarray] = {}
    for number, example in enumerate(examples.examples):
        try:
            picture = example.picture()
        except (UserError, OSError) as problem:
            message = problem.message if isinstance(problem, UserError) else "It cannot be read."
            skipped.append(Skipped(f"{example.label}/{example.path.name}", message))
            continue
        fitted = _fitted(picture, input_size, way)
        if (len(kept) + 1) * fitted.nbytes <= MOST_KEPT_BYTES:
            kept[len(found)] = fitted
        found.append(example)
        signs.append(sign_of(fitted))
        tiny.append(tiny_of(fitted))
        tick((number + 1) / len(examples.examples))
    counts = {label: sum(one.label == label for one in found) for label in examples.labels}
    labels = tuple(label for label, count in counts.items() if count)
    refuse_too_little(counts)
    classes = np.array([labels.index(example.label) for example in found])
    twins = twins_of(np.stack(signs), np.stack(tiny))
    return Material(
        labels=labels,
        examples=found,
        classes=classes,
        twins=twins,
        held_back=hold_back(classes, twins, seed),
        skipped=tuple(skipped),
        input_size=input_size,
        way=way,
        _kept=kept,
    )


def hold_back(classes: np.ndarray, twins: np.ndarray, seed: int) -> np.ndarray:
    """Choose examples that are not learned from, so that it shows what was understood: (N,) bool.

    About `HELD_BACK` of each label that has enough. Pictures that are nearly the same stay on
    one side, unless all of a label are.
    """
    held = np.zeros(len(classes), bool)
    random = np.random.default_rng([seed, 4])
    for label in np.unique(classes):
        own = np.flatnonzero(classes == label)
        wanted = _wanted(len(own))
        for group in random.permutation(np.unique(twins[own])):
            # All pictures of the group, also those of other labels: they must not be learned.
            members = np.flatnonzero(twins == group)
            if held[own].sum() + np.isin(members, own).sum() <= wanted:
                held[members] = True
        if wanted and not held[own].any():
            held[random.permutation(own)[:wanted]] = True
    return _leave_some(held, classes)


def hardly_tested(material: Material) -> list[str]:
    """Labels that the examples held back say little about, because most are nearly the same.

    They are too few, or others like them were learned from.
    """
    found = []
    for place, label in enumerate(material.labels):
        own = material.classes == place
        held, learned = own & material.held_back, ~material.held_back
        leaked = np.isin(material.twins[held], material.twins[learned]).any()
        if leaked or held.sum() < _wanted(int(own.sum())) / 2:
            found.append(label)
    return found


def _wanted(count: int) -> int:
    return round(HELD_BACK * count) or int(count >= LEAST_TO_HOLD_BACK)


def _leave_some(held: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Something of every label is learned from, whatever its pictures resemble."""
    for label in np.unique(classes):
        own = np.flatnonzero(classes == label)
        if held[own].all():
            held[own[:LEAST_PICTURES]] = False
    return held


def _fitted(picture: Picture, size: tuple[int, int], way: str) -> np.ndarray:
    return Fit.of(picture, size, way).apply(picture.pixels)


def refuse_too_little(counts: Mapping[str, int]) -> None:
    """Refuse to teach from so many pictures of each label.

    Raises:
        CannotUse: fewer than two labels have pictures, or one has too few.
    """
    labels = [label for label, count in counts.items() if count]
    if not labels:
        raise CannotUse(
            "no_examples", "There are no pictures to learn from yet.", "Add pictures of two things."
        )
    if len(labels) == 1:
        raise CannotUse(
            "one_label",
            f"There are only pictures of “{labels[0][:40]}”.",
            "Add a second label with pictures of something else: it learns from the difference.",
        )
    for label in labels:
        if counts[label] < LEAST_PICTURES:
            raise CannotUse(
                "too_few_pictures",
                f"There is only one picture of “{label[:40]}”.",
                "Add some more; ten are a good beginning.",
            )
