"""The server's side of teaching: one lesson after the other, each in a process of its own."""

import atexit
import json
import logging
import queue
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend import errors
from backend.classifiers.store import Store
from backend.classifiers.worker import process_environment
from backend.disk import read_json, write_json
from backend.errors import Busy, CannotUse, NotFound, UserError
from backend.teaching.collection import LESSON_FOLDER, Collection
from backend.teaching.collections import Collections
from backend.teaching.extractors import extractor_named
from backend.teaching.film import FILM_FILE
from backend.teaching.job import BUSY, Job
from backend.teaching.lesson import Lesson
from backend.teaching.material import refuse_too_little
from backend.teaching.training import STATE_FILE, Progress

MOST_WAITING = 20
JOB_FILE = "job.json"
_ROOT = Path(__file__).parents[2]
_log = logging.getLogger(__name__)


class Teacher:
    """Teaches the collections that wait, one at a time."""

    def __init__(self, store: Store, collections: Collections):
        self._store, self._collections = store, collections
        self._jobs: dict[str, Job] = {}
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._news = threading.Condition()
        self._process: subprocess.Popen | None = None
        self._current: str | None = None
        self._thread: threading.Thread | None = None
        atexit.register(self.close)

    def start(self, collection_id: str, lesson: Lesson, resume: bool = False) -> Job:
        """Let a collection wait for its turn.

        Args:
            resume: go on where a lesson of the same collection was stopped.

        Raises:
            NotFound: no such collection, or no such extractor.
            CannotUse: there is too little to learn from, or it is being taught already.
            Busy: too many wait.
        """
        collection = self._collections.get(collection_id)
        extractor_named(lesson.extractor, self._store)
        # What can be told without a look at the pictures is told at once.
        refuse_too_little(Counter(one.label for one in collection.examples().examples))
        with self._news:
            self._let_it_end(collection.id)
            if (known := self._jobs.get(collection.id)) and known.state in BUSY:
                raise CannotUse(
                    "already_teaching",
                    "This classifier is being taught at the moment.",
                    "Wait until it is done, or stop it first.",
                )
            if sum(job.state in BUSY for job in self._jobs.values()) >= MOST_WAITING:
                raise Busy(
                    "busy",
                    "Too many classifiers wait to be taught.",
                    "Wait a moment and try again.",
                )
            job = Job(lesson, "queued", Progress("preparing", 0, lesson.epochs), resume)
            self._note(collection.id, job)
            self._waiting.put(collection.id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._teach_all, daemon=True)
                self._thread.start()
        return job

    def lesson_to_resume(self, collection_id: str) -> Lesson:
        """The settings of the lesson that was stopped.

        Raises:
            NotFound: there is none.
        """
        collection = self._collections.get(collection_id)
        kept = read_json(self.folder(collection) / JOB_FILE).get("lesson")
        whole = isinstance(kept, dict) and isinstance(kept.get("extractor"), str)
        if not kept or not whole or not (self.folder(collection) / STATE_FILE).is_file():
            raise NotFound(
                "nothing_to_resume", "There is no lesson to go on with.", "Begin a new one."
            )
        return Lesson.read(kept, kept["extractor"])

    def job(self, collection_id: str) -> dict[str, Any] | None:
        """How it goes, as JSON; None if the collection was never taught."""
        collection = self._collections.get(collection_id)
        job = self._jobs.get(collection.id)
        kept = self.folder(collection)
        resumable = (kept / STATE_FILE).is_file()
        if job:
            return job.as_json(resumable and job.state in ("stopped", "failed"))
        before = read_json(kept / JOB_FILE).get("job")
        if not isinstance(before, dict) or "state" not in before:
            return None
        if before["state"] in BUSY:
            # The computer was switched off in the middle; the film knows how far it was.
            epochs = read_json(kept / FILM_FILE).get("epochs", [])
            before |= {"state": "stopped", "resumable": resumable, "epoch": len(epochs)}
        return before

    def follow(self, collection_id: str, every_s: float = 1.0) -> Iterator[dict[str, Any] | None]:
        """The job whenever there is news of it, until it ends; at least `every_s`."""
        while True:
            job = self.job(collection_id)
            yield job
            if not job or job["state"] not in BUSY:
                return
            with self._news:
                self._news.wait(every_s)

    def stop(self, collection_id: str) -> None:
        """Stop after the epoch that it is at, at once before the first; waits until it has.

        Raises:
            NotFound: no such collection.
        """
        collection = self._collections.get(collection_id)
        with self._news:
            job = self._jobs.get(collection.id)
            if not job or job.state not in BUSY:
                return
            self._note(collection.id, replace(job, state="stopped"))
            if self._current == collection.id and self._process:
                _end(self._process, job)
            self._let_it_end(collection.id)

    def folder(self, collection: Collection) -> Path:
        """Where a collection keeps what belongs to its lesson."""
        return collection.folder / LESSON_FOLDER

    def close(self) -> None:
        """End the process that teaches; what it learned is kept."""
        if self._process is not None:
            self._process.kill()

    def _let_it_end(self, collection_id: str) -> None:
        """Wait until a lesson that was stopped has ended; not for one that has begun since."""
        while self._current == collection_id and self._jobs[collection_id].state not in BUSY:
            self._news.wait(1)

    def _change(self, collection_id: str, keep: bool = True, **changes: Any) -> None:
        with self._news:
            self._note(collection_id, replace(self._jobs[collection_id], **changes), keep)

    def _note(self, collection_id: str, job: Job, keep: bool = True) -> None:
        if keep:
            with suppress(UserError, OSError):  # gone meanwhile, or no room: it is in memory
                folder = self.folder(self._collections.get(collection_id))
                folder.mkdir(exist_ok=True)
                resumable = (folder / STATE_FILE).is_file()
                kept = job.as_json(resumable and job.state in ("stopped", "failed"))
                write_json(folder / JOB_FILE, {"lesson": job.lesson.as_json(), "job": kept})
        # Last: a job that fails to be noted must not count as one that waits.
        with self._news:
            self._jobs[collection_id] = job
            self._news.notify_all()

    def _teach_all(self) -> None:
        while True:
            collection_id = self._waiting.get()
            with self._news:
                job = self._jobs[collection_id]
                if job.state != "queued":
                    continue
                self._current = collection_id
                self._note(collection_id, replace(job, state="running"))
            try:
                self._teach(collection_id)
            except UserError as problem:
                self._fail(collection_id, problem)
            except Exception:
                _log.exception("teaching failed")
                self._fail(collection_id, _went_wrong())
            finally:
                with self._news:
                    self._current = self._process = None
                    self._news.notify_all()

    def _fail(self, collection_id: str, problem: UserError) -> None:
        with self._news:
            if self._jobs[collection_id].state != "stopped":
                self._change(collection_id, state="failed", error=problem.as_json()["error"])

    def _teach(self, collection_id: str) -> None:
        collection = self._collections.get(collection_id)
        taught = None
        for line in self._lines(collection, self._jobs[collection_id]):
            if "progress" in line:
                self._change(collection_id, keep=False, progress=Progress(**line["progress"]))
            elif "problem" in line:
                kind, *texts = line["problem"]
                raise getattr(errors, kind)(*texts)
            elif "stopped" in line:
                self._change(collection_id)  # lessons may have ended since it was told to stop
                return
            else:
                taught = line
        if taught is None:
            raise _went_wrong()
        self._register(collection, **taught)

    def _register(
        self,
        collection: Collection,
        model: str,
        called: str,
        examples: str,
        skipped: list[dict[str, str]],
    ) -> None:
        before = collection.about().get("model")
        collection.note(model=model, called=called, taught_with=examples)
        others = (one.about().get("model") for one in self._collections.all())
        if before and before not in others:
            # One collection, one classifier: menus would fill with older selves.
            self._store.replace(before, model)
        self._change(collection.id, state="done", model=model, skipped=tuple(skipped))

    def _lines(self, collection: Collection, job: Job) -> Iterator[dict[str, Any]]:
        extractor = extractor_named(job.lesson.extractor, self._store)
        asked = {
            "home": str(self._store.home.resolve()),
            "collection": str(collection.folder.resolve()),
            "work": str(self.folder(collection).resolve()),
            "lesson": job.lesson.as_json(),
            "extractor": {"folder": str(extractor.folder.resolve()), "id": extractor.id},
            "resume": job.resume,
        }
        with tempfile.TemporaryDirectory(prefix="peekaboo-") as name:
            log = Path(name) / "log"
            with log.open("wb") as written:
                process = subprocess.Popen(
                    [sys.executable, "-m", "backend.teaching.working"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=written,
                    cwd=_ROOT,
                    env=process_environment(Path(name)),
                )
            assert process.stdin and process.stdout
            try:
                process.stdin.write(json.dumps(asked).encode() + b"\n")
                process.stdin.flush()
                with self._news:
                    self._process = process
                    if self._jobs[collection.id].state == "stopped":  # meanwhile
                        process.kill()
                for line in process.stdout:
                    yield json.loads(line)
                if process.wait() and self._jobs[collection.id].state != "stopped":
                    tail = log.read_bytes()[-4000:].decode("utf-8", "replace")
                    _log.error("the process that teaches ended without an answer:\n%s", tail)
            finally:
                process.kill()
                process.wait()
                for stream in (process.stdin, process.stdout):
                    with suppress(OSError):
                        stream.close()


def _end(process: subprocess.Popen, job: Job) -> None:
    if job.progress.stage == "preparing":
        # Nothing is learned that could be lost, and it may not listen for seconds.
        process.kill()
    elif process.stdin:
        with suppress(OSError):
            process.stdin.close()


def _went_wrong() -> Busy:
    return Busy(
        "teaching_stopped",
        "The part of Peekaboo that teaches stopped in the middle.",
        "Go on with the lesson; if it happens again, use fewer pictures.",
    )
