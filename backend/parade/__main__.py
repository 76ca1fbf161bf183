"""The parade at a terminal: draw its pictures, train its classifier, play a trick on another."""

import argparse
from pathlib import Path

from backend.parade import training, trick
from backend.parade.gallery import write_pictures

HERE = Path(__file__).parent


def main(arguments: list[str] | None = None) -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m backend.parade", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    pictures = commands.add_parser(
        "pictures", help="draw the gallery, the sprites and the empty backdrops as PNG files"
    )
    pictures.add_argument("folder", type=Path, help="where to put them")
    pictures.set_defaults(command=_pictures)

    tricked = commands.add_parser(
        "trick",
        help="draw pictures from which a classifier learns the wrong thing",
        description="Draws a folder of pictures for every character, in which the clown always"
        f" stands in front of the same red curtain (FOLDER/{trick.TO_LEARN}), fresh pictures, in"
        f" which the clown does not (FOLDER/{trick.FRESH}), and masks of where everybody is.",
    )
    tricked.add_argument("folder", type=Path, help="where to put them")
    tricked.add_argument(
        "--count",
        type=_count,
        default=trick.COUNT,
        help="pictures of everybody, to learn and again as many fresh ones; default: %(default)s",
    )
    tricked.add_argument("--seed", type=_seed, default=0, help="default: %(default)s")
    tricked.set_defaults(command=_trick)

    train = commands.add_parser(
        "train",
        help="train the classifier that ships (needs TensorFlow)",
        description="Draws the training pictures on all cores, trains the classifier with fixed"
        " seeds and writes classifier.keras, classifier.tflite and model.json: about six minutes"
        " on two cores. Afterwards run the tests in tests/parade: they say whether it is good.",
    )
    train.add_argument(
        "--folder", type=Path, default=HERE, help="where to put them; default: the shipped ones"
    )
    train.add_argument(
        "--pictures", type=int, default=training.PICTURES, help="default: %(default)s"
    )
    train.add_argument("--epochs", type=int, default=training.EPOCHS, help="default: %(default)s")
    train.set_defaults(command=_train)

    chosen = parser.parse_args(arguments)
    chosen.command(chosen)


def _pictures(chosen: argparse.Namespace) -> None:
    files = write_pictures(chosen.folder)
    print(f"{len(files)} pictures are in {chosen.folder}")


def _trick(chosen: argparse.Namespace) -> None:
    files = trick.write_trick(chosen.folder, chosen.count, chosen.seed)
    print(f"{len(files)} pictures are in {chosen.folder}")


def _count(text: str) -> int:
    return _whole(text, 1, trick.MOST)


def _seed(text: str) -> int:
    return _whole(text, 0, 2**31 - 1)


def _whole(text: str, lowest: int, highest: int) -> int:
    if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
        raise argparse.ArgumentTypeError(f"choose a whole number from {lowest} to {highest}")
    return int(text)


def _train(chosen: argparse.Namespace) -> None:
    def report(message: str) -> None:
        print(message, flush=True)

    training.train(chosen.folder, report, chosen.pictures, chosen.epochs)


if __name__ == "__main__":
    main()
