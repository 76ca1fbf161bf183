"""The web application: routes, who may ask, how large, and what an error looks like."""

import logging
import re
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask_cors import CORS
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException, SecurityError

from backend import __version__
from backend.classifiers.store import Store
from backend.errors import INTERNAL_ERROR, Forbidden, UserError
from backend.routes.classify import classify_routes
from backend.routes.collections import collections_routes
from backend.routes.examining import examining_routes
from backend.routes.explain import explain_routes
from backend.routes.lessons import lessons_routes
from backend.routes.models import models_routes
from backend.routes.openapi import openapi_routes
from backend.routes.pages import pages_routes, set_policy
from backend.routes.parade import parade_routes
from backend.routes.picture import picture_routes
from backend.routes.relevance import relevance_routes
from backend.routes.training import training_routes
from backend.teaching.collections import Collections
from backend.teaching.teacher import Teacher
from backend.wire import PlainRequest

LARGEST_REQUEST_BYTES = 512 * 1024 * 1024
OWN_HOSTS = ("localhost", "127.0.0.1")
FRIENDLY_ORIGINS = (
    "https://turbowarp.org",
    "https://experiments.turbowarp.org",
    "https://packager.turbowarp.org",
    "tw-editor://.",  # TurboWarp Desktop
)
"""Other web pages whose blocks may ask, and change the collection of the blocks, `mine`."""
OPEN_TO_FRIENDS = (
    r"/(api/(health|models|classify|relevance|methods|explain)|peekaboo\.js)$",
    r"/api/collections/mine(/pictures/[^/]+)?$",
)

BLOCK_METHODS = ("GET", "POST", "DELETE", "OPTIONS")
COLLECTIONS = "/api/collections"
OPEN_TO_BLOCKS = re.compile(rf"{COLLECTIONS}/mine/(labels|pictures|training|film)\Z")
"""What blocks change: the examples that a child gathers in Scratch, and teaching with them."""

log = logging.getLogger(__name__)


def create_app(
    store: Store, hosts: tuple[str, ...] = (), editor_folder: Path | None = None
) -> Flask:
    """Build the application.

    Args:
        store: the classifiers to answer with.
        hosts: names or addresses, besides `OWN_HOSTS`, under which this computer is asked.
        editor_folder: where the Scratch editor was unpacked; its usual place if None.
    """
    app = Flask(__name__, static_folder=None, template_folder="pages")
    app.jinja_options = {"undefined": StrictUndefined}
    app.config.update(
        TRUSTED_HOSTS=[*OWN_HOSTS, *hosts],
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        TEMPLATES_AUTO_RELOAD=True,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]

    app.request_class = PlainRequest
    app.before_request(_refuse_strange_pages)
    CORS(
        app,
        resources={
            resource: {"origins": list(FRIENDLY_ORIGINS)}
            for resource in (*OPEN_TO_FRIENDS, OPEN_TO_BLOCKS)
        },
        methods=list(BLOCK_METHODS),
        allow_private_network=True,
    )
    app.register_blueprint(models_routes(store))
    app.register_blueprint(classify_routes(store))
    app.register_blueprint(relevance_routes(store))
    app.register_blueprint(explain_routes(store))
    collections = Collections(store.home)
    collections.tidy()
    teacher = Teacher(store, collections)
    app.register_blueprint(collections_routes(store, collections, teacher.job))
    app.register_blueprint(examining_routes(collections))
    app.register_blueprint(training_routes(store, collections, teacher))
    app.register_blueprint(openapi_routes())
    app.register_blueprint(parade_routes())
    app.register_blueprint(picture_routes())
    app.register_blueprint(lessons_routes())
    app.register_blueprint(pages_routes(editor_folder))
    app.after_request(set_policy)

    @app.get("/api/health")
    def health() -> dict[str, Any]:
        return {"status": "ok", "version": __version__, "model": store.default_id}

    app.register_error_handler(UserError, _say_what_to_mend)
    app.register_error_handler(SecurityError, _say_that_the_name_is_strange)
    app.register_error_handler(HTTPException, _say_what_http_means)
    app.register_error_handler(ConnectionAbortedError, lambda _: Response(status=499))
    app.register_error_handler(Exception, _say_sorry)
    return app


def _refuse_strange_pages() -> None:
    """Let only our own pages, programs that are no browsers, and friendly origins in.

    Browsers name the page that asks in `Origin` whenever it could matter; programs at a
    terminal send none.
    """
    origin = request.headers.get("Origin")
    if origin is None or origin in (f"http://{request.host}", f"https://{request.host}"):
        return
    # The editor's costume painter loads these in a frame that has no origin ("null").
    if request.path.startswith(("/static/", "/chunks/")):
        return
    changes = request.method != "GET" and request.path.startswith(("/api/models", COLLECTIONS))
    by_blocks = request.method in BLOCK_METHODS and OPEN_TO_BLOCKS.match(request.path)
    if origin in FRIENDLY_ORIGINS and (by_blocks or not changes):
        return
    raise Forbidden(
        "strange_page",
        "This web page may not use the Peekaboo on this computer.",
        "Open Peekaboo's own page: " + request.host_url,
    )


def _say_what_to_mend(problem: UserError) -> tuple[Response | str, int]:
    return _answer(problem.as_json(), problem.status)


def _say_that_the_name_is_strange(_: SecurityError) -> tuple[Response, int]:
    # Without a page: making one would ask for the name again.
    error = {
        "code": "strange_host",
        "message": "Peekaboo does not answer to the name by which it was asked.",
        "hint": "On the computer on which it runs, ask for localhost. To be found by others, "
        "it is started with “python -m backend serve --host 0.0.0.0”.",
    }
    return jsonify(error=error), 400


def _say_what_http_means(problem: HTTPException) -> tuple[Response | str, int] | HTTPException:
    status = problem.code or 500
    if status < 400:
        return problem
    code, message, hint = HTTP_ERRORS.get(
        status, ("bad_request", "This request is not one that we understand.", SEE_INTERFACE)
    )
    return _answer({"error": {"code": code, "message": message, "hint": hint}}, status)


def _say_sorry(problem: Exception) -> tuple[Response | str, int]:
    log.exception("%s %s failed", request.method, request.path, exc_info=problem)
    return _answer(INTERNAL_ERROR, 500)


def _answer(body: dict[str, dict[str, str]], status: int) -> tuple[Response | str, int]:
    if request.path.startswith("/api/") or request.method != "GET":
        return jsonify(body), status
    problem = body["error"]
    hint = GO_BACK if problem["hint"] == SEE_INTERFACE else problem["hint"]
    return render_template("error.html", message=problem["message"], hint=hint), status


SEE_INTERFACE = "All requests that work are described at /api/openapi.json."
GO_BACK = "Go back, or begin again at the start page."
HTTP_ERRORS = {
    404: ("not_found", "There is nothing at this address.", SEE_INTERFACE),
    405: ("wrong_method", "This address is asked in another way.", SEE_INTERFACE),
    413: ("too_large", "This is more than we can take.", "Send a smaller file."),
}
