"""/api/models: the classifiers on this computer."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request

from backend.classifiers.store import Store
from backend.errors import NotUnderstood
from backend.routes.bodies import json_of, text_of
from backend.routes.places import takes_long
from backend.wire import Settings, models_json, pixel_range

SETTINGS = {"name", "fit", "pixels"}


def models_routes(store: Store) -> Blueprint:
    """The routes, working on `store`."""
    routes = Blueprint("models", __name__)

    @routes.get("/api/models")
    def models() -> dict[str, Any]:
        return models_json(store)

    @routes.post("/api/models")
    @takes_long
    def add() -> tuple[Response, int]:
        settings = Settings(request, SETTINGS)
        name, way = settings.get("name", str, None), settings.get("fit", str, None)
        pixels = settings.get("pixels", pixel_range, None)
        uploads = request.files.getlist("file")
        if not uploads:
            raise NotUnderstood(
                "no_model_file",
                "No model file came with this request.",
                "Send the file of the classifier in a field called file.",
            )
        with tempfile.TemporaryDirectory(prefix="peekaboo-upload-") as folder:
            parts = {}
            for number, upload in enumerate(uploads):
                # The sender's file name is only ever a key, never a path on this computer; with
                # a number, so that of two files of one name none is lost.
                path = Path(folder) / f"part-{number}"
                upload.save(path)
                parts[f"{number}/{upload.filename or 'part'}"] = path
            model = store.add(parts, name=name, fit=way, pixels=pixels)
        return jsonify(model.as_json()), 201

    @routes.patch("/api/models/<model_id>")
    def rename(model_id: str) -> dict[str, Any]:
        return store.rename(model_id, text_of(json_of(request), "name")).as_json()

    @routes.delete("/api/models/<model_id>")
    def delete(model_id: str) -> tuple[str, int]:
        store.delete(model_id)
        return "", 204

    return routes
