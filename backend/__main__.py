"""Peekaboo at a terminal: the same functions without Scratch."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from backend import __version__, explain_commands, sanity_commands, teach_commands, wire
from backend.bench.command import add_command as add_bench
from backend.classifiers import mobilenet
from backend.classifiers.model import Model
from backend.classifiers.store import Store
from backend.drawing.squares import draw_squares
from backend.errors import UserError
from backend.explanations.cover import COVERS
from backend.explanations.relevance import (
    MEASURES,
    check_measure,
    collect,
    parse_amplify,
    percent,
)
from backend.explanations.sweep import Sweep, predict
from backend.notebook import model_named
from backend.picture import FIT_WAYS, Fit
from backend.server import DEFAULT_PORT, serve

MOST_SAID = 20
"""How many labels of a classifier are written out."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is 0, or 1 after an error that was explained."""
    # What TensorFlow notes about itself is for its makers; it must be told before it is loaded.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    chosen = _parser().parse_args(arguments)
    try:
        chosen.command(chosen)
    except UserError as problem:
        print(f"{problem.message}\n{problem.hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever read our answer has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backend", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    server = _command(commands, "serve", _serve, "start Peekaboo's server and pages")
    server.add_argument("--port", type=int, default=DEFAULT_PORT, help="default: %(default)s")
    server.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; the default lets only this computer in",
    )
    server.add_argument("--no-browser", action="store_true", help="do not open the browser")

    classify = _command(commands, "classify", _classify, "say what is in a picture")
    _picture_arguments(classify)

    relevance = _command(
        commands, "relevance", _relevance, "find the squares that matter in a picture"
    )
    _picture_arguments(relevance)
    relevance.add_argument("--rows", type=int, default=wire.DEFAULT_ROWS)
    relevance.add_argument("--columns", type=int, default=wire.DEFAULT_COLUMNS)
    relevance.add_argument("--cover", default="black", help=", ".join(COVERS))
    relevance.add_argument("--target", help="label to explain (default: the winner)")
    relevance.add_argument("--measure", default="auto", help=", ".join(MEASURES))
    relevance.add_argument("--amplify", default="auto", help="auto, or a number such as 5")
    relevance.add_argument("-o", "--output", type=Path, metavar="OUT.png", help="draw the squares")

    models = commands.add_parser("models", help="add, list, rename and delete classifiers")
    actions = models.add_subparsers(required=True, metavar="ACTION")
    add = _command(actions, "add", _add_model, "add a classifier from its exported file(s)")
    add.add_argument("files", type=Path, nargs="+", metavar="FILE")
    add.add_argument("--name", help="what to call it")
    add.add_argument("--fit", help=", ".join(FIT_WAYS))
    add.add_argument("--pixels", help="range of numbers the model expects, such as -1..1")
    _json_flag(add)
    _json_flag(_command(actions, "list", _list_models, "list the classifiers on this computer"))
    delete = _command(actions, "delete", _delete_model, "delete a classifier")
    delete.add_argument("model", help="its id")
    rename = _command(actions, "rename", _rename_model, "give a classifier another name")
    rename.add_argument("model", help="its id or name")
    rename.add_argument("name", help="the new name")
    get = _command(actions, "get", _get_model, "fetch a classifier that has seen many photos")
    get.add_argument("model", choices=["mobilenet_v2"], help="which: mobilenet_v2 (15 MB)")
    get.add_argument(
        "--from",
        dest="source",
        metavar="FOLDER",
        help="folder or address where its files are instead, on a computer without internet",
    )
    _json_flag(get)
    add_bench(commands)
    explain_commands.add_commands(commands, _command)
    sanity_commands.add_command(commands, _command)
    teach_commands.add_command(commands, _command)
    return parser


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], purpose: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=purpose, description=purpose)
    parser.set_defaults(command=run)
    return parser


def _json_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def _picture_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("picture", type=Path, metavar="PICTURE")
    parser.add_argument("--model", help=explain_commands.MODEL)
    parser.add_argument("--fit", help=", ".join(FIT_WAYS))
    _json_flag(parser)


