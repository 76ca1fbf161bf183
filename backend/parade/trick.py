"""The trick edition: pictures from which a classifier learns the wrong thing.

The clown always stands in front of the same red curtain, the others anywhere else. Whoever learns
from that may learn the curtain. Fresh pictures, where the clown stands anywhere else as well,
tell it; and as the place of everybody is known, so is how much of the relevance lies beside them.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from PIL import Image

from backend.parade.characters import CHARACTERS
from backend.parade.dice import choose, dice_for
from backend.parade.drawing import HEIGHT, WIDTH, draw_in_full_dress
from backend.parade.pen import SUPERSAMPLING, Pen, Sheet
from backend.parade.scenery import SCENES, paint_scenery, props
from backend.parade.scenery.town import RED_CURTAIN, paint_stage

TRICKED = "clown"
TO_LEARN, FRESH = "to-learn", "fresh"
MASKS = "masks"
COUNT, MOST = 40, 1000
ELSEWHERE = tuple(scene for scene in SCENES if scene != "theatre")
_TRICK, _STAGE_SEED = 6, 1  # the aspects below 6 are those of `drawing`


@dataclass(frozen=True)
class TrickPicture:
    """A picture of the trick edition.

    Attributes:
        picture: (360, 480, 3) uint8 sRGB.
        subject: (360, 480) bool, where somebody is.
    """

    picture: np.ndarray
    subject: np.ndarray


def draw_trick(seed: int, character: str, curtain: bool) -> TrickPicture:
    """Draw a character in full dress, in front of the red curtain or anywhere else.

    The same arguments always give the same pixels; everybody stands in the middle square of the
    picture, so that a classifier that crops sees all of them.

    Raises KeyError for a character that does not exist.
    """
    dice = dice_for(seed, _TRICK)
    sheet = Sheet(HEIGHT, WIDTH)
    pen = Pen(sheet)
    place = choose(dice, ELSEWHERE)
    if curtain:
        paint_stage(pen, RED_CURTAIN, dice_for(_STAGE_SEED, _TRICK))
    else:
        paint_scenery(pen, place, dice_for(seed, _TRICK, 1))
    ground = _somewhere(pen, dice)
    props.shadow(ground, 44)
    with sheet.part("somebody"):
        draw_in_full_dress(ground, seed, character)
    inside = sheet.numbers.point([0] + [255] * 255).reduce(SUPERSAMPLING)
    return TrickPicture(np.asarray(sheet.finished()), np.asarray(inside) > 127)


def write_trick(folder: Path, count: int = COUNT, seed: int = 0) -> list[Path]:
    """Draw the trick edition on all cores and write it as PNG files; returns the pictures.

    `to-learn/<character>/NUMBER.png` and, with the clown anywhere but there,
    `fresh/<character>/NUMBER.png`; beside each, `masks/NUMBER.png`, white where somebody is.
    """
    files, tasks = [], []
    for part, name in enumerate((TO_LEARN, FRESH)):
        for at, character in enumerate(sorted(CHARACTERS)):
            (folder / name / character / MASKS).mkdir(parents=True, exist_ok=True)
            for number in range(count):
                own_seed = ((seed * MOST + number) * 2 + part) * len(CHARACTERS) + at
                curtain = name == TO_LEARN and character == TRICKED
                files.append(folder / name / character / f"{number + 1:04}.png")
                tasks.append((files[-1], own_seed, character, curtain))
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        list(pool.map(_write, tasks, chunksize=5))
    return files


def _write(task: tuple[Path, int, str, bool]) -> None:
    file, seed, character, curtain = task
    drawn = draw_trick(seed, character, curtain)
    Image.fromarray(drawn.picture).save(file)
    Image.fromarray(drawn.subject.astype(np.uint8) * 255).save(file.parent / MASKS / file.name)


def _somewhere(pen: Pen, dice: np.random.Generator) -> Pen:
    """A pen in body coordinates at a place in the middle square."""
    y = dice.uniform(330, 350)
    scale = dice.uniform(1.0, 1.15) * (y - 6) / 248
    x = dice.uniform(WIDTH / 2 - 60, WIDTH / 2 + 60)
    return pen.at(x, y, scale=scale, mirror=bool(dice.random() < 0.5))
