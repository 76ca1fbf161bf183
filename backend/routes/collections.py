"""/api/collections: labelled pictures to teach with, kept on this computer."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request, send_file

from backend.classifiers.store import Store
from backend.errors import BadSetting, CannotUse, NotFound, NotUnderstood, UserError
from backend.picture import LARGEST_FILE_BYTES, Picture, decode
from backend.routes.bodies import json_of, text_of
from backend.routes.places import takes_long
from backend.teaching.collection import Collection
from backend.teaching.collections import MINE, Collections
from backend.teaching.examples import Skipped
from backend.teaching.exporting import KINDS, Contents, model_files
from backend.teaching.pictures import encoded, thumbnail
from backend.teaching.transfer import pack, unpack
from backend.wire import Settings, read_picture, whole_number

SMALLEST_THUMBNAIL_PX, LARGEST_THUMBNAIL_PX = 16, 1024
Job = Callable[[str], dict[str, Any] | None]


def collections_routes(store: Store, collections: Collections, job: Job) -> Blueprint:
    """The routes.

    Args:
        store: where taught classifiers are, for exports.
        job: what is known about the teaching of a collection, as JSON.
    """

    def short(collection: Collection) -> dict[str, Any]:
        return _short(collection) | {"model": taught_model(store, collection)}

    def full(collection: Collection) -> dict[str, Any]:
        model = taught_model(store, collection)
        return _full(collection) | {
            "model": model,
            "changed": model is not None and _changed(collection),
            "training": job(collection.id),
        }

    routes = Blueprint("collections", __name__, url_prefix="/api/collections")

    @routes.get("")
    def all_of_them() -> dict[str, Any]:
        return {"collections": [short(one) for one in collections.all()], "default": MINE}

    @routes.post("")
    @takes_long
    def add() -> tuple[dict[str, Any], int]:
        upload = request.files.get("file")
        name = Settings(request, {"name"}).get("name", str, None)
        if upload is None:
            collection = collections.add(text_of(json_of(request), "name"))
            return full(collection) | {"skipped": []}, 201
        with tempfile.TemporaryDirectory(prefix="peekaboo-upload-") as folder:
            path = Path(folder) / "upload"
            upload.save(path)
            collection = collections.add(name or _stem(upload.filename))
            try:
                skipped = unpack(path, collection)
            except BaseException:
                collections.delete(collection.id)
                raise
        return full(collection) | {"skipped": [_skipped(one) for one in skipped]}, 201

    @routes.get("/<collection_id>")
    def one(collection_id: str) -> dict[str, Any]:
        return full(collections.get(collection_id))

    @routes.patch("/<collection_id>")
    def rename(collection_id: str) -> dict[str, Any]:
        collection = collections.get(collection_id)
        collection.rename(text_of(json_of(request), "name"))
        return full(collection)

    @routes.delete("/<collection_id>")
    def delete(collection_id: str) -> tuple[str, int]:
        collections.delete(collection_id)
        return "", 204

    @routes.post("/<collection_id>/undo")
    def undo(collection_id: str) -> dict[str, Any]:
        collection = collections.get(collection_id)
        collection.undo()
        return full(collection)

    @routes.post("/<collection_id>/labels")
    def add_label(collection_id: str) -> tuple[dict[str, Any], int]:
        wanted = text_of(json_of(request), "label")
        return {"label": collections.get(collection_id).add_label(wanted), "count": 0}, 201

    @routes.patch("/<collection_id>/labels")
    def rename_label(collection_id: str) -> dict[str, Any]:
        asked = json_of(request)
        collection = collections.get(collection_id)
        collection.rename_label(text_of(asked, "label"), text_of(asked, "to"))
        return full(collection)

    @routes.delete("/<collection_id>/labels")
    def delete_label(collection_id: str) -> tuple[str, int]:
        collections.get(collection_id).delete_label(_label())
        return "", 204

    @routes.post("/<collection_id>/pictures")
    def add_pictures(collection_id: str) -> tuple[dict[str, Any], int]:
        collection, label = collections.get(collection_id), _label()
        files, skipped = [], []
        uploads = request.files.getlist("image")
        if not uploads:
            files.append(encoded(read_picture(request)))
        for upload in uploads:
            try:
                files.append(encoded(decode(upload.stream.read(LARGEST_FILE_BYTES + 1))))
            except UserError as problem:
                skipped.append(Skipped(upload.filename or "?", problem.message))
        added = collection.add_files(label, files)
        return {
            "added": [picture_json(collection, name) for name in added],
            "skipped": [_skipped(one) for one in skipped],
            "count": len(collection.pictures(label)),
        }, 201

    @routes.get("/<collection_id>/pictures/<name>")
    def picture(collection_id: str, name: str) -> Response:
        path = collections.get(collection_id).picture(name)
        size = Settings(request, {"size"}).get("size", whole_number("size"), None)
        if size is None:
            return send_file(path, max_age=0)
        if not SMALLEST_THUMBNAIL_PX <= size <= LARGEST_THUMBNAIL_PX:
            raise BadSetting(
                "bad_size",
                f"{size} px is no size for a small picture.",
                f"Choose {SMALLEST_THUMBNAIL_PX} to {LARGEST_THUMBNAIL_PX}.",
            )
        # The name alone does not say which picture it is: people replace files by hand.
        facts = path.stat()
        mark = f"{facts.st_mtime_ns}-{facts.st_size}-{size}"
        fresh = not request.if_none_match.contains(mark)
        content = thumbnail(decode(path.read_bytes()), size) if fresh else b""
        reply = Response(content, 200 if fresh else 304, mimetype="image/jpeg")
        reply.set_etag(mark)
        reply.cache_control.no_cache = True
        return reply

    @routes.delete("/<collection_id>/pictures/<name>")
    def delete_picture(collection_id: str, name: str) -> tuple[str, int]:
        collections.get(collection_id).delete_picture(name)
        return "", 204

    @routes.put("/<collection_id>/pictures/<name>/mask")
    def set_mask(collection_id: str, name: str) -> tuple[str, int]:
        collections.get(collection_id).set_mask(name, _mask())
        return "", 204

    @routes.get("/<collection_id>/export")
    @takes_long
    def export(collection_id: str) -> Response:
        collection = collections.get(collection_id)
        # Without a name on disk: it goes by itself when the answer has been sent.
        file = tempfile.TemporaryFile(prefix="peekaboo-")  # noqa: SIM115
        wanted = Settings(request, {"model"}).get("model", str, "0") == "1"
        extra = _model_files(store, collection) if wanted else {}
        pack(collection, file, extra)
        file.seek(0)
        return send_file(
            file, "application/zip", as_attachment=True, download_name=f"{collection.name}.zip"
        )

    return routes


def taught_model(store: Store, collection: Collection) -> str | None:
    """The id of the classifier that was taught; None if there is none (any more)."""
    with suppress(NotFound):
        return str(store.model(str(collection.about().get("model"))).id)
    return None


def _changed(collection: Collection) -> bool:
    """Whether the examples are others than those that its classifier was taught with."""
    taught_with = collection.about().get("taught_with")  # not noted by early versions
    with suppress(CannotUse):  # too many, put there by hand
        return taught_with is not None and taught_with != collection.examples().fingerprint()
    return True


def _model_files(store: Store, collection: Collection) -> Contents:
    """The classifier that was taught, in all its forms; none if there is none (any more)."""
    found: Contents = {}
    with suppress(NotFound):
        model = store.model(str(collection.about().get("model")))
        for kind in KINDS:
            files = model_files(model, kind)
            found |= {f"model/{name}": content for name, content in files.items()}
    return found


def _label() -> str:
    return Settings(request, {"label"}).get("label", str, "")


def _mask() -> Picture:
    if request.mimetype != "image/png":
        raise NotUnderstood("not_a_mask", "A mask is a PNG picture.", "Send a PNG, white inside.")
    return read_picture(request)


def _stem(filename: str | None) -> str:
    return Path((filename or "").replace("\\", "/")).stem or "Imported"


def picture_json(collection: Collection, name: str) -> dict[str, str]:
    """A picture's name and where it is to be had."""
    return {"name": name, "url": f"/api/collections/{collection.id}/pictures/{quote(name)}"}


def _facts(collection: Collection) -> dict[str, Any]:
    return {"id": collection.id, "name": collection.name, "named": collection.named}


def _short(collection: Collection) -> dict[str, Any]:
    return _facts(collection) | {
        "labels": [
            {"label": label, "count": len(collection.pictures(label))}
            for label in collection.labels()
        ],
    }


def _full(collection: Collection) -> dict[str, Any]:
    listed = []
    for label in collection.labels():
        pictures = [picture_json(collection, name) for name in collection.pictures(label)]
        listed.append({"label": label, "count": len(pictures), "pictures": pictures})
    return _facts(collection) | {"labels": listed, "undo": collection.can_undo}


def _skipped(skipped: Skipped) -> dict[str, str]:
    return {"name": skipped.name, "message": skipped.message}
