"""How a person wears things: what an item is, and in which order everything is painted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backend.parade.pen import Colour, Pen
from backend.parade.person import Person

Painter = Callable[[Pen, Colour, Colour], None]
"""Paints one layer of an item, given its pen, its main colour and its second colour."""


@dataclass(frozen=True)
class Item:
    """Something to wear or carry.

    The layers "behind", "chest" and "neck" are painted in body coordinates, "hair" (behind the
    head), "face" and "hat" in head coordinates; "foot" and "hand" once for each side at the ankle
    or hand; "held" upright in the holding hand.
    """

    name: str
    slot: str  # a person wears one item per slot
    layers: Mapping[str, Painter]
    tones: Sequence[Colour]
    accents: Sequence[Colour]
    replaces_hair: bool = False


@dataclass(frozen=True)
class Worn:
    """An item in the colours chosen for it."""

    item: Item
    tone: Colour
    accent: Colour


def draw_dressed(body: Pen, person: Person, worn: Sequence[Worn]) -> None:
    """Paint a person with everything they wear, from back to front."""

    def layer(name: str, pen: Pen) -> bool:
        found = False
        for thing in worn:
            if name in thing.item.layers:
                with pen.sheet.part(thing.item.name):
                    thing.item.layers[name](pen, thing.tone, thing.accent)
                found = True
        return found

    own_hair = not any(thing.item.replaces_hair for thing in worn)
    upper = body.at(0, -40, person.lean).at(0, 40)
    head = person.head(upper)
    layer("behind", upper)
    layer("hair", head)
    if own_hair:
        person.draw_hair_behind(head)
    person.draw_legs(body)
    for foot in person.feet(body):
        if not layer("foot", foot):
            person.draw_shoe(foot)
    person.draw_torso(upper)
    layer("chest", upper)
    layer("neck", upper)
    for side, hand in zip((-1, 1), person.hands(upper), strict=True):
        person.draw_arms(upper, side)
        if side > 0:
            layer("held", upper.at(*person.held))
        if not layer("hand", hand):
            person.draw_hand(hand)
    person.draw_head(head, own_hair)
    layer("face", head.at(person.gaze * 5, 0))
    layer("hat", head)
