"""The classifiers that are measured: made or given, added to a store of their own, opened."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

import numpy as np

from backend.bench.networks import LABELS
from backend.bench.server import ROOT
from backend.classifiers.base import Classifier
from backend.classifiers.model import COMPILED_FILE, ORIGINAL_FILES, Model
from backend.classifiers.store import Store
from backend.errors import CannotUse
from backend.explanations.relevance import Relevance, collect
from backend.explanations.sweep import Sweep
from backend.picture import Fit, Picture


@dataclass(frozen=True)
class Subject:
    """A classifier to measure.

    Attributes:
        incremental: as it is opened for every request.
        whole: the same without its parts, so that every square runs all of it.
        import_s: how long adding it took.
    """

    model: Model
    incremental: Classifier
    whole: Classifier
    import_s: float

    @property
    def keras_file(self) -> Path | None:
        """The Keras file that it was made from, if it was."""
        files = (self.model.folder / name for name in ORIGINAL_FILES)
        return next((file for file in files if file.is_file()), None)

    def write_input(self, picture: Picture, file: Path) -> Path:
        """Save what the network gets for a picture: (H, W, 3) float32, normalised."""
        fitted = Fit.of(picture, self.model.input_size, "stretch").apply(picture.pixels)
        lowest, highest = self.model.pixels
        np.save(file, (fitted / 255 * (highest - lowest) + lowest).astype(np.float32))
        return file


class Subjects:
    """A store in a folder that is emptied first, so that models are cut as they are today."""

    def __init__(self, folder: Path, report: Callable[[str], None]):
        self._folder = folder
        self._report = report
        shutil.rmtree(folder / "home", ignore_errors=True)
        self.store = Store(folder / "home")

    def made(self, kind: str, side: int) -> Subject:
        """A network with random weights; see `backend.bench.networks`."""
        file = self._folder / f"{kind}-{side}.h5"
        if not file.exists():
            self._report(f"building {file.name}")
            command = [sys.executable, "-m", "backend.bench.networks", kind, str(side), str(file)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            if done.returncode:
                raise CannotUse("no_network", f"{file.name} cannot be made.", done.stderr[-300:])
        labels = self._folder / "labels.txt"
        labels.write_text("\n".join(LABELS), "utf-8")
        return self.added([file, labels])

    def added(self, files: list[Path]) -> Subject:
        """A model from files, such as a Teachable Machine export."""
        self._report(f"adding {files[0].name}")
        start = perf_counter()
        model = self.store.add({file.name: file for file in files})
        return self._subject(model, perf_counter() - start)

    def parade(self) -> Subject:
        """The classifier that ships."""
        return self._subject(self.store.model(self.store.default_id), 0.0)

    def _subject(self, model: Model, import_s: float) -> Subject:
        apart = self._folder / "home" / "whole" / model.id
        apart.mkdir(parents=True)
        shutil.copyfile(model.folder / COMPILED_FILE, apart / COMPILED_FILE)
        whole = replace(model, folder=apart).compile()
        return Subject(model, self.store.open(model.id), whole, import_s)


def sweep(
    classifier: Classifier, picture: Picture, rows: int, columns: int, fit: str = "stretch"
) -> Relevance:
    """What a request does between its picture and its answer; stretched, all squares count."""
    one = Sweep(classifier, picture, rows, columns, "black", None, fit)
    return collect(one.start, one.squares(), "auto", None)
