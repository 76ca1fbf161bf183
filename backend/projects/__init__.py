"""Scratch projects of the lessons, made on request from sources that people can read and change.

A source is `lessons/<lesson>/projects/<name>.scratch` (its language: `backend.projects.source`);
the pictures that it names lie beside it, and `words.json` with its texts in other languages:
names, lines of comments, texts in blocks and in drawings.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from backend.classifiers.labels import unused
from backend.parade.gallery import GALLERY, gallery_backdrop, gallery_picture, gallery_sprite
from backend.projects.sb3 import STAGE_PX, Costume, write_sb3
from backend.projects.source import (
    Project,
    ProjectSourceError,
    Statement,
    Target,
    read_project,
)
from backend.projects.words import read_block
from backend.translation import Say, read_words

LESSONS = Path(__file__).parents[2] / "lessons"
MONITOR_HEIGHT = 27
"""On the stage, with a gap."""
BLOCK_HEIGHT = 60
"""In the editor's workspace, of one that has a picture."""
DEMO = "demo"
ASKING = {"peekaboo_classify", "peekaboo_measureRelevance"}
"""Blocks that ask the classifier that is used."""


def project_names() -> list[str]:
    """Return the names of all projects, sorted."""
    return sorted(_sources())


def build_project(name: str, language: str = "en") -> bytes:
    """Return the `.sb3` file of a project; texts without a translation stay English.

    Raises KeyError for a name without a source, ProjectSourceError for a source with a mistake.
    """
    path = _sources()[name]
    return _build(path, read_project(path), language)


def build_own_project(
    model: str, pictures: Iterable[tuple[str, np.ndarray]], language: str = "en"
) -> bytes:
    """Return the demo as an `.sb3` file with somebody's own classifier and pictures.

    Args:
        model: the id of the classifier, which whatever asks chooses first.
        pictures: labels and pictures, (height, width, 3) uint8, for backdrops. They are shown
            whole, in the middle of the stage, so that of square ones the classifier sees all.
    """
    path = _sources()[DEMO]
    project = read_project(path)
    stage = project.targets[0]
    stage.parade_backdrops = 0
    use_it = Statement(read_block(f"use model [{model} v]", {"MODEL": {model}}), [], [])
    for asking in stage.scripts:
        # Not only under the flag: keys work without it, and would ask another classifier.
        if any(statement.call.block.opcode in ASKING for statement in asking.statements):
            asking.statements.insert(1, use_it)
            for script in stage.scripts:
                if script.x == asking.x and script.y > asking.y:
                    script.y += BLOCK_HEIGHT
    for row, monitor in enumerate(project.monitors):
        # One below the other: labels may be long, and the sides are what it does not see.
        monitor.x, monitor.y = 5, 5 + row * MONITOR_HEIGHT
    names = [name for name, _ in stage.costumes]  # A label may be called like one of these.
    backdrops = []
    for label, pixels in pictures:
        names.append(unused(label, names))
        backdrops.append(Costume(names[-1], _on_stage(pixels)))
    return _build(path, project, language, backdrops)


def _build(path: Path, project: Project, language: str, backdrops: Iterable[Costume] = ()) -> bytes:
    say = read_words(path.parent / "words.json", language)
    try:
        costumes = {target.name: _costumes(target, path.parent, say) for target in project.targets}
    except KeyError as problem:
        raise ProjectSourceError(f"{path.name}: the parade has no {problem}") from problem
    except ValueError as problem:
        raise ProjectSourceError(f"{path.name}: {problem}") from problem
    except FileNotFoundError as problem:
        missing = Path(problem.filename).name
        raise ProjectSourceError(f"{path.name}: there is no file “{missing}”") from problem
    costumes["Stage"] += backdrops
    return write_sb3(project, costumes, say)


def _sources() -> dict[str, Path]:
    return {path.stem: path for path in LESSONS.glob("*/projects/*.scratch")}


def _costumes(target: Target, folder: Path, say: Say) -> list[Costume]:
    draw = gallery_backdrop if target.name == "Stage" else gallery_sprite
    listed = [
        Costume(name, _drawing(folder / file, say) if file else _png(draw, name))
        for name, file in target.costumes
    ]
    if target.parade_backdrops > len(GALLERY):
        raise KeyError(f"{target.parade_backdrops} pictures, only {len(GALLERY)}")
    parade = list(GALLERY)[: target.parade_backdrops]
    return listed + [Costume(name, _png(_picture, name)) for name in parade]


def _drawing(path: Path, say: Say) -> bytes:
    svg = path.read_text(encoding="utf-8")
    return re.sub(r">([^<>]*\w[^<>]*)<", lambda text: f">{say(text[1])}<", svg).encode()


def _picture(name: str) -> np.ndarray:
    return gallery_picture(name).picture


def _on_stage(pixels: np.ndarray) -> bytes:
    image, stage = Image.fromarray(pixels), Image.new("RGB", STAGE_PX, "white")
    scale = min(stage.width / image.width, stage.height / image.height)
    # Of a picture as thin as a thread, at least that is left; Pillow's own way refuses it.
    width, height = (max(1, round(scale * side)) for side in image.size)
    place = (stage.width - width) // 2, (stage.height - height) // 2
    stage.paste(image.resize((width, height), Image.Resampling.LANCZOS), place)
    return _file(stage)


@lru_cache
def _png(draw: Callable[[str], np.ndarray], name: str) -> bytes:
    return _file(Image.fromarray(draw(name)), optimize=True)


def _file(image: Image.Image, **settings: bool) -> bytes:
    packed = io.BytesIO()
    image.save(packed, "PNG", **settings)
    return packed.getvalue()
