"""docs/methods.md is true: every method is in it, and every command in it works."""

import json
import re
import shlex
import subprocess
import sys

import pytest
from PIL import Image

from backend.explanations.methods import METHODS
from backend.explanations.truth import MARKS
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "methods.md").read_text("utf-8")
COMMANDS = [
    line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) for line in block.splitlines()
]
NOTEBOOK = re.findall(r"```python\n(.*?)```", TEXT, re.S)
PICTURE = "build/parade/gallery/wizard-1.png"


@pytest.fixture(scope="module", autouse=True)
def pictures():
    make = [sys.executable, "-m", "backend.parade", "pictures", "build/parade"]
    subprocess.run(make, cwd=ROOT, check=True, capture_output=True)


def run(*arguments: str, status: int = 0) -> subprocess.CompletedProcess:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_every_method_is_named():
    first = TEXT.split("## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", first, re.M) == list(METHODS)
    truth = TEXT[TEXT.index(MARKS[0]) : TEXT.index(MARKS[1])]
    assert re.findall(r"^\| `(\w+)` \|", truth, re.M) == list(METHODS)


def test_there_are_commands_to_test():
    assert len(COMMANDS) == 4 and len(NOTEBOOK) == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_commands(command):
    _, *arguments = shlex.split(command)
    run(*arguments)
    if "-o" in arguments:
        made = ROOT / arguments[-1]
        text = "" if made.suffix == ".png" else made.read_text("utf-8")
        assert text.startswith("<!") if text else Image.open(made).width >= 400


def test_the_notebook():
    code = "".join(NOTEBOOK)
    code += "\nassert found.relevance.shape == (6, 8) and found.attribution.shape == (96, 128)"
    code += "\nassert found.unit == 'logit' and 0 <= found.approx_error < 0.05, found"
    code += "\nassert (found.raw == found.attribution).all() and found.relevance.dtype == 'float32'"
    run("-c", code)
    assert Image.open(ROOT / "build" / "wizard.png").width >= 400


def test_answers_for_programs():
    one = json.loads(run("-m", "backend", "explain", PICTURE, "--json").stdout)
    assert one["method"] == "occlusion" and one["target"] == "wizard"
    arguments = ("--method", "grad_cam,shapley", "--layer", "relu_4", "--evaluations", "250")
    more = ("--layer", "relu_3", "--target", "wizard", "--target", "chef")
    found = json.loads(run("-m", "backend", "explain", PICTURE, *arguments, *more, "--json").stdout)
    asked = [(one["method"], one["target"], one["settings"].get("layer")) for one in found]
    assert asked == [
        (method, target, layer)
        for target in ("wizard", "chef")
        for method, layer in (("grad_cam", "relu_4"), ("grad_cam", "relu_3"), ("shapley", None))
    ]
    assert found[1]["facts"]["layer"]["name"] == "relu_3"
    layers = json.loads(run("-m", "backend", "layers", "--json").stdout)
    assert layers[0]["parameters"] == 5 * 5 * 3 * 24 and layers[-1]["output_shape"] == [5]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--method", "tea_leaves"), "no method called"),
        (("--method", "grad_cam", "--steps", "5"), "no setting called"),
        (("--method", "all", "-o", "x.png"), "do not fit into one picture"),
        (("-o", "/nowhere/x.png"), "cannot be saved"),
        (("--colours", "beige"), "Choose one of: auto, viridis"),
        (("--method", "expected_gradients", "--references", "/nowhere"), "no pictures in"),
    ],
)
def test_errors_are_explained(arguments, words):
    assert words in run("-m", "backend", "explain", PICTURE, *arguments, status=1).stderr
