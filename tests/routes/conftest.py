"""The application with a fake classifier that a reader can compute in the head."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from backend.app import create_app
from backend.errors import NotFound
from tests.fakes import BrightnessClassifier


class OneModelStore:
    """A store with one model, “eye”, that reads the pixel in row 1, column 3 of 3 × 5."""

    default_id = "eye"

    def __init__(self, home):
        self.home = home
        self.classifier = BrightnessClassifier((3, 5), 1, 3)

    def open(self, model_id):
        if model_id != "eye":
            raise NotFound("unknown_model", "There is no such classifier.", "Choose another.")
        return self.classifier

    def model(self, model_id):
        self.open(model_id)
        return SimpleNamespace(id=model_id, gradients=False, layers=())

    def models(self):
        return [SimpleNamespace(as_json=lambda: {"id": "eye"})]


@pytest.fixture
def store(tmp_path):
    return OneModelStore(tmp_path)


@pytest.fixture
def client(store):
    return create_app(store).test_client()


@pytest.fixture
def white_png() -> bytes:
    """A white picture of 3 × 5 pixels."""
    stream = io.BytesIO()
    Image.fromarray(np.full((3, 5, 3), 255, np.uint8)).save(stream, "PNG")
    return stream.getvalue()
