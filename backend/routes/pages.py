"""Everything that a browser shows: pages, the Scratch editor, the extension, pictures."""

import html
import mimetypes
import os
from pathlib import Path
from string import Template

from flask import Blueprint, Response, abort, jsonify, request, send_from_directory
from werkzeug.utils import safe_join

from backend.drawing.colours import COLOURS

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "backend" / "pages"
EXTENSION = ROOT / "scratch-extension"
EDITOR = EXTENSION / "editor"
VENDOR = EDITOR / "vendor"
WEB_FILES = {".html", ".css", ".js", ".svg"}

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
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def start() -> Response:
        return send_from_directory(PAGES, "index.html")

    @routes.get("/try")
    def try_a_picture() -> Response:
        return send_from_directory(PAGES, "try.html")

    @routes.get("/look-inside")
    def look_inside() -> Response:
        return send_from_directory(PAGES, "look-inside.html")

    @routes.get("/teach")
    def teach() -> Response:
        return send_from_directory(PAGES, "teach.html")

    @routes.get("/colours.json")
    def colours() -> Response:
        return jsonify({name: colours.as_json() for name, colours in COLOURS.items()})

    @routes.get("/pages/<path:name>")
    def page_file(name: str) -> Response:
        return send_from_directory(PAGES, name)

    @routes.get("/peekaboo.js")
    def extension() -> Response:
        return send_from_directory(EXTENSION, "peekaboo.js")

    @routes.get("/editor")
    def editor() -> Response:
        installed = (vendor / "scratch-gui-standalone.js").exists()
        return send_from_directory(EDITOR, "index.html" if installed else "missing.html")

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


def error_page(message: str, hint: str) -> str:
    """A friendly page for an address that does not work."""
    page = Template((PAGES / "error.html").read_text("utf-8"))
    return page.substitute(message=html.escape(message), hint=html.escape(hint))
