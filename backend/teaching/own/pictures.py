"""Pictures to learn seeing from: a thing or a character before a surface, with other things about.

Learning to see from nothing but programs: Baradad et al., "Learning to See by Looking at Noise"
(2021); Kataoka et al., "Pre-training without Natural Images" (2020).
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from backend.parade.characters import CHARACTERS
from backend.parade.dice import choose, dice_for
from backend.parade.drawing import draw_sprite
from backend.teaching.own.textures import TEXTURES, noise, surface
from backend.teaching.own.things import THINGS

SIDE_PX = 96
SPRITES = 12
"""How many of each character are drawn."""
_FINER = 2
_HUES = 10
_DRESSED = "dressed"
_CALM = ["plain", "fade", "clouds", "stone", "grain"]
KINDS = [*THINGS, *CHARACTERS]
SURFACES = [*TEXTURES, _DRESSED]
COLOURS = [*(f"hue {number}" for number in range(_HUES)), "black", "grey", "white", _DRESSED]
ASKED = {"thing": KINDS, "texture": SURFACES, "colour": COLOURS, "background": [*TEXTURES]}
"""What the network is asked about a picture, and the answers there are."""
Colour = tuple[float, float, float]
"""Hue, saturation and brightness, 0 to 1."""


@dataclass(frozen=True)
class Seen:
    """A picture (96, 96, 3) uint8, and for each question in ASKED the place of its answer."""

    picture: np.ndarray
    answers: tuple[int, ...]


def draw(seed: int) -> Seen:
    """Draw a picture; the same seed always gives the same pixels."""
    dice = dice_for(seed)
    kind = KINDS[seed % len(KINDS)]  # equally many of each
    calm = dice.random() < 0.35
    background = choose(dice, _CALM if calm else list(TEXTURES))
    canvas = _painted(background, _colour(dice), dice)
    for _ in range(dice.choice(4, p=(0.45, 0.25, 0.2, 0.1))):
        other = choose(dice, list(THINGS))
        _lay(canvas, _mask(other, dice, dice.uniform(0.1, 0.3)), _painted(
            choose(dice, list(TEXTURES)), _colour(dice), dice), dice)  # fmt: skip
    texture, named = _DRESSED, _DRESSED
    size = dice.uniform(0.5, 1.0)
    if kind in CHARACTERS:
        cover, colours = _character(kind, dice, size)
        canvas += cover[..., None] * (colours - canvas)
    else:
        texture, colour = choose(dice, list(TEXTURES)), _colour(dice)
        named = _name(colour)
        _lay(canvas, _mask(kind, dice, size), _painted(texture, colour, dice), dice)
    answers = (KINDS.index(kind), SURFACES.index(texture), COLOURS.index(named))
    return Seen(_as_seen(canvas, dice), (*answers, ASKED["background"].index(background)))


def _colour(dice: np.random.Generator) -> Colour:
    hue, strength, light = dice.random(), dice.random() ** 0.7, dice.random() ** 0.6
    return hue, strength, light


def _name(colour: Colour) -> str:
    hue, strength, light = colour
    if light < 0.25:
        return "black"
    if strength < 0.2:
        return "grey" if light < 0.75 else "white"
    return f"hue {int(hue * _HUES)}"


def _rgb(colour: Colour) -> np.ndarray:
    return np.array(colorsys.hsv_to_rgb(*colour), np.float32) * 255


def _painted(texture: str, colour: Colour, dice: np.random.Generator) -> np.ndarray:
    """A square (96, 96, 3) float32 of a texture; the colour is the greater part of it."""
    hue, strength, light = colour
    if dice.random() < 0.5:  # two shades of one colour, as most things in the world have
        light = light - 0.4 if light > 0.5 else light + 0.4
        second = ((hue + dice.normal(0, 0.04)) % 1, strength, light)
    else:
        second = _colour(dice)
    share = surface(texture, SIDE_PX, dice)[..., None] * dice.uniform(0.5, 1)
    return _rgb(colour) * (1 - share) + _rgb(second) * share


def _mask(kind: str, dice: np.random.Generator, size: float) -> np.ndarray:
    """Where the thing is: (96, 96) float32, 0 to 1, somewhere and a little out of shape."""
    outlines = THINGS[kind](dice)
    everything = np.concatenate(outlines)
    middle = (everything.max(axis=0) + everything.min(axis=0)) / 2
    turn = dice.normal(0, 0.25) if dice.random() < 0.8 else dice.uniform(0, 2 * np.pi)
    mirror = dice.choice([-1, 1])
    shape = np.array([[mirror * np.cos(turn), -np.sin(turn)],
                      [mirror * np.sin(turn), np.cos(turn)]])  # fmt: skip
    shape = shape @ np.diag(dice.uniform(0.75, 1.25, 2)) + dice.normal(0, 0.06, (2, 2))
    half = (everything.max(axis=0) - everything.min(axis=0)).max() / 2
    side = SIDE_PX * _FINER
    scale, free = side / 2 * size, side / 2 * (1.15 - size)
    place = side / 2 + dice.uniform(-1, 1, 2) * max(free, 0)
    sheet = Image.new("L", (side, side))
    pen = ImageDraw.Draw(sheet)
    waves, phases = dice.normal(0, 0.04, (2, 2)), dice.uniform(0, 2 * np.pi, (2, 2))
    for outline in outlines:
        at = (outline - middle) / half
        at = at + sum(waves[n] * np.sin((2 + n) * at[:, ::-1] + phases[n]) for n in range(2))
        pen.polygon(((at @ shape.T) * scale + place).ravel().tolist(),
                    fill=255)  # fmt: skip
    return np.asarray(sheet.reduce(_FINER), np.float32) / 255


def _lay(
    canvas: np.ndarray, mask: np.ndarray, paint: np.ndarray, dice: np.random.Generator
) -> None:
    """Lay a painted thing on the canvas, with its shadow, its round side or its outline."""
    if dice.random() < 0.4:
        _shadow(canvas, mask, dice)
    if dice.random() < 0.6:  # light from one side makes it round
        soft = _blurred(mask, dice.uniform(4, 12))
        down, across = np.gradient(soft)
        turn = dice.uniform(0, 2 * np.pi)
        slope = np.cos(turn) * across + np.sin(turn) * down
        paint = paint * (1 + dice.uniform(3, 9) * slope[..., None])
    if dice.random() < 0.3:
        inner = _blurred(mask, dice.uniform(0.7, 1.5))
        paint = paint * (inner[..., None].clip(0.3, 0.9) / 0.9)
    canvas += mask[..., None] * (paint - canvas)


def _shadow(canvas: np.ndarray, mask: np.ndarray, dice: np.random.Generator) -> None:
    down, across = dice.integers(-5, 6, 2)
    dark = _blurred(np.roll(mask, (down, across), (0, 1)), dice.uniform(1, 4))
    canvas *= 1 - dice.uniform(0.2, 0.6) * dark[..., None]


def _blurred(mask: np.ndarray, radius: float) -> np.ndarray:
    image = Image.fromarray((mask * 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


@cache
def _sprite(character: str, number: int) -> Image.Image:
    sprite = Image.fromarray(draw_sprite(2_000_000 + number, character))
    sprite.thumbnail((SIDE_PX * 2, SIDE_PX * 2))
    return sprite


def _character(name: str, dice: np.random.Generator, size: float) -> tuple[np.ndarray, np.ndarray]:
    """A character's mask (96, 96), 0 to 1, and colours (96, 96, 3)."""
    sprite = _sprite(name, int(dice.integers(SPRITES)))
    sprite = sprite.rotate(dice.normal(0, 8), expand=True, resample=Image.Resampling.BILINEAR)
    height = SIDE_PX * size * 1.15
    shape = (max(int(sprite.width * height / sprite.height), 1), int(height))
    sheet = Image.new("RGBA", (SIDE_PX, SIDE_PX))
    free = np.array([SIDE_PX, SIDE_PX]) - shape
    left, top = free / 2 + dice.uniform(-0.5, 0.5, 2) * np.abs(free)
    sheet.paste(sprite.resize(shape), (int(left), int(top)))
    pixels = np.asarray(sheet, np.float32)
    return pixels[..., 3] / 255, pixels[..., :3]


def _as_seen(canvas: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """As a camera sees it: uneven light, sometimes not sharp, a little noisy."""
    if dice.random() < 0.5:
        canvas = canvas * (0.7 + 0.6 * noise(dice, SIDE_PX, 3))[..., None]
    image = Image.fromarray(canvas.clip(0, 255).astype(np.uint8))
    if dice.random() < 0.3:
        image = image.filter(ImageFilter.GaussianBlur(dice.uniform(0.3, 1.2)))
    if dice.random() < 0.4:
        grain = dice.normal(0, dice.uniform(2, 10), (SIDE_PX, SIDE_PX, 3))
        image = Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8))
    return np.asarray(image)
