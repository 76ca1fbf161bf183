"""What requests and answers look like, in JSON Schema: the nouns of the OpenAPI document."""

from typing import Any

from backend.explanations.cover import COVERS
from backend.explanations.methods import METHODS
from backend.explanations.relevance import MEASURES
from backend.grid import LARGEST_SIDE
from backend.picture import FIT_WAYS
from backend.wire import DEFAULT_COLUMNS, DEFAULT_ROWS

Schema = dict[str, Any]


def object_of(**properties: Schema) -> Schema:
    """An object that has all these properties."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def list_of(items: Schema) -> Schema:
    """A list of such things."""
    return {"type": "array", "items": items}


def choice_of(options: Any, **more: Any) -> Schema:
    """One of these texts."""
    return {"type": "string", "enum": list(options)} | more


def multipart_of(fields: dict[str, Schema], required: list[str]) -> Schema:
    """The body of a form."""
    schema = {"type": "object", "properties": fields, "required": required}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def json_body(**properties: Schema) -> Schema:
    """A body of JSON."""
    schema = object_of(**properties)
    return {"required": True, "content": {"application/json": {"schema": schema}}}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
YES_NO: Schema = {"type": "boolean"}
FILE: Schema = {"type": "string", "format": "binary"}
FIT = choice_of(FIT_WAYS)
PIXELS: Schema = {
    "type": "string",
    "description": "The range of numbers that the model expects, such as -1..1",
}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
PAIR = list_of(WHOLE)
BOX = object_of(left=NUMBER, top=NUMBER, width=NUMBER, height=NUMBER)
MAP = list_of(list_of(NUMBER))

ERROR: Schema = {
    "description": "What went wrong and what to do next",
    "content": {
        "application/json": {
            "schema": object_of(error=object_of(code=TEXT, message=TEXT, hint=TEXT))
        }
    },
}
HEALTH = object_of(status=TEXT, version=TEXT, model=TEXT)
_MODEL = dict(
    id=TEXT,
    name=TEXT,
    labels=list_of(TEXT),
    format=TEXT,
    input=object_of(height=WHOLE, width=WHOLE),
    fit=FIT,
    logits=YES_NO,
    gradients=YES_NO,
    layers=list_of(TEXT),
)
MODEL = object_of(**_MODEL)
MODELS = object_of(models=list_of(object_of(**_MODEL, formerly=list_of(TEXT))), default=TEXT)
CLASSIFICATION = object_of(
    model=TEXT,
    label=TEXT,
    confidence=SHARE,
    predictions=list_of(
        object_of(label=TEXT, confidence=SHARE, logit={"type": ["number", "null"]})
    ),
    seen=BOX,
    seconds=NUMBER,
)
RELEVANCE = object_of(
    model=TEXT,
    target=TEXT,
    before=object_of(label=TEXT, confidence=SHARE, log_odds=NUMBER),
    rows=WHOLE,
    columns=WHOLE,
    seen=BOX,
    unseen=list_of(PAIR),
    confidence=MAP,
    confidence_drop=MAP,
    log_odds_drop=MAP,
    label=list_of(list_of(TEXT)),
    measure=choice_of(("confidence", "log_odds")),
    saturated=YES_NO,
    verdict=choice_of(("found", "flat")),
    ghost=MAP,
    most_relevant={
        "anyOf": [object_of(row=WHOLE, column=WHOLE, square=WHOLE), {"type": "null"}],
    },
    sentence=TEXT,
    evaluations=WHOLE,
    seconds=NUMBER,
)
NUMBER_OR_NONE: Schema = {"type": ["number", "null"]}
METHOD_LIST = object_of(
    model=TEXT,
    methods=list_of(
        object_of(
            name=TEXT,
            title=TEXT,
            purpose=TEXT,
            paper=TEXT,
            needs=choice_of(("scores", "gradients")),
            needs_target=YES_NO,
            needs_references=YES_NO,
            available=YES_NO,
            reason={"type": ["string", "null"]},
            settings=list_of({"type": "object"}),
        )
    ),
    layers=list_of(TEXT),
    drawing=list_of({"type": "object"}),
)
EXPLANATION = object_of(
    model=TEXT,
    method=choice_of(METHODS),
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
    verdict=choice_of(("found", "flat")),
    most_relevant={
        "anyOf": [object_of(row=WHOLE, column=WHOLE, square=WHOLE), {"type": "null"}],
    },
    seen=BOX,
    unseen=list_of(PAIR),
    facts={"type": "object"},
    warnings=list_of(TEXT),
    warning_codes=list_of(TEXT | {"description": "of the warnings, in their order"}),
    seconds=NUMBER,
)
EXPLANATION["properties"] |= {
    "raw": TEXT
    | {
        "description": "with raw=true: (H, W) float32 over the model's input in `unit`, npy in "
        "base64; where the method only knows squares, every pixel holds its square's value"
    },
    "raw_of": choice_of(("pixels", "squares"))
    | {"description": "with raw=true: what the method measured, single pixels or only squares"},
    "maps": {
        "type": ["string", "null"],
        "description": "with raw=true: (N, h, w) float32, maps of an inner layer in their own "
        "size, npy in base64; null for methods without",
    },
    "picture": TEXT | {"description": "with picture=true: the drawing, PNG in base64"},
}
SIDE: Schema = {"type": "integer", "minimum": 1, "maximum": LARGEST_SIDE}
SWEEP_SETTINGS: dict[str, Schema] = {
    "model": TEXT,
    "fit": FIT,
    "rows": SIDE | {"default": DEFAULT_ROWS},
    "columns": SIDE | {"default": DEFAULT_COLUMNS},
    "cover": choice_of(COVERS, default="black"),
    "target": TEXT | {"description": "A label; the winner on the uncovered picture if absent"},
    "measure": choice_of(MEASURES, default="auto"),
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
        **multipart_of({"image": FILE}, ["image"])["content"],
    },
}
CURVE = object_of(
    share=list_of(SHARE),
    confidence=list_of(SHARE),
    confidence_by_chance=list_of(SHARE),
    area=SHARE,
    area_by_chance=SHARE,
)
SANITY = object_of(
    model=TEXT,
    method=choice_of(METHODS),
    target=TEXT,
    settings={"type": "object"},
    baselines=list_of(
        object_of(
            baseline=TEXT, label=TEXT, confidence={"type": "object"}, even=SHARE, leans=YES_NO
        )
    ),
    approx_error=NUMBER_OR_NONE,
    deletion=CURVE,
    insertion=CURVE,
    blurred_is_enough=YES_NO,
    mixed=list_of(object_of(down_to=TEXT, layers=WHOLE, similarity=NUMBER, absolute=NUMBER)),
    not_checked={"type": "object", "description": "check → why it could not be done"},
    warnings=list_of(TEXT),
)
SANITY["properties"]["maps"] = {
    "type": ["string", "null"],
    "description": "with raw=true: the map of each of mixed, (n, h, w) npy in base64",
}


def operation(
    summary: str,
    status: int,
    answer: Schema,
    settings: dict[str, Schema] | None = None,
    body: Schema | None = None,
    stream: str | None = None,
) -> dict[str, Any]:
    """One operation: what it does, how it is asked, and what it answers."""
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


def file_of(
    summary: str,
    kind: str,
    settings: dict[str, Schema] | None = None,
    body: Schema | None = None,
) -> dict[str, Any]:
    """One that answers a file."""
    answer = {"description": summary, "content": {kind: {"schema": FILE}}}
    described = operation(summary, 200, {}, settings, body)
    return described | {"responses": {"200": answer, "default": ERROR}}


def silent(summary: str, settings: dict[str, Schema] | None = None) -> dict[str, Any]:
    """One that answers nothing if all went well."""
    described = operation(summary, 204, {}, settings)
    return described | {"responses": {"204": {"description": "Done"}, "default": ERROR}}


def named(described: dict[str, Any], *names: str) -> dict[str, Any]:
    """The same operation for an address with these names in it."""
    inside = [{"name": name, "in": "path", "required": True, "schema": TEXT} for name in names]
    return described | {"parameters": inside + described.get("parameters", [])}
