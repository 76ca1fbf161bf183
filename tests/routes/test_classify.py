import io
import math

import numpy as np
import pytest
from PIL import Image

SURE = 1 / (1 + math.exp(-10))


def test_a_picture_as_the_body(client, white_png):
    answer = client.post("/api/classify", data=white_png, content_type="image/png").get_json()
    assert answer["model"] == "eye"
    assert answer["label"] == "bright"
    assert answer["confidence"] == pytest.approx(SURE)
    assert [entry["label"] for entry in answer["predictions"]] == ["bright", "dark"]
    assert answer["predictions"][1]["confidence"] == pytest.approx(1 - SURE)
    assert answer["predictions"][0]["logit"] == pytest.approx(10)
    assert answer["seen"] == {"left": 0, "top": 0, "width": 5, "height": 3}
    assert answer["seconds"] >= 0


def test_a_picture_as_a_multipart_field_with_settings_beside_it(client, white_png):
    form = {"image": (io.BytesIO(white_png), "white.png"), "fit": "crop"}
    answer = client.post("/api/classify", data=form).get_json()
    assert answer["label"] == "bright"


def test_a_picture_as_raw_pixels(client):
    answer = client.post(
        "/api/classify",
        data=bytes([0, 0, 0, 255]) * 15,
        content_type="image/x-rgba; width=5; height=3",
    ).get_json()
    assert answer["confidence"] == pytest.approx(0.5)


def test_what_curl_sends_by_default_is_understood(client, white_png):
    answer = client.post(
        "/api/classify", data=white_png, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 200


def test_labels_are_sent_as_they_are_written(client, store, white_png):
    store.classifier.labels = ("가위", "🙂/\\\"'")
    body = client.post("/api/classify", data=white_png).get_data(as_text=True)
    assert "가위" in body


def test_a_picture_that_browsers_cannot_open(client):
    turned = Image.Exif()
    turned[0x0112] = 6
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "TIFF", exif=turned)
    reply = client.post("/api/picture", data=file.getvalue())
    assert reply.mimetype == "image/png"
    with Image.open(io.BytesIO(reply.data)) as answer:
        np.testing.assert_array_equal(np.asarray(answer), np.rot90(pixels, -1))
    refused = client.post("/api/picture", data=b"no picture")
    assert (refused.status_code, refused.get_json()["error"]["code"]) == (415, "not_a_picture")
    assert client.post("/api/picture?size=3", data=file.getvalue()).status_code == 400
