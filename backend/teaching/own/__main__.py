"""Trains Peekaboo's own eyes: `python -m backend.teaching.own`."""

import argparse
from pathlib import Path

from backend.teaching.own import training


def main(arguments: list[str] | None = None) -> None:
    """Draw, train and write."""
    parser = argparse.ArgumentParser(
        prog="python -m backend.teaching.own",
        description="Draws pictures of things, characters and surfaces, trains a small network to "
        "name them with fixed seeds, and writes classifier.keras, classifier.tflite and "
        "model.json (needs TensorFlow; about seven minutes on two busy cores). Its "
        "features are what a new classifier can be built upon.",
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(__file__).parent, help="default: the shipped one"
    )
    parser.add_argument(
        "--pictures", type=int, default=training.PICTURES, help="default: %(default)s"
    )
    parser.add_argument("--epochs", type=int, default=training.EPOCHS, help="default: %(default)s")
    parser.add_argument("--cores", type=int, default=2, help="default: %(default)s")
    chosen = parser.parse_args(arguments)

    def report(message: str) -> None:
        print(message, flush=True)

    training.train(chosen.folder, report, chosen.pictures, chosen.epochs, chosen.cores)


if __name__ == "__main__":
    main()
