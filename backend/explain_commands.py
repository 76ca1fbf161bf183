"""The commands `explain` and `layers`: classifiers looked at with every method."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from backend.classifiers.model import Model
from backend.classifiers.store import Store
from backend.drawing.attribution import draw
from backend.drawing.mosaic import draw_mosaic
from backend.drawing.report import Card, report
from backend.drawing.settings import DRAW_SETTINGS, DrawSettings
from backend.errors import BadSetting, CannotUse, NotFound
from backend.explanations.asking import Method, Question
from backend.explanations.base import Explanation
from backend.explanations.methods import METHODS, answer, method_named
from backend.explanations.references import pictures_in, usual_references, warned
from backend.notebook import Opened, model_named, open_classifier
from backend.picture import FIT_WAYS, Picture, decode
from backend.routes.explaining import explanation_json
from backend.wire import DEFAULT_COLUMNS, DEFAULT_ROWS

MODEL = "id or name of the classifier (default: the built-in one)"


def add_commands(commands: Any, command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add them to the program's commands.

    Args:
        command: makes one: (commands, name, run, purpose).
    """
    explain = command(commands, "explain", _explain, "explain an answer with any method")
    explain.add_argument("picture", type=Path, metavar="PICTURE")
    explain.add_argument(
        "--method", default="occlusion", help="all, or several of: " + ", ".join(METHODS)
    )
    question_arguments(explain, several=("model", "target", "layer"))
    explain.add_argument(
        "-o", "--output", type=Path, help="OUT.png, OUT.html for a report, OUT.npy for numbers"
    )
    for name, setting in DRAW_SETTINGS.items():
        explain.add_argument(_flag(name), help=setting.meaning)

    layers = command(commands, "layers", _layers, "list the layers of a classifier")
    layers.add_argument("--model", help=MODEL)
    layers.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def question_arguments(parser: argparse.ArgumentParser, several: Iterable[str] = ()) -> None:
    """Everything that a method can be asked; `several` may be given more than once."""

    def add(name: str, meaning: str) -> None:
        if name in several:
            meaning += "; give it again for several, side by side"
        action = "append" if name in several else "store"
        parser.add_argument(_flag(name), help=meaning, action=action)

    add("model", MODEL)
    parser.add_argument("--fit", help=", ".join(FIT_WAYS))
    add("target", "label to explain (default: the winner)")
    parser.add_argument("--rows", type=int, default=DEFAULT_ROWS)
    parser.add_argument("--columns", type=int, default=DEFAULT_COLUMNS)
    parser.add_argument(
        "--references", type=Path, metavar="FOLDER", help="pictures to compare with"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    for name, meanings in _settings_of_methods().items():
        add(name, "; ".join(meanings))


def _settings_of_methods() -> dict[str, list[str]]:
    """Setting → which methods have it and what it means there."""
    found: dict[str, list[str]] = {}
    for method in METHODS.values():
        for setting in method.settings:
            found.setdefault(setting.name, []).append(f"{method.name}: {setting.meaning}")
    return found


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _explain(chosen: argparse.Namespace) -> None:
    store = Store()
    models = [model_named(store, name) for name in chosen.model or [None]]
    asked = [(model, chosen_methods(chosen.method, model)) for model in models]
    answers = sum(len(methods) for _, methods in asked) * len(chosen.target or [None])
    answers *= len(chosen.layer or [None])
    drawing = DrawSettings.parse(given(chosen, DRAW_SETTINGS))
    if answers > 1 and chosen.output and chosen.output.suffix != ".html":
        raise BadSetting(
            "cannot_save",
            f"{answers} maps do not fit into one picture.",
            "Choose a file name that ends in .html.",
        )
    picture = read_picture(chosen.picture)
    found = [
        (model, one)
        for model, methods in asked
        for one in _answers(Opened(model, store.open(model.id)), methods, picture, chosen)
    ]
    if chosen.output:
        _save(chosen.output, picture, chosen.picture.name, found, drawing)
    if chosen.json:
        said = [explanation_json(model.id, one, picture) for model, one in found]
        print(json.dumps(said if answers > 1 else said[0], ensure_ascii=False, indent=1))
        return
    for model, one in found:
        _print(model, one)


def _answers(
    opened: Opened, methods: list[Method], picture: Picture, chosen: argparse.Namespace
) -> Iterator[Explanation]:
    for target in chosen.target or [None]:
        question, own = ask(opened, picture, chosen, methods, target)
        for method in methods:
            for settings in _settings(method, chosen, len(methods) > 1):
                yield warned(answer(method, question, settings), own)


def _settings(
    method: Method, chosen: argparse.Namespace, several: bool
) -> Iterator[dict[str, str]]:
    """What a method is told, once for each layer; of several, each takes what it knows."""
    own = {setting.name for setting in method.settings}
    settings = given(chosen, _settings_of_methods())
    settings = {name: one for name, one in settings.items() if not several or name in own}
    for layer in settings.pop("layer", [None]):
        yield settings if layer is None else settings | {"layer": layer}


def chosen_methods(asked: str, model: Model) -> list[Method]:
    """The methods that are meant; with “all”, those that the model can be asked.

    Raises:
        BadSetting: there is none of this name.
        CannotUse: the model cannot be asked it.
    """
    if asked == "all":
        return [
            one for one in METHODS.values() if one.why_not(model.gradients, model.layers) is None
        ]
    methods = [method_named(name) for name in asked.split(",")]
    for method in methods:
        if problem := method.why_not(model.gradients, model.layers):
            hint = f"Choose another method than {method.name}, or not “{model.name}”."
            raise CannotUse("no_layers" if model.gradients else "no_gradients", problem, hint)
    return methods


def ask(
    opened: Opened,
    picture: Picture,
    chosen: argparse.Namespace,
    methods: Iterable[Method],
    target: str | None,
) -> tuple[Question, bool]:
    """The question, with what these methods need, and whether that is what it learned from."""
    with_gradients = any(method.needs == "gradients" for method in methods)
    references, own = None, True
    if chosen.references:
        references = pictures_in(chosen.references)
    elif any(method.needs_references for method in methods):
        references, own = usual_references(Store().home, opened.model.id)
    question = Question.about(
        opened.compiled,
        opened.network if with_gradients else None,
        picture,
        chosen.rows,
        chosen.columns,
        target,
        chosen.fit,
        references,
        _tell,
    )
    return question, own


def _tell(share: float) -> None:
    """Show progress to a person, not to a file."""
    if sys.stderr.isatty():
        print(f"\r{share:4.0%} ", end="" if share < 1 else "\r     \r", file=sys.stderr, flush=True)


def given(chosen: argparse.Namespace, names: Iterable[str]) -> dict[str, Any]:
    """Those of the arguments that were given."""
    values = {name: getattr(chosen, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _print(model: Model, found: Explanation) -> None:
    print(f"{METHODS[found.method].title} for {found.target} ({model.name}), {found.unit}:")
    for row in found.relevance:
        print("  ".join(f"{value:9.3g}" for value in row))
    at = found.most_relevant
    print("Nothing stands out." if at is None else f"Most: row {at[0] + 1}, column {at[1] + 1}.")
    for warning in found.warnings:
        print(warning)


def _save(
    path: Path,
    picture: Picture,
    name: str,
    found: list[tuple[Model, Explanation]],
    drawing: DrawSettings,
) -> None:
    try:
        if path.suffix == ".npy":
            np.save(path, found[0][1].raw)
            return
        if path.suffix != ".html":
            draw(picture, found[0][1], drawing).save(path)
            return
        cards = [
            Card(
                picture=picture,
                picture_name=name,
                model=model.name,
                explanation=one,
                method=METHODS[one.method].title,
                drawing=drawing,
                sheet=_sheet(one),
            )
            for model, one in found
        ]
        path.write_text(report(cards), "utf-8")
    except (OSError, ValueError) as problem:
        raise cannot_save(path, problem, ".png, .html or .npy") from problem


def cannot_save(path: Path, problem: object, ending: str) -> BadSetting:
    """What to say when a file cannot be written."""
    why = getattr(problem, "strerror", None) or problem
    return BadSetting(
        "cannot_save",
        f"The result cannot be saved as {path} ({why}).",
        f"Choose a name that ends in {ending}, in a folder that exists.",
    )


def _sheet(found: Explanation) -> Image.Image | None:
    """Feature maps are many pictures, not only one."""
    if found.maps is None or found.method != "activations":
        return None
    return draw_mosaic(found.maps, channels=found.facts["channels"])


def _layers(chosen: argparse.Namespace) -> None:
    network = open_classifier(chosen.model).network
    if network is None:
        raise CannotUse(
            "no_layers",
            "The layers of this classifier are not known: it came without a Keras file.",
            "Add the classifier's Keras export.",
        )
    layers = network.layers()
    if chosen.json:
        print(json.dumps([layer.as_json() for layer in layers], ensure_ascii=False, indent=1))
        return
    for index, layer in enumerate(layers):
        shape = " × ".join(map(str, layer.shape)) or "?"
        print(f"{index:4d}  {layer.name:32s} {layer.kind:24s} {shape:18s} {layer.parameters:,}")


def read_picture(path: Path) -> Picture:
    """Read a picture file.

    Raises:
        NotFound: it is not there.
    """
    try:
        return decode(path.read_bytes())
    except OSError:
        raise no_file(path) from None


def no_file(path: Path) -> NotFound:
    """What to say when a file is not there."""
    if path.is_dir():
        return NotFound("no_file", f"{path} is a folder.", "Choose a file in it.")
    return NotFound("no_file", f"There is no file {path}.", "Check its name and folder.")
