"""Lessons and their Scratch projects: /lessons/, /lessons/NAME/SHEET, /projects/NAME.sb3.

A lesson is a folder in `lessons/`; what may stand in its sheets is told in `lessons/README.md`.
In other languages than English all lessons lie below one more folder: /lessons/de/NAME/SHEET.
What is not translated is shown in English.
"""

import os
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, send_from_directory
from werkzeug.utils import safe_join
from werkzeug.wrappers import Response as AnyResponse

from backend.errors import CannotUse
from backend.projects import build_project, project_names
from backend.projects.source import ProjectSourceError
from backend.routes.pages import send_page
from backend.routes.sheets import render, split_facts
from backend.translation import ENGLISH, LANGUAGES, RIGHT_TO_LEFT, read_words

ROOT = Path(__file__).parents[2]
LESSONS = ROOT / "lessons"
WORDS = LESSONS / "words.json"
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


def read_lessons(language: str = ENGLISH) -> dict[str, Lesson]:
    """Return every lesson by the name of its folder.

    Raises KeyError if the head of an English worksheet lacks a line.
    """
    names = [path.parent.name for path in sorted(LESSONS.glob("*/worksheet.md"))]
    found = [_read_lesson(name, language) for name in names]
    return {lesson.name: lesson for lesson in sorted(found, key=lambda lesson: int(lesson.order))}


def lessons_routes() -> Blueprint:
    """The routes."""
    routes = Blueprint("lessons", __name__)
    translated = f"/lessons/<any({', '.join(LANGUAGES[1:])}):language>/"

    @routes.get("/lessons/")
    @routes.get(translated)
    def index(language: str = ENGLISH) -> Response:
        return _send("lessons.html", language, lessons=read_lessons(language).values())

    @routes.get("/lessons/<name>/")
    @routes.get(translated + "<name>/")
    def lesson(name: str, language: str = ENGLISH) -> AnyResponse:
        _find(name, language)
        return redirect(f"{request.path}worksheet")

    @routes.get("/lessons/<name>/<any(worksheet, teacher):sheet>")
    @routes.get(translated + "<name>/<any(worksheet, teacher):sheet>")
    def sheet(name: str, sheet: str, language: str = ENGLISH) -> Response:
        lesson = _find(name, language)
        _, text = _read_sheet(name, sheet, language)
        content = render(text, read_words(WORDS, language))
        return _send(
            "lesson.html", language, title=lesson.title, sheet=sheet, sheets=SHEETS, content=content
        )

    @routes.get("/lessons/<name>/pictures/<path:file>")
    @routes.get(translated + "<name>/pictures/<path:file>")
    def picture(name: str, file: str, language: str = ENGLISH) -> Response:
        _find(name, language)
        if not file.endswith(PICTURE_ENDINGS):
            abort(404)
        path = f"pictures/{file}"
        return send_from_directory(_folder_of(name, path, language), path)

    @routes.get("/projects/<name>.sb3")
    def project(name: str) -> Response:
        if name not in project_names():
            abort(404)
        language = request.args.get("language", ENGLISH)
        try:
            built = _project(name, language)
        except ProjectSourceError as mistake:
            raise CannotUse(
                "project_source", f"A mistake in {mistake}.", "Mend that line, then load it again."
            ) from mistake
        return Response(built, mimetype="application/x.scratch.sb3")

    return routes


def _send(template: str, language: str, **values: Any) -> Response:
    return send_page(
        template,
        language=language,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        say=read_words(WORDS, language),
        **values,
    )


def _read_lesson(name: str, language: str) -> Lesson:
    facts, _ = _read_sheet(name, "worksheet", ENGLISH)
    translated, text = _read_sheet(name, "worksheet", language)
    facts |= translated
    title = next(line[2:] for line in text.splitlines() if line.startswith("# "))
    wanted = (field.name for field in fields(Lesson) if field.name not in ("name", "title"))
    return Lesson(name=name, title=title, **{fact: facts[fact] for fact in wanted})


def _read_sheet(name: str, sheet: str, language: str) -> tuple[dict[str, str], str]:
    """The facts at the head of a sheet, and its text."""
    file = _folder_of(name, f"{sheet}.md", language) / f"{sheet}.md"
    return split_facts(file.read_text("utf-8"))


def _folder_of(name: str, part: str, language: str) -> Path:
    """The folder of a lesson where a part of it lies in a language, or at least in English."""
    translated = LESSONS / name / language
    file = safe_join(str(translated), part)
    # Names come from the address: where `Path.is_file` would raise, `isfile` says no.
    there = file is not None and os.path.isfile(file)  # noqa: PTH113
    return translated if there else LESSONS / name


def _find(name: str, language: str) -> Lesson:
    lessons = read_lessons(language)
    if name not in lessons:
        abort(404)
    return lessons[name]


@lru_cache(maxsize=16)
def _project(name: str, language: str) -> bytes:
    return build_project(name, language)
