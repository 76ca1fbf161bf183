"""The parade at a terminal: draw its pictures, train its classifier."""

import argparse
from pathlib import Path

from backend.parade import training
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


def _train(chosen: argparse.Namespace) -> None:
    def report(message: str) -> None:
        print(message, flush=True)

    training.train(chosen.folder, report, chosen.pictures, chosen.epochs)


if __name__ == "__main__":
    main()
