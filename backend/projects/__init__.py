"""Scratch projects of the lessons, made on request from sources that people can read and change.

A source is `lessons/<lesson>/projects/<name>.scratch` (its language: `backend.projects.source`);
the pictures that it names lie beside it.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image

from backend.parade.gallery import GALLERY, gallery_picture
from backend.projects.sb3 import Costume, write_sb3
from backend.projects.source import Target, read_project

LESSONS = Path(__file__).parents[2] / "lessons"


def project_names() -> list[str]:
    """Return the names of all projects, sorted."""
    return sorted(_sources())


def build_project(name: str) -> bytes:
    """Return the `.sb3` file of a project.

    Raises KeyError for a name without a source, ProjectSourceError for a source with a mistake.
    """
    path = _sources()[name]
    project = read_project(path)
    costumes = {target.name: _costumes(target, path.parent) for target in project.targets}
    return write_sb3(project, costumes)


def _sources() -> dict[str, Path]:
    return {path.stem: path for path in LESSONS.glob("*/projects/*.scratch")}


def _costumes(target: Target, folder: Path) -> list[Costume]:
    listed = [Costume(name, (folder / file).read_bytes()) for name, file in target.costumes]
    parade = list(GALLERY)[: target.parade_backdrops]
    return listed + [Costume(name, _parade_png(name)) for name in parade]


@lru_cache
def _parade_png(name: str) -> bytes:
    packed = io.BytesIO()
    Image.fromarray(gallery_picture(name).picture).save(packed, "PNG", optimize=True)
    return packed.getvalue()
