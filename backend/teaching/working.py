"""The process that teaches: `python -m backend.teaching.working`.

It takes one lesson as a line of JSON on its input, says in lines of JSON on its output how far
it is, and ends. When its input is closed, it stops after the epoch that it is at, so it does
not outlive the server; what it has learned by then is kept.
"""

import json
import os
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from backend.classifiers.importing import read
from backend.classifiers.locks import FileLock
from backend.classifiers.model import Model
from backend.classifiers.store import Store
from backend.errors import CannotUse, NotFound, UserError
from backend.teaching.collection import Collection
from backend.teaching.lesson import Lesson
from backend.teaching.training import Progress, Stopped, teach

LONGEST_WAIT_S = 2
NICENESS = 10
"""Whoever asks the server something comes first."""


def work(asked: dict[str, Any], say: Any, stop: threading.Event) -> dict[str, Any]:
    """Teach one lesson; gives the last line."""

    def tell(progress: Progress) -> None:
        if stop.is_set():
            raise Stopped
        say({"progress": asdict(progress)})

    extractor = Model.read(Path(asked["extractor"]["folder"]), asked["extractor"]["id"])
    collection, folder = Collection(Path(asked["collection"])), Path(asked["work"])
    lock = FileLock(folder / "lock")
    try:
        if not lock.acquire(LONGEST_WAIT_S):  # another Peekaboo teaches in the same folder
            raise CannotUse(
                "already_teaching",
                "This classifier is being taught at the moment.",
                "Wait until it is done, or stop it first.",
            )
        lesson = Lesson.read(asked["lesson"], extractor.id)
        examples = collection.examples()
        taught = teach(examples, lesson, extractor, folder, tell, asked["resume"])
        # Read here, where TensorFlow is loaded: in a process of its own it would take seconds more.
        store, called = Store(Path(asked["home"])), collection.name
        name = _given_name(store, collection) or called
        model = store.add(taught.files, name, taught.fit, taught.pixels, reader=read)
    except Stopped:
        return {"stopped": True}
    except UserError as problem:
        return {"problem": [type(problem).__name__, problem.code, problem.message, problem.hint]}
    finally:
        lock.release()
    return {
        "model": model.id,
        "called": called,
        "examples": examples.fingerprint(),
        "skipped": [asdict(one) for one in taught.skipped],
    }


def _given_name(store: Store, collection: Collection) -> str | None:
    """What somebody has called the classifier since it was taught, unlike its collection."""
    about = collection.about()
    if about.get("called") != collection.name:
        return None  # The collection was renamed, or not taught yet.
    with suppress(NotFound):
        return store.model(about.get("model", "")).name
    return None


def _listen(stream: IO[bytes], stop: threading.Event) -> None:
    stream.read()
    stop.set()


def main() -> None:
    """Teach the lesson that comes in, say how it goes, and end."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    # Libraries may print what they like: answers go out by a way of their own.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)

    def say(line: dict[str, Any]) -> None:
        out.write(json.dumps(line).encode() + b"\n")
        out.flush()

    stop = threading.Event()
    asked = json.loads(sys.stdin.buffer.readline())
    if sys.platform == "win32":
        # There, loading libraries may hang while another thread waits for a pipe.
        import backend.classifiers.differentiable as gradients

        gradients.load_framework()
    threading.Thread(target=_listen, args=[sys.stdin.buffer, stop], daemon=True).start()
    say(work(asked, say, stop))
    os._exit(0)


if __name__ == "__main__":
    main()
