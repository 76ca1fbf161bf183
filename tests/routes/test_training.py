"""Lessons over HTTP, from the first picture to the film, the review and the exports."""

import io
import json
import time
import zipfile

import numpy as np
import pytest
from PIL import Image

from backend.app import create_app
from backend.classifiers.store import Store
from backend.teaching.collection import LESSON_FOLDER
from tests.teaching.conftest import png, striped

MINE = "/api/collections/mine"
LONGEST_S = 300
EPOCHS = 4


def fill(client, **counts: int) -> None:
    for label, count in counts.items():
        client.post(MINE + "/labels", json={"label": label})
        for seed in range(count):
            path = f"{MINE}/pictures?label={label}"
            client.post(path, data=png(striped(label == "up", seed)))


def wait(client) -> dict:
    deadline = time.monotonic() + LONGEST_S
    while (job := client.get(MINE + "/training").get_json())["state"] in ("queued", "running"):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return job


@pytest.fixture(scope="module")
def taught(tmp_path_factory):
    """A client whose collection `mine` was taught, and the job at its end."""
    client = create_app(Store(tmp_path_factory.mktemp("home"))).test_client()
    fill(client, up=8, down=8)
    lines = client.post(MINE + "/training", json={"epochs": EPOCHS})
    assert lines.status_code == 202
    assert lines.get_json()["state"] in ("queued", "running")
    return client, wait(client)


def test_the_job_ends_with_a_classifier(taught):
    client, job = taught
    assert (job["state"], job["epoch"], job["epochs"]) == ("done", EPOCHS, EPOCHS)
    ids = [model["id"] for model in client.get("/api/models").get_json()["models"]]
    assert job["model"] in ids
    collection = client.get(MINE).get_json()
    assert collection["model"] == job["model"]
    assert collection["training"] == job
    said = client.post(f"/api/classify?model={job['model']}", data=png(striped(True, 50)))
    assert {one["label"] for one in said.get_json()["predictions"]} == {"up", "down"}


def test_whether_examples_changed_since_the_lesson(taught):
    client, _ = taught
    assert client.get(MINE).get_json()["changed"] is False
    client.post(MINE + "/labels", json={"label": "sideways"})
    assert client.get(MINE).get_json()["changed"] is True
    client.delete(MINE + "/labels?label=sideways")
    assert client.get(MINE).get_json()["changed"] is False
    picture = client.get(MINE).get_json()["labels"][0]["pictures"][2]
    client.delete(picture["url"])
    assert client.get(MINE).get_json()["changed"] is True
    client.post(MINE + "/undo")
    assert client.get(MINE).get_json()["changed"] is False
    client.patch(MINE + "/labels", json={"label": "up", "to": "upwards"})
    assert client.get(MINE).get_json()["changed"] is True
    client.patch(MINE + "/labels", json={"label": "upwards", "to": "up"})
    assert client.get(MINE).get_json()["changed"] is False


def test_a_project_with_the_classifier_and_its_pictures(taught):
    client, job = taught
    reply = client.get(MINE + "/project?language=fr")
    assert reply.mimetype == "application/x.scratch.sb3"
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        text = archive.read("project.json").decode()
    backdrops = [one["name"] for one in json.loads(text)["targets"][0]["costumes"]]
    assert backdrops[:4] == ["start", "up", "down", "up (2)"]
    assert len(backdrops) == 11
    assert job["model"] in text
    assert client.get(MINE + "/project?size=1").status_code == 400


def test_the_job_as_a_stream(taught):
    client, job = taught
    reply = client.get(MINE + "/training", headers={"Accept": "application/x-ndjson"})
    lines = [json.loads(line) for line in reply.data.splitlines()]
    assert lines == [{"type": "job"} | job]


def test_the_film(taught):
    client, _ = taught
    film = client.get(MINE + "/film").get_json()
    assert [probe["label"] for probe in film["probes"]] == ["up", "down"]
    assert len(film["epochs"]) == EPOCHS
    for probe in film["probes"]:
        assert client.get(probe["url"]).status_code == 200


