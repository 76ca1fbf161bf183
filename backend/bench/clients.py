"""Many clients at the same moment, each with a picture of its own."""

import json
import threading
from collections import Counter
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from backend.bench.machine import memory_mb
from backend.bench.pictures import Pictures
from backend.bench.server import Server
from backend.bench.timing import share

NDJSON = "application/x-ndjson"


@dataclass(frozen=True)
class Served:
    """What one client saw.

    Attributes:
        outcome: `answered`, `busy` or `failed`.
        first_s: until the first measured squares came.
        whole_s: until the last line came.
    """

    outcome: str
    first_s: float
    whole_s: float


def crowd(
    server: Server, path: str, pictures: Pictures, clients: int, rounds: int, first_number: int
) -> dict[str, Any]:
    """Let all clients ask at the same moment, several times; each on a new connection.

    The clients are threads of this process and take some of the same cores, which real
    clients on other computers would not.
    """
    everything: list[Served] = []
    seconds = 0.0
    for turn in range(rounds):
        numbers = range(first_number + turn * clients, first_number + (turn + 1) * clients)
        bodies = [pictures.raw(number) for number in numbers]
        served, taken = _all_at_once(server, path, bodies)
        everything += served
        seconds += taken
    outcomes = Counter(one.outcome for one in everything)
    answered = [one for one in everything if one.outcome == "answered"]
    whole = sorted(1000 * one.whole_s for one in answered)
    first = sorted(1000 * one.first_s for one in answered)
    result: dict[str, Any] = {
        "clients": clients,
        "rounds": rounds,
        **{kind: outcomes[kind] for kind in ("answered", "busy", "failed")},
    }
    if not answered:
        return result | {"reason": "no request was answered"}
    return result | {
        "maps_per_s": round(len(answered) / seconds, 2),
        "median_ms": round(share(whole, 0.5), 1),
        "p95_ms": round(share(whole, 0.95), 1),
        "first_squares_median_ms": round(share(first, 0.5), 1),
        "first_squares_p95_ms": round(share(first, 0.95), 1),
        "memory": memory_mb(server.process),
    }


def _all_at_once(
    server: Server, path: str, bodies: list[tuple[bytes, str]]
) -> tuple[list[Served], float]:
    served: list[Served | None] = [None] * len(bodies)
    start_line = threading.Barrier(len(bodies) + 1)

    def client(place: int) -> None:
        start_line.wait()
        served[place] = _ask(server, path, bodies[place])

    threads = [threading.Thread(target=client, args=(place,)) for place in range(len(bodies))]
    for thread in threads:
        thread.start()
    start_line.wait()
    start = perf_counter()
    for thread in threads:
        thread.join()
    taken = perf_counter() - start
    nothing = Served("failed", 0, 0)
    return [one or nothing for one in served], taken


def _ask(server: Server, path: str, picture: tuple[bytes, str]) -> Served:
    body, content_type = picture
    start = perf_counter()
    connection = server.connect()
    try:
        connection.request("POST", path, body, {"Content-Type": content_type, "Accept": NDJSON})
        answer = connection.getresponse()
        if answer.status != 200:
            answer.read()
            busy = answer.status in (429, 503)
            return Served("busy" if busy else "failed", 0, perf_counter() - start)
        first_s = 0.0
        kind = ""
        for line in answer:
            # Parsed only as far as needed: the server wants these cores.
            kind = json.loads(line)["type"] if b"result" in line or b"error" in line else "squares"
            if not first_s and line.startswith(b'{"type": "squares"'):
                first_s = perf_counter() - start
        whole_s = perf_counter() - start
        return Served("answered" if kind == "result" else "failed", first_s or whole_s, whole_s)
    except OSError:
        return Served("failed", 0, perf_counter() - start)
    finally:
        connection.close()
