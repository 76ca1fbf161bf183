"""The command `sanity`: whether a map can be trusted."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.classifiers.store import Store
from backend.drawing.sanity_page import sanity_page, sanity_tables
from backend.errors import BadSetting
from backend.explain_commands import (
    ask,
    cannot_save,
    chosen_methods,
    given,
    question_arguments,
    read_picture,
)
from backend.explanations.methods import METHODS
from backend.explanations.sanity import check
from backend.notebook import Opened, model_named


def add_command(commands: Any, command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add it to the program's commands; see `explain_commands.add_commands`."""
    sanity = command(commands, "sanity", _sanity, "check whether a method's map can be trusted")
    sanity.add_argument("picture", type=Path, metavar="PICTURE")
    sanity.add_argument(
        "--method", help=", ".join(METHODS) + " (default: grad_cam, or what the classifier can do)"
    )
    question_arguments(sanity)
    sanity.add_argument("-o", "--output", type=Path, help="OUT.html for a report with plots")


def _sanity(chosen: argparse.Namespace) -> None:
    if chosen.output and chosen.output.suffix != ".html":
        raise cannot_save(chosen.output, "it is a page", ".html")
    store = Store()
    model = model_named(store, chosen.model)
    usual = "grad_cam" if model.gradients and model.layers else "occlusion"
    method, *more = chosen_methods(chosen.method or usual, model)
    if more:
        raise BadSetting(
            "one_method",
            "Only one method at a time can be checked.",
            f"Choose one, such as --method {method.name}.",
        )
    needed = [METHODS["integrated_gradients"], method] if model.gradients else [method]
    opened = Opened(model, store.open(model.id))
    question, _ = ask(opened, read_picture(chosen.picture), chosen, needed, chosen.target)
    found = check(question, method, given(chosen, [one.name for one in method.settings]))
    if chosen.output:
        try:
            page = sanity_page(found, question.picture, method.title)
            chosen.output.write_text(page, "utf-8")
        except OSError as problem:
            raise cannot_save(chosen.output, problem, ".html") from problem
    if chosen.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return
    for table in sanity_tables(found):
        print(f"\n{table.title}")
        for row in (table.columns, *table.rows):
            print("  ".join(f"{_short(value):>16s}" for value in row))
    print("\n" + ("\n".join(found.warnings) or "Nothing speaks against this map."))
    for reason in found.not_checked.values():
        print(reason)


def _short(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
