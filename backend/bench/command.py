"""The command `python -m backend bench`."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from backend.classifiers.locks import FileLock

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "bench"
DOCS = ROOT / "docs"
LOOK_AGAIN_S = 60


class Destination(NamedTuple):
    """The files of one kind of measurement, and its page."""

    numbers: str
    table: str
    page: Path


SPEED = Destination("results.json", "table.md", DOCS / "speed.md")
TEACHING = Destination("teaching.json", "teaching.md", DOCS / "teaching.md")
METHODS = Destination("methods.json", "methods.md", DOCS / "methods.md")


def add_command(commands: Any) -> None:
    """Add `bench` to the commands of Peekaboo."""
    purpose = "measure how fast Peekaboo is, beside others"
    parser = commands.add_parser("bench", help=purpose, description=purpose)
    parser.set_defaults(command=run)
    parser.add_argument(
        "--model",
        type=Path,
        nargs="+",
        default=[],
        metavar="FILE",
        help="file(s) of a Teachable Machine export; otherwise an equal network is made",
    )
    parser.add_argument(
        "--teaching",
        type=Path,
        nargs="+",
        default=[],
        metavar="FOLDER",
        help="measure lessons instead, on folders with a folder of pictures for every label",
    )
    parser.add_argument(
        "--methods", action="store_true", help="measure all explanation methods instead"
    )
    parser.add_argument("--quick", action="store_true", help="small networks, few repetitions")
    parser.add_argument("--no-peers", action="store_true", help="do not compare with others")
    parser.add_argument(
        "--setup-peers",
        action="store_true",
        help="install the others first (requirements-bench.txt)",
    )
    parser.add_argument(
        "--document", action="store_true", help="put the numbers into their page in docs as well"
    )
    parser.add_argument("--json", action="store_true", help="print the results in JSON")
    parser.add_argument(
        "-o", "--output", type=Path, default=FOLDER / "results", metavar="FOLDER",
        help="where the results go; default: build/bench/results",
    )  # fmt: skip


def run(chosen: argparse.Namespace) -> None:
    """Measure, print and save.

    Raises:
        UserError: a model cannot be used, or the peers cannot be installed.
    """
    with _alone():
        if chosen.teaching:
            _run_teaching(chosen)
        elif chosen.methods:
            _run_methods(chosen)
        else:
            _run_speed(chosen)


@contextmanager
def _alone() -> Iterator[None]:
    """Wait for others in this folder: they would share its files, and slow each other down."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    lock = FileLock(FOLDER / "bench.lock")
    if not lock.acquire(0):
        _report("another bench is running here: waiting until it is done")
        while not lock.acquire(LOOK_AGAIN_S):
            pass
    try:
        yield
    finally:
        lock.release()


def _report(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _run_speed(chosen: argparse.Namespace) -> None:
    # Imported on use: the other commands should start quickly.
    from backend.bench import environment
    from backend.bench.chart import chart
    from backend.bench.contestants import FULL, QUICK
    from backend.bench.run import measure
    from backend.bench.tables import as_markdown, with_numbers
    from backend.server import tune_process

    if chosen.setup_peers:
        environment.set_up()
    tune_process()  # what is timed in this process is what the server does in its own
    size = QUICK if chosen.quick else FULL
    results = measure(size, FOLDER, chosen.model, not chosen.no_peers, _report)
    results = {"quick": chosen.quick} | results
    drawn = chart(results)
    _save(chosen, SPEED, results, as_markdown(results), with_numbers)
    (chosen.output / "chart.svg").write_text(drawn, "utf-8")
    if chosen.document:
        SPEED.page.with_suffix(".svg").write_text(drawn, "utf-8")


def _run_teaching(chosen: argparse.Namespace) -> None:
    from backend.bench.tables import with_numbers
    from backend.bench.teaching import FULL, QUICK, measure
    from backend.bench.teaching_tables import as_markdown

    size = QUICK if chosen.quick else FULL
    with tempfile.TemporaryDirectory(prefix="peekaboo-") as home:
        results = measure(size, Path(home), chosen.model, chosen.teaching, _report)
    _save(chosen, TEACHING, results, as_markdown(results), with_numbers)


def _run_methods(chosen: argparse.Namespace) -> None:
    from backend.bench import environment
    from backend.bench.method_tables import as_markdown, with_table
    from backend.bench.methods import FULL, QUICK, measure

    if chosen.setup_peers:
        environment.set_up()
    size = QUICK if chosen.quick else FULL
    results = measure(size, FOLDER, chosen.model, not chosen.no_peers, _report)
    _save(chosen, METHODS, results, as_markdown(results), with_table)


def _save(
    chosen: argparse.Namespace,
    goes_to: Destination,
    results: dict[str, Any],
    table: str,
    put_into: Callable[[str, str], str],
) -> None:
    """Numbers and table into the folder and onto the screen, and into their page if wished.

    Args:
        put_into: gives a page with the table put in anew.
    """
    chosen.output.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, ensure_ascii=False, indent=1)
    (chosen.output / goes_to.numbers).write_text(text + "\n", "utf-8")
    (chosen.output / goes_to.table).write_text(table, "utf-8")
    if chosen.document:
        goes_to.page.write_text(put_into(goes_to.page.read_text("utf-8"), table), "utf-8")
    print(text if chosen.json else table)
    _report(f"saved in {chosen.output}")
