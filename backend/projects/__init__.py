"""Scratch projects of the lessons, made on request from sources that people can read and change.

A source is `lessons/<lesson>/projects/<name>.scratch` (its language: `backend.projects.source`);
the pictures that it names lie beside it, and `words.json` with its texts in other languages:
names, lines of comments, texts in blocks and in drawings.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from backend.parade.gallery import GALLERY, gallery_backdrop, gallery_picture, gallery_sprite
from backend.projects.sb3 import Costume, write_sb3
from backend.projects.source import ProjectSourceError, Target, read_project

LESSONS = Path(__file__).parents[2] / "lessons"


def project_names() -> list[str]:
    """Return the names of all projects, sorted."""
    return sorted(_sources())


def build_project(name: str, language: str = "en") -> bytes:
    """Return the `.sb3` file of a project; texts without a translation stay English.

    Raises KeyError for a name without a source, ProjectSourceError for a source with a mistake.
    """
    path = _sources()[name]
    project = read_project(path)
    table = json.loads((path.parent / "words.json").read_text(encoding="utf-8"))
    words = {text: said[language] for text, said in table.items() if language in said}

    def say(text: str) -> str:
        return words.get(text, text)

    try:
        costumes = {target.name: _costumes(target, path.parent, say) for target in project.targets}
    except KeyError as problem:
        raise ProjectSourceError(f"{path.name}: the parade has no {problem}") from problem
    except ValueError as problem:
        raise ProjectSourceError(f"{path.name}: {problem}") from problem
    except FileNotFoundError as problem:
        missing = Path(problem.filename).name
        raise ProjectSourceError(f"{path.name}: there is no file “{missing}”") from problem
    return write_sb3(project, costumes, say)


def _sources() -> dict[str, Path]:
    return {path.stem: path for path in LESSONS.glob("*/projects/*.scratch")}


def _costumes(target: Target, folder: Path, say: Callable[[str], str]) -> list[Costume]:
    draw = gallery_backdrop if target.name == "Stage" else gallery_sprite
    listed = [
        Costume(name, _drawing(folder / file, say) if file else _png(draw, name))
        for name, file in target.costumes
    ]
    if target.parade_backdrops > len(GALLERY):
        raise KeyError(f"{target.parade_backdrops} pictures, only {len(GALLERY)}")
    parade = list(GALLERY)[: target.parade_backdrops]
    return listed + [Costume(name, _png(_picture, name)) for name in parade]


def _drawing(path: Path, say: Callable[[str], str]) -> bytes:
    svg = path.read_text(encoding="utf-8")
    return re.sub(r">([^<>]*\w[^<>]*)<", lambda text: f">{say(text[1])}<", svg).encode()


def _picture(name: str) -> np.ndarray:
    return gallery_picture(name).picture


@lru_cache
def _png(draw: Callable[[str], np.ndarray], name: str) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(draw(name)).save(packed, "PNG", optimize=True)
    return packed.getvalue()
