"""POST /api/relevance: which squares of a picture matter to a classifier."""

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from time import perf_counter

from flask import Blueprint, Response, jsonify, request

from backend.classifiers.store import Store
from backend.errors import INTERNAL_ERROR, UserError
from backend.explanations.relevance import check_measure, collect, parse_amplify
from backend.explanations.sweep import Square, Sweep
from backend.wire import (
    DEFAULT_COLUMNS,
    DEFAULT_ROWS,
    Settings,
    line,
    read_picture,
    relevance_json,
    square_json,
    start_json,
    whole_number,
)

SETTINGS = {"model", "fit", "rows", "columns", "cover", "target", "measure", "amplify"}
NDJSON = "application/x-ndjson"
log = logging.getLogger(__name__)


def relevance_routes(store: Store) -> Blueprint:
    """The route, answering with the classifiers of `store`."""
    routes = Blueprint("relevance", __name__)

    @routes.post("/api/relevance")
    def relevance() -> Response:
        start = perf_counter()
        settings = Settings(request, SETTINGS)
        measure = settings.get("measure", check_measure, "auto")
        gain = settings.get("amplify", parse_amplify, None)
        model = settings.get("model", str, store.default_id)
        sweep = Sweep(
            store.open(model),
            read_picture(request),
            settings.get("rows", whole_number("rows"), DEFAULT_ROWS),
            settings.get("columns", whole_number("columns"), DEFAULT_COLUMNS),
            settings.get("cover", str, "black"),
            settings.get("target", str, None),
            settings.get("fit", str, None),
        )

        gone = request.environ.get("waitress.client_disconnected", lambda: False)

        def answer(squares: list[Square]) -> dict:
            result = collect(sweep, squares, measure, gain)
            return relevance_json(model, sweep, result, perf_counter() - start)

        def lines() -> Iterator[bytes]:
            try:
                yield line("start", start_json(model, sweep))
                squares = []
                for square in wanted_squares(sweep, gone):
                    squares.append(square)
                    yield line("squares", {"squares": [square_json(square)]})
                yield line("result", answer(squares))
            except UserError as problem:
                yield line("error", problem.as_json())
            except ConnectionAbortedError:
                return
            except Exception:
                # Headers are sent: the last line is the only place left to say it.
                log.exception("a sweep failed after its first line")
                yield line("error", INTERNAL_ERROR)

        if request.accept_mimetypes.best == NDJSON:
            return Response(lines(), mimetype=NDJSON)
        return jsonify(answer(list(wanted_squares(sweep, gone))))

    return routes


def wanted_squares(sweep: Sweep, gone: Callable[[], bool]) -> Iterator[Square]:
    """Measure the squares of `sweep` for as long as somebody waits for them.

    Raises:
        ConnectionAbortedError: `gone` said that the asker has left.
    """
    with closing(sweep.squares()) as measuring:
        for square in measuring:
            if gone():
                raise ConnectionAbortedError
            yield square
