import gc
import json
import math
import shutil
from weakref import ref

import pytest

from backend.app import create_app
from backend.classifiers.store import MOST_OPEN, Store
from backend.routes.places import SWEEPS_AT_ONCE
from tests.conftest import ROOT

SURE = 1 / (1 + math.exp(-10))
GRID = "rows=3&columns=5"


def test_the_whole_answer(client, white_png):
    answer = client.post(f"/api/relevance?{GRID}", data=white_png).get_json()
    assert answer.pop("seconds") >= 0
    zeros = [[0.0] * 5 for _ in range(3)]
    drops, odds, ghost = ([list(row) for row in zeros] for _ in range(3))
    confidence = [[SURE] * 5 for _ in range(3)]
    drops[1][3], odds[1][3], ghost[1][3], confidence[1][3] = SURE - 0.5, 10.0, 100.0, 0.5
    for name, expected in {
        "confidence": confidence,
        "confidence_drop": drops,
        "log_odds_drop": odds,
        "ghost": ghost,
    }.items():
        for row, expected_row in zip(answer.pop(name), expected, strict=True):
            assert row == pytest.approx(expected_row, abs=1e-6)
    before = answer.pop("before")
    assert before["label"] == "bright"
    assert before["confidence"] == pytest.approx(SURE)
    assert before["log_odds"] == pytest.approx(10)
    assert answer == {
        "model": "eye",
        "target": "bright",
        "rows": 3,
        "columns": 5,
        "seen": {"left": 0, "top": 0, "width": 5, "height": 3},
        "label": [["bright"] * 5] * 3,
        "measure": "confidence",
        "saturated": False,
        "verdict": "found",
        "most_relevant": {"row": 1, "column": 3, "square": 9},
        "unseen": [],
        "sentence": "Covering row 2, column 4 dropped bright from 100% to 50%.",
        "evaluations": 16,
    }


def test_the_usual_grid_has_six_rows_and_eight_columns(client):
    pixels = bytes([255] * 4 * 48 * 36)
    answer = client.post(
        "/api/relevance", data=pixels, content_type="image/x-rgba; width=48; height=36"
    ).get_json()
    assert (len(answer["ghost"]), len(answer["ghost"][0])) == (6, 8)


def test_squares_arrive_as_lines(client, white_png):
    response = client.post(
        f"/api/relevance?{GRID}", data=white_png, headers={"Accept": "application/x-ndjson"}
    )
    assert response.mimetype == "application/x-ndjson"
    lines = [json.loads(text) for text in response.get_data(as_text=True).splitlines()]
    assert [lines[0]["type"], lines[-1]["type"]] == ["start", "result"]
    assert {entry["type"] for entry in lines[1:-1]} == {"squares"}
    assert lines[0]["target"] == "bright"
    squares = [square for entry in lines[1:-1] for square in entry["squares"]]
    places = [(square["row"], square["column"]) for square in squares]
    assert places == [(row, column) for row in range(3) for column in range(5)]
    square = squares[8]
    assert (square["row"], square["column"]) == (1, 3)
    assert square["confidence"] == pytest.approx(0.5)
    assert square["confidence_drop"] == pytest.approx(SURE - 0.5)
    assert square["log_odds_drop"] == pytest.approx(10)
    whole = client.post(f"/api/relevance?{GRID}", data=white_png).get_json()
    assert lines[-1] | {"seconds": 0} == {"type": "result"} | whole | {"seconds": 0}


def test_a_failure_in_the_middle_is_the_last_line(client, store, white_png, caplog):
    score, scored = store.classifier.scores, []

    def fails_at_the_third_square(batch):
        scored.append(batch)
        if len(scored) == 4:  # the uncovered picture came first
            raise RuntimeError("the machine caught fire")
        return score(batch)

    store.classifier.scores = fails_at_the_third_square
    response = client.post(
        f"/api/relevance?{GRID}", data=white_png, headers={"Accept": "application/x-ndjson"}
    )
    lines = [json.loads(text) for text in response.get_data(as_text=True).splitlines()]
    assert [entry["type"] for entry in lines] == ["start", "squares", "error"]
    assert lines[-1]["error"]["code"] == "internal_error"
    assert "caught fire" in caplog.text  # the log knows; the asker is not troubled with it
    assert "fire" not in response.get_data(as_text=True)


