"""GET /api/methods: what can be asked of a classifier. POST /api/explain: the answers."""

import base64
import io
import logging
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

import numpy as np
from flask import Blueprint, Request, Response, jsonify, request

from backend.classifiers.store import Store
from backend.drawing.attribution import draw
from backend.drawing.settings import DRAW_SETTINGS, DrawSettings
from backend.errors import INTERNAL_ERROR, BadSetting, CannotUse, NotUnderstood, UserError
from backend.explanations.asking import Method, Question
from backend.explanations.base import Explanation
from backend.explanations.methods import METHODS, answer, method_named
from backend.explanations.references import (
    MOST_REFERENCES,
    Made,
    fitting,
    usual_references,
    warned,
)
from backend.explanations.sanity import check
from backend.explanations.sweep import label_index
from backend.explanations.worker import Task, Worker
from backend.grid import Grid
from backend.picture import LARGEST_FILE_BYTES, Fit, Picture, decode
from backend.routes.explaining import explanation_json, methods_json
from backend.routes.places import takes_long
from backend.wire import (
    DEFAULT_COLUMNS,
    DEFAULT_ROWS,
    NDJSON,
    Settings,
    line,
    read_picture,
    watched,
    whole_number,
)

COMMON = {"method", "model", "fit", "rows", "columns", "target", "raw", "picture"}
SETTINGS = (
    COMMON
    | set(DRAW_SETTINGS)
    | {setting.name for method in METHODS.values() for setting in method.settings}
)
TELL_EVERY = 0.01
LONGEST_SILENCE_S = 1.0
log = logging.getLogger(__name__)
Tell = Callable[[float], None]


@dataclass(frozen=True)
class Asked:
    """One request, understood and checked."""

    model: str
    method: Method
    settings: dict[str, Any]
    picture: Picture
    grid: Grid
    target: str | None
    way: str
    references: list[Picture]
    of_its_kind: bool
    raw: bool
    drawing: DrawSettings | None


def explain_routes(store: Store, worker: Worker | None = None) -> Blueprint:
    """The routes.

    Args:
        store: the classifiers to answer with.
        worker: does the work that needs gradients; a new one if None.
    """
    routes = Blueprint("explain", __name__)
    worker = worker or Worker()

    @routes.get("/api/methods")
    def methods() -> dict[str, Any]:
        settings = Settings(request, {"model"})
        return methods_json(store.model(settings.get("model", str, store.default_id)))

    @routes.post("/api/explain")
    @takes_long
    def explain() -> Response:
        asked, tell = _understand(store, request), _while_connected()
        if request.accept_mimetypes.best == NDJSON:
            return Response(_lines(partial(_answer, store, worker), asked, tell), mimetype=NDJSON)
        return jsonify(_answer(store, worker, asked, tell))

    @routes.post("/api/sanity")
    @takes_long
    def sanity() -> Response:
        asked, tell = _understand(store, request), _while_connected()
        if request.accept_mimetypes.best == NDJSON:
            return Response(_lines(partial(_sanity, store, worker), asked, tell), mimetype=NDJSON)
        return jsonify(_sanity(store, worker, asked, tell))

    return routes


def _while_connected() -> Tell:
    """Raises ConnectionAbortedError once whoever asked has gone."""
    check_asker = watched(request)
    return lambda share: check_asker()


def _understand(store: Store, request: Request) -> Asked:
    """Check everything that can be refused before the work begins."""
    method = method_named(request.args.get("method") or request.form.get("method", "occlusion"))
    own = {setting.name for setting in method.settings}
    settings = Settings(request, COMMON | set(DRAW_SETTINGS) | own)
    model = settings.get("model", str, store.default_id)
    classifier = store.open(model)
    known = store.model(model)
    if problem := method.why_not(known.gradients, known.layers):
        code = "no_layers" if known.gradients else "no_gradients"
        raise CannotUse(code, problem, "Choose another method, or another classifier.")
    given = {name: settings.get(name, str, None) for name in own}
    drawing = {name: settings.get(name, str, None) for name in DRAW_SETTINGS}
    wants_picture = settings.get("picture", _yes_no("picture"), False)
    drawn = DrawSettings.parse({name: text for name, text in drawing.items() if text is not None})
    picture = read_picture(request)
    target = settings.get("target", str, None)
    if target is not None:
        label_index(classifier, target)
    way = settings.get("fit", str, str(classifier.fit))
    Fit.of(picture, classifier.input_size, way)
    made = fitting(classifier.input_size, way)
    references, of_its_kind = _references(request, made), True
    if method.needs_references and not references:
        references, of_its_kind = usual_references(store.home, model, made)
    return Asked(
        model=model,
        method=method,
        settings=method.read_settings(
            {name: text for name, text in given.items() if text is not None}
        ),
        picture=picture,
        grid=Grid(
            settings.get("rows", whole_number("rows"), DEFAULT_ROWS),
            settings.get("columns", whole_number("columns"), DEFAULT_COLUMNS),
            picture.height_px,
            picture.width_px,
        ),
        target=target,
        way=way,
        references=references,
        of_its_kind=of_its_kind,
        raw=settings.get("raw", _yes_no("raw"), False),
        drawing=drawn if wants_picture else None,
    )


