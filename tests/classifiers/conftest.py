"""Models for these tests: small ones made by Keras, and one store that they are added to."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backend.classifiers.importing import read
from backend.classifiers.locks import FileLock
from backend.classifiers.model import Model
from backend.classifiers.store import Store


@pytest.fixture(scope="session")
def made(together: Path) -> Path:
    """The folder that `make_models.py` fills, once for all test processes."""
    folder = together / "made"
    maker = Path(__file__).with_name("make_models.py")
    lock = FileLock(together / "made.lock")
    assert lock.acquire(longest_wait_s=600)
    try:
        if not folder.is_dir():
            draft = together / "making"
            draft.mkdir()
            done = subprocess.run([sys.executable, maker, draft], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            draft.rename(folder)
    finally:
        lock.release()
    return folder


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store shared by tests that only add models to it."""
    return Store(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def labels_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Makes a labels.txt with so many names."""

    def write(number: int) -> Path:
        file = tmp_path_factory.mktemp("labels") / "labels.txt"
        file.write_text("\n".join(f"kind {index}" for index in range(number)), "utf-8")
        return file

    return write


@pytest.fixture(scope="session")
def add(store: Store, made: Path, labels_file: Callable[[int], Path]) -> Callable[[str], Model]:
    """Adds one of the made models that are good, once.

    Read here, as TensorFlow takes seconds to load; `test_store.py` reads in a process of its own.
    """
    added: dict[str, Model] = {}

    def add_once(name: str) -> Model:
        if name not in added:
            labels = labels_file(known_answers(made / name)[1].shape[1])
            parts = {name: made / name, "labels.txt": labels}
            added[name] = store.add(parts, reader=read)
        return added[name]

    return add_once


def known_answers(file: Path) -> tuple[np.ndarray, np.ndarray]:
    """Pictures (N, H, W, 3) and what the maker of a model says they are, (N, K)."""
    known = np.load(file.with_suffix(".npz"))
    return known["pictures"], known["probabilities"]
