"""The command `train`: a folder of pictures becomes a classifier, and a film of how it learned."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from backend.classifiers.labels import unused
from backend.classifiers.model import Model
from backend.classifiers.store import Store
from backend.disk import read_json
from backend.drawing.film import Shown, draw_film, draw_frame
from backend.errors import BadSetting, NotFound
from backend.explanations.relevance import collect
from backend.explanations.sweep import Sweep
from backend.picture import Picture, decode
from backend.teaching.augmentation import CHANGES
from backend.teaching.examples import Examples, examples_in
from backend.teaching.extractors import extractor_named, extractors
from backend.teaching.film import COLUMNS, FILM_FILE, LIKELIEST, ROWS
from backend.teaching.lesson import MOST_PROBES, WAYS, Lesson
from backend.teaching.training import REVIEW_FILE, Progress, Taught, teach

FILM_KINDS = {".gif": "gif", ".webp": "webp", ".png": "strip"}


def add_command(commands: Any, command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program's commands; see `explain_commands.add_commands`."""
    train = command(commands, "train", _train, "teach a classifier from a folder of pictures")
    train.add_argument("folder", type=Path, metavar="FOLDER", help="a folder for every label in it")
    train.add_argument("--name", help="what to call it (default: as the folder)")
    train.add_argument("--way", help=" or ".join(WAYS))
    train.add_argument("--extractor", help="id of the classifier whose features are used")
    train.add_argument("--epochs", type=int, help="how often all pictures are looked at")
    train.add_argument("--seed", type=int, help="another one gives another classifier")
    train.add_argument("--augment", help="some of " + ",".join(CHANGES))
    train.add_argument("--other-backgrounds", action="store_true", help="cut out and put elsewhere")
    train.add_argument(
        "--probe",
        type=Path,
        action="append",
        default=[],
        metavar="PICTURE",
        help=f"a picture to watch (up to {MOST_PROBES}; default: one of every label)",
    )
    train.add_argument("--film", type=Path, metavar="OUT.gif", help="or .webp, or .png for a strip")
    train.add_argument("--compare", metavar="MODEL", help="a classifier to show beside it")
    train.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def _train(chosen: argparse.Namespace) -> None:
    from backend.classifiers.importing import read  # when needed: the server would start later

    store, kind = Store(), _film_kind(chosen.film)
    usual = extractors(store)[0]["id"]
    lesson = Lesson.read(_settings(chosen), usual)
    other = store.model(chosen.compare) if chosen.compare else None
    if len(chosen.probe) > MOST_PROBES:
        raise BadSetting(
            "bad_probes",
            f"These are {len(chosen.probe)} pictures to watch.",
            f"Choose up to {MOST_PROBES}.",
        )
    for path in chosen.probe:
        if not path.is_file():
            raise NotFound("no_file", f"There is no file {path}.", "Check its name and place.")
    examples = examples_in(chosen.folder)
    with tempfile.TemporaryDirectory(prefix="peekaboo-") as name:
        work = Path(name)
        tell = _Teller(sys.stderr)
        extractor = extractor_named(lesson.extractor, store)
        taught = teach(examples, lesson, extractor, work, tell, watched=chosen.probe)
        taken = [model.name for model in store.models()]
        called = chosen.name or unused(chosen.folder.resolve().name, taken)
        model = store.add(taught.files, called, taught.fit, taught.pixels, reader=read)
        review = read_json(work / REVIEW_FILE)
        if kind:
            film = read_json(work / FILM_FILE)
            pictures = _watched(film, examples, chosen.probe)
            still = _stills(store, other, pictures) if other else []
            chosen.film.write_bytes(draw_film(film["epochs"], pictures, kind, still))
    if chosen.json:
        skipped = [{"name": one.name, "message": one.message} for one in taught.skipped]
        print(
            json.dumps(
                {"model": model.as_json(), "skipped": skipped, "review": review}, ensure_ascii=False
            )
        )
        return
    _say(model, taught, review)


def _settings(chosen: argparse.Namespace) -> dict[str, Any]:
    given = {
        "way": chosen.way,
        "extractor": chosen.extractor,
        "epochs": chosen.epochs,
        "seed": chosen.seed,
        "augment": chosen.augment.replace(" ", "").split(",") if chosen.augment else None,
        "other_backgrounds": chosen.other_backgrounds,
    }
    return {name: value for name, value in given.items() if value is not None}


def _film_kind(path: Path | None) -> str | None:
    if path is None:
        return None
    if not path.resolve().parent.is_dir():
        raise NotFound(
            "no_folder", f"There is no folder for {path}.", "Make it first, or choose another."
        )
    kind = FILM_KINDS.get(path.suffix.lower())
    if kind is None or path.is_dir():
        raise BadSetting(
            "bad_format",
            f"“{path.name}” is no kind of film.",
            "End its name with one of: " + ", ".join(FILM_KINDS) + ".",
        )
    return kind


class _Teller:
    """Says at a terminal how far it is, in one line that changes."""

    def __init__(self, stream: Any):
        self._stream = stream

    def __call__(self, progress: Progress) -> None:
        if progress.stage != "teaching":
            return
        right = "" if progress.accuracy is None else f", {100 * progress.accuracy:.0f} % right"
        left = f"{progress.seconds_left:.0f} s left"
        text = f"lesson {progress.epoch} of {progress.epochs}{right}, {left}"
        end = "\n" if progress.epoch == progress.epochs else ""
        print(f"\r{text:<60}", end=end, file=self._stream, flush=True)


def _say(model: Model, taught: Taught, review: dict[str, Any]) -> None:
    for one in taught.skipped:
        print(f"left out: {one.name}: {one.message}")
    if taught.accuracy is not None:
        print(f"{100 * taught.accuracy:.0f} % of the pictures that were held back are right.")
    for one in review["surprising"]:
        path = one["name"].replace("~", "/")  # as folder and file
        print(f"surprising: {path} is {one['label']}, said {one['said']}")
    for look in review["looks_at"]:
        if look["outside"] is not None:
            share = 100 * look["outside"]
            print(f"{look['label']}: {share:.0f} % of what it looks at is background.")
    print(f"It is on this computer now: {model.name} ({model.id})")


def _watched(film: dict[str, Any], examples: Examples, probes: list[Path]) -> dict[int, Picture]:
    """The pictures of a film by their places in it."""
    by_name = {example.name: example.path for example in examples.examples}
    by_name |= {str(path): path for path in probes}
    return {
        place: decode(by_name[probe["name"]].read_bytes())
        for place, probe in enumerate(film["probes"])
    }


def _stills(store: Store, model: Model, pictures: dict[int, Picture]) -> list[Image.Image]:
    """What another classifier looks at and says, by the covering of squares."""
    classifier, drawn = store.open(model.id), []
    for picture in pictures.values():
        sweep = Sweep(classifier, picture, ROWS, COLUMNS, "black", None)
        relevance = collect(sweep.start, sweep.squares(), "auto", None)
        shares = sweep.start.before.confidence
        likeliest = np.argsort(-shares, kind="stable")[:LIKELIEST]
        top = [(model.labels[at], float(shares[at])) for at in likeliest]
        drawn.append(draw_frame(picture, Shown(model.name, relevance.ghost, top)))
    return drawn
