"""Everything that a browser shows: pages, the Scratch editor, the extension, pictures."""

import mimetypes
import os
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    jsonify,
    make_response,
    render_template,
    request,
    send_from_directory,
)
from werkzeug.utils import safe_join

from backend.drawing.colours import COLOURS

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "backend" / "pages"
EXTENSION = ROOT / "scratch-extension"
EDITOR = EXTENSION / "editor"
VENDOR = EDITOR / "vendor"
WEB_FILES = {".css", ".js", ".svg"}
"""What is sent as it lies there; pages are templates, and have addresses of their own."""

PAGE_POLICY = "default-src 'self' data: blob:; frame-ancestors 'self'"
EDITOR_POLICY = (
    "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'; frame-ancestors 'self'"
)
"""The Scratch editor compiles templates and styles at run time; it still reaches only us."""

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/x.scratch.sb3", ".sb3")


def pages_routes(editor_folder: Path | None = None) -> Blueprint:
    """The routes; `editor_folder` holds the unpacked Scratch editor."""
    vendor = editor_folder or VENDOR
    routes = Blueprint("pages", __name__, template_folder=str(EDITOR))

    @routes.get("/")
    def start() -> Response:
        return send_page("index.html")

    @routes.get("/try")
    def try_a_picture() -> Response:
        return send_page("try.html")

    @routes.get("/look-inside")
    def look_inside() -> Response:
        return send_page("look-inside.html")

    @routes.get("/teach")
    def teach() -> Response:
        return send_page("teach.html")

    @routes.get("/colours.json")
    def colours() -> Response:
        return jsonify({name: colours.as_json() for name, colours in COLOURS.items()})

    @routes.get("/pages/<path:name>")
    def page_file(name: str) -> Response:
        if Path(name).suffix not in WEB_FILES:
            abort(404)
        return send_from_directory(PAGES, name)

    @routes.get("/peekaboo.js")
    def extension() -> Response:
        return send_from_directory(EXTENSION, "peekaboo.js")

    @routes.get("/editor")
    def editor() -> Response:
        if (vendor / "scratch-gui-standalone.js").exists():
            return send_from_directory(EDITOR, "index.html")
        return send_page("missing.html")

    @routes.get("/editor/<path:name>")
    def editor_file(name: str) -> Response:
        # What installs the editor lies beside it, and is for nobody who visits.
        if name.startswith("vendor/") or Path(name).suffix not in WEB_FILES:
            abort(404)
        return send_from_directory(EDITOR, name)

    # The editor asks for its own files at the root of the origin.
    @routes.get("/<any(chunks, static):folder>/<path:name>")
    def editor_part(folder: str, name: str) -> Response:
        return send_packed(vendor, f"{folder}/{name}")

    @routes.get("/<any('scratch-gui-standalone.js', 'extension-worker.js'):name>")
    def editor_script(name: str) -> Response:
        return send_packed(vendor, name)

    return routes


def send_page(template: str, **values: Any) -> Response:
    """Send a page, or say that the browser has it already as it is now.

    Args:
        template: its file in `backend/pages` (or `missing.html`, beside the editor).
        values: what the template calls by these names; texts among them are escaped.
    """
    response = make_response(render_template(template, **values))
    response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)
    return response


def set_policy(response: Response) -> Response:
    """Say, on every answer, that pages may reach this server only."""
    in_editor = request.path.split("/")[1] == "editor"
    response.headers["Content-Security-Policy"] = EDITOR_POLICY if in_editor else PAGE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def send_packed(folder: Path, name: str) -> Response:
    """Send a file of a pinned package: packed if the browser allows, and kept for a year."""
    beside = safe_join(str(folder), name + ".gz")
    # Names come from the address: where `Path.is_file` would raise, `isfile` says no.
    packed = "gzip" in request.accept_encodings and beside and os.path.isfile(beside)  # noqa: PTH113
    response = send_from_directory(folder, name + ".gz" if packed else name, max_age=31_536_000)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
        response.mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
        response.vary.add("Accept-Encoding")
    return response
