"""The whole benchmark, from models to results."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from backend.bench import contestants, machine
from backend.bench.clients import crowd
from backend.bench.contestants import FULL, Size
from backend.bench.environment import PYTHON, Peers, running_peers
from backend.bench.live import live
from backend.bench.pictures import STAGE, Pictures
from backend.bench.server import post, relevance_path, running_server
from backend.bench.subjects import Subject, Subjects, sweep
from backend.bench.targets import judge
from backend.bench.timing import NotMeasured, Taken, race, summary, timed

SEED = 20201118
FIRST_OF_CROWDS = 1 << 20
"""The crowds' pictures have numbers of their own, so that no cache knows them."""
Report = Callable[[str], None]


def measure(size: Size, folder: Path, model: list[Path], peers: bool, report: Report) -> dict:
    """Measure everything.

    Args:
        size: how much.
        folder: where networks and models are kept meanwhile.
        model: files of a Teachable Machine export; without any, an equal network is made.
        peers: whether to compare with others, where they are installed.
        report: told about the progress.

    Returns:
        what is saved as JSON.
    """
    load_before = machine.load()
    subjects = Subjects(folder, report)
    teachable = (
        subjects.added(model) if model else subjects.made("teachable_machine", size.teachable_px)
    )
    vgg = subjects.made("vgg16", size.vgg_px) if size.vgg_px else None
    pictures = Pictures()
    starts = [_start(subjects) for _ in range(size.starts)]
    with ExitStack() as stack:
        server = stack.enter_context(running_server(subjects.store.home))
        own, others = _peer_processes(stack, teachable, pictures, size, peers)
        rows = [
            *contestants.here(teachable, pictures, size),
            *contestants.over_http(server, teachable, pictures, size),
            *contestants.peers(own, others, size),
            *contestants.vgg(vgg, pictures, size),
        ]
        table = race(rows, SEED, report)
        grids = [_grid(teachable, pictures, grid, size) for grid in size.grids]
        sizes = [_picture_size(teachable, at, size) for at in size.sizes]
        versions = own.versions if own else {}
        versions |= others.versions if others else {}
    crowds, memory = _crowds(subjects, teachable, pictures, size, report)
    moving = _live(subjects, teachable, size, report)
    described = machine.describe()
    described["machine"] |= {"load_before": load_before, "load_after": machine.load()}
    described["versions"] |= versions
    return described | {
        "picture": {"height_px": STAGE[0], "width_px": STAGE[1]},
        "classifier": {
            "name": teachable.model.source if model else "as Teachable Machine makes them",
            "input_px": list(teachable.model.input_size),
            "adding_s": round(teachable.import_s, 1),
        },
        "table": [{"name": row.name, "title": row.title} | table[row.name] for row in rows],
        "targets": judge(table, crowds, memory, moving) if size is FULL else [],
        "squares": grids,
        "picture_sizes": sizes,
        "clients": crowds,
        "start": summary(starts),
        "memory": memory,
        "live": moving,
    }


def _start(subjects: Subjects) -> Taken:
    with running_server(subjects.store.home) as server:
        return Taken(server.start_s)


def _peer_processes(
    stack: ExitStack, subject: Subject, pictures: Pictures, size: Size, wanted: bool
) -> tuple[Peers | None, Peers | None]:
    """Keras from Peekaboo's own environment, and the others from theirs."""
    keras_file = subject.keras_file
    if keras_file is None:
        return None, None
    prepared = subject.write_input(pictures.picture(0), subject.model.folder.parent / "input.npy")

    def start(python: str | Path) -> Peers:
        given = (keras_file, prepared, size.rows, size.columns)
        running = running_peers(python, "backend.bench.peers", *given)
        return stack.enter_context(running)

    return start(sys.executable), start(PYTHON) if wanted and PYTHON.exists() else None


def _grid(subject: Subject, pictures: Pictures, grid: tuple[int, int], size: Size) -> dict:
    """The cost of one grid, with and without parts, taking turns."""
    repetitions = max(3, size.turns // 2) if contestants.count(grid) < 1000 else 3
    runs: dict[str, list[Taken]] = {"incremental": [], "whole": []}
    for number in range(repetitions + 1):
        for name, classifier in (("incremental", subject.incremental), ("whole", subject.whole)):
            picture = pictures.picture(number)
            taken = timed(lambda: sweep(classifier, picture, *grid))  # noqa: B023
            if number:
                runs[name].append(taken)
    shape = {"rows": grid[0], "columns": grid[1], "squares": contestants.count(grid)}
    return shape | {name: summary(times) for name, times in runs.items()}


def _picture_size(subject: Subject, at: tuple[int, int], size: Size) -> dict:
    """The cost of the usual grid on a picture of one size (height, width) in px."""
    pictures = Pictures(*at)
    seconds = []
    for number in range(max(3, size.turns // 2) + 1):
        picture = pictures.picture(number)
        seconds.append(timed(lambda: sweep(subject.incremental, picture, size.rows, size.columns)))  # noqa: B023
    return {"height_px": at[0], "width_px": at[1]} | summary(seconds[1:])


def _crowds(
    subjects: Subjects, subject: Subject, pictures: Pictures, size: Size, report: Report
) -> tuple[list[dict], dict[str, Any]]:
    """Answers to more and more clients of a fresh server, and its memory."""
    path = relevance_path(subject.model.id, size.rows, size.columns, "stretch")
    with running_server(subjects.store.home) as server:
        rest = machine.memory_mb(server.process)
        post(server.connect(), path, pictures.raw(FIRST_OF_CROWDS - 1))
        opened = machine.memory_mb(server.process)
        crowds = []
        first = FIRST_OF_CROWDS
        for clients in size.crowds:
            report(f"{clients} clients at once")
            crowds.append(crowd(server, path, pictures, clients, size.rounds, first))
            first += clients * size.rounds
        most = machine.memory_mb(server.process)
    if not (rest and opened and most):
        return crowds, {"reason": machine.NOT_HERE}
    memory = {
        "rest_mb": rest["now_mb"],
        "after_first_sweep_mb": opened["now_mb"],
        "most_mb": most["most_mb"],
    }
    return crowds, memory


def _live(subjects: Subjects, subject: Subject, size: Size, report: Report) -> dict[str, Any]:
    """Maps and frames per second in the Scratch editor, or the reason why there are none."""
    if size.live_s is None:
        return {"reason": "left out"}
    report("live in the Scratch editor")
    try:
        with running_server(subjects.store.home) as server:
            return live(server, subject.model.id, size.live_s)
    except NotMeasured as problem:
        return {"reason": str(problem)}
