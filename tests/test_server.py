"""The real server: who it listens to, what it says when it cannot, and that it forgets nobody."""

import http.client
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image

from backend.routes.places import LONG_AT_ONCE
from tests.conftest import ROOT, free_port, running_server

RAW_STAGE = {"Content-Type": "image/x-rgba; width=480; height=360"}


@pytest.fixture(scope="module")
def stage() -> bytes:
    """Raw pixels of a stage full of noise."""
    pixels = np.random.default_rng(5).integers(0, 256, (360, 480, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels.tobytes()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("home")) as (where, _):
        yield where


def ask(address: str, path: str, body: bytes, **headers: str) -> dict:
    request = Request(address + path, body, RAW_STAGE | headers)
    with urlopen(request, timeout=30) as response:
        return json.load(response)


def test_it_works_out_of_the_box(address, stage):
    with urlopen(address + "/api/health") as response:
        health = json.load(response)
    assert health == {"status": "ok", "version": health["version"], "model": "parade"}
    answer = ask(address, "/api/relevance", stage)
    assert (answer["rows"], answer["columns"]) == (6, 8)
    assert answer["unseen"] == [] and answer["evaluations"] == 49


def test_a_stream_equals_the_whole_answer(address, stage):
    whole = ask(address, "/api/relevance?cover=noise", stage)
    request = Request(
        address + "/api/relevance?cover=noise",
        stage,
        RAW_STAGE | {"Accept": "application/x-ndjson"},
    )
    with urlopen(request, timeout=30) as response:
        lines = [json.loads(line) for line in response]
    assert lines[-1] | {"seconds": 0} == {"type": "result"} | whole | {"seconds": 0}


def test_only_this_computers_own_address_is_listened_on(address):
    port = int(address.rsplit(":", 1)[1])
    socket.create_connection(("127.0.0.1", port), timeout=2).close()
    # A server that listens on every address would answer on this one too.
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", port), timeout=2)


def test_a_busy_port_is_explained_and_a_free_one_offered(address, tmp_path):
    port = address.rsplit(":", 1)[1]
    second = subprocess.run(
        [sys.executable, "-m", "backend", "serve", "--no-browser", "--port", port],
        cwd=ROOT,
        env=os.environ | {"PEEKABOO_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert second.returncode == 1
    assert f"Port {port}" in second.stderr and "--port " in second.stderr
    assert "Traceback" not in second.stderr


def test_a_client_that_leaves_frees_the_workers(address, stage):
    """Leave many fine sweeps after their first line; a new one is then answered at once."""
    port = int(address.rsplit(":", 1)[1])
    path = "/api/relevance?rows=64&columns=64"
    alone = -time.monotonic()
    ask(address, "/api/relevance?rows=24&columns=32", stage)
    alone += time.monotonic()
    for accept in ("application/x-ndjson", "application/json"):
        for _ in range(8):
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("POST", path, stage, RAW_STAGE | {"Accept": accept})
            if accept.endswith("ndjson"):
                connection.getresponse().readline()
            connection.close()
    start = time.monotonic()
    ask(address, "/api/relevance?rows=24&columns=32", stage)
    # Sixteen sweeps of 4,096 squares each would take 85 times as long as the one alone.
    assert time.monotonic() - start < 30 * max(alone, 0.1)


def test_every_download_gives_its_place_back(address):
    for _ in range(LONG_AT_ONCE + 1):
        with urlopen(address + "/api/collections/mine/export") as zipped:
            assert zipped.read().startswith(b"PK")


def test_however_many_explanations_are_asked_somebody_says_that_we_are_busy(address, stage):
    port = int(address.rsplit(":", 1)[1])
    headers = RAW_STAGE | {"Accept": "application/x-ndjson"}
    asking = [http.client.HTTPConnection("127.0.0.1", port, timeout=300) for _ in range(60)]
    for connection in asking:
        path = "/api/explain?method=shapley&evaluations=100000"
        connection.request("POST", path, stage, headers)
    replies = [connection.getresponse() for connection in asking]
    statuses = [reply.status for reply in replies]
    assert (statuses.count(200), statuses.count(503)) == (LONG_AT_ONCE, 60 - LONG_AT_ONCE)
    assert ask(address, "/api/classify", stage)["model"] == "parade"
    for connection in asking:
        connection.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_photos_do_not_fill_the_memory(tmp_path):
    noise = np.random.default_rng(1).integers(0, 256, (75, 100, 3), dtype=np.uint8)
    photo = io.BytesIO()
    Image.fromarray(noise).resize((4000, 3000)).save(photo, "JPEG")
    with running_server(tmp_path) as (address, process):

        def send() -> None:
            request = Request(
                address + "/api/classify", photo.getvalue(), {"Content-Type": "image/jpeg"}
            )
            with urlopen(request, timeout=60) as response:
                seen = json.load(response)["seen"]
            assert (seen["width"], seen["height"]) == (4000, 3000)

        send()
        senders = [threading.Thread(target=send) for _ in range(30)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        status = Path(f"/proc/{process.pid}/status").read_text()
    used_mb = int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024
    assert used_mb < 250


def test_a_server_killed_in_a_sweep_starts_again_as_if_nothing_happened(tmp_path, stage):
    port = free_port()
    with running_server(tmp_path, port) as (address, process):
        request = Request(
            address + "/api/relevance?rows=64&columns=64",
            stage,
            RAW_STAGE | {"Accept": "application/x-ndjson"},
        )
        with urlopen(request, timeout=30) as response:
            assert json.loads(response.readline())["type"] == "start"
            process.kill()
            with suppress(http.client.HTTPException, OSError):
                assert b'"type": "result"' not in response.read()
    with running_server(tmp_path, port) as (address, _):
        assert ask(address, "/api/classify", stage)["model"] == "parade"
