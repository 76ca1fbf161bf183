"""What is worth mending before teaching, each with the pictures that show it."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from backend.errors import UserError
from backend.picture import Fit, decode
from backend.teaching.backgrounds import SMALL_SIDE_PX, difference, usual
from backend.teaching.examples import Example, Examples
from backend.teaching.likeness import sign_of, twins_of

FEW, MUCH_MORE = 8, 3
MOST_LOOKED_AT = 60
"""Of each label, evenly spread: a check must not take longer than a child waits."""
LEAST_TO_JUDGE = 5
MANY_TWINS = 0.5
"""All files of a label dropped twice make just so many."""
EDGE_PX = 9
"""Of 72: what is there is mostly background."""
ALIKE, APART = 16.0, 2.0
"""Backgrounds are one and the same if they spread less than this, in steps of colour, and lie
this many times as far from those of the other labels."""
USUAL_LIGHT = 128
LIGHT_APART, LIGHT_SPREADS = 30.0, 2.5
PLACE_SPREAD, PLACE_APART = 0.07, 0.15
"""Of the side of a picture."""
MOST_SHOWN = 8


@dataclass(frozen=True)
class Check:
    """One thing worth mending.

    Attributes:
        labels: whom it is about; `pictures`: the examples that show it.
    """

    code: str
    message: str
    hint: str
    labels: tuple[str, ...]
    pictures: tuple[Example, ...] = ()


@dataclass(frozen=True)
class _Seen:
    """The pictures that could be read: small copies (N, 72, 72, 3) and signs (N, 128)."""

    examples: list[Example]
    small: np.ndarray
    signs: np.ndarray

    def of(self, label: str) -> np.ndarray:
        """Places of a label's pictures."""
        return np.array([at for at, one in enumerate(self.examples) if one.label == label], int)

    def groups(self, places: np.ndarray) -> list[np.ndarray]:
        """Those of the places whose pictures are nearly the same, together."""
        group = twins_of(self.signs[places], self.small[places])
        return [places[group == one] for one in np.unique(group)]

    def by_label(self, places: np.ndarray) -> list[np.ndarray]:
        """The same places, those of each label for themselves."""
        whose = np.array([self.examples[at].label for at in places])
        return [places[whose == label] for label in np.unique(whose)]

    def shown(self, places: np.ndarray) -> tuple[Example, ...]:
        return tuple(self.examples[at] for at in places[:MOST_SHOWN])


def check(examples: Examples) -> list[Check]:
    """Everything that is worth mending, the most important first; none if all is well."""
    filled = [label for label in examples.labels if examples.of(label)]
    found = [*_few(examples, filled), *_uneven(examples, filled)]
    seen, broken = _look(examples, filled)
    if broken:
        found.append(
            Check(
                "broken_pictures",
                f"{_pictures(len(broken))} cannot be read: {_names(broken)}.",
                "Delete them or take them again; they are left out.",
                tuple(dict.fromkeys(one.label for one in broken)),
            )
        )
    if seen:
        for way in (_in_two_labels, _twins, _same_background, _same_light, _same_place):
            found += way(seen, filled)
    return found


def _few(examples: Examples, labels: list[str]) -> Iterator[Check]:
    for label in labels:
        count = len(examples.of(label))
        if count < FEW:
            yield Check(
                "few_pictures",
                f"“{label}” has only {_pictures(count)}.",
                "Take at least ten: from near and far, and from different sides.",
                (label,),
            )


def _uneven(examples: Examples, labels: list[str]) -> Iterator[Check]:
    counts = {label: len(examples.of(label)) for label in labels}
    if len(counts) < 2:
        return
    most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    if counts[most] > MUCH_MORE * counts[least]:
        yield Check(
            "uneven_labels",
            f"“{most}” has {counts[most]} pictures, “{least}” only {counts[least]}.",
            f"Add pictures of “{least}”, or the classifier will too often say “{most}”.",
            (least, most),
        )


def _in_two_labels(seen: _Seen, labels: list[str]) -> Iterator[Check]:
    del labels
    for places in seen.groups(np.arange(len(seen.examples))):
        whose = tuple(dict.fromkeys(seen.examples[at].label for at in places))
        if len(whose) > 1:
            yield Check(
                "same_in_two_labels",
                f"Nearly the same picture is in “{whose[0]}” and in “{whose[1]}”.",
                "Keep it where it belongs and delete the other one.",
                whose,
                seen.shown(places),
            )


def _twins(seen: _Seen, labels: list[str]) -> Iterator[Check]:
    for label in labels:
        places = seen.of(label)
        if len(places) < LEAST_TO_JUDGE:
            continue
        groups = seen.groups(places)
        if len(places) - len(groups) >= MANY_TWINS * len(places):
            yield Check(
                "twin_pictures",
                f"Many pictures of “{label}” are nearly the same.",
                "Move the thing or the camera a little between two pictures.",
                (label,),
                seen.shown(max(groups, key=len)),
            )


