"""When something goes wrong: kind sentences instead of wrong numbers, and no block that hangs."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from backend.classifiers.store import Store
from backend.parade.training import LABELS
from tests.conftest import free_port, running_server
from tests.extension.conftest import PARADE
from tests.extension.player import Player, ask

pytestmark = pytest.mark.browser

NOT_RUNNING = (
    "Peekaboo’s helper is not running. "
    "Start it on this computer and try again: I will find it by myself."
)
STOPPED = "Peekaboo’s helper stopped in the middle. Please try again."
SLOW = "Peekaboo’s helper is taking too long. Please try again."
BUSY = "Peekaboo’s helper is busy. Please try again in a moment."


def test_the_helper_is_missing_and_comes_back(play: Callable[..., Player], tmp_path):
    port = free_port()
    address = f"http://localhost:{port}"
    player = play(address=address)
    assert player.ask("classifyLabel", PICTURE="stage") == NOT_RUNNING
    assert player.ask("classifyConfidence", PICTURE="stage") == NOT_RUNNING
    assert player.says_something()
    player.run("measureRelevance", PICTURE="stage")
    assert player.ask("mostRelevantSquare") == "Nothing is measured yet."
    assert player.page.evaluate("test.info().items.peekaboo_menu_model") == [["parade", "parade"]]
    with running_server(tmp_path, port):
        assert player.ask("classifyLabel", PICTURE="stage") == "wizard"
        player.run("measureRelevance", PICTURE="stage")
        assert player.ask("mostRelevantSquare") == player.same_answer()["most_relevant"]["square"]
        # The menus fill by themselves, without a block that asks.
        player.page.wait_for_function("test.info().items.peekaboo_menu_label.length > 1")
    assert player.ask("classifyLabel", PICTURE="stage") == NOT_RUNNING
    assert player.ask("label") == "Nothing is classified yet."


def test_the_helper_dies_during_a_measurement(play: Callable[..., Player], tmp_path):
    port = free_port()
    with running_server(tmp_path, port) as (address, process):
        player = play(address=address)
        player.run("setSquares", COLUMNS=64, ROWS=64)
        player.start("measureRelevance", PICTURE="stage")
        player.wait_until(lambda: player.sent)
        process.kill()
        player.wait_until(lambda: player.finished)
        assert player.says_something()
        assert player.ask("mostRelevantSquare") == "Nothing is measured yet."


def test_the_stop_sign_ends_a_measurement(player: Player, parade):
    player.run("setSquares", COLUMNS=64, ROWS=64)
    player.start("measureRelevance", PICTURE="stage")
    player.wait_until(lambda: player.sent)
    player.page.evaluate("window.player.vm.stopAll()")
    player.wait_until(lambda: player.finished)
    player.wait_until(lambda: player.aborted)
    assert "/api/relevance" in player.aborted[0]
    assert not player.says_something()
    assert player.ask("mostRelevantSquare") == "Nothing is measured yet."
    player.run("setSquares", COLUMNS=8, ROWS=6)
    player.run("measureRelevance", PICTURE="stage")
    assert player.ask("mostRelevantSquare") == player.same_answer()["most_relevant"]["square"]


def test_a_newer_measurement_ends_an_older_one(player: Player):
    player.run("setSquares", COLUMNS=40, ROWS=40)
    player.start("measureRelevance", PICTURE="stage")
    player.wait_until(lambda: player.sent)
    player.page.evaluate("test.run('measureRelevance', {PICTURE: 'backdrop'}, false)")
    assert "/api/relevance" in player.aborted[0]
    assert player.ask("mostRelevantSquare") == player.same_answer()["most_relevant"]["square"]


NO_SQUARE = "There is no square “{}”. Squares count from 1 to 48."
NOT_MEASURED = "Nothing is measured yet."
NOT_CLASSIFIED = "Nothing is classified yet."
REASONS = [
    ("ghostOfSquare", {"SQUARE": 0}, NO_SQUARE.format(0)),
    ("ghostOfSquare", {"SQUARE": 49}, NO_SQUARE.format(49)),
    ("xOfSquare", {"SQUARE": "x"}, NO_SQUARE.format("x")),
    ("yOfSquare", {"SQUARE": 1.5}, NO_SQUARE.format(1.5)),
    ("relevanceOfSquare", {"SQUARE": ""}, NO_SQUARE.format("")),
    ("relevanceOfSquare", {"SQUARE": 3}, NOT_MEASURED),
    ("ghostOfSquare", {"SQUARE": 3}, NOT_MEASURED),
    ("mostRelevantSquare", {}, NOT_MEASURED),
    ("relevanceSentence", {}, NOT_MEASURED),
    ("label", {}, NOT_CLASSIFIED),
    ("confidence", {}, NOT_CLASSIFIED),
    ("confidenceOf", {"LABEL": "wizard"}, NOT_CLASSIFIED),
    (
        "classifyLabel",
        {"PICTURE": "moon"},
        "“moon” does not work here. Choose one of these: stage, backdrop, sprite, camera.",
    ),
]


def test_reporters_answer_with_the_reason(player: Player):
    answers = [player.ask(block, **arguments) for block, arguments, _ in REASONS]
    assert answers == [sentence for *_, sentence in REASONS]


REFUSED = [
    ("setSquares", {"COLUMNS": 0, "ROWS": 6}),
    ("setSquares", {"COLUMNS": 8, "ROWS": 65}),
    ("setSquares", {"COLUMNS": "x", "ROWS": 6}),
    ("setSquares", {"COLUMNS": 2.5, "ROWS": 6}),
    ("coverSquare", {"SQUARE": 49}),
    ("coverArea", {"ROW": 7, "COLUMN": 1}),
    ("coverArea", {"ROW": 1, "COLUMN": -1}),
    ("setCover", {"COVER": "jam"}),
    ("setMeasure", {"MEASURE": "metres"}),
    ("setAmplify", {"AMPLIFY": -1}),
    ("useModel", {"MODEL": "no such model"}),
    ("measureRelevance", {"PICTURE": "moon"}),
]


def test_commands_say_it_on_the_stage_and_change_nothing(player: Player):
    player.run("classify", PICTURE="stage")
    for block, arguments in REFUSED:
        assert not player.says_something()
        player.run(block, **arguments)
        assert player.says_something(), (block, arguments)
        player.page.evaluate("window.player.vm.stopAll()")
    player.run("classify", PICTURE="stage")
    assert player.sent[-1] == player.sent[0]
    player.run("measureRelevance", PICTURE="stage")
    settings = "rows=6&columns=8&cover=black&measure=auto&amplify=auto"
    assert player.sent[-1].path == "/api/relevance?" + settings


def test_a_deleted_model_is_called_by_its_name(player: Player, real_store: Store, tmp_path):
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(f"{label}?" for label in LABELS), "utf-8")
    parts = {"classifier.tflite": PARADE / "classifier.tflite", "labels.txt": labels}
    model = real_store.add(parts, name="Short-lived")
    player.run("useModel", MODEL=model.id)
    player.run("classify", PICTURE="stage")
    real_store.delete(model.id)
    known = ", ".join(other["name"] for other in ask(player.address + "/api/models")["models"])
    answer = player.ask("classifyLabel", PICTURE="stage")
    assert answer == f"I do not know a model “Short-lived”. I know: {known}."


def test_an_answer_of_the_model_before_is_not_kept(player: Player, cropped: str):
    held = []
    player.page.route("**/api/classify**", lambda route: held.append(route))
    player.start("classify", PICTURE="stage")
    player.wait_until(lambda: held)
    player.run("useModel", MODEL=cropped)
    held[0].continue_()
    player.wait_until(lambda: player.finished)
    assert player.ask("label") == "Nothing is classified yet."


def test_an_unknown_label_is_no_zero(player: Player):
    player.run("classify", PICTURE="stage")
    known = ", ".join(entry["label"] for entry in player.same_answer()["predictions"])
    sentence = f"This model has no label “unicorn”. It knows: {known}."
    assert player.ask("confidenceOf", LABEL="unicorn") == sentence


def test_no_camera(player: Player):
    player.page.evaluate("() => { window.player.vm.runtime.ioDevices.video.setProvider(null); }")
    answer = player.ask("classifyLabel", PICTURE="camera")
    assert answer.startswith("I cannot see through the camera.")


def test_a_costume_without_anything_on_it(player: Player):
    player.page.evaluate(
        """() => { test.sprite().getCurrentCostume().asset.encodeDataURI = () =>
          'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>'; }"""
    )
    sentence = "I cannot read this costume. Please try another one."
    assert player.ask("classifyLabel", PICTURE="sprite") == sentence


def test_did_any_square_matter_says_that_nothing_is_measured(player: Player):
    assert player.ask("anySquareMattered") is False
    assert player.says_something()


def test_a_sentence_goes_away_by_itself(play: Callable[..., Player]):
    player = play(before=lambda page: page.add_init_script(hurry(9000)))
    player.run("coverSquare", SQUARE=0)
    player.page.wait_for_timeout(2500)
    assert not player.says_something()


# Servers of our own that fail in ways a real one cannot be made to.


class Failing(BaseHTTPRequestHandler):
    """Answers every picture as `behaviour` says."""

    behaviour = ""

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(200, b'{"models": [], "default": "parade"}')

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.behaviour == "ends early":
            self._answer(200, b'{"type": "start"}\n{"type": "squares", "squares": []}\n')
        elif self.behaviour == "cuts off":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"type": "start"}\n')
            self.connection.shutdown(socket.SHUT_RDWR)
        elif self.behaviour == "last line":
            problem = b'{"code": "broken", "message": "It broke.", "hint": "Mend it."}'
            self._answer(200, b'{"type": "start"}\n{"type": "error", "error": ' + problem + b"}\n")
        elif self.behaviour == "no JSON":
            self._answer(500, b"<h1>Oh dear</h1>", "text/html")
        elif self.behaviour == "busy":
            self._answer(503, b'{"error": {"code": "busy", "message": "Busy.", "hint": ""}}')
        elif self.behaviour == "silent":
            time.sleep(5)

    def _answer(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def failing_server(how: str) -> Iterator[str]:
    handler = type("Handler", (Failing,), {"behaviour": how})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("ends early", STOPPED),
        ("cuts off", STOPPED),
        ("last line", "It broke. Mend it."),
        ("no JSON", "Oops, something went wrong inside Peekaboo. Please try again."),
        ("busy", BUSY),
        ("silent", SLOW),
    ],
)
def test_every_failure_has_its_sentence(play: Callable[..., Player], how, sentence):
    with failing_server(how) as address:
        player = play(address=address, before=lambda page: page.add_init_script(hurry(20000)))
        remember_sentences(player)
        player.run("measureRelevance", PICTURE="stage")
        assert player.page.evaluate("window.said").split() == sentence.split()
        assert player.says_something()
        assert player.ask("mostRelevantSquare") == "Nothing is measured yet."


def remember_sentences(player: Player) -> None:
    """Keep the words that are painted next in `window.said`."""
    player.page.evaluate(
        """() => {
          window.said = '';
          const paint = CanvasRenderingContext2D.prototype.fillText;
          CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
            window.said += ' ' + text;
            paint.call(this, text, ...place);
          };
        }"""
    )


def hurry(ms: int) -> str:
    """A script that lets a timer of so many milliseconds end after 2000."""
    return (
        "const wait = window.setTimeout;"
        f" window.setTimeout = (work, ms, ...rest) => wait(work, ms === {ms} ? 2000 : ms, ...rest);"
    )