@pytest.mark.parametrize(
    "asked, scored",
    [(1, 0), (2, 2), (4, 4)],
    ids=["while it waited", "at the first square", "at the third square"],
)
def test_a_client_that_went_away_stops_the_work(client, store, white_png, asked, scored):
    """The uncovered picture and each square are scored, until the server says that it left."""
    batches = []
    original = store.classifier.scores
    store.classifier.scores = lambda batch: batches.append(1) or original(batch)
    answers = iter([*[False] * (asked - 1), True])
    response = client.post(
        f"/api/relevance?{GRID}",
        data=white_png,
        environ_overrides={"waitress.client_disconnected": lambda: next(answers)},
    )
    assert response.status_code == 499
    assert len(batches) == scored


def test_validation_comes_before_the_stream(client, white_png):
    response = client.post(
        "/api/relevance?rows=0", data=white_png, headers={"Accept": "application/x-ndjson"}
    )
    assert response.status_code == 400
    assert response.get_json()["error"]["code"] == "bad_rows"


def test_a_question_asked_again_is_not_measured_again(client, store, white_png):
    first = client.post(f"/api/relevance?{GRID}", data=white_png).get_json()
    store.classifier.scores = lambda batch: 1 / 0
    again = client.post(f"/api/relevance?{GRID}", data=white_png).get_json()
    assert again | {"seconds": 0} == first | {"seconds": 0}
    # Another measure of the same squares needs no new ones either.
    other = client.post(f"/api/relevance?{GRID}&measure=log_odds", data=white_png).get_json()
    assert other["measure"] == "log_odds"
    for question in ("rows=3&columns=4", GRID + "&cover=white", GRID + "&target=dark"):
        assert client.post(f"/api/relevance?{question}", data=white_png).status_code == 500


def test_what_is_remembered_keeps_no_classifier_in_memory(tmp_path, white_png):
    store = Store(tmp_path)
    client = create_app(store).test_client()
    opened = []
    for number in range(MOST_OPEN + 1):
        folder = tmp_path / "models" / f"{number:012x}"
        folder.mkdir()
        for name in ("classifier.tflite", "model.json"):
            shutil.copy(ROOT / "backend" / "parade" / name, folder / name)
        path = f"/api/relevance?rows=1&columns=1&model={folder.name}"
        assert client.post(path, data=white_png).status_code == 200
        opened.append(ref(store.open(folder.name)))
    gc.collect()
    assert [one() is None for one in opened] == [True] + [False] * MOST_OPEN
    for number in range(MOST_OPEN + 1):
        assert client.delete(f"/api/models/{number:012x}").status_code == 204
    gc.collect()
    assert [one() for one in opened] == [None] * (MOST_OPEN + 1)


def test_the_same_bytes_are_another_picture_in_another_shape(client, store):
    def ask(width, height, body=bytes([255]) * (4 * 5 * 3)):
        kind = f"image/x-rgba; width={width}; height={height}"
        return client.post("/api/relevance?rows=1&columns=1", data=body, content_type=kind)

    assert ask(5, 3).status_code == 200
    store.classifier.scores = lambda batch: 1 / 0
    assert ask(5, 3).status_code == 200
    assert ask(3, 5).status_code == 500
    assert (
        ask(5, 3, bytes([255]) * (4 * 5 * 3 - 4) + bytes([254, 255, 255, 255])).status_code == 500
    )


def test_where_the_time_went(client, white_png):
    response = client.post(f"/api/relevance?{GRID}", data=white_png)
    stages = [stage.split(";dur=") for stage in response.headers["Server-Timing"].split(", ")]
    assert [name for name, _ in stages] == ["open", "wait", "decode", "fit", "sweep", "answer"]
    assert all(float(duration) >= 0 for _, duration in stages)


def test_beyond_a_class_and_a_few_more_it_says_busy(client, white_png):
    """Streams that nobody reads to the end keep their places until they are closed."""
    waiting = [
        client.post(
            f"/api/relevance?{GRID}&amplify={number}",
            data=white_png,
            headers={"Accept": "application/x-ndjson"},
            buffered=False,
        )
        for number in range(1, SWEEPS_AT_ONCE + 1)
    ]
    refused = client.post(f"/api/relevance?{GRID}", data=white_png)
    assert refused.status_code == 503
    assert refused.get_json()["error"]["code"] == "busy"
    waiting[0].close()
    assert client.post(f"/api/relevance?{GRID}", data=white_png).status_code == 200
    for response in waiting:
        response.close()


def test_places_are_given_back_after_errors(client, store, white_png):
    for _ in range(SWEEPS_AT_ONCE + 1):
        assert client.post("/api/relevance?rows=0", data=white_png).status_code == 400