def _same_background(seen: _Seen, labels: list[str]) -> Iterator[Check]:
    edges = _edges(seen.small)
    # Lamps are another matter, see `_same_light`.
    edges *= USUAL_LIGHT / edges.mean(axis=(1, 2), keepdims=True).clip(10)
    for label, own, others in _judged(seen, labels):
        spread = edges[own].std(axis=0).mean()
        # From each other label alone: two that share a table have no background of their own.
        means = [edges[at].mean(axis=0) for at in seen.by_label(others)]
        apart = min(np.abs(edges[own].mean(axis=0) - mean).mean() for mean in means)
        if spread < ALIKE and apart > APART * max(spread, 4):
            yield Check(
                "same_background",
                f"All pictures of “{label}” have the same background, and no other label has it.",
                "The classifier may learn the background instead. Take some in other places, or "
                "switch on “other backgrounds”.",
                (label,),
                seen.shown(own),
            )


def _same_light(seen: _Seen, labels: list[str]) -> Iterator[Check]:
    light = seen.small.mean(axis=(1, 2, 3))
    for label, own, others in _judged(seen, labels):
        apart = light[own].mean() - light[others].mean()
        spread = max(light[own].std(), light[others].std(), 4)
        if abs(apart) > LIGHT_APART and abs(apart) > LIGHT_SPREADS * spread:
            how = "brighter" if apart > 0 else "darker"
            yield Check(
                "same_light",
                f"All pictures of “{label}” are {how} than the others.",
                "The classifier may learn the light instead. Take all pictures in the same light, "
                "or each label in different light.",
                (label,),
                seen.shown(own),
            )


def _same_place(seen: _Seen, labels: list[str]) -> Iterator[Check]:
    usual_picture = usual(list(seen.small))
    masks = [difference(small, usual_picture) for small in seen.small]
    middle = np.array([_middle(mask) for mask in masks])
    for label, own, others in _judged(seen, labels):
        mine, theirs = (middle[at][~np.isnan(middle[at][:, 0])] for at in (own, others))
        if min(len(mine), len(theirs)) < LEAST_TO_JUDGE:
            continue
        apart = mine.mean(axis=0) - theirs.mean(axis=0)
        if mine.std(axis=0).max() < PLACE_SPREAD and np.abs(apart).max() > PLACE_APART:
            yield Check(
                "same_place",
                f"“{label}” is always {_where(apart)}.",
                "Move it about, or the classifier may only learn where it is.",
                (label,),
                seen.shown(own),
            )


def _judged(seen: _Seen, labels: list[str]) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Each label with enough pictures, their places, and those of all others."""
    everything = np.arange(len(seen.examples))
    for label in labels:
        own = seen.of(label)
        others = np.setdiff1d(everything, own)
        if min(len(own), len(others)) >= LEAST_TO_JUDGE:
            yield label, own, others


def _look(examples: Examples, labels: list[str]) -> tuple[_Seen | None, list[Example]]:
    found, small, signs, broken = [], [], [], []
    for label in labels:
        own = examples.of(label)
        chosen = np.linspace(0, len(own) - 1, min(len(own), MOST_LOOKED_AT)).astype(int)
        for at in np.unique(chosen):
            example = own[at]
            try:
                tiny, sign = _tiny(example.path, example.path.stat().st_mtime_ns)
            except (UserError, OSError):
                broken.append(example)
                continue
            found.append(example)
            small.append(tiny)
            signs.append(sign)
    return (_Seen(found, np.stack(small), np.stack(signs)) if found else None), broken


def small_copies(examples: list[Example]) -> list[np.ndarray]:
    """Small copies (72, 72, 3) uint8 of the examples that can be read."""
    found = []
    for example in examples:
        with suppress(UserError, OSError):
            found.append(_tiny(example.path, example.path.stat().st_mtime_ns)[0])
    return found


@lru_cache(maxsize=6000)
def _tiny(path: Path, changed_ns: int) -> tuple[np.ndarray, np.ndarray]:
    """A small copy and the sign, kept for the next time: pictures come one by one."""
    del changed_ns
    picture = decode(path.read_bytes())
    side = (SMALL_SIDE_PX, SMALL_SIDE_PX)
    small = Fit.of(picture, side, "stretch").apply(picture.pixels)
    return small, sign_of(small)


def _edges(small: np.ndarray) -> np.ndarray:
    """The mean colour of parts of the edge: (N, 16, 3) of (N, 72, 72, 3)."""
    parts: list[np.ndarray] = []
    quarter = SMALL_SIDE_PX // 4
    for number in range(4):
        span = slice(number * quarter, (number + 1) * quarter)
        parts += [
            small[:, :EDGE_PX, span],
            small[:, -EDGE_PX:, span],
            small[:, span, :EDGE_PX],
            small[:, span, -EDGE_PX:],
        ]
    return np.stack([part.mean(axis=(1, 2)) for part in parts], axis=1)


def _middle(mask: np.ndarray | None) -> tuple[float, float]:
    if mask is None:
        return np.nan, np.nan
    rows, columns = np.nonzero(mask)
    return rows.mean() / len(mask), columns.mean() / mask.shape[1]


def _where(apart: np.ndarray) -> str:
    down, across = apart
    if abs(down) > abs(across):
        return "at the bottom" if down > 0 else "at the top"
    return "on the right" if across > 0 else "on the left"


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"


def _names(broken: list[Example]) -> str:
    shown = ", ".join(f"{one.label}/{one.path.name}" for one in broken[:3])
    return shown + (" …" if len(broken) > 3 else "")
