"""Files from a real server on this computer: whole ones, broken ones, none."""

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from backend.classifiers.fetching import Download, fetch
from backend.errors import Busy, CannotUse
from tests.conftest import free_port

CONTENT = bytes(range(256)) * 1000


class Server(ThreadingHTTPServer):
    """Gives CONTENT; can break off, not know ranges, or give something else."""

    content, breaks_off_at, knows_ranges, says_length = CONTENT, None, True, True
    asked: list[tuple[str, str | None]]


class Handler(BaseHTTPRequestHandler):
    server: Any

    def do_GET(self):
        server, wanted = self.server, self.headers["Range"]
        server.asked.append((self.path, wanted))
        if self.path != "/files/weights.h5":
            self.send_error(404)
            return
        start = int(wanted[6:-1]) if wanted and server.knows_ranges else 0
        self.send_response(206 if start else 200)
        if server.says_length:
            self.send_header("Content-Length", str(len(server.content) - start))
        self.end_headers()
        self.wfile.write(server.content[start : server.breaks_off_at])

    def log_message(self, *_):
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server(("127.0.0.1", 0), Handler)
    running.asked = []
    thread = threading.Thread(target=running.serve_forever, args=(0.01,))
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


def download(port: int, name: str = "weights.h5") -> Download:
    digest = hashlib.sha256(CONTENT).hexdigest()
    return Download(name, f"http://127.0.0.1:{port}/files", len(CONTENT), digest)


def ignore(done: int, total: int) -> None:
    pass


def test_a_file_comes_once_and_says_how_far_it_is(server, tmp_path):
    told = []
    wanted = download(server.server_port)
    for _ in range(2):
        file = fetch(wanted, tmp_path / "new", lambda *said: told.append(said))
        assert file.read_bytes() == CONTENT
    assert [path.name for path in file.parent.iterdir()] == ["weights.h5"]
    assert len(server.asked) == 1
    assert told == sorted(told)
    assert told[-1] == (len(CONTENT), len(CONTENT))


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_what_broke_off_goes_on_where_it_was(server, tmp_path, knows_ranges):
    wanted = download(server.server_port)
    server.breaks_off_at = 100_000
    with pytest.raises(Busy) as caught:
        fetch(wanted, tmp_path, ignore)
    assert caught.value.code == "offline"
    assert not (tmp_path / wanted.name).exists()
    server.breaks_off_at, server.knows_ranges = None, knows_ranges
    assert fetch(wanted, tmp_path, ignore).read_bytes() == CONTENT
    assert server.asked[1][1] == "bytes=100000-"


@pytest.mark.parametrize(
    "other",
    [CONTENT[:-1] + b"x", b"<html>Please log in", CONTENT * 40],
    ids=["changed", "a log-in page", "too long"],
)
def test_something_else_is_never_kept(server, tmp_path, other):
    server.content = other
    wanted = download(server.server_port)
    with pytest.raises(CannotUse) as caught:
        fetch(wanted, tmp_path, ignore)
    assert caught.value.code == "wrong_download"
    assert not list(tmp_path.iterdir())
    server.content = CONTENT
    assert fetch(wanted, tmp_path, ignore).read_bytes() == CONTENT


def test_an_answer_without_end_is_cut(server, tmp_path):
    server.content, server.says_length = CONTENT * 40, False
    with pytest.raises(CannotUse):
        fetch(download(server.server_port), tmp_path, ignore)
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_not_there_and_a_computer_that_is_offline(server, tmp_path):
    with pytest.raises(Busy) as caught:
        fetch(download(server.server_port, "gone.h5"), tmp_path, ignore)
    assert "404" in caught.value.message
    with pytest.raises(Busy) as caught:
        fetch(download(free_port()), tmp_path, ignore)
    assert caught.value.code == "offline"
    assert "weights.h5" in caught.value.hint


def test_a_folder_or_another_address_instead(server, tmp_path):
    stick, home = tmp_path / "stick", tmp_path / "home"
    wanted = download(free_port())
    with pytest.raises(CannotUse) as caught:
        fetch(wanted, home, ignore, str(stick))
    assert str(stick / "weights.h5") in caught.value.message
    stick.mkdir()
    (stick / "weights.h5").write_bytes(b"no")
    with pytest.raises(CannotUse) as caught:
        fetch(wanted, home, ignore, str(stick))
    assert caught.value.code == "wrong_download"
    (stick / "weights.h5").write_bytes(CONTENT)
    assert fetch(wanted, home, ignore, str(stick)).read_bytes() == CONTENT
    other = f"http://127.0.0.1:{server.server_port}/files"
    assert fetch(wanted, tmp_path / "again", ignore, other).read_bytes() == CONTENT
