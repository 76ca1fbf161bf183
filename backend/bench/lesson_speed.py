"""What a lesson costs: its time, its memory, and how long others wait for the server meanwhile."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import numpy as np

from backend.bench import machine
from backend.bench.pictures import Pictures
from backend.bench.server import Server, post, running_server
from backend.bench.timing import NotMeasured, Taken, share, summary
from backend.classifiers.model import Model
from backend.classifiers.store import Store
from backend.classifiers.trainable import Extractor
from backend.picture import Fit
from backend.teaching.collection import Collection
from backend.teaching.collections import Collections
from backend.teaching.examples import Examples, examples_in
from backend.teaching.head import Head

EVERY_S = 0.1
ASKED_AT_REST = 50
HEAD_EPOCHS = 50


def head_seconds(model: Model, dataset: Path) -> dict[str, float]:
    """The head alone, on features that are there already, and what the features cost before."""
    examples = examples_in(dataset)
    pictures = [example.picture() for example in examples.examples]
    body = Extractor(model)
    fitted = [Fit.of(one, body.input_size, body.fit).apply(one.pixels) for one in pictures]
    body.maps(np.stack(fitted[:1]))
    start = perf_counter()
    features = body.maps(np.stack(fitted)).mean(axis=(1, 2))
    between = perf_counter()
    classes = np.array([examples.labels.index(one.label) for one in examples.examples])
    head = Head.new(features, len(examples.labels), seed=0)
    for epoch in range(HEAD_EPOCHS):
        head.learn(features, classes, np.random.default_rng(epoch))
    return {"features_s": between - start, "head_s": perf_counter() - between}


def lesson_cost(
    store: Store, dataset: Path, settings: dict[str, Any], model: str
) -> dict[str, Any]:
    """Teach a dataset in a real server, and ask it to classify pictures meanwhile.

    Args:
        store: its home is the server's; it gets a new collection.
        settings: of the lesson, as they are sent.
        model: the classifier that is asked.

    Returns:
        seconds from the wish to the classifier in the menu, and of the epochs with their film;
        the most memory of the process that teaches; answering times at rest and meanwhile.

    Raises:
        NotMeasured: the lesson failed.
    """
    examples = examples_in(dataset)
    collection = _filled(store, examples)
    with running_server(store.home) as server:
        asker = _Asker(server, model)
        at_rest = [asker.ask() for _ in range(ASKED_AT_REST)]
        with asker.asking():
            watched = _teach(server, collection, settings)
    most_mb = watched.pop("most_mb")
    return watched | {
        "pictures": len(examples.examples),
        "most_mb": most_mb or machine.NOT_HERE,
        "classify_at_rest": _times(at_rest),
        "classify_meanwhile": _times(asker.taken),
    }


def _filled(store: Store, examples: Examples) -> Collection:
    """A new collection with these examples."""
    collection = Collections(store.home).add("bench")
    for label in examples.labels:
        collection.add_label(label)
    for example in examples.examples:
        collection.add_picture(example.label, example.picture())
    return collection


def _teach(server: Server, collection: Collection, settings: dict[str, Any]) -> dict[str, Any]:
    """One lesson from the wish to the end, looked at every `EVERY_S`."""
    path = f"/api/collections/{collection.id}/training"
    begun = perf_counter()
    _asked(server, "POST", path, settings)
    first = last = most = 0.0
    while True:
        job, now = _asked(server, "GET", path), perf_counter() - begun
        if job["stage"] == "teaching":
            first, last = first or now, now
        most = max(most, *(_memory_mb(one) for one in machine.descendants(server.process)), 0.0)
        if job["state"] == "done":
            return {
                "whole_s": now,
                "epochs": job["epochs"],
                "epochs_with_film_s": last - first,
                "accuracy": job["accuracy"],
                "most_mb": most,
            }
        if job["state"] not in ("queued", "running"):
            raise NotMeasured(f"the lesson ended: {job['state']} {job['error']}")
        sleep(EVERY_S)


def _asked(
    server: Server, method: str, path: str, sent: dict[str, Any] | None = None
) -> dict[str, Any]:
    connection = server.connect()
    body = json.dumps(sent) if sent else None
    connection.request(method, path, body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = json.loads(answer.read())
    connection.close()
    if answer.status >= 400:
        raise NotMeasured(f"the server answered {answer.status}: {content}")
    return content


def _memory_mb(process: int) -> float:
    """The most memory of a process so far, if it is the one that teaches; else 0."""
    folder = Path(f"/proc/{process}")
    try:
        if b"backend.teaching.working" not in (folder / "cmdline").read_bytes():
            return 0.0
    except OSError:  # it has just ended
        return 0.0
    return (machine.memory_mb(process) or {"most_mb": 0.0})["most_mb"]


@dataclass
class _Asker:
    """Somebody who classifies one picture after the other, each a new one, with short pauses."""

    server: Server
    model: str
    taken: list[Taken] = field(default_factory=list)
    _pictures: Pictures = field(default_factory=Pictures)
    _number: int = 0

    def ask(self) -> Taken:
        """Ask once, on a new connection."""
        self._number += 1
        path = f"/api/classify?model={self.model}"
        return post(self.server.connect(), path, self._pictures.raw(self._number))

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Ask again and again in a thread of its own."""
        enough = threading.Event()
        failures: list[NotMeasured] = []

        def ask() -> None:
            try:
                while not enough.wait(EVERY_S):
                    self.taken.append(self.ask())
            except NotMeasured as problem:
                failures.append(problem)

        thread = threading.Thread(target=ask)
        thread.start()
        try:
            yield
        finally:
            enough.set()
            thread.join()
        if failures:
            raise failures[0]


def _times(taken: list[Taken]) -> dict[str, Any]:
    ordered = sorted(1000 * one.wall_s for one in taken)
    tail = {"p95_ms": round(share(ordered, 0.95), 1), "slowest_ms": round(ordered[-1], 1)}
    return summary(taken) | tail
