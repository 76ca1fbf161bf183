"""Relevance on classifiers and photos of real people."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from backend.explanations.relevance import collect
from backend.explanations.sweep import Sweep
from backend.grid import Grid
from backend.picture import Picture, decode

pytestmark = pytest.mark.real

FACES = {"cat.bmp": (36, 185, 222, 352), "cat_720p.jpg": (75, 455, 475, 880)}
"""Photo: top, left, bottom, right of the cat's head in px, drawn around it by hand."""


@pytest.mark.parametrize("photo", FACES)
def test_log_odds_show_the_face_where_confidence_is_dead(real, real_store, real_model, photo):
    """A model of water bottles is more than 99.9 % sure of a cat, whatever is covered."""
    model = "water_bottles"
    picture = decode((real / "photos" / "original" / photo).read_bytes())
    sweep = Sweep(real_store.open(real_model(model).id), picture, 6, 8, "black", None)
    result = collect(sweep.start, sweep.squares(), "auto", None)
    assert result.confidence_drop.max() < 0.01
    assert result.saturated and result.measure == "log_odds" and result.verdict == "found"
    top, left, bottom, right = FACES[photo]
    box = sweep.start.grid.box(*result.most_relevant)
    assert top < (box.top + box.bottom) / 2 < bottom
    assert left < (box.left + box.right) / 2 < right


@pytest.mark.parametrize(
    "model, photo",
    [("waste_materials", "bottle_test_photo.jpg"), ("rps_korean", "hand_five.jpg")],
)
def test_equals_covering_the_stage_and_asking_keras_way(real, real_store, real_model, model, photo):
    """Cover first, then crop, resize and score each picture on its own with Pillow."""
    classifier = real_store.open(real_model(model).id)
    image = Image.open(real / "photos" / "original" / photo).convert("RGB")
    stage = ImageOps.fit(image, (480, 360), Image.Resampling.LANCZOS)
    sweep = Sweep(classifier, Picture(np.asarray(stage)), 6, 8, "black", None)
    squares = {(square.row, square.column): square for square in sweep.squares()}
    grid = Grid(6, 8, 360, 480)
    assert set(squares) == {(row, column) for row in range(6) for column in range(1, 7)}
    for at, square in squares.items():
        box = grid.box(*at)
        covered = stage.copy()
        covered.paste("black", (box.left, box.top, box.right, box.bottom))
        cropped = ImageOps.fit(covered, (224, 224), Image.Resampling.LANCZOS)
        logits = classifier.scores(np.asarray(cropped)[np.newaxis])[0].astype(float)
        chances = np.exp(logits - logits.max())
        assert square.confidence == pytest.approx(
            chances[sweep.start.target] / chances.sum(), abs=1e-5
        )


def test_the_index_of_real_sweeps_is_met(real, real_store, real_model, real_index):
    """Figures of an independent run over stage-shaped photos, in the index of the models."""
    checked = 0
    for name in ("waste_materials", "minecraft_fishing", "rps_korean"):
        variants = real_index["models"][name]["variants"]
        expected = next(iter(variants.values()))["occlusion"]
        classifier = real_store.open(real_model(name).id)
        for entry in expected:
            if not (real / "photos" / "original" / entry["photo"]).exists():
                continue
            picture = Picture(np.asarray(on_stage(real / "photos" / "original" / entry["photo"])))
            sweep = Sweep(classifier, picture, 6, 8, "black", None)
            result = collect(sweep.start, sweep.squares(), "auto", None)
            assert result.target == entry["winner"]
            assert result.before.confidence.max() == pytest.approx(entry["p0"], abs=1e-4)
            assert result.confidence_drop.max() == pytest.approx(entry["max_drop"], abs=2e-4)
            assert result.log_odds_drop.max() == pytest.approx(entry["logit_max_drop"], abs=2e-3)
            checked += 1
    assert checked >= 6


def on_stage(photo) -> Image.Image:
    """A photo as the index shows it on the stage: fitted, square ones between white bars."""
    image = Image.open(photo).convert("RGB")
    if 0.9 <= image.width / image.height <= 1.1:
        side = ImageOps.fit(image, (360, 360), Image.Resampling.LANCZOS)
        stage = Image.new("RGB", (480, 360), "white")
        stage.paste(side, (60, 0))
        return stage
    return ImageOps.fit(image, (480, 360), Image.Resampling.LANCZOS)
