"""GET /api/methods and POST /api/explain, with a classifier that can be computed in the head."""

import base64
import io
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from backend.app import create_app
from backend.classifiers.store import Store
from backend.parade import gallery_picture
from backend.routes import explain as module
from backend.routes.places import LONG_AT_ONCE
from tests.conftest import ROOT


def png_with(colour, at, other):
    """A picture of 5 × 3 px, of one colour but for one pixel."""
    picture = Image.new("RGB", (5, 3), colour)
    picture.putpixel(at, other)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def test_methods_say_beforehand_what_cannot_be_done(client):
    methods = {one["name"]: one for one in client.get("/api/methods").get_json()["methods"]}
    assert methods["occlusion"]["available"] and methods["occlusion"]["reason"] is None
    assert not methods["grad_cam"]["available"]
    assert "gradients" in methods["grad_cam"]["reason"]
    assert set(methods) == {
        "occlusion", "grad_cam", "smoothgrad", "integrated_gradients", "expected_gradients",
        "xrai", "shapley", "activations", "smallest_peek",
    }  # fmt: skip


def test_a_picture_that_is_called_a_form_is_one_all_the_same(client, white_png):
    """As `curl --data-binary` sends it."""
    kind = "application/x-www-form-urlencoded"
    grid = "?rows=3&columns=5"
    for path in (f"/api/explain{grid}", "/api/classify", f"/api/relevance{grid}"):
        assert client.post(path, data=white_png, content_type=kind).status_code == 200, path


def test_while_nothing_moves_somebody_is_still_there(client, white_png, monkeypatch):
    monkeypatch.setattr(module, "LONGEST_SILENCE_S", -1.0)
    monkeypatch.setattr(module, "TELL_EVERY", 2.0)
    accept = {"Accept": "application/x-ndjson"}
    path = "/api/explain?rows=3&columns=5"
    text = client.post(path, data=white_png, headers=accept).get_data(as_text=True)
    assert [json.loads(one)["type"] for one in text.splitlines()].count("progress") > 1


def test_beyond_a_class_and_a_few_more_it_says_busy(client, white_png):
    """Streams that nobody reads to the end keep their places; relevance has its own."""
    grid = "rows=3&columns=5"
    waiting = [
        client.post(
            f"/api/{path}?{grid}",
            data=white_png,
            headers={"Accept": "application/x-ndjson"},
            buffered=False,
        )
        for path in LONG_AT_ONCE // 2 * ["explain", "sanity"]
    ]
    for path in ("explain", "sanity"):
        refused = client.post(f"/api/{path}?{grid}", data=white_png)
        assert refused.status_code == 503
        assert refused.get_json()["error"]["code"] == "busy"
    assert client.post(f"/api/relevance?{grid}", data=white_png).status_code == 200
    for response in waiting:
        response.close()
    for _ in range(LONG_AT_ONCE + 1):
        assert client.post("/api/explain?rows=0", data=white_png).status_code == 400


def test_every_setting_can_become_a_form(client):
    for method in client.get("/api/methods").get_json()["methods"]:
        for setting in method["settings"]:
            assert setting["meaning"] and "default" in setting
            if setting["kind"] in ("whole", "number"):
                assert setting["lowest"] <= setting["default"] <= setting["highest"]
            else:
                assert setting["default"] in setting["options"]


def test_occlusion_by_hand(client):
    # Nearly white, 3 × 5: the pixel in row 1, column 3 is worth 10 log-odds, all others nothing.
    png = png_with("white", (0, 0), (254, 255, 255))
    answer = client.post("/api/explain?rows=3&columns=5", data=png).get_json()
    expected = np.zeros((3, 5))
    expected[1, 3] = 10
    np.testing.assert_allclose(answer["relevance"], expected, atol=1e-5)
    assert answer["most_relevant"] == {"row": 1, "column": 3, "square": 9}
    assert answer["ghost"][1][3] == 100 and answer["target"] == "bright"
    assert answer["unit"] == "log-odds drop" and answer["example_score"] == 10


def test_what_is_seen_of_a_large_photo_is_in_pixels_of_its_file(client):
    """It is halved before it is asked about, to 2,500 × 1,500 px and then to 1,250 × 750."""
    stream = io.BytesIO()
    Image.new("RGB", (5000, 3000)).save(stream, "PNG")
    for path in ("explain", "classify", "relevance"):
        grid = "" if path == "classify" else "?rows=3&columns=5"
        answer = client.post(f"/api/{path}{grid}", data=stream.getvalue()).get_json()
        assert answer["seen"] == {"left": 0, "top": 0, "width": 5000, "height": 3000}, path


