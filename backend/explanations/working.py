"""The worker process for methods with gradients: `python -m backend.explanations.working`.

It takes questions on its input and answers on its output (`frames`), one after the other,
and keeps the last models open. It ends when its input is closed, also in the middle of a
question, so it does not outlive the server.
"""

import os
import queue
import sys
import threading
from collections import OrderedDict
from pathlib import Path
from typing import IO

from backend.classifiers.compiled import Compiled
from backend.classifiers.differentiable import Differentiable, load_framework
from backend.classifiers.model import Model
from backend.errors import UserError
from backend.explanations import frames
from backend.explanations.asking import Question
from backend.explanations.methods import answer, method_named
from backend.explanations.sanity import check
from backend.picture import Picture

LARGEST_ADDRESS_SPACE_BYTES = 12 * 2**30
MOST_OPEN = 2
"""Models kept open; a MobileNetV2 with its gradients takes about 150 MB."""


class Opened:
    """The models that were asked about last, ready to answer."""

    def __init__(self) -> None:
        self._models: OrderedDict[Model, tuple[Compiled, Differentiable]] = OrderedDict()

    def get(self, folder: Path, model_id: str) -> tuple[Compiled, Differentiable]:
        """Open a model, or find it open."""
        model = Model.read(folder, model_id)
        if model not in self._models:
            self._models[model] = model.compile(), Differentiable(model)
            if len(self._models) > MOST_OPEN:
                self._models.popitem(last=False)
        self._models.move_to_end(model)
        return self._models[model]


class Stopped(Exception):
    """Nobody waits for the answer any more."""


class Questions:
    """Questions as they come, and the wish to stop; without any more, the process ends."""

    def __init__(self, stream: IO[bytes]):
        self._stream = stream
        self._waiting: queue.SimpleQueue[frames.Message] = queue.SimpleQueue()
        self.stop = threading.Event()
        self._came = self._taken = self._left = 0
        self._changing = threading.Lock()
        threading.Thread(target=self._listen, daemon=True).start()

    def next(self) -> frames.Message:
        """Wait for a question."""
        message = self._waiting.get()
        with self._changing:
            self._taken += 1
            if self._taken > self._left:  # else it was left before we came to it
                self.stop.clear()
        return message

    def _listen(self) -> None:
        while (message := frames.read(self._stream)) is not None:
            with self._changing:
                if "stop" in message[0]:
                    self._left = self._came
                    self.stop.set()
                else:
                    self._came += 1
                    self._waiting.put(message)
        os._exit(0)


def reply(message: frames.Message, opened: Opened, stop: threading.Event, out: IO) -> None:
    """Answer one question: messages about progress, then a result or a problem."""
    asked, arrays = message

    def tell(share: float) -> None:
        if stop.is_set():
            raise Stopped
        frames.write(out, {"progress": share})

    try:
        compiled, network = opened.get(Path(asked["folder"]), asked["id"])
        question = Question.about(
            compiled,
            network,
            Picture(arrays["picture"]),
            asked["rows"],
            asked["columns"],
            asked["target"],
            asked["fit"],
            [Picture(one) for name, one in arrays.items() if name != "picture"],
            tell,
        )
        method = method_named(asked["method"])
        if asked["sanity"]:
            checked = check(question, method, asked["settings"])
            maps = {} if checked.maps is None else {"maps": checked.maps}
            frames.write(out, {"result": checked.as_json()}, **maps)
            return
        found = answer(method, question, asked["settings"])
        content, results = frames.taken_apart(found)
        frames.write(out, {"result": content}, **results)
    except Stopped:
        frames.write(out, {"stopped": True})
    except UserError as problem:
        kind = type(problem).__name__
        frames.write(out, {"problem": [kind, problem.code, problem.message, problem.hint]})


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits.
        return
    try:
        wanted = (LARGEST_ADDRESS_SPACE_BYTES, LARGEST_ADDRESS_SPACE_BYTES)
        resource.setrlimit(resource.RLIMIT_AS, wanted)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError) as problem:  # macOS refuses some of them.
        print(f"a limit could not be set: {problem}", file=sys.stderr)


def main() -> None:
    """Answer questions until the input is closed."""
    _limit_memory()
    # Libraries may print what they like: answers go out by a way of their own.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if sys.platform == "win32":
        # There, loading libraries may hang while another thread waits for a pipe.
        load_framework()
    # Listening first, so that an asker is not held up while libraries load.
    questions, opened = Questions(sys.stdin.buffer), Opened()
    load_framework()
    while True:
        reply(questions.next(), opened, questions.stop, out)


if __name__ == "__main__":
    main()
