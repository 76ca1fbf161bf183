"""The commands `explain`, `sanity` and `layers`: a classifier looked at with every method."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from backend.classifiers.model import Model
from backend.classifiers.store import Store
from backend.drawing.attribution import draw
from backend.drawing.mosaic import draw_mosaic
from backend.drawing.report import Card, report
from backend.drawing.sanity_page import sanity_page, sanity_tables
from backend.drawing.settings import DRAW_SETTINGS, DrawSettings
from backend.errors import BadSetting, CannotUse, NotFound
from backend.explanations.asking import Method, Question
from backend.explanations.base import Explanation
from backend.explanations.methods import METHODS, answer, method_named
from backend.explanations.references import parade_pictures, pictures_in, warned
from backend.explanations.sanity import check
from backend.notebook import Opened, open_classifier
from backend.picture import FIT_WAYS, Picture, decode
from backend.routes.explaining import explanation_json
from backend.wire import DEFAULT_COLUMNS, DEFAULT_ROWS

Run = Callable[[argparse.Namespace], None]


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
    _question_arguments(explain)
    explain.add_argument("-o", "--output", type=Path, help="OUT.png, or OUT.html for a report")
    for name, setting in DRAW_SETTINGS.items():
        explain.add_argument(_flag(name), help=setting.meaning)

    sanity = command(commands, "sanity", _sanity, "check whether a method's map can be trusted")
    sanity.add_argument("picture", type=Path, metavar="PICTURE")
    sanity.add_argument("--method", default="grad_cam", help=", ".join(METHODS))
    _question_arguments(sanity)
    sanity.add_argument("-o", "--output", type=Path, help="OUT.html for a report with plots")

    layers = command(commands, "layers", _layers, "list the layers of a classifier")
    layers.add_argument("--model", help="id of the classifier (default: the built-in one)")
    layers.add_argument("--json", action="store_true", help="answer in JSON, for programs")


def _question_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", help="id of the classifier (default: the built-in one)")
    parser.add_argument("--fit", help=", ".join(FIT_WAYS))
    parser.add_argument("--target", help="label to explain (default: the winner)")
    parser.add_argument("--rows", type=int, default=DEFAULT_ROWS)
    parser.add_argument("--columns", type=int, default=DEFAULT_COLUMNS)
    parser.add_argument(
        "--references", type=Path, metavar="FOLDER", help="pictures to compare with"
    )
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    for name, meanings in _settings_of_methods().items():
        parser.add_argument(_flag(name), help="; ".join(meanings))


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
    model = store.model(chosen.model or store.default_id)
    methods = _methods(chosen.method, model)
    drawing = DrawSettings.parse(_given(chosen, DRAW_SETTINGS))
    if len(methods) > 1 and chosen.output and chosen.output.suffix != ".html":
        raise BadSetting(
            "cannot_save",
            f"{len(methods)} methods do not fit into one picture.",
            "Choose a file name that ends in .html.",
        )
    question = _ask(store, model, chosen, methods)
    given = _given(chosen, _settings_of_methods())
    found = [_answer(method, question, given, chosen, len(methods) > 1) for method in methods]
    if chosen.output:
        _save(chosen.output, question.picture, chosen.picture.name, model, found, drawing)
    answers = [explanation_json(model.id, one) for one in found]
    if chosen.json:
        print(json.dumps(answers if len(methods) > 1 else answers[0], ensure_ascii=False, indent=1))
        return
    for one in found:
        _print(one)


def _answer(
    method: Method,
    question: Question,
    given: dict[str, str],
    chosen: argparse.Namespace,
    several: bool,
) -> Explanation:
    """One method's answer; of several, each takes those settings that it has."""
    own = {setting.name for setting in method.settings}
    settings = {name: text for name, text in given.items() if name in own} if several else given
    model_id = chosen.model or "parade"
    return warned(answer(method, question, settings), model_id, own=bool(chosen.references))


