"""Ours against other programs, on a real Teachable Machine model; skipped where they are not.

They live in an environment of their own (`python -m backend bench --setup-peers`).
"""

import os
import subprocess
import sys

import numpy as np
import pytest

from tests.conftest import ROOT

PEERS = ROOT / "build" / "bench-env" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PAIRS = [
    ("grad_cam", "eli5_grad_cam", 0.99),
    ("grad_cam", "tf_explain_grad_cam", 0.99),
    ("grad_cam", "xplique_grad_cam", 0.99),
    ("occlusion", "tf_explain_occlusion", 0.99),
    ("integrated_gradients", "pair_integrated_gradients", 0.99),
    ("integrated_gradients", "xplique_integrated_gradients", 0.99),
    ("xrai_full", "pair_xrai_full", 0.99),
    ("xrai_fast", "pair_xrai_fast", 0.99),
    # These draw by chance: both means are near the truth, not equal.
    ("smoothgrad", "pair_smoothgrad", 0.9),
    ("expected_gradients", "shap_expected_gradients", 0.9),
]
"""Ours, theirs, and how much alike they must be (correlation)."""
THEIRS = """
import sys
import numpy as np
from backend.bench.asked import asked_about
from backend.bench.method_peers import WAYS

model_file, given_file, out_file, names = sys.argv[1:]
asked, found = asked_about(model_file, given_file, 400), {}
for name in names.split():
    try:
        found[name] = np.asarray(WAYS[name](asked)(), np.float32)
    except Exception as problem:
        # Each fails in its own way, and the others are still worth asking.
        print(name, repr(problem), file=sys.stderr)
np.savez(out_file, **found)
"""
OURS = """
import sys
from pathlib import Path
import numpy as np
from backend.classifiers.model import Model
from backend.explanations.asking import Question
from backend.explanations.methods import METHODS, answer
from backend.notebook import Opened
from backend.picture import Picture

folder, model_id, given_file, out_file = sys.argv[1:]
model, given = Model.read(Path(folder), model_id), np.load(given_file)
opened = Opened(model, model.compile())
levels = lambda values: Picture(np.rint((values + 1) * 127.5).astype(np.uint8))
question = Question.about(
    opened.compiled, opened.network, levels(given["picture"]), 6, 8,
    model.labels[int(given["target"])], references=[levels(one) for one in given["references"]],
)
found = {}
for name, method, settings in (
    ("grad_cam", "grad_cam", {}),
    ("integrated_gradients", "integrated_gradients", {"steps": 400}),
    ("xrai_full", "xrai", {"steps": 400}),
    ("xrai_fast", "xrai", {"steps": 400, "algorithm": "fast"}),
    ("smoothgrad", "smoothgrad", {"samples": 400}),
    ("expected_gradients", "expected_gradients", {"samples": 400}),
    ("occlusion", "occlusion", {"patch_px": 28, "cover": "grey", "measure": "confidence"}),
):
    one = answer(METHODS[method], question, settings)
    found[name] = one.maps[0] if name == "grad_cam" else one.attribution
winner = Question.about(opened.compiled, opened.network, levels(given["picture"]), 6, 8)
complete = answer(METHODS["integrated_gradients"], winner, {"steps": 1000})
np.savez(out_file, error_of_winner=complete.approx_error, **found)
"""


@pytest.fixture(scope="module")
def maps(real, real_store, real_model, tmp_path_factory) -> tuple[dict, dict]:
    """Name → map, ours and theirs."""
    if not PEERS.exists():
        pytest.skip("the other programs are not installed (bench --setup-peers)")
    folder = tmp_path_factory.mktemp("peers")
    model = real_model("waste_materials")
    from backend.picture import Fit, decode

    files = sorted((real / "photos" / "original").glob("*.jpg"))[:6]
    pictures = [decode(file.read_bytes()) for file in files]
    fitted = np.stack([Fit.of(one, (224, 224), "crop").apply(one.pixels) for one in pictures])
    inputs = fitted.astype(np.float32) / 127.5 - 1
    target = real_store.open(model.id).scores(fitted[:1]).argmax()
    np.savez(folder / "in.npz", picture=inputs[0], references=inputs[1:], target=target)
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": "-1", "TF_USE_LEGACY_KERAS": "1"}
    for command in (
        [str(PEERS), "-c", THEIRS,
         str(real / "models" / "waste_materials" / "keras_model.h5"),
         str(folder / "in.npz"), str(folder / "theirs.npz"),
         " ".join(theirs for _, theirs, _ in PAIRS)],
        [sys.executable, "-c", OURS, str(model.folder), model.id,
         str(folder / "in.npz"), str(folder / "ours.npz")],
    ):  # fmt: skip
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return dict(np.load(folder / "ours.npz")), dict(np.load(folder / "theirs.npz"))


@pytest.mark.real
@pytest.mark.parametrize(("ours", "theirs", "least"), PAIRS)
def test_ours_is_like_theirs(maps, ours, theirs, least):
    if theirs not in maps[1]:
        pytest.skip(f"{theirs} is not installed or fails there")
    one, other = (found[name] for found, name in zip(maps, (ours, theirs), strict=True))
    if one.shape != other.shape or ours == "occlusion":
        # Drawn over the picture, by theirs with soft edges: only the middles of squares count.
        squares = (8, 8) if ours == "occlusion" else one.shape
        one, other = middles(one, *squares), middles(other, *squares)
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] >= least


def middles(found: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """The values in the middles of squares."""
    height, width = found.shape
    down, across = np.arange(rows) * 2 + 1, np.arange(columns) * 2 + 1
    return found[np.ix_(down * height // (2 * rows), across * width // (2 * columns))]


@pytest.mark.real
def test_the_integral_is_complete_to_one_percent(maps):
    assert maps[0]["error_of_winner"] < 0.01
