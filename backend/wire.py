"""Between HTTP and the rest: settings and pictures in, JSON and lines of JSON out."""

import json
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from flask import Request

from backend.classifiers.base import Prediction
from backend.classifiers.store import Store
from backend.errors import BadSetting, NotUnderstood, TooLarge
from backend.explanations.relevance import Relevance
from backend.explanations.sweep import Square, Start
from backend.picture import LARGEST_FILE_BYTES, Picture, Seen, decode, from_rgba

Value = TypeVar("Value")

NDJSON = "application/x-ndjson"
RAW_PIXELS = "image/x-rgba"
LARGEST_RAW_BYTES = 4 * 4096 * 4096
DEFAULT_ROWS, DEFAULT_COLUMNS = 6, 8


class PlainRequest(Request):
    """A request whose body is read as a form only if it is a multipart one.

    `curl --data-binary` calls every body a form; parsed as one, its picture would be gone.
    """

    @property
    def want_form_data_parsed(self) -> bool:
        """Whether `form` and `files` may read the body."""
        return self.mimetype == "multipart/form-data"


class Settings:
    """The settings of one request: query parameters and multipart fields.

    An empty setting counts as absent. A setting with an unknown name is refused, because
    a slip of the pen would otherwise give a right-looking answer to another question.
    """

    def __init__(self, request: Request, known: set[str]):
        given = [*request.args.items(multi=True)]
        if request.mimetype == "multipart/form-data":
            given += request.form.items(multi=True)
        given = [(name, text) for name, text in given if text]
        self._values = dict(given)
        if len(self._values) < len(given):
            raise BadSetting(
                "setting_twice", "One setting came twice.", "Say each setting only once."
            )
        unknown = sorted(set(self._values) - known)
        if unknown:
            raise BadSetting(
                "unknown_setting",
                f"There is no setting called “{unknown[0]}” here.",
                "Settings here: " + ", ".join(sorted(known)) + "." if known else "Leave it out.",
            )

    def get(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        """One setting, read by `parse`, or `default` where it is absent."""
        return parse(self._values[name]) if name in self._values else default


def whole_number(name: str) -> Callable[[str], int]:
    """A parser for the setting `name`.

    Raises (the parser):
        BadSetting: not a whole number.
    """

    def parse(text: str) -> int:
        try:
            return int(text)
        except ValueError:
            raise BadSetting(
                f"bad_{name}",
                f"“{text[:40]}” is not a whole number.",
                f"Choose a whole number of {name}.",
            ) from None

    return parse


def pixel_range(text: str) -> tuple[float, float]:
    """Read the setting `pixels`, such as "-1..1": what 0 and 255 become in a model's input.

    Raises:
        BadSetting: not two different numbers.
    """
    try:
        lowest, highest = (float(part) for part in text.split(".."))
    except ValueError:
        lowest = highest = 0.0
    if not -1e4 < lowest < highest < 1e4:
        raise BadSetting(
            "bad_pixels",
            f"“{text[:40]}” is not a range of numbers.",
            "Choose one such as -1..1, 0..1 or 0..255.",
        )
    return lowest, highest


@dataclass(frozen=True)
class Upload:
    """A picture as it came with a request.

    Attributes:
        content: a file, or raw pixels of 4 bytes each.
        size: width and height in px of raw pixels; None for a file.
    """

    content: bytes
    size: tuple[int, int] | None = None

    def decode(self) -> Picture:
        """The picture.

        Raises:
            NotUnderstood: it cannot be read.
            TooLarge: too many bytes or pixels.
        """
        return decode(self.content) if self.size is None else from_rgba(self.content, *self.size)

    def fingerprint(self) -> Hashable:
        """What tells it from all others, as good as surely.

        Python's own hash of bytes takes a third of the time of a checksum. It usually has 64 bits
        and a key that is drawn for each process: nobody can look for two that are taken for one.
        """
        return hash(self.content), len(self.content), self.size


def read_upload(request: Request) -> Upload:
    """What came with a request, in any of the three ways in which a picture can travel.

    Raises:
        NotUnderstood: nothing did.
        TooLarge: too many bytes, as far as it can be seen from outside.
    """
    if request.mimetype == "multipart/form-data":
        upload = request.files.get("image")
        if upload is None:
            raise NotUnderstood(
                "no_picture",
                "No picture came with this request.",
                "Send the picture in a field called image.",
            )
        return Upload(upload.stream.read(LARGEST_FILE_BYTES + 1))
    raw = request.mimetype == RAW_PIXELS
    largest = LARGEST_RAW_BYTES if raw else LARGEST_FILE_BYTES
    if (request.content_length or 0) > largest:
        raise TooLarge(
            "picture_too_large",
            f"The picture is larger than {largest // 2**20} MB.",
            "Make the picture smaller and try again.",
        )
    body = request.get_data(cache=False)
    with suppress(AttributeError, OSError):
        # Else the server keeps its own copy until the answer is sent: 20 MB for a class.
        request.environ["wsgi.input"].truncate(0)
    if not raw:
        return Upload(body)
    size = request.mimetype_params
    try:
        return Upload(body, (int(size["width"]), int(size["height"])))
    except (KeyError, ValueError):
        return Upload(body, (0, 0))


def read_picture(request: Request) -> Picture:
    """The picture that came with a request.

    Raises:
        NotUnderstood: there is none, or it cannot be read.
        TooLarge: too many bytes or pixels.
    """
    return read_upload(request).decode()


def watched(request: Request) -> Callable[[], None]:
    """What raises ConnectionAbortedError once whoever asked has left, as far as we can tell."""
    gone: Callable[[], bool] = request.environ.get("waitress.client_disconnected", lambda: False)

    def check() -> None:
        if gone():
            raise ConnectionAbortedError

    return check


def seen_json(seen: Seen) -> dict[str, float]:
    """The box of the picture that the model sees, in px."""
    return {"left": seen.left, "top": seen.top, "width": seen.width, "height": seen.height}


def predictions_json(prediction: Prediction, labels: tuple[str, ...]) -> list[dict[str, Any]]:
    """Every label with confidence and logit (null without logits), best first."""
    ranking = prediction.confidence if prediction.logits is None else prediction.logits
    return [
        {
            "label": labels[index],
            "confidence": float(prediction.confidence[index]),
            "logit": None if prediction.logits is None else float(prediction.logits[index]),
        }
        for index in np.argsort(-ranking, kind="stable")
    ]


def models_json(store: Store) -> dict[str, Any]:
    """The classifiers on this computer."""
    models = [model.as_json() | {"formerly": store.formerly(model.id)} for model in store.models()]
    return {"models": models, "default": store.default_id}


def classify_json(
    model: str, labels: tuple[str, ...], prediction: Prediction, seen: Seen, seconds: float
) -> dict[str, Any]:
    """What a classifier says about a picture."""
    return {
        "model": model,
        "label": labels[prediction.winner],
        "confidence": float(prediction.confidence[prediction.winner]),
        "predictions": predictions_json(prediction, labels),
        "seen": seen_json(seen),
        "seconds": seconds,
    }


def start_json(model: str, start: Start) -> dict[str, Any]:
    """What is known before the first square is measured."""
    target = start.target
    return {
        "model": model,
        "target": start.labels[target],
        "before": {
            "label": start.labels[start.before.winner],
            "confidence": float(start.before.confidence[target]),
            "log_odds": start.before.log_odds(target),
        },
        "rows": start.grid.rows,
        "columns": start.grid.columns,
        "seen": seen_json(start.seen),
        "unseen": [list(at) for at in start.unseen],
    }


def square_json(square: Square) -> dict[str, Any]:
    """One measured square of a stream."""
    return {
        "row": square.row,
        "column": square.column,
        "confidence": square.confidence,
        "confidence_drop": square.confidence_drop,
        "log_odds_drop": square.log_odds_drop,
    }


def relevance_json(model: str, start: Start, relevance: Relevance, seconds: float) -> dict:
    """The whole answer about relevance."""
    at = relevance.most_relevant
    return start_json(model, start) | {
        "confidence": relevance.confidence.tolist(),
        "confidence_drop": relevance.confidence_drop.tolist(),
        "log_odds_drop": relevance.log_odds_drop.tolist(),
        "label": relevance.label,
        "measure": relevance.measure,
        "saturated": relevance.saturated,
        "verdict": relevance.verdict,
        "ghost": relevance.ghost.tolist(),
        "most_relevant": at and {"row": at[0], "column": at[1], "square": start.grid.number(*at)},
        "sentence": relevance.sentence,
        "evaluations": start.evaluations,
        "seconds": seconds,
    }


def line(kind: str, content: dict[str, Any]) -> bytes:
    """One line of a stream (NDJSON)."""
    return json.dumps({"type": kind} | content, ensure_ascii=False).encode() + b"\n"
