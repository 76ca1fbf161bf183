"""The part of the OpenAPI document about teaching: collections and what they hold."""

from typing import Any

from backend.routes.schemas import (
    ERROR,
    FILE,
    PICTURE,
    TEXT,
    WHOLE,
    YES_NO,
    Schema,
    list_of,
    multipart_of,
    object_of,
    operation,
)

PICTURES = list_of(object_of(name=TEXT, url=TEXT))
SKIPPED = list_of(object_of(name=TEXT, message=TEXT))
MODEL_OR_NOT: Schema = {"type": ["string", "null"]}
COUNTED = object_of(label=TEXT, count=WHOLE)
SHORT = object_of(id=TEXT, name=TEXT, labels=list_of(COUNTED), model=MODEL_OR_NOT)
COLLECTION = object_of(
    id=TEXT,
    name=TEXT,
    labels=list_of(object_of(label=TEXT, count=WHOLE, pictures=PICTURES)),
    model=MODEL_OR_NOT,
    undo=YES_NO,
)
ADDED = object_of(added=PICTURES, skipped=SKIPPED, count=WHOLE)


def _json_of(**properties: Schema) -> Schema:
    schema = object_of(**properties)
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _named(described: dict[str, Any], *names: str) -> dict[str, Any]:
    """The same operation for an address with these names in it."""
    inside = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]
    return described | {"parameters": inside + described.get("parameters", [])}


def _file(summary: str, kind: str, settings: dict[str, Schema] | None = None) -> dict[str, Any]:
    answer = {"description": summary, "content": {kind: {"schema": FILE}}}
    described = operation(summary, 200, {}, settings)
    return described | {"responses": {"200": answer, "default": ERROR}}


def _silent(summary: str, settings: dict[str, Schema] | None = None) -> dict[str, Any]:
    described = operation(summary, 204, {}, settings)
    return described | {"responses": {"204": {"description": "Done"}, "default": ERROR}}


ONE = "/api/collections/{id}"
LABEL = {"label": TEXT}
_LABEL_BODY = _json_of(label=TEXT)
_RENAMED = _json_of(label=TEXT, to=TEXT)
TEACHING: dict[str, Any] = {
    "/api/collections": {
        "get": operation(
            "All collections of examples",
            200,
            object_of(collections=list_of(SHORT), default=TEXT),
        ),
        "post": operation(
            "Begin a collection, by its name or with a zip or .tm file",
            201,
            COLLECTION,
            settings={"name": TEXT},
            body=multipart_of({"file": FILE}, ["file"]),
        ),
    },
    ONE: {
        "get": _named(operation("A collection and its pictures", 200, COLLECTION), "id"),
        "patch": _named(
            operation("Rename a collection", 200, COLLECTION, body=_json_of(name=TEXT)), "id"
        ),
        "delete": _named(_silent("Delete a collection with its pictures"), "id"),
    },
    ONE + "/undo": {
        "post": _named(operation("Bring back what was deleted last", 200, COLLECTION), "id")
    },
    ONE + "/labels": {
        "post": _named(operation("Add a label", 201, COUNTED, body=_LABEL_BODY), "id"),
        "patch": _named(operation("Rename a label", 200, COLLECTION, body=_RENAMED), "id"),
        "delete": _named(_silent("Delete a label with its pictures", LABEL), "id"),
    },
    ONE + "/pictures": {
        "post": _named(
            operation("Add one picture, or several as a form", 201, ADDED, LABEL, PICTURE), "id"
        )
    },
    ONE + "/pictures/{id}": {
        "get": _named(_file("A picture", "image/*", {"size": WHOLE}), "id"),
        "delete": _named(_silent("Delete a picture"), "id"),
    },
    ONE + "/pictures/{id}/mask": {
        "put": _named(_silent("Say where the thing itself is: white"), "id")
    },
    ONE + "/export": {"get": _named(_file("A zip of plain folders", "application/zip"), "id")},
}
