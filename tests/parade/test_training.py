"""The training command on a handful of pictures: it runs, repeats itself, ships all it must."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from backend import parade
from backend.parade.weathering import weathered

SHIPPED = Path(parade.__file__).parent


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of two short trainings that know nothing of each other."""
    folders = [tmp_path_factory.mktemp("trained") for _ in range(2)]
    command = [sys.executable, "-m", "backend.parade", "train", "--pictures", "100"]
    runs = [
        subprocess.Popen(
            [*command, "--epochs", "1", "--folder", str(folder)],
            cwd=SHIPPED.parents[1],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for folder in folders
    ]
    for run in runs:
        said, _ = run.communicate(timeout=300)
        assert run.returncode == 0, said
        assert "epoch 1 of 1" in said
    return folders


def test_the_same_seed_trains_the_same_network(trained: list[Path]) -> None:
    answers = []
    for folder in trained:
        interpreter = Interpreter(str(folder / "classifier.tflite"))
        interpreter.allocate_tensors()
        place = interpreter.get_input_details()[0]
        picture = np.linspace(-1, 1, int(np.prod(place["shape"])), dtype=np.float32)
        interpreter.set_tensor(place["index"], picture.reshape(place["shape"]))
        interpreter.invoke()
        answers.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]))
    assert np.array_equal(*answers)
    assert np.ptp(answers[0]) > 0


def test_the_shipped_description_is_what_training_writes(trained: list[Path]) -> None:
    written, shipped = (
        json.loads((folder / "model.json").read_text("utf-8")) for folder in (trained[0], SHIPPED)
    )
    assert written == shipped
    assert (trained[0] / "classifier.keras").is_file()


def test_weathering_is_repeatable_and_often_covers_a_part() -> None:
    picture = np.full((96, 128, 3), 200, np.uint8)
    one, again = (weathered(picture, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one, again)
    covered = 0
    for seed in range(100):
        result = weathered(picture, np.random.default_rng(seed))
        assert result.shape == picture.shape
        assert result.dtype == np.uint8
        covered += (result == 0).all(axis=2).mean() > 0.01
    assert 20 <= covered <= 60  # black squares, as on the stage
    assert (picture == 200).all()
