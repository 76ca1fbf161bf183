"""A real server in a process of its own, and how its answers are asked for."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode

from backend.bench.timing import NotMeasured, Taken

ROOT = Path(__file__).parents[2]
LONGEST_ANSWER_S = 300


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        port: of this computer.
        process: its id.
        start_s: from starting the process until it said that it is ready.
    """

    port: int
    process: int
    start_s: float

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> HTTPConnection:
        """A connection that is kept open from one request to the next, as browsers do."""
        return HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_ANSWER_S)


@contextmanager
def running_server(home: Path) -> Iterator[Server]:
    """Start `python -m backend serve` with its models in `home`, and stop it in the end."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port = attempt.getsockname()[1]
    start = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "backend", "serve", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"PEEKABOO_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        if "ready" not in line:
            raise NotMeasured("the server did not start")
        yield Server(port, process.pid, perf_counter() - start)
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout:
            process.stdout.close()


def relevance_path(model: str, rows: int, columns: int, fit: str | None = None) -> str:
    """The address of a sweep."""
    settings = {"model": model, "rows": rows, "columns": columns}
    return "/api/relevance?" + urlencode(settings | ({"fit": fit} if fit else {}))


def post(connection: HTTPConnection, path: str, picture: tuple[bytes, str]) -> Taken:
    """Send a picture (body, content type) and read the whole answer.

    Raises:
        NotMeasured: the answer was an error.
    """
    body, content_type = picture
    start = perf_counter()
    connection.request("POST", path, body, {"Content-Type": content_type})
    answer = connection.getresponse()
    content = answer.read()
    taken = perf_counter() - start
    if answer.status != 200:
        raise NotMeasured(f"the server answered {answer.status}: {content[:200].decode()}")
    return Taken(taken, stages_ms=read_stages(answer.getheader("Server-Timing", "")))


def read_stages(server_timing: str) -> dict[str, float]:
    """Read the header's "decode;dur=1.2, fit;dur=3.4"."""
    stages = (stage.partition(";dur=") for stage in server_timing.split(", ") if ";dur=" in stage)
    return {name: float(duration) for name, _, duration in stages}
