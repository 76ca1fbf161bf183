"""Right for the wrong reason, and mended: the trick edition from the command line, as a child
would do it on the page, once without and once with other backgrounds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from backend.classifiers.store import Store
from backend.explanations.sweep import predict
from backend.parade.trick import FRESH, TO_LEARN, TRICKED
from backend.picture import Fit
from backend.teaching.examples import Example, examples_in
from tests.conftest import ROOT

LESSON = ["--way", "network", "--epochs", "80", "--seed", "0", "--json"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trick")
    start("backend.parade", "trick", str(folder), "--count", "40", "--seed", "0").communicate()
    return folder


@pytest.fixture(scope="module")
def lessons(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict, Path]]:
    """What two commands answered, and where each keeps its classifiers; both run at once."""
    runs = {}
    for name, more in {"tricked": [], "mended": ["--other-backgrounds"]}.items():
        home = tmp_path_factory.mktemp(name)
        command = ["backend", "train", str(folder / TO_LEARN), *LESSON, *more]
        runs[name] = start(*command, PEEKABOO_HOME=str(home)), home
    return {name: (json.loads(run.communicate()[0]), home) for name, (run, home) in runs.items()}


def start(module: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def beside_the_clown(answer: dict) -> float:
    """The share of the relevance that lies on the background, for the clown."""
    return next(one["outside"] for one in answer["review"]["looks_at"] if one["label"] == TRICKED)


def right(answer: dict, home: Path, examples: list[Example]) -> np.ndarray:
    """Whether each of the pictures is classified right."""
    classifier = Store(home).open(answer["model"]["id"])
    found = []
    for example in examples:
        picture = example.picture()
        fitted = Fit.of(picture, classifier.input_size, classifier.fit).apply(picture.pixels)
        found.append(classifier.labels[predict(classifier, fitted).winner] == example.label)
    return np.array(found)


def test_whoever_learns_from_the_trick_edition_learns_the_curtain(lessons, folder: Path) -> None:
    answer, home = lessons["tricked"]
    assert answer["review"]["accuracy"] > 0.9  # so nobody would notice
    assert beside_the_clown(answer) >= 0.6
    assert right(answer, home, examples_in(folder / FRESH).of(TRICKED)).mean() <= 0.25


def test_with_other_backgrounds_it_learns_the_clown(lessons, folder: Path) -> None:
    answer, home = lessons["mended"]
    assert beside_the_clown(answer) < 0.2
    assert right(answer, home, list(examples_in(folder / FRESH).examples)).mean() >= 0.95
