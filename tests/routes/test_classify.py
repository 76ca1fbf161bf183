import io
import math

import pytest

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
