"""What several tests share: real models and photos when they are there, and real servers."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from backend.bench.editor import chromium
from backend.classifiers.locks import FileLock
from backend.classifiers.model import Model
from backend.classifiers.store import Store

ROOT = Path(__file__).parents[1]
REAL = Path(os.environ.get("PEEKABOO_REAL", ROOT.parent / "shared" / "real"))
REAL_MODELS = {
    "waste_materials": ["keras_model.h5", "labels.txt"],
    "water_bottles": ["keras_model.h5", "labels.txt"],
    "cola_faxe": ["keras_model.h5", "labels.txt"],
    "rps_korean": ["keras_model.h5", "labels.txt"],
    "pen_headphones_hand": ["model.json", "weights.bin", "metadata.json"],
    "google_2019": ["image-model.zip"],
    "minecraft_fishing": ["converted_keras.zip"],
    "fresh_rotten_fruit/converted_tflite": ["model_unquant.tflite", "labels.txt"],
    "fresh_rotten_fruit/converted_tflite_quantized": ["model.tflite", "labels.txt"],
}
"""Folder of each real model, and the files that a teacher would drop."""

LONGEST = [
    "teaching/test_teacher.py",
    "editor/test_projects.py",
    "parade/test_trick_lesson.py",
    "classifiers/test_real_models.py",
    "teaching/test_training.py",
    "test_methods_document.py",
    "pages/test_teach.py",
    "editor/test_editor.py",
    "bench/test_teaching.py",
    "classifiers/test_bad_models.py",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files come first, so that no process is left alone with one at the end."""
    first = [ROOT / "tests" / name for name in LONGEST]
    items.sort(key=lambda item: first.index(item.path) if item.path in first else len(first))


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real models and photos; tests that need it are skipped without it."""
    if not (REAL / "index.json").exists():
        pytest.skip("the folder of real models and photos is not here (PEEKABOO_REAL names it)")
    return REAL


@pytest.fixture(scope="session")
def real_index(real: Path) -> dict:
    """What is known about the real models: labels, expected probabilities."""
    return json.loads((real / "index.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def real_store(tmp_path_factory) -> Store:
    """A store for real models, in a folder of its own."""
    return Store(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def together(tmp_path_factory) -> Path:
    """A folder that all processes of this run of the tests have in common."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "alone")
    own = tmp_path_factory.getbasetemp()
    folder = (own if run == "alone" else own.parent) / f"together-{run}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def real_model(real: Path, real_store: Store, together: Path) -> Callable[[str], Model]:
    """Import a real model by the name of its folder, once in all tests.

    An import costs ten seconds of a core, so what one test process imported others copy.
    """

    def add(name: str) -> Model:
        if name not in imported:
            parts = {file: real / "models" / name / file for file in REAL_MODELS[name]}
            done = together / name.replace("/", "-")
            lock = FileLock(done.with_suffix(".lock"))
            assert lock.acquire(longest_wait_s=600)
            try:
                if done.is_dir():
                    shutil.copytree(done, real_store.home / "models", dirs_exist_ok=True)
                imported[name] = model = real_store.add(parts, name=name)
                if not done.is_dir():
                    shutil.copytree(model.folder, done / model.folder.name)
            finally:
                lock.release()
        return imported[name]

    imported: dict[str, Model] = {}
    return add


@contextmanager
def running_server(home: Path, port: int | None = None) -> Iterator[tuple[str, subprocess.Popen]]:
    """Start the real server with its models in `home`; gives its address and its process."""
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "backend", "serve", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"PEEKABOO_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert "Peekaboo is ready" in ready, ready
        yield f"http://localhost:{port}", process
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(scope="session")
def server(real_store: Store) -> Iterator[str]:
    """The address of a real server, with the real models that tests imported."""
    with running_server(real_store.home) as (address, _):
        yield address


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return attempt.getsockname()[1]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium from the system, with WebGL in software; one for all browser tests.

    Only one Playwright can run at a time, so no other fixture may start its own.
    """
    playwright = pytest.importorskip("playwright.sync_api")
    found = chromium()
    if not found:
        reason = "no Chromium on this computer (CHROMIUM names it)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                "--use-angle=swiftshader",
                "--enable-unsafe-swiftshader",
                # Only WebGL needs the graphics card that is not there: to draw pages with it as
                # well costs twice the time of all else.
                "--disable-gpu-compositing",
                "--disable-gpu-rasterization",
                # A camera that shows a moving test picture, and a user who allows it.
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
        )
        yield browser
        browser.close()


def as_if_covering_only_helped(route: Any) -> None:
    """Answer for /api/relevance: row 2, column 3 raises the winner from 27 % to 98 %."""
    response = route.fetch()
    *lines, last = response.text().splitlines()
    answer = json.loads(last)
    nothing = [[0.0] * answer["columns"] for _ in range(answer["rows"])]
    drops, confidence = ([[start] * len(row) for row in nothing] for start in (0.0, 0.27))
    drops[1][2], confidence[1][2] = 0.27 - 0.98, 0.98
    answer["before"]["confidence"] = 0.27
    answer |= {"confidence": confidence, "confidence_drop": drops, "ghost": nothing}
    answer |= {"verdict": "flat", "most_relevant": None, "measure": "log_odds", "saturated": True}
    route.fulfill(response=response, body="\n".join([*lines, json.dumps(answer)]) + "\n")