def _references(request: Request, made: Made) -> list[Picture]:
    uploads = request.files.getlist("reference")
    if len(uploads) > MOST_REFERENCES:
        raise NotUnderstood(
            "too_many_references",
            f"{len(uploads)} pictures to compare with are too many.",
            f"Send at most {MOST_REFERENCES}.",
        )
    return [made(decode(upload.stream.read(LARGEST_FILE_BYTES + 1))) for upload in uploads]


def _yes_no(name: str) -> Callable[[str], bool]:
    def parse(text: str) -> bool:
        if text not in ("true", "false"):
            hint = "Choose true or false."
            raise BadSetting(f"bad_{name}", f"“{text[:40]}” does not work for {name}.", hint)
        return text == "true"

    return parse


def _answer(store: Store, worker: Worker, asked: Asked, tell: Tell) -> dict[str, Any]:
    found = warned(_explain(store, worker, asked, tell), asked.of_its_kind)
    reply = explanation_json(asked.model, found, asked.picture)
    if asked.raw:
        reply["raw"] = _npy(found.raw)
        reply["raw_of"] = "squares" if found.attribution is None else "pixels"
        reply["maps"] = _npy(found.maps)
    if asked.drawing:
        stream = io.BytesIO()
        draw(asked.picture, found, asked.drawing).save(stream, "PNG")
        reply["picture"] = base64.b64encode(stream.getvalue()).decode()
    return reply


def _explain(store: Store, worker: Worker, asked: Asked, tell: Tell) -> Explanation:
    if asked.method.needs == "gradients":
        return worker.explain(_task(store, asked), tell)
    return answer(asked.method, _question(store, asked, tell), asked.settings)


def _question(store: Store, asked: Asked, tell: Tell) -> Question:
    """For this process, where nothing has gradients."""
    return Question.about(
        store.open(asked.model),
        None,
        asked.picture,
        asked.grid.rows,
        asked.grid.columns,
        asked.target,
        asked.way,
        tell=tell,
    )


def _sanity(store: Store, worker: Worker, asked: Asked, tell: Tell) -> dict[str, Any]:
    if store.model(asked.model).gradients:
        checked, maps = worker.sanity(_task(store, asked), tell)
    else:
        found = check(_question(store, asked, tell), asked.method, asked.settings)
        checked, maps = found.as_json(), found.maps
    reply = {"model": asked.model} | checked
    return reply | {"maps": _npy(maps)} if asked.raw else reply


def _task(store: Store, asked: Asked) -> Task:
    return Task(
        model=store.model(asked.model),
        method=asked.method.name,
        picture=asked.picture,
        grid=asked.grid,
        way=asked.way,
        target=asked.target,
        settings=asked.settings,
        references=asked.references if asked.method.needs_references else [],
    )


def _npy(array: np.ndarray | None) -> str | None:
    if array is None:
        return None
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=False)
    return base64.b64encode(stream.getvalue()).decode()


def _lines(
    work_on: Callable[[Asked, Tell], dict[str, Any]], asked: Asked, still_wanted: Tell
) -> Iterator[bytes]:
    """Lines about progress, then a result or an error; closing the iterator ends the work."""
    waiting: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    left = threading.Event()
    told, last = 0.0, monotonic()

    def tell(share: float) -> None:
        nonlocal told, last
        still_wanted(share)
        if left.is_set():
            raise ConnectionAbortedError
        # Also where nothing moves: TensorFlow may load for half a minute, and a line says that
        # somebody is still there.
        if share >= told + TELL_EVERY or monotonic() > last + LONGEST_SILENCE_S:
            told, last = share, monotonic()
            waiting.put(line("progress", {"share": share}))

    def work() -> None:
        try:
            waiting.put(line("result", work_on(asked, tell)))
        except UserError as problem:
            waiting.put(line("error", problem.as_json()))
        except ConnectionAbortedError:
            pass  # Nobody reads what could be said.
        except Exception:
            # Headers are sent: the last line is the only place left to say it.
            log.exception("an explanation failed after its first line")
            waiting.put(line("error", INTERNAL_ERROR))
        waiting.put(None)

    threading.Thread(target=work, daemon=True).start()
    try:
        yield line("start", {"model": asked.model, "method": asked.method.name})
        while (text := waiting.get()) is not None:
            yield text
    finally:
        left.set()
