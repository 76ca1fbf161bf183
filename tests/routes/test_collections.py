"""Collections over HTTP: what a page and blocks do with them."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from tests.teaching.conftest import png, striped

MINE = "/api/collections/mine"
CAT, DOG = png(striped(True, 1)), png(striped(False, 2))


def counts(client, path: str = MINE) -> dict[str, int]:
    return {one["label"]: one["count"] for one in client.get(path).get_json()["labels"]}


def test_mine_is_there_and_empty(client):
    answer = client.get("/api/collections").get_json()
    mine = {"id": "mine", "name": "My classifier", "named": False, "labels": [], "model": None}
    assert answer == {"collections": [mine], "default": "mine"}


def test_labels_and_pictures(client):
    label = "شاي / tea 🫖"
    assert client.post(MINE + "/labels", json={"label": label}).status_code == 201
    reply = client.post(MINE + "/pictures", query_string={"label": label}, data=CAT)
    assert reply.status_code == 201
    (added,) = reply.get_json()["added"]
    assert reply.get_json()["count"] == 1
    seen = client.get(added["url"])
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(seen.data))), striped(True, 1))
    small = Image.open(io.BytesIO(client.get(added["url"] + "?size=48").data))
    assert (small.format, small.size) == ("JPEG", (48, 36))
    assert counts(client) == {label: 1}
    client.patch(MINE + "/labels", json={"label": label, "to": "tea"})
    assert counts(client) == {"tea": 1}


def test_half_signs_in_labels(client):
    """An emoji that was cut in two is a question mark, as in the names of classifiers."""
    reply = client.post(MINE + "/labels", data=rb'{"label": "tea \ud83e"}')
    assert reply.get_json()["label"] == "tea ?"
    for body in (rb'{"label": "\ud800", "to": "x"}', b'{"label": "\xed\xa0\x80", "to": "x"}'):
        reply = client.patch(MINE + "/labels", data=body)
        assert reply.status_code == 404
        assert reply.get_json()["error"]["code"] == "unknown_example_label"
    reply = client.post(MINE + "/pictures?label=%ED%A0%80", data=CAT)
    assert reply.get_json()["error"]["code"] == "unknown_example_label"


def test_raw_pixels_as_blocks_send_them(client):
    client.post(MINE + "/labels", json={"label": "cat"})
    pixels = np.dstack([striped(True, 3), np.full((72, 96), 255, np.uint8)])
    kind = "image/x-rgba; width=96; height=72"
    reply = client.post(MINE + "/pictures?label=cat", data=pixels.tobytes(), content_type=kind)
    url = reply.get_json()["added"][0]["url"]
    kept = np.asarray(Image.open(io.BytesIO(client.get(url).data)))
    assert np.array_equal(kept, striped(True, 3))


def test_many_files_and_some_that_are_no_pictures(client):
    client.post(MINE + "/labels", json={"label": "cat"})
    files = [(io.BytesIO(CAT), "1.png"), (io.BytesIO(b"broken"), "2.png"), (io.BytesIO(DOG), "3")]
    answer = client.post(MINE + "/pictures?label=cat", data={"image": files}).get_json()
    assert [one["name"] for one in answer["skipped"]] == ["2.png"]
    assert (len(answer["added"]), answer["count"]) == (2, 2)


def test_deleted_and_undone(client):
    client.post(MINE + "/labels", json={"label": "cat"})
    answer = client.post(MINE + "/pictures?label=cat", data=CAT).get_json()
    assert client.delete(answer["added"][0]["url"]).status_code == 204
    assert client.get(MINE).get_json()["undo"]
    assert client.post(MINE + "/undo").get_json()["labels"][0]["count"] == 1
    assert client.delete(MINE + "/labels?label=cat").status_code == 204
    assert counts(client) == {}
    client.post(MINE + "/undo")
    assert counts(client) == {"cat": 1}
    assert client.post(MINE + "/undo").status_code == 404


def test_export_and_import(client):
    client.post(MINE + "/labels", json={"label": "a/b"})
    client.post(MINE + "/pictures?label=a%2Fb", data=CAT)
    packed = client.get(MINE + "/export")
    assert packed.mimetype == "application/zip"
    assert "My classifier.zip" in packed.headers["Content-Disposition"]
    upload = {"file": (io.BytesIO(packed.data), "From home.zip")}
    reply = client.post("/api/collections", data=upload)
    assert reply.status_code == 201
    answer = reply.get_json()
    assert (answer["name"], answer["skipped"]) == ("From home", [])
    assert counts(client, "/api/collections/" + answer["id"]) == {"a/b": 1}


def test_an_import_that_fails_leaves_nothing(client):
    upload = {"file": (io.BytesIO(b"no zip"), "x.zip")}
    assert client.post("/api/collections", data=upload).status_code == 415
    assert len(client.get("/api/collections").get_json()["collections"]) == 1


def test_collections_are_named_and_deleted(client):
    made = client.post("/api/collections", json={"name": "4b"}).get_json()
    path = "/api/collections/" + made["id"]
    assert client.patch(path, json={"name": "5b"}).get_json()["name"] == "5b"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.delete(MINE).status_code == 403


def test_masks_are_put(client):
    client.post(MINE + "/labels", json={"label": "cat"})
    url = client.post(MINE + "/pictures?label=cat", data=CAT).get_json()["added"][0]["url"]
    mask = png(np.full((72, 96, 3), 255, np.uint8))
    assert client.put(url + "/mask", data=mask, content_type="image/png").status_code == 204
    assert client.put(url + "/mask", data=b"x", content_type="text/plain").status_code == 415
    with zipfile.ZipFile(io.BytesIO(client.get(MINE + "/export").data)) as archive:
        assert "cat/masks/0001.png" in archive.namelist()


BAD = [
    ("post", "/api/collections", {"json": {}}, 400, "bad_json"),
    ("post", "/api/collections", {"data": b"{"}, 400, "bad_json"),
    ("post", "/api/collections", {"json": {"name": " "}}, 400, "no_name"),
    ("get", "/api/collections/..%2fmodels", {}, 404, "not_found"),
    ("get", "/api/collections/nobody", {}, 404, "unknown_collection"),
    ("patch", MINE, {"json": {"name": 3}}, 400, "bad_json"),
    ("post", MINE + "/labels", {"json": {"label": ""}}, 400, "no_label"),
    ("post", MINE + "/labels", {"json": {"label": "x" * 301}}, 400, "label_too_long"),
    ("delete", MINE + "/labels?label=none", {}, 404, "unknown_example_label"),
    ("post", MINE + "/pictures", {"data": CAT}, 404, "unknown_example_label"),
    ("post", MINE + "/pictures?label=none", {"data": CAT}, 404, "unknown_example_label"),
    ("get", MINE + "/pictures/none", {}, 404, "unknown_picture"),
    ("get", MINE + "/pictures/..~collection.json", {}, 404, "unknown_picture"),
    ("delete", MINE + "/pictures/%00~x.png", {}, 404, "unknown_picture"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), BAD)
def test_bad_requests(client, method, path, body, status, code):
    reply = getattr(client, method)(path, **body)
    assert reply.status_code == status
    assert reply.get_json()["error"]["code"] == code


@pytest.mark.parametrize("size", ["0", "15", "99999", "x"])
def test_odd_sizes_of_thumbnails(client, size):
    client.post(MINE + "/labels", json={"label": "cat"})
    url = client.post(MINE + "/pictures?label=cat", data=CAT).get_json()["added"][0]["url"]
    assert client.get(f"{url}?size={size}").get_json()["error"]["code"] == "bad_size"


TURBOWARP = {"Origin": "https://turbowarp.org"}


def test_blocks_elsewhere_may_use_mine_and_nothing_else(client):
    other = client.post("/api/collections", json={"name": "4b"}).get_json()["id"]
    allowed = client.post(MINE + "/labels", json={"label": "cat"}, headers=TURBOWARP)
    assert allowed.status_code == 201
    seen = client.get(MINE, headers=TURBOWARP)
    for reply in (allowed, seen):
        assert reply.headers["Access-Control-Allow-Origin"] == TURBOWARP["Origin"]
    for path in (f"/api/collections/{other}/labels", "/api/collections", MINE + "/undo"):
        assert client.post(path, json={"label": "x"}, headers=TURBOWARP).status_code == 403
    assert client.patch(MINE, json={"name": "x"}, headers=TURBOWARP).status_code == 403


def test_other_pages_may_not_even_look(client):
    for path in ("/api/collections", MINE, MINE + "/labels"):
        assert client.get(path, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_thumbnail_is_never_that_of_an_older_picture(client, store):
    client.post(MINE + "/labels", json={"label": "cat"})
    url = client.post(MINE + "/pictures?label=cat", data=CAT).get_json()["added"][0]["url"]
    first = client.get(url + "?size=48")
    same = client.get(url + "?size=48", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    path = store.home / "collections" / "mine" / "cat" / "0001.png"
    path.write_bytes(DOG)
    again = client.get(url + "?size=48", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert again.data != first.data
    assert "no-cache" in again.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/api/collections", MINE + "/labels", MINE + "/training"])
def test_thousands_of_brackets(client, path):
    reply = client.post(path, data=b"[" * 200_000, content_type="application/json")
    assert reply.get_json()["error"]["code"] == "bad_json"


def test_a_classifier_that_was_deleted_is_not_offered(client, store):
    client.get(MINE)
    about = store.home / "collections" / "mine" / "collection.json"
    about.write_text('{"model": "eye", "labels": []}')
    assert client.get(MINE).get_json()["model"] == "eye"
    about.write_text('{"model": "0123456789ab", "labels": []}')
    assert client.get(MINE).get_json()["model"] is None
    assert client.get("/api/collections").get_json()["collections"][0]["model"] is None
