"""The part of the OpenAPI document about teaching: collections and what they hold."""

from typing import Any

from backend.routes.schemas import (
    FILE,
    NUMBER,
    NUMBER_OR_NONE,
    PICTURE,
    TEXT,
    WHOLE,
    YES_NO,
    Schema,
    choice_of,
    file_of,
    json_body,
    list_of,
    multipart_of,
    named,
    object_of,
    operation,
    silent,
)
from backend.teaching.augmentation import CHANGES
from backend.teaching.extractors import KINDS
from backend.teaching.lesson import WAYS

PICTURES = list_of(object_of(name=TEXT, url=TEXT))
SKIPPED = list_of(object_of(name=TEXT, message=TEXT))
MODEL_OR_NOT: Schema = {"type": ["string", "null"]}
COUNTED = object_of(label=TEXT, count=WHOLE)
SHORT = object_of(id=TEXT, name=TEXT, named=YES_NO, labels=list_of(COUNTED), model=MODEL_OR_NOT)
COLLECTION = object_of(
    id=TEXT,
    name=TEXT,
    named=YES_NO,
    labels=list_of(object_of(label=TEXT, count=WHOLE, pictures=PICTURES)),
    model=MODEL_OR_NOT,
    changed=YES_NO,
    undo=YES_NO,
    training={"type": ["object", "null"]},
)
ADDED = object_of(added=PICTURES, skipped=SKIPPED, count=WHOLE)


SHARES = list_of(list_of(NUMBER))
JOB = object_of(
    state=choice_of(("queued", "running", "stopped", "done", "failed")),
    stage=choice_of(("preparing", "teaching", "finishing")),
    epoch=WHOLE,
    epochs=WHOLE,
    accuracy=NUMBER_OR_NONE,
    loss=NUMBER_OR_NONE,
    seconds_left=NUMBER_OR_NONE,
    model=MODEL_OR_NOT,
    resumable=YES_NO,
    error={"type": ["object", "null"]},
    skipped=SKIPPED,
)
PROBE = object_of(name=TEXT, url=TEXT, label=TEXT)
SAID = object_of(label=TEXT, confidence=NUMBER)
FRAME = object_of(relevance=SHARES, ghost=SHARES, top=list_of(SAID))
FILM = object_of(
    probes=list_of(PROBE),
    rows=WHOLE,
    columns=WHOLE,
    epochs=list_of(object_of(epoch=WHOLE, accuracy=NUMBER_OR_NONE, frames=list_of(FRAME))),
)
MISTAKES = list_of(object_of(name=TEXT, url=TEXT, label=TEXT, said=TEXT, confidence=NUMBER))
REVIEW = object_of(
    accuracy=NUMBER_OR_NONE,
    labels=list_of(TEXT),
    hardly_tested=list_of(TEXT),
    confusion=list_of(list_of(WHOLE)),
    cells=list_of(list_of(PICTURES)),
    surprising=MISTAKES,
    sure_and_wrong=MISTAKES,
    looks_at=list_of(
        object_of(label=TEXT, relevance=SHARES, outside=NUMBER_OR_NONE, pictures=PICTURES)
    ),
)
CHECKS = object_of(
    checks=list_of(
        object_of(code=TEXT, message=TEXT, hint=TEXT, labels=list_of(TEXT), pictures=PICTURES)
    )
)
EXTRACTORS = object_of(
    extractors=list_of(object_of(id=TEXT, kind=choice_of(KINDS), name=TEXT, source=TEXT)),
    default=TEXT,
)
LESSON: Schema = {
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "way": choice_of(WAYS),
                    "extractor": TEXT,
                    "epochs": WHOLE,
                    "seed": WHOLE,
                    "augment": list_of(choice_of(CHANGES)),
                    "other_backgrounds": YES_NO,
                    "probes": list_of(TEXT),
                    "called": TEXT | {"description": "its name, if nobody has given it one"},
                    "resume": YES_NO | {"description": "go on with the lesson that was stopped"},
                },
            }
        }
    }
}
ONE = "/api/collections/{id}"
LABEL = {"label": TEXT}
_LABEL_BODY = json_body(label=TEXT)
_RENAMED = json_body(label=TEXT, to=TEXT)
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
        "get": named(operation("A collection and its pictures", 200, COLLECTION), "id"),
        "patch": named(
            operation("Rename a collection", 200, COLLECTION, body=json_body(name=TEXT)), "id"
        ),
        "delete": named(silent("Delete a collection with its pictures"), "id"),
    },
    ONE + "/undo": {
        "post": named(operation("Bring back what was deleted last", 200, COLLECTION), "id")
    },
    ONE + "/labels": {
        "post": named(operation("Add a label", 201, COUNTED, body=_LABEL_BODY), "id"),
        "patch": named(operation("Rename a label", 200, COLLECTION, body=_RENAMED), "id"),
        "delete": named(silent("Delete a label with its pictures", LABEL), "id"),
    },
    ONE + "/pictures": {
        "post": named(
            operation("Add one picture, or several as a form", 201, ADDED, LABEL, PICTURE), "id"
        )
    },
    ONE + "/pictures/{id}": {
        "get": named(file_of("A picture", "image/*", {"size": WHOLE}), "id"),
        "delete": named(silent("Delete a picture"), "id"),
    },
    ONE + "/pictures/{id}/preview": {
        "get": named(
            file_of(
                "What a switch of a lesson does to a picture",
                "image/jpeg",
                {"change": choice_of((*CHANGES, "background")), "seed": WHOLE},
            ),
            "id",
        )
    },
    ONE + "/pictures/{id}/mask": {
        "get": named(file_of("Where the thing itself is: white", "image/png"), "id"),
        "put": named(silent("Say where the thing itself is: white"), "id"),
    },
    ONE + "/export": {
        "get": named(
            file_of(
                "A zip of plain folders; with model=1 also the classifier",
                "application/zip",
                {"model": choice_of(("0", "1"))},
            ),
            "id",
        )
    },
    ONE + "/checks": {
        "get": named(operation("What is worth mending before teaching", 200, CHECKS), "id")
    },
    ONE + "/training": {
        "post": named(operation("Begin a lesson, or go on", 202, JOB, body=LESSON), "id"),
        "get": named(
            operation(
                "How a lesson goes",
                200,
                JOB,
                stream="A line of JSON, type job, whenever there is news, until the lesson ends.",
            ),
            "id",
        ),
        "delete": named(silent("Stop a lesson after the epoch that it is at"), "id"),
    },
    ONE + "/film": {
        "get": named(operation("What it looked at after every epoch", 200, FILM), "id")
    },
    ONE + "/film/file": {
        "get": named(
            file_of(
                "The film of one picture",
                "image/*",
                {"format": choice_of(("gif", "webp", "strip")), "probe": WHOLE},
            ),
            "id",
        )
    },
    ONE + "/project": {
        "get": named(
            file_of(
                "The demo for Scratch (.sb3) with its classifier and some of its pictures",
                "application/x.scratch.sb3",
                {"language": TEXT},
            ),
            "id",
        )
    },
    ONE + "/review": {"get": named(operation("What came of a lesson", 200, REVIEW), "id")},
    "/api/extractors": {
        "get": operation("Networks that a new head can be put on, the best first", 200, EXTRACTORS)
    },
    "/api/models/{id}/export": {
        "get": named(
            file_of(
                "A classifier for other programs",
                "application/zip",
                {"format": choice_of(("keras", "tflite"))},
            ),
            "id",
        )
    },
}
