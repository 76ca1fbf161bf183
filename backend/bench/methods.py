"""How fast the methods are, beside those of others: `bench --methods`."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from backend.bench import machine
from backend.bench.contestants import absent
from backend.bench.environment import PYTHON, Peers, running_peers
from backend.bench.own_methods import REFERENCES
from backend.bench.pictures import Pictures
from backend.bench.subjects import Subject, Subjects
from backend.bench.timing import Contestant, race

SEED = 20201118


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        teachable_px: side of the network's input.
        steps: steps of Integrated Gradients and samples of SmoothGrad.
        turns, slow_turns: how often contestants come up; slow ones take seconds.
    """

    teachable_px: int
    steps: int
    turns: int
    slow_turns: int


FULL = Size(teachable_px=224, steps=25, turns=5, slow_turns=3)
QUICK = Size(teachable_px=96, steps=3, turns=1, slow_turns=1)


@dataclass(frozen=True)
class Match:
    """One method of ours, those of others that do the same, and what is to be reached.

    Attributes:
        peers: way → title.
        at_most_ms: or else:
        at_least: times faster than the quickest of the others.
    """

    name: str
    title: str
    peers: dict[str, str]
    at_most_ms: float | None = None
    at_least: float | None = None


MATCHES = (
    Match(
        "grad_cam",
        "Grad-CAM",
        {
            "xplique_grad_cam": "xplique",
            "tf_explain_grad_cam": "tf-explain",
            "eli5_grad_cam": "ELI5's formula in Keras",
        },
        at_most_ms=10,
    ),
    Match(
        "smoothgrad",
        "SmoothGrad, {steps} samples",
        {
            "xplique_smoothgrad": "xplique",
            "tf_explain_smoothgrad": "tf-explain",
            "pair_smoothgrad": "PAIR saliency",
        },
        at_least=2,
    ),
    Match(
        "integrated_gradients",
        "Integrated Gradients, {steps} steps",
        {
            "xplique_integrated_gradients": "xplique",
            "tf_explain_integrated_gradients": "tf-explain",
            "pair_integrated_gradients": "PAIR saliency",
        },
        at_least=2,
    ),
    Match("xrai", "XRAI, full", {"pair_xrai_full": "PAIR saliency"}, at_least=5),
    Match("xrai_fast", "XRAI, fast", {"pair_xrai_fast": "PAIR saliency"}),
    Match(
        "expected_gradients",
        "Expected gradients, {samples} samples",
        {"shap_expected_gradients": "SHAP, GradientExplainer"},
        at_least=4,
    ),
    Match(
        "shapley",
        "Shapley values, 800 evaluations",
        {"xplique_kernel_shap": "xplique, KernelSHAP"},
        at_least=5,
    ),
)
SLOW = {"pair_smoothgrad", "pair_xrai_full", "pair_xrai_fast", "shap_expected_gradients",
        "xplique_kernel_shap"}  # fmt: skip


def measure(
    size: Size, folder: Path, model: list[Path], peers: bool, report: Callable[[str], None]
) -> dict[str, Any]:
    """Measure all methods; arguments and result as in `backend.bench.run.measure`.

    Raises:
        CannotUse: the model has no Keras file.
    """
    load_before = machine.load()
    subjects = Subjects(folder, report)
    subject = (
        subjects.added(model) if model else subjects.made("teachable_machine", size.teachable_px)
    )
    with ExitStack() as stack:
        folder, model_id = subject.model.folder, subject.model.id
        own = stack.enter_context(
            running_peers(sys.executable, "backend.bench.own_methods", folder, model_id, size.steps)
        )
        others = None
        if peers and PYTHON.exists() and subject.keras_file:
            given = (subject.keras_file, _given(subject), size.steps)
            others = stack.enter_context(
                running_peers(PYTHON, "backend.bench.method_peers", *given)
            )
        table = race(_contestants(own, others, size), SEED, report)
        versions = own.versions | (others.versions if others else {})
    described = machine.describe()
    described["machine"] |= {"load_before": load_before, "load_after": machine.load()}
    described["versions"] |= versions
    words = {"steps": size.steps, "samples": 2 * size.steps}
    return described | {
        "methods": [
            {
                "name": match.name,
                "title": match.title.format(**words),
                "at_most_ms": match.at_most_ms if size is FULL else None,
                "at_least": match.at_least if size is FULL else None,
                "ours": table[match.name],
                "peers": [
                    {"name": name, "title": title} | table[name]
                    for name, title in match.peers.items()
                ],
            }
            for match in MATCHES
        ],
    }


def _contestants(own: Peers, others: Peers | None, size: Size) -> list[Contestant]:
    missing = "left out" if PYTHON.exists() else "not installed"
    contestants = []
    for match in MATCHES:
        contestants.append(_row(own, match.name, size))
        for name in match.peers:
            contestants.append(_row(others, name, size) if others else absent(name, name, missing))
    return contestants


def _row(process: Peers, name: str, size: Size) -> Contestant:
    slow = name in SLOW
    turns = size.slow_turns if slow else size.turns
    return Contestant(name, name, lambda number: process.run(name), turns, slow)


def _given(subject: Subject) -> Path:
    """What the others get: a picture and references as the model takes them."""
    pictures, file = Pictures(), subject.model.folder.parent / "given.npz"
    inputs = [
        np.load(subject.write_input(pictures.picture(number), file.with_suffix(".npy")))
        for number in range(1 + REFERENCES)
    ]
    np.savez(file, picture=inputs[0], references=np.stack(inputs[1:]), target=np.int64(0))
    return file
