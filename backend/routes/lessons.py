"""Lessons and their Scratch projects: /lessons/, /lessons/NAME/PAGE, /projects/NAME.sb3.

A lesson is a folder in `lessons/`; what may stand in its sheets is told in `lessons/README.md`.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, request, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from backend.errors import CannotUse
from backend.projects import build_project, project_names
from backend.projects.source import ProjectSourceError
from backend.routes.pages import send_page
from backend.routes.sheets import render, split_facts

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "lessons"
SHEETS = {"worksheet": "Worksheet", "teacher": "Teacher notes"}
PICTURE_ENDINGS = (".svg", ".png", ".webp")


@dataclass(frozen=True)
class Lesson:
    """What the head of a worksheet says; `minutes` is the time, `project` the one to begin with,
    and lessons are listed by their `order`."""

    name: str
    title: str
    ages: str
    minutes: str
    picture: str
    summary: str
    project: str
    order: str

    @property
    def more_projects(self) -> list[str]:
        """Its other projects, by name."""
        found = (LESSONS / self.name / "projects").glob("*.scratch")
        return sorted({path.stem for path in found} - {self.project})


def read_lessons() -> dict[str, Lesson]:
    """Return every lesson by the name of its folder.

    Raises KeyError if the head of a worksheet lacks a line.
    """
    found = [_read_lesson(path.parent) for path in sorted(LESSONS.glob("*/worksheet.md"))]
    return {lesson.name: lesson for lesson in sorted(found, key=lambda lesson: int(lesson.order))}


def lessons_routes() -> Blueprint:
    """The routes."""
    routes = Blueprint("lessons", __name__)

    @routes.get("/lessons/")
    def index() -> Response:
        return send_page("lessons.html", lessons=read_lessons().values())

    @routes.get("/lessons/<name>/")
    def lesson(name: str) -> AnyResponse:
        _find(name)
        return redirect(f"/lessons/{name}/worksheet")

    @routes.get("/lessons/<name>/<any(worksheet, teacher):sheet>")
    def sheet(name: str, sheet: str) -> Response:
        lesson = _find(name)
        _, text = split_facts((LESSONS / name / f"{sheet}.md").read_text("utf-8"))
        return send_page(
            "lesson.html", title=lesson.title, sheet=sheet, sheets=SHEETS, content=render(text)
        )

    @routes.get("/lessons/<name>/pictures/<path:file>")
    def picture(name: str, file: str) -> Response:
        _find(name)
        if not file.endswith(PICTURE_ENDINGS):
            abort(404)
        return send_from_directory(LESSONS / name / "pictures", file)

    @routes.get("/projects/<name>.sb3")
    def project(name: str) -> Response:
        if name not in project_names():
            abort(404)
        language = request.args.get("language", "en")
        try:
            built = _project(name, language)
        except ProjectSourceError as mistake:
            raise CannotUse(
                "project_source", f"A mistake in {mistake}.", "Mend that line, then load it again."
            ) from mistake
        return Response(built, mimetype="application/x.scratch.sb3")

    return routes


def _read_lesson(folder: Path) -> Lesson:
    facts, text = split_facts((folder / "worksheet.md").read_text("utf-8"))
    title = next(line[2:] for line in text.splitlines() if line.startswith("# "))
    wanted = (field.name for field in fields(Lesson) if field.name not in ("name", "title"))
    return Lesson(name=folder.name, title=title, **{fact: facts[fact] for fact in wanted})


def _find(name: str) -> Lesson:
    lessons = read_lessons()
    if name not in lessons:
        abort(404)
    return lessons[name]


@lru_cache(maxsize=16)
def _project(name: str, language: str) -> bytes:
    return build_project(name, language)
