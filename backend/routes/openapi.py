"""GET /api/openapi.json: a description of the HTTP interface for programs and their makers."""

from typing import Any

from flask import Blueprint

from backend import __version__
from backend.drawing.settings import DRAW_SETTINGS
from backend.explanations.cover import COVERS
from backend.explanations.methods import METHODS
from backend.explanations.relevance import MEASURES
from backend.grid import LARGEST_SIDE
from backend.picture import FIT_WAYS
from backend.wire import DEFAULT_COLUMNS, DEFAULT_ROWS

Schema = dict[str, Any]


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
            "/api/health": {"get": _operation("Whether Peekaboo is well", 200, HEALTH)},
            "/api/models": {
                "get": _operation("The classifiers on this computer", 200, MODELS),
                "post": _operation(
                    "Add a classifier from its exported file or files",
                    201,
                    MODEL,
                    settings={"name": TEXT, "fit": FIT, "pixels": PIXELS},
                    body=_multipart({"file": {"type": "array", "items": FILE}}, ["file"]),
                ),
            },
            "/api/models/{id}": {
                "delete": {
                    "summary": "Delete a classifier",
                    "parameters": [{"name": "id", "in": "path", "required": True, "schema": TEXT}],
                    "responses": {"204": {"description": "Deleted"}, "default": ERROR},
                }
            },
            "/api/classify": {
                "post": _operation(
                    "What is in a picture?",
                    200,
                    CLASSIFICATION,
                    settings={"model": TEXT, "fit": FIT},
                    body=PICTURE,
                )
            },
            "/api/relevance": {
                "post": _operation(
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
                "get": _operation(
                    "What explanation methods there are, and which a classifier can be asked",
                    200,
                    METHOD_LIST,
                    settings={"model": TEXT},
                )
            },
            "/api/explain": {
                "post": _operation(
                    "What made the score, by any method?",
                    200,
                    EXPLANATION,
                    settings=explain_settings(),
                    body=PICTURE,
                    stream="Lines of JSON: a start, shares of progress, then a result or an "
                    "error, told apart by their type.",
                )
            },
            "/api/openapi.json": {
                "get": _operation("This document", 200, {"type": "object"}),
            },
        },
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
        "method": _choice(METHODS, default="occlusion"),
        "raw": YES_NO | {"description": "send the maps as well (npy in base64)"},
        "picture": YES_NO | {"description": "send a drawing as well (PNG in base64)"},
    }
    return own | common | settings | drawing


def _operation(
    summary: str,
    status: int,
    answer: Schema,
    settings: dict[str, Schema] | None = None,
    body: Schema | None = None,
    stream: str | None = None,
) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": answer}}
    if stream:
        content["application/x-ndjson"] = {"schema": {"type": "string", "description": stream}}
    operation: dict[str, Any] = {
        "summary": summary,
        "responses": {str(status): {"description": summary, "content": content}, "default": ERROR},
    }
    if settings:
        operation["parameters"] = [
            {"name": name, "in": "query", "schema": schema} for name, schema in settings.items()
        ]
    if body:
        operation["requestBody"] = body
    return operation


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _choice(options: Any, **more: Any) -> Schema:
    return {"type": "string", "enum": list(options)} | more


def _multipart(fields: dict[str, Schema], required: list[str]) -> Schema:
    schema = {"type": "object", "properties": fields, "required": required}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
YES_NO: Schema = {"type": "boolean"}
FILE: Schema = {"type": "string", "format": "binary"}
FIT = _choice(FIT_WAYS)
PIXELS: Schema = {
    "type": "string",
    "description": "The range of numbers that the model expects, such as -1..1",
}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
PAIR = _list(WHOLE)
BOX = _object(left=NUMBER, top=NUMBER, width=NUMBER, height=NUMBER)
MAP = _list(_list(NUMBER))

