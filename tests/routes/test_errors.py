"""Every error has the same shape, says what to do, and none is a traceback."""

import io

import pytest

from backend.app import create_app
from backend.classifiers.store import Store

OWN = {"Origin": "http://localhost"}


def check_shape(response, status: int, code: str) -> None:
    assert response.status_code == status, response.get_data(as_text=True)
    body = response.get_json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "hint"}
    assert body["error"]["code"] == code
    for text in (body["error"]["message"], body["error"]["hint"]):
        assert text[0].isupper() or text[0] in "“0123456789"
        assert text.rstrip().endswith((".", "/"))
        assert "Traceback" not in text and len(text) < 300


@pytest.mark.parametrize(
    "setting, code",
    [(f"{name}={value}", f"bad_{name}") for name in ("rows", "columns") for value in (0, -1, 1000)]
    + [
        ("rows=x", "bad_rows"),
        ("columns=2.5", "bad_columns"),
        ("cover=velvet", "bad_cover"),
        ("measure=guess", "bad_measure"),
        ("amplify=loud", "bad_amplify"),
        ("fit=squeeze", "bad_fit"),
        ("row=3", "unknown_setting"),
        ("cover=black&cover=white", "setting_twice"),
    ],
)
def test_bad_settings(client, white_png, setting, code):
    grid = "" if setting.startswith(("rows", "columns")) else "&rows=3&columns=5"
    if setting.startswith("rows"):
        grid = "&columns=5"
    elif setting.startswith("columns"):
        grid = "&rows=3"
    check_shape(client.post(f"/api/relevance?{setting}{grid}", data=white_png), 400, code)


@pytest.mark.parametrize("route", ["classify", "relevance"])
@pytest.mark.parametrize(
    "body, code",
    [(b"", "empty_picture"), (b"hello", "not_a_picture"), (b"\xff\xd8\xff", "not_a_picture")],
)
def test_bad_pictures(client, route, body, code):
    check_shape(client.post(f"/api/{route}", data=body, content_type="image/png"), 415, code)


def test_raw_pixels_without_a_size(client):
    check_shape(
        client.post("/api/classify", data=b"1234", content_type="image/x-rgba"),
        415,
        "bad_picture_size",
    )


def test_multipart_without_a_picture(client):
    check_shape(
        client.post("/api/classify", data={"fit": "crop"}, content_type="multipart/form-data"),
        415,
        "no_picture",
    )


def test_unknown_model_and_label(client, white_png):
    grid = "rows=3&columns=5"
    check_shape(client.post("/api/classify?model=nobody", data=white_png), 404, "unknown_model")
    check_shape(
        client.post(f"/api/relevance?{grid}&target=zebra", data=white_png), 404, "unknown_label"
    )


def test_too_many_bytes(client):
    check_shape(
        client.post("/api/classify", data=bytes(26 * 2**20), content_type="image/png"),
        413,
        "picture_too_large",
    )


def test_unknown_address_and_wrong_method(client):
    check_shape(client.get("/api/nothing"), 404, "not_found")
    check_shape(client.get("/api/classify"), 405, "wrong_method")


def test_a_bug_is_logged_and_not_shown(client, store, white_png, caplog):
    store.classifier.scores = lambda batch: 1 / 0
    check_shape(client.post("/api/classify", data=white_png), 500, "internal_error")
    assert "ZeroDivisionError" in caplog.text


def test_no_model_file(client):
    check_shape(client.post("/api/models", data={"name": "x"}), 415, "no_model_file")


@pytest.mark.parametrize(
    ("model", "body", "status", "code"),
    [
        ("parade", {"json": {"name": "x"}}, 403, "built_in_model"),
        ("parade", {"json": {"name": 7}}, 400, "bad_json"),
        ("parade", {"data": b'{"name": "x'}, 400, "bad_json"),
        ("parade", {}, 400, "bad_json"),
        ("0" * 12, {"json": {"name": "x"}}, 404, "unknown_model"),
    ],
)
def test_names_that_no_model_can_get(tmp_path, model, body, status, code):
    client = create_app(Store(tmp_path)).test_client()
    check_shape(client.patch(f"/api/models/{model}", **body), status, code)


@pytest.mark.parametrize("pixels", ["1", "1..0", "a..b", "0..nan", "0..inf"])
def test_bad_pixel_range(client, pixels):
    form = {"file": (io.BytesIO(b"x"), "model.h5"), "pixels": pixels}
    check_shape(client.post("/api/models", data=form), 400, "bad_pixels")
