"""Parade pictures from a seed: who, where, wearing what, and the box of every part."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from backend.grid import Box
from backend.parade.characters import CHARACTERS
from backend.parade.characters.anyone import SHARED
from backend.parade.dice import choose, dice_for
from backend.parade.outfits import Item, Worn, draw_dressed
from backend.parade.pen import Pen, Sheet
from backend.parade.person import Person
from backend.parade.scenery import SCENES, paint_scenery, props
from backend.parade.scenery.foreground import paint_in_front

HEIGHT, WIDTH = 360, 480
ITEMS: dict[str, Item] = {
    item.name: item for group in (*CHARACTERS.values(), SHARED) for item in group
}
SMALLEST_SEEN_PX = 40

# Each aspect has dice of its own: taking off a hat changes neither the pose nor the scenery.
_CHOICE, _SCENERY, _PERSON, _OUTFIT, _FOREGROUND, _COLOURS = range(6)
_TALLEST, _WIDEST = 248.0, 92.0  # body units: with a hat, from the middle to a held thing


@dataclass(frozen=True)
class Scene:
    """A parade picture and what is in it."""

    picture: np.ndarray  # (360, 480, 3) uint8 sRGB
    label: str  # the character
    scene: str
    parts: dict[str, Box]  # of everything worn and seen, in px

    @property
    def telling_parts(self) -> dict[str, Box]:
        """The boxes of those parts that tell who it is."""
        own = telling_parts_of(self.label)
        return {name: box for name, box in self.parts.items() if name in own}


def telling_parts_of(character: str) -> tuple[str, ...]:
    """The names of the parts that tell who it is, whether worn or not."""
    return tuple(item.name for item in CHARACTERS[character])


def draw_scene(
    seed: int,
    character: str | None = None,
    scene: str | None = None,
    parts: Collection[str] | None = None,
) -> Scene:
    """Draw a parade picture; the same arguments always give the same pixels.

    `character` and `scene` are names from CHARACTERS and SCENES, `parts` are names of items to
    wear instead of the character's own: whatever is None is left to the dice. The dice of pose,
    colours and scenery do not depend on these arguments.

    Raises ValueError for a name that does not exist or two parts for the same place.
    """
    choice = dice_for(seed, _CHOICE)
    label = _chosen("character", character, CHARACTERS, choice)
    place = _chosen("scene", scene, SCENES, choice)
    usual = _random_outfit(label, dice_for(seed, _OUTFIT))
    worn = _in_colours(seed, usual if parts is None else _known_parts(parts))

    sheet = Sheet(HEIGHT, WIDTH)
    pen = Pen(sheet)
    paint_scenery(pen, place, dice_for(seed, _SCENERY))
    dice = dice_for(seed, _PERSON)
    person = Person.random(dice)
    ground = _somewhere(pen, dice)
    props.shadow(ground, 44)
    draw_dressed(ground, person, worn)
    foreground = dice_for(seed, _FOREGROUND)
    if foreground.random() < 0.3 and _own(usual, label) >= 3:
        paint_in_front(ground, foreground)
    picture = np.asarray(sheet.finished())
    return Scene(picture, label, place, sheet.boxes(SMALLEST_SEEN_PX))


def draw_sprite(seed: int, character: str) -> np.ndarray:
    """Draw only a character in full dress, cut to size: (H, W, 4) uint8 with transparency."""
    label = _chosen("character", character, CHARACTERS, dice_for(seed, _CHOICE))
    sheet = Sheet(HEIGHT, WIDTH, transparent=True)
    draw_in_full_dress(Pen(sheet).at(WIDTH / 2, HEIGHT - 24, scale=1.3), seed, label)
    sprite = sheet.finished()
    return np.asarray(sprite.crop(sprite.getbbox()))


def draw_in_full_dress(ground: Pen, seed: int, character: str) -> None:
    """Paint a character with everything that tells who it is; the pen is at their feet."""
    person = Person.random(dice_for(seed, _PERSON))
    draw_dressed(ground, person, _in_colours(seed, telling_parts_of(character)))


def draw_backdrop(seed: int, scene: str) -> np.ndarray:
    """Draw only the scenery, as behind the characters: (360, 480, 3) uint8."""
    sheet = Sheet(HEIGHT, WIDTH)
    place = _chosen("scene", scene, SCENES, dice_for(seed, _CHOICE))
    paint_scenery(Pen(sheet), place, dice_for(seed, _SCENERY))
    return np.asarray(sheet.finished())


def _chosen(what: str, name: str | None, table: dict, choice: np.random.Generator) -> str:
    rolled = choose(choice, list(table))
    if name is not None and name not in table:
        raise ValueError(f"There is no {what} {name!r}; there are {', '.join(table)}.")
    return rolled if name is None else name


def _known_parts(parts: Collection[str]) -> list[str]:
    for name in parts:
        if name not in ITEMS:
            raise ValueError(f"There is no part {name!r}; there are {', '.join(ITEMS)}.")
    slots = [ITEMS[name].slot for name in parts]
    for slot in slots:
        if slots.count(slot) > 1:
            raise ValueError(
                f"Two of these parts go to the same place ({slot}): {', '.join(parts)}."
            )
    return list(parts)


def _own(parts: Collection[str], character: str) -> int:
    return sum(name in telling_parts_of(character) for name in parts)


def _random_outfit(character: str, dice: np.random.Generator) -> list[str]:
    """Two to four of the character's own parts, sometimes one of another's, and shared things.

    Somebody else's part comes only with three own ones: a picture is never a draw.
    """
    own = list(telling_parts_of(character))
    missing = dice.permutation(4)[: dice.choice(3, p=(0.45, 0.35, 0.2))]
    parts = [name for number, name in enumerate(own) if number not in missing]
    others = [name for name in ITEMS if name not in own and ITEMS[name] not in SHARED]
    if len(parts) >= 3 and dice.random() < 0.3:
        _put_on(parts, choose(dice, others))
    for item in dice.permutation(np.array([item.name for item in SHARED])):
        if dice.random() < 0.3:
            _put_on(parts, str(item))
    return parts


def _put_on(parts: list[str], name: str) -> None:
    if ITEMS[name].slot not in {ITEMS[part].slot for part in parts}:
        parts.append(name)


def _in_colours(seed: int, parts: Collection[str]) -> list[Worn]:
    """The items in their own colours, in the order in which they are put on."""
    worn = []
    for number, (name, item) in enumerate(ITEMS.items()):
        dice = dice_for(seed, _COLOURS, number)
        tone = choose(dice, item.tones)
        accent = choose(dice, [colour for colour in item.accents if colour != tone])
        if name in parts:
            worn.append(Worn(item, tone, accent))
    return worn


def _somewhere(pen: Pen, dice: np.random.Generator) -> Pen:
    """A pen in body coordinates at a place where the whole person fits into the picture."""
    y = dice.uniform(292, 348)
    scale = dice.uniform(0.62, 1.0) * (y - 6) / _TALLEST
    x = dice.uniform(_WIDEST * scale, WIDTH - _WIDEST * scale)
    return pen.at(x, y, scale=scale, mirror=bool(dice.random() < 0.5))