ERROR: Schema = {
    "description": "What went wrong and what to do next",
    "content": {
        "application/json": {"schema": _object(error=_object(code=TEXT, message=TEXT, hint=TEXT))}
    },
}
HEALTH = _object(status=TEXT, version=TEXT, model=TEXT)
MODEL = _object(
    id=TEXT,
    name=TEXT,
    labels=_list(TEXT),
    format=TEXT,
    input=_object(height=WHOLE, width=WHOLE),
    fit=FIT,
    logits=YES_NO,
    gradients=YES_NO,
    layers=_list(TEXT),
)
MODELS = _object(models=_list(MODEL), default=TEXT)
CLASSIFICATION = _object(
    model=TEXT,
    label=TEXT,
    confidence=SHARE,
    predictions=_list(_object(label=TEXT, confidence=SHARE, logit={"type": ["number", "null"]})),
    seen=BOX,
    seconds=NUMBER,
)
RELEVANCE = _object(
    model=TEXT,
    target=TEXT,
    before=_object(label=TEXT, confidence=SHARE, log_odds=NUMBER),
    rows=WHOLE,
    columns=WHOLE,
    seen=BOX,
    unseen=_list(PAIR),
    confidence=MAP,
    confidence_drop=MAP,
    log_odds_drop=MAP,
    label=_list(_list(TEXT)),
    measure=_choice(("confidence", "log_odds")),
    saturated=YES_NO,
    verdict=_choice(("found", "flat")),
    ghost=MAP,
    most_relevant={
        "anyOf": [_object(row=WHOLE, column=WHOLE, square=WHOLE), {"type": "null"}],
    },
    sentence=TEXT,
    evaluations=WHOLE,
    seconds=NUMBER,
)
NUMBER_OR_NONE: Schema = {"type": ["number", "null"]}
METHOD_LIST = _object(
    model=TEXT,
    methods=_list(
        _object(
            name=TEXT,
            title=TEXT,
            purpose=TEXT,
            paper=TEXT,
            needs=_choice(("scores", "gradients")),
            needs_target=YES_NO,
            needs_references=YES_NO,
            available=YES_NO,
            reason={"type": ["string", "null"]},
            settings=_list({"type": "object"}),
        )
    ),
    layers=_list(TEXT),
    drawing=_list({"type": "object"}),
)
EXPLANATION = _object(
    model=TEXT,
    method=_choice(METHODS),
    target=TEXT,
    label_index=WHOLE,
    settings={"type": "object"},
    seed={"type": ["integer", "null"]},
    unit=TEXT,
    example_score=NUMBER,
    baseline_score=NUMBER_OR_NONE,
    completeness_gap=NUMBER_OR_NONE,
    approx_error=NUMBER_OR_NONE,
    rows=WHOLE,
    columns=WHOLE,
    relevance=MAP,
    standard_error={"anyOf": [MAP, {"type": "null"}]},
    ghost=MAP,
    verdict=_choice(("found", "flat")),
    most_relevant={
        "anyOf": [_object(row=WHOLE, column=WHOLE, square=WHOLE), {"type": "null"}],
    },
    seen=BOX,
    unseen=_list(PAIR),
    facts={"type": "object"},
    warnings=_list(TEXT),
    seconds=NUMBER,
)
SIDE: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_SIDE}
SWEEP_SETTINGS: dict[str, Schema] = {
    "model": TEXT,
    "fit": FIT,
    "rows": SIDE | {"default": DEFAULT_ROWS},
    "columns": SIDE | {"default": DEFAULT_COLUMNS},
    "cover": _choice(COVERS, default="black"),
    "target": TEXT | {"description": "A label; the winner on the uncovered picture if absent"},
    "measure": _choice(MEASURES, default="auto"),
    "amplify": TEXT | {"default": "auto", "description": "auto, or a number above 0"},
}
PICTURE: Schema = {
    "required": True,
    "content": {
        **{kind: {"schema": FILE} for kind in ("image/png", "image/jpeg", "image/webp")},
        "image/x-rgba": {
            "schema": FILE
            | {"description": "Content-Type: image/x-rgba; width=480; height=360 — 4 bytes each"}
        },
        **_multipart({"image": FILE}, ["image"])["content"],
    },
}
