"""POST /api/relevance: which squares of a picture matter to a classifier."""

import logging
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import closing
from threading import BoundedSemaphore
from time import perf_counter
from weakref import ref

from flask import Blueprint, Response, jsonify, request

from backend.classifiers.base import Classifier
from backend.classifiers.pool import WORKERS
from backend.classifiers.store import Store
from backend.errors import INTERNAL_ERROR, UserError
from backend.explanations.recent import RecentSweeps
from backend.explanations.relevance import check_measure, collect, parse_amplify
from backend.explanations.sweep import Square, Start, Sweep
from backend.routes.places import SWEEPS_AT_ONCE, bounded
from backend.turns import Turns
from backend.wire import (
    DEFAULT_COLUMNS,
    DEFAULT_ROWS,
    NDJSON,
    Settings,
    line,
    read_upload,
    relevance_json,
    square_json,
    start_json,
    watched,
    whole_number,
)

SETTINGS = {"model", "fit", "rows", "columns", "cover", "target", "measure", "amplify"}
LINE_EVERY_S = 0.008
"""Squares that are measured within this time travel together."""
log = logging.getLogger(__name__)


class Stopwatch:
    """How long each stage of a request took, for the header Server-Timing."""

    def __init__(self) -> None:
        self.start = self._last = perf_counter()
        self._stages: list[str] = []

    def stage(self, name: str) -> None:
        """End the stage `name`, which began where the one before ended."""
        now = perf_counter()
        self._stages.append(f"{name};dur={(now - self._last) * 1000:.2f}")
        self._last = now

    @property
    def seconds(self) -> float:
        """Since the request came."""
        return perf_counter() - self.start

    def __str__(self) -> str:
        return ", ".join(self._stages)


def relevance_routes(store: Store) -> Blueprint:
    """The route, answering with the classifiers of `store`."""
    routes = Blueprint("relevance", __name__)
    # All at once would not be ready sooner, and each takes some megabytes meanwhile.
    preparing = Turns(WORKERS)
    recent = RecentSweeps()

    def begin_to_answer(
        classifier: Classifier,
        settings: Settings,
        watch: Stopwatch,
        check_asker: Callable[[], None],
    ) -> tuple[Start, Iterable[Square]]:
        """From memory, or what is begun to be measured; the picture itself is not kept."""
        upload, what = read_upload(request), _what_to_sweep(settings)
        # Not the classifier itself: what is remembered must not keep it in memory.
        question = (ref(classifier), upload.fingerprint(), *what)
        if finished := recent.get(question):
            watch.stage("decode")
            return finished
        picture = upload.decode()
        del upload  # up to 64 MB that nobody needs while this is prepared
        watch.stage("decode")
        return _measure(Sweep(classifier, picture, *what), recent, question, check_asker)

    @routes.post("/api/relevance")
    @bounded(BoundedSemaphore(SWEEPS_AT_ONCE))
    def relevance() -> Response:
        watch, check_asker = Stopwatch(), watched(request)
        settings = Settings(request, SETTINGS)
        measure = settings.get("measure", check_measure, "auto")
        gain = settings.get("amplify", parse_amplify, None)
        model = settings.get("model", str, store.default_id)
        classifier = store.open(model)
        watch.stage("open")
        with preparing:
            watch.stage("wait")
            check_asker()
            start, squares = begin_to_answer(classifier, settings, watch, check_asker)
            watch.stage("fit")

        def answer(measured: list[Square]) -> dict:
            result = collect(start, measured, measure, gain)
            return relevance_json(model, start, result, watch.seconds)

        if request.accept_mimetypes.best == NDJSON:
            response = Response(_lines(model, start, squares, answer), mimetype=NDJSON)
        else:
            measured = list(squares)
            watch.stage("sweep")
            response = jsonify(answer(measured))
            watch.stage("answer")
        response.headers["Server-Timing"] = str(watch)
        return response

    return routes


def _what_to_sweep(settings: Settings) -> tuple[int, int, str, str | None, str | None]:
    return (
        settings.get("rows", whole_number("rows"), DEFAULT_ROWS),
        settings.get("columns", whole_number("columns"), DEFAULT_COLUMNS),
        settings.get("cover", str, "black"),
        settings.get("target", str, None),
        settings.get("fit", str, None),
    )


def _measure(
    sweep: Sweep, recent: RecentSweeps, question: Hashable, check_asker: Callable[[], None]
) -> tuple[Start, Iterator[Square]]:
    """What is measured, for as long as somebody waits; what is finished is remembered.

    Raises (the iterator):
        ConnectionAbortedError: the asker has left.
    """

    def squares() -> Iterator[Square]:
        measured = []
        with closing(sweep.squares()) as measuring:
            for square in measuring:
                check_asker()
                measured.append(square)
                yield square
        recent.keep(question, sweep.start, measured)

    return sweep.start, squares()


def _lines(
    model: str,
    start: Start,
    squares: Iterable[Square],
    answer: Callable[[list[Square]], dict],
) -> Iterator[bytes]:
    """The lines of a stream: a start, squares as they are measured, a result or an error."""
    try:
        yield line("start", start_json(model, start))
        measured: list[Square] = []
        sent, last = 0, 0.0
        for square in squares:
            measured.append(square)
            if perf_counter() - last >= LINE_EVERY_S:
                yield _squares_line(measured[sent:])
                sent, last = len(measured), perf_counter()
        if sent < len(measured):
            yield _squares_line(measured[sent:])
        yield line("result", answer(measured))
    except UserError as problem:
        yield line("error", problem.as_json())
    except ConnectionAbortedError:
        return
    except Exception:
        # Headers are sent: the last line is the only place left to say it.
        log.exception("a sweep failed after its first line")
        yield line("error", INTERNAL_ERROR)


def _squares_line(squares: list[Square]) -> bytes:
    return line("squares", {"squares": [square_json(square) for square in squares]})
