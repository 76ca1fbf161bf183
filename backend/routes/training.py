"""/api/collections/<id>/training, and what comes of it: film, review and a project."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import islice
from typing import Any

import numpy as np
from flask import Blueprint, Response, request, send_file

from backend.classifiers.store import Store
from backend.disk import read_json
from backend.drawing.film import draw_film
from backend.errors import BadSetting, NotFound, UserError
from backend.picture import decode
from backend.projects import build_own_project
from backend.routes.bodies import json_of, text_of
from backend.routes.collections import picture_json, taught_model
from backend.routes.places import takes_long
from backend.teaching import naming
from backend.teaching.collection import Collection
from backend.teaching.collections import Collections
from backend.teaching.examples import Examples
from backend.teaching.exporting import model_files, packed
from backend.teaching.extractors import extractors
from backend.teaching.film import FILM_FILE
from backend.teaching.lesson import Lesson
from backend.teaching.teacher import Teacher
from backend.teaching.training import REVIEW_FILE
from backend.wire import NDJSON, Settings, line, whole_number

FILM_FORMATS = {"gif": "image/gif", "webp": "image/webp", "strip": "image/png"}
MOST_BACKDROPS = 10


def training_routes(store: Store, collections: Collections, teacher: Teacher) -> Blueprint:
    """The routes; lessons are given by `teacher`."""
    routes = Blueprint("training", __name__)

    @routes.get("/api/extractors")
    def all_extractors() -> dict[str, Any]:
        found = extractors(store)
        return {"extractors": found, "default": found[0]["id"]}

    @routes.post("/api/collections/<collection_id>/training")
    def start(collection_id: str) -> tuple[dict[str, Any], int]:
        asked = json_of(request) if request.content_length else {}
        if not isinstance(asked, dict):
            raise BadSetting(
                "bad_json", "The request is no JSON object.", 'Send JSON such as {"epochs": 30}.'
            )
        resume = asked.pop("resume", False) is True
        called = text_of(asked, "called") if "called" in asked else None
        asked.pop("called", None)
        if resume:
            lesson = teacher.lesson_to_resume(collection_id)
        else:
            lesson = Lesson.read(asked, extractors(store)[0]["id"])
        called = called and naming.collection(called)  # Refused before anything begins.
        teacher.start(collection_id, lesson, resume)
        if called and not (collection := collections.get(collection_id)).named:
            collection.rename(called)
        return _job(teacher, collection_id), 202

    @routes.get("/api/collections/<collection_id>/training")
    def job(collection_id: str) -> Response | dict[str, Any]:
        now = _job(teacher, collection_id)
        if request.accept_mimetypes.best != NDJSON:
            return now

        def lines() -> Iterator[bytes]:
            for news in teacher.follow(collection_id):
                yield line("job", news or now)

        @takes_long
        def follow() -> Response:
            return Response(lines(), mimetype=NDJSON)

        return follow()

    @routes.delete("/api/collections/<collection_id>/training")
    def stop(collection_id: str) -> tuple[str, int]:
        teacher.stop(collection_id)
        return "", 204

    @routes.get("/api/collections/<collection_id>/film")
    def film(collection_id: str) -> dict[str, Any]:
        collection = collections.get(collection_id)
        found = _kept(teacher, collection, FILM_FILE)
        with _whole():
            probes = [picture_json(collection, one["name"]) | one for one in found["probes"]]
            return found | {"probes": probes}

    @routes.get("/api/collections/<collection_id>/film/file")
    def film_file(collection_id: str) -> Response:
        collection = collections.get(collection_id)
        settings = Settings(request, {"format", "probe"})
        kind = settings.get("format", str, "gif")
        found = _kept(teacher, collection, FILM_FILE)
        number = settings.get("probe", whole_number("probe"), 0)
        if kind not in FILM_FORMATS:
            formats = ", ".join(FILM_FORMATS)
            raise BadSetting(
                "bad_format", f"“{kind[:40]}” is no kind of film.", f"Choose one of: {formats}."
            )
        with _whole():
            names = [probe["name"] for probe in found["probes"]]
        if not 0 <= number < len(names):
            raise BadSetting(
                "bad_probe",
                f"There is no picture {number} in this film.",
                f"Choose 0 to {len(names) - 1}.",
            )
        picture = decode(collection.picture(names[number]).read_bytes())
        with _whole():
            content = draw_film(found["epochs"], {number: picture}, kind)
        end = "png" if kind == "strip" else kind
        disposition = f'attachment; filename="film.{end}"'
        return Response(
            content, mimetype=FILM_FORMATS[kind], headers={"Content-Disposition": disposition}
        )

    @routes.get("/api/collections/<collection_id>/review")
    def review(collection_id: str) -> dict[str, Any]:
        collection = collections.get(collection_id)
        found = _kept(teacher, collection, REVIEW_FILE)

        def shown(name: str) -> dict[str, str]:
            return picture_json(collection, name)

        def mistakes(kind: str) -> list[dict[str, Any]]:
            return [one | shown(one["name"]) for one in found[kind]]

        with _whole():
            return found | {
                "cells": [[[*map(shown, names)] for names in row] for row in found["cells"]],
                "looks_at": [
                    one | {"pictures": [*map(shown, one["pictures"])]} for one in found["looks_at"]
                ],
                "surprising": mistakes("surprising"),
                "sure_and_wrong": mistakes("sure_and_wrong"),
            }

    @routes.get("/api/collections/<collection_id>/project")
    def project(collection_id: str) -> Response:
        language = Settings(request, {"language"}).get("language", str, "en")
        collection = collections.get(collection_id)
        if not (model := taught_model(store, collection)):
            raise _never_taught()
        some = islice(_whole_pictures(collection.examples()), MOST_BACKDROPS)
        built = build_own_project(model, some, language)
        return send_file(
            BytesIO(built),
            "application/x.scratch.sb3",
            as_attachment=True,
            download_name=f"{collection.name}.sb3",
        )

    @routes.get("/api/models/<model_id>/export")
    def export(model_id: str) -> Response:
        kind = Settings(request, {"format"}).get("format", str, "keras")
        model = store.model(model_id)
        file = packed(model_files(model, kind))
        name = f"{model.name} ({kind}).zip"
        return send_file(file, "application/zip", as_attachment=True, download_name=name)

    return routes


def _job(teacher: Teacher, collection_id: str) -> dict[str, Any]:
    job = teacher.job(collection_id)
    if job is None:
        raise _never_taught()
    return job


def _never_taught() -> NotFound:
    return NotFound(
        "never_taught", "This classifier was not taught yet.", "Add pictures, then teach it."
    )


def _whole_pictures(examples: Examples) -> Iterator[tuple[str, np.ndarray]]:
    """Labels and pixels of those that can be read."""
    for example in examples.in_turns():
        with suppress(OSError, UserError):
            yield example.label, example.picture().pixels


@contextmanager
def _whole() -> Iterator[None]:
    """What was kept of a lesson may have been changed by anybody."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as problem:
        raise NotFound(
            "lesson_damaged", "What was kept of the last lesson is damaged.", "Teach it again."
        ) from problem


def _kept(teacher: Teacher, collection: Collection, file: str) -> dict[str, Any]:
    found = read_json(teacher.folder(collection) / file)
    if not found:
        raise _never_taught()
    return found