def test_pictures_to_compare_with_wait_as_small_as_the_input(client, white_png, monkeypatch):
    waiting = []
    answered = module._answer

    def watched(store, worker, asked, tell):
        waiting.extend(one.pixels.shape for one in asked.references)
        return answered(store, worker, asked, tell)

    monkeypatch.setattr(module, "_answer", watched)
    large = io.BytesIO()
    Image.new("RGB", (400, 300), "red").save(large, "PNG")
    references = [(io.BytesIO(large.getvalue()), f"{number}.png") for number in range(2)]
    data = {"image": (io.BytesIO(white_png), "image.png"), "reference": references}
    assert client.post("/api/explain?rows=3&columns=5", data=data).status_code == 200
    assert waiting == 2 * [(3, 5, 3)]


def test_shares_by_hand(client, white_png):
    reply = client.post("/api/explain?method=shapley&rows=3&columns=5", data=white_png)
    answer = reply.get_json()
    assert answer["relevance"][1][3] == pytest.approx(10)
    assert np.sum(answer["relevance"]) == pytest.approx(10)
    assert answer["baseline_score"] == 0 and answer["seed"] == 0


def test_raw_map_and_picture(client, white_png):
    settings = "rows=3&columns=5&patch_px=1&raw=true&picture=true&colours=cividis"
    answer = client.post(f"/api/explain?{settings}", data=white_png).get_json()
    raw = np.load(io.BytesIO(base64.b64decode(answer["raw"])), allow_pickle=False)
    assert raw.shape == (3, 5) and raw[1, 3] == pytest.approx(10)
    assert answer["raw_of"] == "pixels" and answer["maps"] is None
    drawn = Image.open(io.BytesIO(base64.b64decode(answer["picture"])))
    assert drawn.format == "PNG" and drawn.width >= 5


@pytest.mark.parametrize("method", ["occlusion", "shapley", "smallest_peek"])
def test_methods_that_only_know_squares_give_a_raw_map_of_them(client, white_png, method):
    path = f"/api/explain?method={method}&rows=3&columns=5&raw=true"
    answer = client.post(path, data=white_png).get_json()
    raw = np.load(io.BytesIO(base64.b64decode(answer["raw"])), allow_pickle=False)
    assert answer["raw_of"] == "squares" and raw.dtype == np.float32
    np.testing.assert_allclose(raw, answer["relevance"])  # every square is one pixel here
    assert np.unravel_index(raw.argmax(), raw.shape) == (1, 3)


def test_stream(client, white_png):
    reply = client.post(
        "/api/explain?rows=3&columns=5",
        data=white_png,
        headers={"Accept": "application/x-ndjson"},
    )
    lines = [json.loads(text) for text in reply.get_data().splitlines()]
    assert lines[0] == {"type": "start", "model": "eye", "method": "occlusion"}
    shares = [line["share"] for line in lines[1:-1]]
    assert shares == sorted(shares) and shares[-1] == 1
    assert lines[-1]["type"] == "result" and lines[-1]["relevance"][1][3] == pytest.approx(10)


@pytest.mark.parametrize(
    ("settings", "status", "code"),
    [
        ("method=tea_leaves", 400, "bad_method"),
        ("method=grad_cam", 422, "no_gradients"),
        ("steps=5", 400, "unknown_setting"),
        ("method=shapley&evaluations=x", 400, "bad_evaluations"),
        ("method=shapley&evaluations=10", 400, "bad_evaluations"),
        ("patch_px=1&stride_px=2", 400, "bad_stride_px"),
        ("patch_px=4", 400, "bad_patch_px"),
        ("patch_px=-1", 400, "bad_patch_px"),
        ("patch_px=1.5", 400, "bad_patch_px"),
        ("cover=velvet", 400, "bad_cover"),
        ("target=zebra", 404, "unknown_label"),
        ("model=nobody", 404, "unknown_model"),
        ("rows=0", 400, "bad_rows"),
        ("fit=squeeze", 400, "bad_fit"),
        ("raw=perhaps", 400, "bad_raw"),
        ("colours=beige", 400, "bad_colours"),
        ("method=smallest_peek&confidence=nan", 400, "bad_confidence"),
        ("method=smallest_peek&confidence=0", 400, "bad_confidence"),
    ],
)
def test_refusals(client, white_png, settings, status, code):
    rows = "" if "rows" in settings else "&rows=3&columns=5"
    reply = client.post(f"/api/explain?{settings}{rows}", data=white_png)
    assert (reply.status_code, reply.get_json()["error"]["code"]) == (status, code)
    assert reply.get_json()["error"]["hint"]


