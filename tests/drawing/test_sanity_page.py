"""The page about trust: whole, with the maps that are left when weights are mixed up."""

import base64
import io
from html.parser import HTMLParser

import numpy as np
from PIL import Image

from backend.drawing.attribution import draw_map
from backend.drawing.sanity_page import sanity_page
from backend.drawing.settings import DrawSettings
from backend.explanations.asking import Question
from backend.explanations.methods import METHODS
from backend.explanations.sanity import check
from backend.picture import Picture
from tests.fakes import QuadraticNetwork

PICTURE = Picture(np.random.default_rng(5).integers(20, 236, (12, 20, 3), np.uint8))


class Pieces(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.images: list[np.ndarray] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            body = base64.b64decode(dict(attrs)["src"].removeprefix("data:image/png;base64,"))
            self.images.append(np.asarray(Image.open(io.BytesIO(body)).convert("RGB")))

    def handle_data(self, text):
        self.texts.append(text.strip())


def test_every_map_is_shown_with_its_number():
    network = QuadraticNetwork(np.random.default_rng(6).normal(0, 0.02, (12, 20, 3, 2)))
    question = Question.about(network, network, PICTURE, 3, 4, target="one")
    found = check(question, METHODS["integrated_gradients"], {})
    page = Pieces(sanity_page(found, PICTURE, "Integrated gradients"))
    maps = [found.explanation, *(one.found for one in found.mixed)]
    drawn = [draw_map(PICTURE, one, DrawSettings()) for one in maps]
    assert len(page.images) == len(drawn) >= 2
    for image, judge in zip(page.images, drawn, strict=True):
        np.testing.assert_array_equal(image, judge)
    assert not np.array_equal(drawn[0], drawn[-1])
    for one in found.mixed:
        assert f"{one.layers} mixed up: {one.similarity:.2f} alike" in page.texts


def test_without_weights_the_map_is_shown_alone_and_it_is_said_why():
    network = QuadraticNetwork(np.random.default_rng(6).normal(0, 0.02, (12, 20, 3, 2)))
    question = Question.about(network, None, PICTURE, 3, 4, target="one")
    found = check(question, METHODS["occlusion"], {})
    page = Pieces(sanity_page(found, PICTURE, "Occlusion"))
    (image,) = page.images
    np.testing.assert_array_equal(image, draw_map(PICTURE, found.explanation, DrawSettings()))
    assert found.not_checked["mixed"] in page.texts