@pytest.mark.parametrize(("kind", "format"), [("gif", "GIF"), ("webp", "WEBP"), ("strip", "PNG")])
def test_the_film_as_a_file(taught, kind, format):
    client, _ = taught
    reply = client.get(f"{MINE}/film/file?format={kind}&probe=1")
    with Image.open(io.BytesIO(reply.data)) as image:
        assert image.format == format
        assert getattr(image, "n_frames", 1) == (1 if kind == "strip" else EPOCHS)
    assert "attachment" in reply.headers["Content-Disposition"]


def test_the_review(taught):
    client, job = taught
    review = client.get(MINE + "/review").get_json()
    assert review["accuracy"] == job["accuracy"]
    for row, counts in zip(review["cells"], review["confusion"], strict=True):
        assert [len(names) for names in row] == counts
        for names in row:
            for one in names:
                assert client.get(one["url"]).status_code == 200


def names_in(reply) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(reply.data)) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


def test_exports(taught):
    client, job = taught
    model = f"/api/models/{job['model']}/export"
    assert names_in(client.get(model + "?format=keras")) == {"keras_model.keras", "labels.txt"}
    assert names_in(client.get(model + "?format=tflite")) == {"model.tflite", "labels.txt"}
    assert client.get(model + "?format=onnx").status_code == 400
    whole = names_in(client.get(MINE + "/export?model=1"))
    assert {"up/0001.png", "model/model.tflite", "model/keras_model.keras"} <= whole
    assert not any(name.startswith("model/") for name in names_in(client.get(MINE + "/export")))


@pytest.mark.parametrize("kind", ["keras", "tflite"])
def test_what_is_exported_can_be_added_elsewhere_and_says_the_same(taught, tmp_path, kind):
    client, job = taught
    other = create_app(Store(tmp_path)).test_client()
    packed = client.get(f"/api/models/{job['model']}/export?format={kind}").data
    settings = "?fit=stretch&pixels=-1..1"
    added = other.post("/api/models" + settings, data={"file": (io.BytesIO(packed), "m.zip")})
    assert added.status_code == 201, added.get_json()
    picture = png(striped(False, 33))
    ours = client.post(f"/api/classify?model={job['model']}", data=picture).get_json()
    theirs = other.post(f"/api/classify?model={added.get_json()['id']}", data=picture).get_json()
    assert theirs["label"] == ours["label"]
    assert theirs["confidence"] == pytest.approx(ours["confidence"], abs=1e-3)


def test_checks_name_the_pictures_that_show_it(taught):
    client, _ = taught
    client.post(MINE + "/labels", json={"label": "third"})
    client.post(MINE + "/pictures?label=third", data=png(striped(True, 0)))
    found = {one["code"]: one for one in client.get(MINE + "/checks").get_json()["checks"]}
    assert found["few_pictures"]["labels"] == ["third"]
    assert set(found["same_in_two_labels"]["labels"]) == {"up", "third"}
    assert len(found["same_in_two_labels"]["pictures"]) >= 2
    client.delete(MINE + "/labels?label=third")


@pytest.mark.parametrize("change", ["flip", "shift", "light", "zoom", "background"])
def test_previews_of_switches(taught, change):
    client, _ = taught
    url = client.get(MINE).get_json()["labels"][0]["pictures"][0]["url"]
    reply = client.get(f"{url}/preview?change={change}&seed=4")
    pixels = np.asarray(Image.open(io.BytesIO(reply.data)))
    assert pixels.shape == (72, 96, 3)
    assert client.get(f"{url}/preview?change=spin").status_code == 400
    assert client.get(f"{url}/preview?seed=-1").status_code == 400


@pytest.fixture
def fresh(tmp_path):
    return create_app(Store(tmp_path)).test_client()


@pytest.mark.parametrize("what", ["training", "film", "review", "film/file"])
def test_nothing_was_taught_yet(fresh, what):
    reply = fresh.get(f"{MINE}/{what}")
    assert reply.status_code == 404
    assert reply.get_json()["error"]["code"] == "never_taught"
    assert fresh.get(MINE + "/project").get_json()["error"]["code"] == "never_taught"


