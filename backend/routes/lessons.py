"""Lessons and their Scratch projects: /lessons/, /lessons/NAME/PAGE, /projects/NAME.sb3."""

import html
from functools import lru_cache
from pathlib import Path
from string import Template

from flask import Blueprint, Response, abort, redirect, send_from_directory
from markdown_it import MarkdownIt
from werkzeug.wrappers import Response as AnyResponse

from backend.projects import build_project, project_names

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "lessons"
PAGE = ROOT / "backend" / "pages" / "lesson.html"
SHEETS = {"worksheet": "Worksheet", "teacher": "Teacher notes"}
PICTURE_ENDINGS = (".svg", ".png", ".jpg")


def lessons_routes() -> Blueprint:
    """The routes."""
    routes = Blueprint("lessons", __name__)

    @routes.get("/lessons/")
    def index() -> str:
        return _page("Lessons", _cards(), "lessons-index")

    @routes.get("/lessons/<lesson>/")
    def lesson(lesson: str) -> AnyResponse:
        if lesson not in _lessons():
            abort(404)
        return redirect(f"/lessons/{lesson}/worksheet")

    @routes.get("/lessons/<lesson>/<any(worksheet, teacher):sheet>")
    def sheet(lesson: str, sheet: str) -> str:
        if lesson not in _lessons():
            abort(404)
        source = (LESSONS / lesson / f"{sheet}.md").read_text("utf-8")
        other = next(name for name in SHEETS if name != sheet)
        links = f'<nav class="no-print"><a href="/lessons/">All lessons</a> <a href="{other}">'
        links += f"{SHEETS[other]}</a></nav>"
        return _page(_title(source), links + _markdown().render(source), sheet)

    @routes.get("/lessons/<lesson>/pictures/<path:name>")
    def picture(lesson: str, name: str) -> Response:
        if lesson not in _lessons() or not name.endswith(PICTURE_ENDINGS):
            abort(404)
        return send_from_directory(LESSONS / lesson / "pictures", name)

    @routes.get("/projects/<name>.sb3")
    def project(name: str) -> Response:
        if name not in project_names():
            abort(404)
        return Response(_project(name), mimetype="application/x.scratch.sb3")

    return routes


def _lessons() -> list[str]:
    return sorted(path.parent.name for path in LESSONS.glob("*/worksheet.md"))


def _title(source: str) -> str:
    return next(line[2:] for line in source.splitlines() if line.startswith("# "))


def _cards() -> str:
    cards = []
    for lesson in _lessons():
        source = (LESSONS / lesson / "worksheet.md").read_text("utf-8")
        links = "".join(
            f'<a class="button" href="/lessons/{lesson}/{sheet}">{name}</a> '
            for sheet, name in SHEETS.items()
        )
        cards.append(
            f'<section class="card"><h2>{html.escape(_title(source))}</h2>{links}</section>'
        )
    return "<h1>Lessons</h1>" + "".join(cards)


def _page(title: str, content: str, kind: str) -> str:
    page = Template(PAGE.read_text("utf-8"))
    return page.substitute(title=html.escape(title), content=content, kind=kind)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")


@lru_cache(maxsize=16)
def _project(name: str) -> bytes:
    return build_project(name)