def _methods(asked: str, model: Model) -> list[Method]:
    """The methods that are meant; with “all”, those that the model can be asked."""
    if asked == "all":
        return [one for one in METHODS.values() if one.why_not(model.gradients) is None]
    methods = [method_named(name) for name in asked.split(",")]
    for method in methods:
        if problem := method.why_not(model.gradients):
            raise CannotUse("no_gradients", problem, "Choose another method or classifier.")
    return methods


def _ask(
    store: Store, model: Model, chosen: argparse.Namespace, methods: Iterable[Method]
) -> Question:
    with_gradients = any(method.needs == "gradients" for method in methods)
    opened = Opened(model, store.open(model.id))
    references = None
    if any(method.needs_references for method in methods):
        folder = chosen.references
        references = pictures_in(folder) if folder else list(parade_pictures())
    return Question.about(
        opened.compiled,
        opened.network if with_gradients else None,
        read_picture(chosen.picture),
        chosen.rows,
        chosen.columns,
        chosen.target,
        chosen.fit,
        references,
        _tell,
    )


def _tell(share: float) -> None:
    """Show progress to a person, not to a file."""
    if sys.stderr.isatty():
        print(f"\r{share:4.0%} ", end="" if share < 1 else "\r     \r", file=sys.stderr, flush=True)


def _given(chosen: argparse.Namespace, names: Iterable[str]) -> dict[str, str]:
    values = {name: getattr(chosen, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _print(found: Explanation) -> None:
    print(f"{METHODS[found.method].title} for {found.target}, {found.unit}:")
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
    model: Model,
    found: list[Explanation],
    drawing: DrawSettings,
) -> None:
    try:
        if path.suffix != ".html":
            draw(picture, found[0], drawing).save(path)
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
            for one in found
        ]
        path.write_text(report(cards), "utf-8")
    except (OSError, ValueError) as problem:
        raise _cannot_save(path, problem, ".png or .html") from problem


def _cannot_save(path: Path, problem: object, ending: str) -> BadSetting:
    return BadSetting(
        "cannot_save",
        f"The result cannot be saved as {path} ({problem}).",
        f"Choose a name that ends in {ending}, in a folder that exists.",
    )


def _sheet(found: Explanation) -> Image.Image | None:
    """Feature maps are many pictures, not only one."""
    if found.maps is None or found.method != "activations":
        return None
    return draw_mosaic(found.maps)


def _sanity(chosen: argparse.Namespace) -> None:
    if chosen.output and chosen.output.suffix != ".html":
        raise _cannot_save(chosen.output, "it is a page", ".html")
    store = Store()
    model = store.model(chosen.model or store.default_id)
    method, *more = _methods(chosen.method, model)
    if more:
        raise BadSetting(
            "one_method",
            "Only one method at a time can be checked.",
            f"Choose one, such as --method {method.name}.",
        )
    if not model.gradients:
        raise CannotUse(
            "no_gradients",
            "The weights of this classifier cannot be mixed up: it came without a Keras file.",
            "Add the classifier's Keras export.",
        )
    question = _ask(store, model, chosen, [METHODS["grad_cam"], method])
    found = check(question, method, _given(chosen, [one.name for one in method.settings]))
    if chosen.output:
        try:
            page = sanity_page(found, question.picture, method.title)
            chosen.output.write_text(page, "utf-8")
        except OSError as problem:
            raise _cannot_save(chosen.output, problem, ".html") from problem
    if chosen.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return
    for table in sanity_tables(found):
        print(f"\n{table.title}")
        for row in (table.columns, *table.rows):
            print("  ".join(f"{_short(value):>16s}" for value in row))
    print("\n" + ("\n".join(found.warnings) or "Nothing speaks against this map."))


def _short(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


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
        raise NotFound(
            "no_file", f"There is no file {path}.", "Check its name and folder."
        ) from None
