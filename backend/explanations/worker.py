"""The server's side of the worker process: started when needed, kept warm, replaced if it dies."""

import atexit
import logging
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any

import numpy as np

from backend import errors
from backend.classifiers.model import Model
from backend.classifiers.worker import process_environment
from backend.errors import Busy, CannotUse
from backend.explanations import frames
from backend.explanations.base import Explanation
from backend.grid import Grid
from backend.picture import Fit, Picture

LONGEST_S = 600
LONGEST_WAIT_S = 120
LOOK_EVERY_S = 0.1
LONGEST_STOP_S, LONGEST_START_S = 1.5, 90.0
"""To leave its work; to load TensorFlow before: ended meanwhile, the next would begin anew."""
_ROOT = Path(__file__).parents[2]
_log = logging.getLogger(__name__)
Tell = Callable[[float], None]


@dataclass(frozen=True)
class Task:
    """A question for the process: a method, and what it is asked about.

    Attributes:
        way: how the picture is fitted.
        target: the label to explain; the winner if None.
        references: pictures to compare with, for methods that need them.
    """

    model: Model
    method: str
    picture: Picture
    grid: Grid
    way: str
    target: str | None
    settings: dict[str, Any]
    references: list[Picture]


class Worker:
    """One process that answers questions with gradients, one after the other."""

    def __init__(self, longest_s: float = LONGEST_S):
        self._longest_s = longest_s
        self._turn = threading.Lock()
        self._process: _Process | None = None
        atexit.register(self.close)

    def explain(self, asked: "Task", tell: Tell) -> Explanation:
        """Let the process answer.

        Args:
            tell: takes the share that is done, at least every tenth of a second; what it
                raises ends the work.

        Raises:
            UserError: what the method refuses; the process died; it took too long; or
                others were asked before and take too long.
        """
        fit = Fit.of(asked.picture, asked.model.input_size, asked.way)
        return frames.put_together(self._result(asked, tell, sanity=False), asked.grid, fit)

    def sanity(self, asked: "Task", tell: Tell) -> tuple[dict[str, Any], np.ndarray | None]:
        """Let the process check whether such an answer can be trusted; as `explain`.

        Returns:
            `backend.explanations.sanity.Sanity` as JSON, and its maps.
        """
        checked, arrays = self._result(asked, tell, sanity=True)
        return checked, arrays.get("maps")

    def _result(self, asked: "Task", tell: Tell, sanity: bool) -> frames.Message:
        content = {
            "folder": str(asked.model.folder.resolve()),
            "id": asked.model.id,
            "method": asked.method,
            "rows": asked.grid.rows,
            "columns": asked.grid.columns,
            "fit": asked.way,
            "target": asked.target,
            "settings": asked.settings,
            "sanity": sanity,
        }
        pictures = {"picture": asked.picture.pixels}
        pictures |= {f"reference {at}": one.pixels for at, one in enumerate(asked.references)}
        self._take_turn(tell)
        try:
            answered, arrays = self._ask(content, pictures, tell)
        except BaseException:
            # Whatever it is doing now, nobody waits for it, and the next must not either.
            if not (self._process and self._process.stop()):
                self.close()
            raise
        finally:
            self._turn.release()
        if "problem" in answered:
            kind, *texts = answered["problem"]
            raise getattr(errors, kind)(*texts)
        return answered["result"], arrays

    def close(self) -> None:
        """End the process; the next question starts another."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def _take_turn(self, tell: Tell) -> None:
        deadline = monotonic() + LONGEST_WAIT_S
        while not self._turn.acquire(timeout=LOOK_EVERY_S):
            tell(0.0)
            if monotonic() > deadline:
                raise Busy(
                    "busy",
                    "Other explanations are being made at the moment.",
                    "Wait a moment and try again.",
                )

    def _ask(
        self, asked: dict[str, Any], arrays: dict[str, np.ndarray], tell: Tell
    ) -> frames.Message:
        if self._process is None or not self._process.alive:
            self.close()
            self._process = _Process()
        self._process.send(asked, arrays)
        deadline, share = monotonic() + self._longest_s, 0.0
        while True:
            tell(share)
            if monotonic() > deadline:
                raise CannotUse(
                    "explanation_too_long",
                    "This explanation took too long, so we stopped.",
                    "Choose fewer samples or steps.",
                )
            try:
                message = self._process.answers.get(timeout=LOOK_EVERY_S)
            except queue.Empty:
                continue
            if message is None:
                raise self._process.died()
            if "progress" not in message[0]:
                return message
            share = message[0]["progress"]


class _Process:
    """One run of the process, and a thread that reads what it answers."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="peekaboo-")
        self._log = Path(self._folder.name) / "log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "backend.explanations.working"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=_ROOT,
                env=process_environment(Path(self._folder.name)),
            )
        self._loaded = False
        self.answers: queue.SimpleQueue[frames.Message | None] = queue.SimpleQueue()
        assert self._process.stdout
        threading.Thread(target=self._listen, args=[self._process.stdout], daemon=True).start()

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def send(self, asked: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
        """Ask; a process that has just died is noticed when no answer comes."""
        assert self._process.stdin
        try:
            frames.write(self._process.stdin, asked, **arrays)
        except OSError:
            _log.info("the process for gradients died before it was asked")

    def stop(self) -> bool:
        """Ask it to leave its work; whether it did so, and can be asked something else."""
        if not self.alive:
            return False
        self.send({"stop": True}, {})
        deadline = monotonic() + (LONGEST_STOP_S if self._loaded else LONGEST_START_S)
        while (left := deadline - monotonic()) > 0:
            try:
                message = self.answers.get(timeout=left)
            except queue.Empty:
                return False
            if message is None:
                return False
            if "progress" not in message[0]:
                return True
        return False

    def died(self) -> Busy:
        """What to say when it ended without an answer."""
        tail = self._log.read_bytes()[-4000:].decode("utf-8", "replace")
        _log.error("the process for gradients ended without an answer:\n%s", tail)
        return Busy(
            "worker_stopped",
            "The part of Peekaboo that works with gradients stopped in the middle.",
            "Try again; if it happens again, choose a smaller model or fewer samples.",
        )

    def end(self) -> None:
        """End it and tidy up."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            try:
                if stream:
                    stream.close()
            except OSError:  # What was not sent yet cannot be sent any more.
                pass
        self._folder.cleanup()

    def _listen(self, stream: IO[bytes]) -> None:
        try:
            while (message := frames.read(stream)) is not None:
                self._loaded = True
                self.answers.put(message)
        except (OSError, ValueError) as problem:
            _log.info("no more answers can be read: %r", problem)
        self.answers.put(None)
