"""Who is timed against whom: rows of the table."""

from collections.abc import Callable
from dataclasses import dataclass

from backend.bench.environment import PYTHON, Peers
from backend.bench.pictures import Pictures
from backend.bench.server import Server, post, relevance_path
from backend.bench.subjects import Subject, sweep
from backend.bench.timing import Contestant, NotMeasured, Taken, timed
from backend.classifiers.base import Classifier


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        rows, columns: the usual grid.
        fine: rows and columns of the fine grid.
        teachable_px: side of the Teachable Machine network's input.
        vgg_px: side of the VGG16-sized network's input; None leaves it out.
        turns, slow_turns: how often contestants come up; slow ones take seconds.
        crowds: numbers of clients; rounds: how often each crowd asks.
        grids: rows and columns for the cost against the number of squares.
        sizes: heights and widths of pictures for the cost against their size.
        starts: how often the server is started.
        live_s: how long live maps are counted; None leaves them out.
    """

    rows: int
    columns: int
    fine: tuple[int, int]
    teachable_px: int
    vgg_px: int | None
    turns: int
    slow_turns: int
    crowds: tuple[int, ...]
    rounds: int
    grids: tuple[tuple[int, int], ...]
    sizes: tuple[tuple[int, int], ...]
    starts: int
    live_s: float | None


FULL = Size(
    rows=6,
    columns=8,
    fine=(24, 32),
    teachable_px=224,
    vgg_px=224,
    turns=15,
    slow_turns=5,
    crowds=(1, 2, 5, 10, 20, 30),
    rounds=5,
    grids=((1, 1), (3, 4), (6, 8), (12, 16), (24, 32), (48, 64)),
    sizes=((180, 240), (360, 480), (720, 960), (1440, 1920)),
    starts=5,
    live_s=10.0,
)
QUICK = Size(
    rows=3,
    columns=4,
    fine=(6, 8),
    teachable_px=96,
    vgg_px=None,
    turns=1,
    slow_turns=1,
    crowds=(1, 3),
    rounds=1,
    grids=((1, 1), (3, 4)),
    sizes=((90, 120), (180, 240)),
    starts=1,
    live_s=None,
)


def here(subject: Subject, pictures: Pictures, size: Size) -> list[Contestant]:
    """In this process, from a decoded picture to the finished map."""
    usual, fine = (size.rows, size.columns), size.fine
    whole = "every square runs the whole network"
    fitted = Pictures(*subject.model.input_size)
    return [
        in_process(name, title, classifier, shown, grid, size.turns, slow=grid is fine)
        for name, title, classifier, shown, grid in (
            ("in_process", f"{count(usual)} squares", subject.incremental, pictures, usual),
            (
                "in_process_fitted",
                f"{count(usual)} squares, the picture fitted before, as for the others",
                subject.incremental,
                fitted,
                usual,
            ),
            (
                "in_process_whole",
                f"{count(usual)} squares, {whole}",
                subject.whole,
                pictures,
                usual,
            ),
            ("fine", f"{count(fine)} squares", subject.incremental, pictures, fine),
            ("fine_whole", f"{count(fine)} squares, {whole}", subject.whole, pictures, fine),
        )
    ]


def count(grid: tuple[int, int]) -> int:
    """Squares of a grid."""
    return grid[0] * grid[1]


def in_process(
    name: str,
    title: str,
    classifier: Classifier,
    pictures: Pictures,
    grid: tuple[int, int],
    turns: int,
    slow: bool = False,
) -> Contestant:
    """A sweep in this process."""

    def run(number: int) -> Taken:
        picture = pictures.picture(number)
        return timed(lambda: sweep(classifier, picture, *grid))

    return Contestant(name, title, run, turns, slow)


def over_http(server: Server, subject: Subject, pictures: Pictures, size: Size) -> list[Contestant]:
    """Asked of the server, from the first byte sent to the last byte received."""
    connection = server.connect()
    teachable = relevance_path(subject.model.id, size.rows, size.columns, "stretch")
    cropped = relevance_path(subject.model.id, size.rows, size.columns)
    parade = relevance_path("parade", size.rows, size.columns)
    squares = f"{size.rows * size.columns} squares"

    def row(name: str, title: str, path: str, encode: Callable) -> Contestant:
        def run(number: int) -> Taken:
            return post(connection, path, encode(number))

        return Contestant(name, title, run, size.turns)

    def run_connecting(number: int) -> Taken:
        picture, own = pictures.raw(number), server.connect()
        try:
            return post(own, teachable, picture)
        finally:
            own.close()

    again = pictures.raw(0)
    return [
        row("http_raw", f"{squares}, HTTP, raw pixels", teachable, pictures.raw),
        row("http_png", f"{squares}, HTTP, PNG", teachable, pictures.png),
        Contestant(
            "http_raw_connecting",
            f"{squares}, HTTP, raw pixels, a new connection each time",
            run_connecting,
            size.turns,
        ),
        row("http_again", f"{squares}, HTTP, a picture seen before", teachable, lambda _: again),
        row(
            "http_raw_cropped",
            f"{squares}, of which the model sees those in the middle square",
            cropped,
            pictures.raw,
        ),
        row("parade_raw", f"parade: {squares}, HTTP, raw pixels", parade, pictures.raw),
        row("parade_png", f"parade: {squares}, HTTP, PNG", parade, pictures.png),
    ]


def vgg(subject: Subject | None, pictures: Pictures, size: Size) -> list[Contestant]:
    """The VGG16-sized network in this process."""
    titles = {
        "vgg": "VGG16-sized network",
        "vgg_whole": "VGG16-sized network, every square runs all of it",
    }
    if subject is None:
        return [absent(name, title, "left out of the quick run") for name, title in titles.items()]
    grid = size.rows, size.columns
    return [
        in_process(name, titles[name], classifier, pictures, grid, size.slow_turns, slow=True)
        for name, classifier in (("vgg", subject.incremental), ("vgg_whole", subject.whole))
    ]


def peers(own: Peers | None, others: Peers | None, size: Size) -> list[Contestant]:
    """Keras itself and other packages; `others` is None where they are not installed."""
    squares = size.rows * size.columns
    rows = [
        ("keras_predict", f"Keras, one predict for each of {squares} squares", own),
        ("xplique", f"xplique, Occlusion, one batch of {squares}", others),
        ("tf_explain", "tf-explain, OcclusionSensitivity, one batch", others),
    ]
    contestants = []
    for name, title, process in rows:
        if process is None:
            installed = "left out" if PYTHON.exists() else "not installed"
            reason = "no Keras file" if own is None else installed
            contestants.append(absent(name, title, reason))
            continue
        slow = name == "keras_predict"
        turns = size.slow_turns if slow else size.turns
        contestants.append(Contestant(name, title, _asked(process, name), turns, slow))
    return contestants


def _asked(process: Peers, way: str) -> Callable[[int], Taken]:
    return lambda number: process.run(way)


def absent(name: str, title: str, reason: str) -> Contestant:
    """A row that has no number here."""

    def run(number: int) -> Taken:
        raise NotMeasured(reason)

    return Contestant(name, title, run, 0)
