"""GET /api/openapi.json: a description of the HTTP interface for programs and their makers."""

from typing import Any

from flask import Blueprint

from backend import __version__
from backend.drawing.settings import DRAW_SETTINGS
from backend.explanations.methods import METHODS
from backend.routes.schemas import (
    CLASSIFICATION,
    EXPLANATION,
    FILE,
    FIT,
    HEALTH,
    METHOD_LIST,
    MODEL,
    MODELS,
    PICTURE,
    PIXELS,
    RELEVANCE,
    SANITY,
    SWEEP_SETTINGS,
    TEXT,
    YES_NO,
    Schema,
    choice_of,
    file_of,
    json_body,
    multipart_of,
    named,
    operation,
    silent,
)
from backend.routes.teaching_schemas import TEACHING


def openapi_routes() -> Blueprint:
    """The route."""
    routes = Blueprint("openapi", __name__)

    @routes.get("/api/openapi.json")
    def openapi() -> dict[str, Any]:
        return describe()

    return routes


def describe() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Peekaboo",
            "version": __version__,
            "description": "Cover a part of a picture and see what it does to a classifier. "
            "Rows and columns count from 0 at the top left. Drops are before − covered, signed.",
            "license": {"name": "MPL-2.0", "identifier": "MPL-2.0"},
        },
        "paths": {
            "/api/health": {"get": operation("Whether Peekaboo is well", 200, HEALTH)},
            "/api/models": {
                "get": operation("The classifiers on this computer", 200, MODELS),
                "post": operation(
                    "Add a classifier from its exported file or files",
                    201,
                    MODEL,
                    settings={"name": TEXT, "fit": FIT, "pixels": PIXELS},
                    body=multipart_of({"file": {"type": "array", "items": FILE}}, ["file"]),
                ),
            },
            "/api/models/{id}": {
                "patch": named(
                    operation("Rename a classifier", 200, MODEL, body=json_body(name=TEXT)), "id"
                ),
                "delete": named(silent("Delete a classifier"), "id"),
            },
            "/api/picture": {
                "post": file_of("A picture as PNG, upright and handy", "image/png", body=PICTURE)
            },
            "/api/classify": {
                "post": operation(
                    "What is in a picture?",
                    200,
                    CLASSIFICATION,
                    settings={"model": TEXT, "fit": FIT},
                    body=PICTURE,
                )
            },
            "/api/relevance": {
                "post": operation(
                    "Which squares of a picture matter?",
                    200,
                    RELEVANCE,
                    settings=SWEEP_SETTINGS,
                    body=PICTURE,
                    stream="Lines of JSON: a start, squares as they are measured, then a result "
                    "or an error, told apart by their type.",
                )
            },
            "/api/methods": {
                "get": operation(
                    "What explanation methods there are, and which a classifier can be asked",
                    200,
                    METHOD_LIST,
                    settings={"model": TEXT},
                )
            },
            "/api/explain": {
                "post": operation(
                    "What made the score, by any method?",
                    200,
                    EXPLANATION,
                    settings=explain_settings(),
                    body=PICTURE,
                    stream="Lines of JSON: a start, shares of progress, then a result or an "
                    "error, told apart by their type.",
                )
            },
            "/api/sanity": {
                "post": operation(
                    "Can the map of a method be trusted here?",
                    200,
                    SANITY,
                    settings=explain_settings(),
                    body=PICTURE,
                    stream="Lines of JSON, as those of /api/explain.",
                )
            },
            "/api/openapi.json": {
                "get": operation("This document", 200, {"type": "object"}),
            },
        }
        | TEACHING,
    }


def explain_settings() -> dict[str, Schema]:
    """The settings of all methods; which belong to which, `GET /api/methods` says."""
    settings: dict[str, Schema] = {
        name: {"description": setting.meaning}
        for method in METHODS.values()
        for name, setting in ((one.name, one) for one in method.settings)
    }
    drawing = {name: {"description": one.meaning} for name, one in DRAW_SETTINGS.items()}
    common = {name: SWEEP_SETTINGS[name] for name in ("model", "fit", "rows", "columns", "target")}
    own = {
        "method": choice_of(METHODS, default="occlusion"),
        "raw": YES_NO | {"description": "send the maps as well (npy in base64)"},
        "picture": YES_NO | {"description": "send a drawing as well (PNG in base64)"},
    }
    return own | common | settings | drawing