BAD = [
    ({"json": {"way": "magic"}}, 400, "bad_way"),
    ({"json": {"epochs": 10**9}}, 400, "bad_epochs"),
    ({"json": {"extractor": "0" * 12}}, 404, "unknown_model"),
    ({"json": {"extractor": "../parade"}}, 404, "unknown_model"),
    ({"json": {"speed": 1}}, 400, "unknown_setting"),
    ({"data": r'{"way": "\ud800"}'}, 400, "bad_way"),
    ({"data": r'{"\ud800": 1}'}, 400, "unknown_setting"),
    ({"json": {"called": 7}}, 400, "bad_json"),
    ({"json": [1]}, 400, "bad_json"),
    ({"data": b"{" * 1000}, 400, "bad_json"),
    ({"json": {"resume": True}}, 404, "nothing_to_resume"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD)
def test_lessons_that_cannot_be(fresh, body, status, code):
    reply = fresh.post(MINE + "/training", **body)
    assert reply.status_code == status
    assert reply.get_json()["error"]["code"] == code


def test_one_label_is_said_when_it_is_tried(fresh):
    fill(fresh, up=3)
    assert fresh.post(MINE + "/training").get_json()["error"]["code"] == "one_label"
    fill(fresh, down=3)
    assert fresh.get(MINE).get_json()["named"] is False
    assert fresh.post(MINE + "/training", json={"called": "Mein  Ding"}).status_code == 202
    fresh.delete(MINE + "/training")
    # What nobody has named is called as whoever taught it first calls such a thing.
    collection = fresh.get(MINE).get_json()
    assert (collection["name"], collection["named"]) == ("Mein Ding", True)
    fresh.post(MINE + "/training", json={"called": "My thing"})
    assert fresh.get(MINE).get_json()["name"] == "Mein Ding"
    fresh.delete(MINE + "/training")


def test_half_signs_do_not_block_a_collection(fresh):
    """An emoji that was cut in two is no text that could be written down."""
    fill(fresh, up=3, down=3)
    for _ in range(2):
        reply = fresh.post(MINE + "/training", data=r'{"probes": ["\ud83d"], "epochs": 1}')
        assert reply.status_code == 202, reply.get_json()
        fresh.delete(MINE + "/training")
        assert fresh.get(MINE + "/training").get_json()["state"] == "stopped"


def test_a_name_that_nobody_can_see_is_refused_before_the_lesson(fresh):
    fill(fresh, up=3, down=3)
    reply = fresh.post(MINE + "/training", json={"called": "\u200b"})
    assert reply.get_json()["error"]["code"] == "no_name"
    assert fresh.get(MINE + "/training").status_code == 404


@pytest.mark.parametrize("text", ["{}", "[1]", '{"epochs": 1, "probes": [3], "cells": 5}'])
def test_what_was_kept_of_a_lesson_may_be_damaged(fresh, tmp_path, text):
    fill(fresh, up=3)
    folder = tmp_path / "collections" / "mine" / LESSON_FOLDER
    folder.mkdir()
    for name in ("film.json", "review.json"):
        (folder / name).write_text(text)
    for kind in ('{"job": {"x": 1}}', '{"job": "x"}', "[]"):
        (folder / "job.json").write_text(kind)
        assert fresh.get(MINE).status_code == 200
        assert fresh.get(MINE + "/training").status_code == 404
    for path in ("/film", "/film/file?format=strip", "/review"):
        assert fresh.get(MINE + path).status_code == 404, path
    assert fresh.post(MINE + "/training", json={"resume": True}).status_code == 404


@pytest.mark.parametrize("body", ["nojson", "[]", '{"epochs": 1'])
def test_settings_that_cannot_be_read_are_not_taken_for_none(fresh, body):
    fill(fresh, up=3, down=3)
    kind = "application/x-www-form-urlencoded"  # as curl calls what it sends
    reply = fresh.post(MINE + "/training", data=body, content_type=kind)
    assert reply.get_json()["error"]["code"] == "bad_json"
    reply = fresh.post(MINE + "/training", data='{"epochs": 0}', content_type=kind)
    assert reply.get_json()["error"]["code"] == "bad_epochs"


def test_films_that_are_not_there(taught):
    client, _ = taught
    for query in ("format=mp4", "probe=9", "probe=x"):
        reply = client.get(f"{MINE}/film/file?{query}")
        assert reply.get_json()["error"]["code"] == f"bad_{query.partition('=')[0]}"


def test_stopping_what_does_not_run_is_fine(fresh):
    assert fresh.delete(MINE + "/training").status_code == 204


def test_extractors(fresh):
    answer = fresh.get("/api/extractors").get_json()
    assert answer["default"] in {one["id"] for one in answer["extractors"]}