def test_the_server_never_loads_tensorflow(tmp_path):
    """A map with gradients comes from a process of its own, which is kept for the next."""
    code = """
import sys
from backend.app import create_app
from backend.classifiers.store import Store
from backend.parade.gallery import write_pictures
from pathlib import Path
home = Path(sys.argv[1])
picture = next(file for file in write_pictures(home / "p") if file.stem == "wizard-1")
client = create_app(Store(home)).test_client()
for method in ("grad_cam", "integrated_gradients&steps=2"):
    reply = client.post(f"/api/explain?method={method}", data=picture.read_bytes())
    assert reply.status_code == 200, reply.get_json()
    assert reply.get_json()["target"] == "wizard" and reply.get_json()["verdict"] == "found"
refused = client.post("/api/explain?method=grad_cam&layer=dense", data=picture.read_bytes())
assert refused.status_code == 400, refused.get_json()
assert refused.get_json()["error"]["code"] in ("bad_layer", "layer_without_space")
assert not {"tensorflow", "keras", "tf_keras", "skimage"} & set(sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_without_its_weights_a_classifier_is_checked_in_part(client, white_png):
    found = client.post("/api/sanity?rows=3&columns=5&raw=true", data=white_png).get_json()
    assert found["mixed"] == [] and found["maps"] is None
    assert "Keras" in found["not_checked"]["mixed"]
    sure = {one["baseline"]: one["confidence"]["bright"] for one in found["baselines"]}
    assert sure["black"] == 0.5 and sure["white"] == pytest.approx(1 / (1 + np.exp(-10)))
    assert len(found["deletion"]["share"]) == len(found["insertion"]["confidence"]) == 16


def test_curves_find_the_one_pixel_that_matters(client):
    """White on black: blurred it is far less bright, and one square of 15 brings it back."""
    png = png_with("black", (3, 1), (255, 255, 255))
    found = client.post("/api/sanity?rows=3&columns=5", data=png).get_json()
    deletion, insertion = found["deletion"], found["insertion"]
    assert deletion["confidence"][0] == pytest.approx(insertion["confidence"][1])
    assert insertion["confidence"][1] == max(insertion["confidence"]) > 0.99
    assert len(set(np.round(deletion["confidence"][1:], 6))) == 1  # gone with the first square
    assert deletion["area"] < deletion["area_by_chance"]
    assert insertion["area"] > insertion["area_by_chance"]
    assert found["warnings"][0].startswith("For the white baseline it says bright")


def test_maps_of_the_parade_can_be_checked(tmp_path):
    client = create_app(Store(tmp_path)).test_client()
    pixels = gallery_picture("clown-1").picture
    height, width = pixels.shape[:2]
    opaque = np.dstack([pixels, np.full((height, width), 255, np.uint8)])
    reply = client.post(
        "/api/sanity?method=grad_cam",
        data=opaque.tobytes(),
        content_type=f"image/x-rgba; width={width}; height={height}",
        headers={"Accept": "application/x-ndjson"},
    )
    start, *shares, result = map(json.loads, reply.get_data(as_text=True).splitlines())
    assert start == {"type": "start", "model": "parade", "method": "grad_cam"}
    assert {line["type"] for line in shares} == {"progress"}
    assert result["type"] == "result" and result["target"] == "clown"
    # Grad-CAM depends on what was learned (Adebayo et al.): no mixed-up network has its map.
    assert all(-1 <= one["similarity"] < 0.9 for one in result["mixed"])
    for curve in (result["deletion"], result["insertion"]):
        assert len(curve["share"]) == len(curve["confidence"]) == 49
    assert result["deletion"]["area"] < result["deletion"]["area_by_chance"]
    for one in result["baselines"]:
        assert sum(one["confidence"].values()) == pytest.approx(1)