def _serve(chosen: argparse.Namespace) -> None:
    serve(chosen.host, chosen.port, open_browser=not chosen.no_browser)


def _classify(chosen: argparse.Namespace) -> None:
    start = perf_counter()
    store = Store()
    model = model_named(store, chosen.model).id
    classifier = store.open(model)
    picture = explain_commands.read_picture(chosen.picture)
    plan = Fit.of(picture, classifier.input_size, chosen.fit or classifier.fit)
    prediction = predict(classifier, plan.apply(picture.pixels))
    seen = plan.seen.times(picture.shrunk_by)
    answer = wire.classify_json(model, classifier.labels, prediction, seen, perf_counter() - start)
    if chosen.json:
        _print_json(answer)
        return
    for entry in answer["predictions"]:
        print(f"{entry['confidence'] * 100:7.2f}%  {entry['label']}")


def _relevance(chosen: argparse.Namespace) -> None:
    start = perf_counter()
    store = Store()
    model = model_named(store, chosen.model).id
    picture = explain_commands.read_picture(chosen.picture)
    measure, gain = check_measure(chosen.measure), parse_amplify(chosen.amplify)
    sweep = Sweep(
        store.open(model),
        picture,
        chosen.rows,
        chosen.columns,
        chosen.cover,
        chosen.target,
        chosen.fit,
    )
    result = collect(sweep.start, sweep.squares(), measure, gain)
    answer = wire.relevance_json(model, sweep.start, result, perf_counter() - start)
    if chosen.output:
        _save(
            draw_squares(picture, sweep.start.grid, result.ghost, sweep.start.unseen), chosen.output
        )
    if chosen.json:
        _print_json(answer)
        return
    print(f"{result.target} {percent(answer['before']['confidence'])}")
    print("ghost effect of each square, from 0 (black) to 100 (see-through, it matters most):")
    for row in result.ghost:
        print("  ".join(f"{ghost:3.0f}" for ghost in row))
    print(result.sentence)


def _add_model(chosen: argparse.Namespace) -> None:
    for path in chosen.files:
        if not path.is_file():
            raise explain_commands.no_file(path)
    parts = {str(path): path for path in chosen.files}
    pixels = wire.pixel_range(chosen.pixels) if chosen.pixels else None
    _say_model(Store().add(parts, name=chosen.name, fit=chosen.fit, pixels=pixels), chosen)


def _get_model(chosen: argparse.Namespace) -> None:
    said = -1

    def tell(done: int, total: int) -> None:
        nonlocal said
        if (share := done * 10 // total) != said and total > 100_000:
            said = share
            print(f"{share * 10} % of {total / 1e6:.1f} MB", file=sys.stderr, flush=True)

    _say_model(mobilenet.get(Store(), tell, chosen.source), chosen)


def _say_model(model: Model, chosen: argparse.Namespace) -> None:
    if chosen.json:
        _print_json(model.as_json())
    else:
        print(_line(model))


def _list_models(chosen: argparse.Namespace) -> None:
    store = Store()
    if chosen.json:
        _print_json(wire.models_json(store))
        return
    for model in store.models():
        print(_line(model))


def _line(model: Model) -> str:
    more = len(model.labels) - MOST_SAID
    shown = ", ".join(model.labels[:MOST_SAID]) + (f" and {more} more" if more > 0 else "")
    return f"{model.id}  {model.name}: {shown}"


def _rename_model(chosen: argparse.Namespace) -> None:
    store = Store()
    store.rename(model_named(store, chosen.model).id, chosen.name)


def _delete_model(chosen: argparse.Namespace) -> None:
    Store().delete(chosen.model)


def _save(image: Any, path: Path) -> None:
    try:
        image.save(path)
    except (OSError, ValueError) as problem:
        raise explain_commands.cannot_save(path, problem, ".png") from problem


def _print_json(answer: dict[str, Any]) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    sys.exit(main())
