"""Thirty children ask at the same moment; and what goes wrong for one spares the others."""

import http.client
import json
import threading
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest

from backend.classifiers.compiled import Compiled
from backend.classifiers.incremental import PreparedParts
from backend.classifiers.store import Store
from backend.grid import Box
from backend.picture import Patch
from tests.conftest import running_server

RAW_STAGE = {"Content-Type": "image/x-rgba; width=480; height=360"}
STREAM = RAW_STAGE | {"Accept": "application/x-ndjson"}


def stage(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (360, 480, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels.tobytes()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("home")) as (where, _):
        yield where


def ask(address: str, path: str, body: bytes, headers=RAW_STAGE) -> list[dict]:
    with urlopen(Request(address + path, body, headers), timeout=60) as response:
        return [json.loads(line) for line in response]


def test_a_class_is_answered_each_with_its_own_picture(address):
    alone = {seed: ask(address, "/api/relevance?cover=grey", stage(seed))[0] for seed in (0, 29)}
    answers: dict[int, list[dict]] = {}

    def child(seed: int) -> None:
        answers[seed] = ask(address, "/api/relevance", stage(seed), STREAM)

    children = [threading.Thread(target=child, args=(seed,)) for seed in range(30)]
    for one in children:
        one.start()
    for one in children:
        one.join()
    assert len(answers) == 30
    assert all(lines[-1]["type"] == "result" for lines in answers.values())
    maps = {json.dumps(lines[-1]["log_odds_drop"]) for lines in answers.values()}
    assert len(maps) == 30
    for seed, expected in alone.items():
        assert answers[seed][0]["before"] == expected["before"]


def test_more_than_can_be_served_are_told_so_and_served_later(address):
    """Readers that stop reading keep their places; nobody waits without an answer."""
    port = int(address.rsplit(":", 1)[1])
    idle = []
    body = stage(99)
    try:
        for number in range(45):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            path = f"/api/relevance?rows=64&columns=64&amplify={number + 1}"
            connection.request("POST", path, body, STREAM)
            idle.append(connection)
        with pytest.raises(HTTPError) as refused:
            ask(address, "/api/relevance", body)
        assert refused.value.code == 503
        assert json.load(refused.value)["error"]["code"] == "busy"
    finally:
        for connection in idle:
            connection.close()
    for _ in range(100):
        try:
            assert ask(address, "/api/relevance", body)[0]["verdict"]
            return
        except HTTPError as still_busy:
            assert still_busy.code == 503
            threading.Event().wait(0.2)
    raise AssertionError("places were not given back")


def test_a_model_deleted_while_it_sweeps_ends_what_it_began(real_model, real_store, tmp_path):
    import shutil

    model = real_model("cola_faxe")
    home = tmp_path / "home"
    shutil.copytree(model.folder, home / "models" / model.id)
    with running_server(home) as (address, _):
        path = f"/api/relevance?model={model.id}&rows=16&columns=16"
        with urlopen(Request(address + path, stage(1), STREAM), timeout=60) as response:
            first = json.loads(response.readline())
            deletion = Request(f"{address}/api/models/{model.id}", method="DELETE")
            with urlopen(deletion) as deleted:
                assert deleted.status == 204
            lines = [json.loads(line) for line in response]
        assert first["model"] == model.id
        assert lines[-1]["type"] == "result"
        with pytest.raises(HTTPError) as gone:
            ask(address, path, stage(1))
        assert gone.value.code == 404


def test_a_failure_in_one_sweep_spares_the_next(tmp_path):
    """A worker that fails half-way through a network is as good as new afterwards."""
    classifier: Compiled = Store(tmp_path).open("parade")
    picture = np.zeros((*classifier.input_size, 3), np.uint8)
    prepared = classifier.prepare(lambda: picture)
    assert isinstance(prepared, PreparedParts)

    bad = Patch(Box(0, 0, 10, 10), np.zeros((3, 3, 3), np.uint8))
    good = Patch(Box(0, 0, 10, 10), np.full((10, 10, 3), 255, np.uint8))
    expected = list(prepared.patched([good]))
    for _ in range(4):
        with pytest.raises(ValueError):
            list(prepared.patched([bad] * 6))
        np.testing.assert_array_equal(list(prepared.patched([good])), expected)
