"""How well Peekaboo's lessons teach: half of a dataset is learned from, the other half is asked.

Every way to teach is judged as a child meets it: the lesson with its usual settings, its
classifier added to a store and asked picture by picture. Beside them stands the simplest that
could be done: the label whose mean picture is nearest.
"""

import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from backend.bench import machine
from backend.bench.lesson_speed import head_seconds, lesson_cost
from backend.classifiers.importing import read
from backend.classifiers.store import Store
from backend.classifiers.trainable import SMALL_SIDE_PX
from backend.explanations.sweep import predict
from backend.picture import Fit
from backend.teaching.examples import Examples, examples_in
from backend.teaching.extractors import extractor_named, extractors
from backend.teaching.lesson import Lesson
from backend.teaching.material import Material, gather
from backend.teaching.training import teach

NICENESS = 10
NEAREST = "nearest mean picture"
Report = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        seeds: how often each dataset is cut into halves and taught.
        settings: of all lessons; what is not said is as usual.
    """

    seeds: int
    settings: dict[str, Any]


FULL, QUICK = Size(5, {}), Size(1, {"epochs": 3})


def measure(
    size: Size, home: Path, export: list[Path], datasets: list[Path], report: Report
) -> dict[str, Any]:
    """Measure everything.

    Args:
        home: an empty folder for models and collections.
        export: files of a Teachable Machine export whose features are used; may be empty.
        datasets: lessons of the first one are timed.

    Returns:
        what is saved as JSON.

    Raises:
        UserError: a dataset or the export cannot be used.
    """
    load_before = machine.load()
    store = Store(home)
    if export:
        store.add({file.name: file for file in export})
    best = extractors(store)[0]["id"]
    found = [_apart(store, dataset, size, report) for dataset in datasets]
    report("timing lessons")
    alone = head_seconds(extractor_named(best, store), datasets[0])
    asked = store.models()[-1].id  # the export, if there is one, which is more work
    lessons = []
    for title, settings in (
        ("a new head", {"way": "head", "extractor": best}),
        ("a small network", {"way": "network"}),
    ):
        cost = lesson_cost(store, datasets[0], settings | size.settings, asked)
        lessons.append({"title": title, "way": settings["way"]} | cost)
    described = machine.describe()
    described["machine"] |= {"load_before": load_before, "load_after": machine.load()}
    return described | {
        "datasets": found,
        "timed": datasets[0].name,
        "lessons": lessons,
        "alone": alone,
    }


def _apart(store: Store, dataset: Path, size: Size, report: Report) -> dict[str, Any]:
    """The accuracies, in a process that gives way to all others: nothing is timed there."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, _give_way) as process:
        return process.submit(accuracies, store.home, dataset, size, report).result()


def _give_way() -> None:
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def accuracies(home: Path, dataset: Path, size: Size, report: Report) -> dict[str, Any]:
    """The share of right answers on the half that was not learned from, way by way.

    Args:
        home: of the store with the models whose features are used.
        dataset: a folder with a folder of pictures for every label.

    Returns:
        `ways`, each with the `accuracy` of every seed, and what there was to learn from.

    Raises:
        UserError: the dataset cannot be read, or is too small.
    """
    store, side = Store(home), (SMALL_SIDE_PX, SMALL_SIDE_PX)
    material = gather(examples_in(dataset), side, "crop", seed=0)
    groups, alike = kept_together(material)
    heads = [(one["name"], {"way": "head", "extractor": one["id"]}) for one in extractors(store)]
    ways = [*heads, ("a small network from the start", {"way": "network"})]
    names: list[str] = [*(name for name, _ in ways), NEAREST]
    found: dict[str, list[float]] = {name: [] for name in names}
    asked = []
    for seed in range(size.seeds):
        learned = half(material.classes, groups, seed)
        asked.append(int((~learned).sum()))
        for name, settings in ways:
            share = _taught(store, material, learned, settings | {"seed": seed} | size.settings)
            found[name].append(share)
            report(f"{dataset.name}, half {seed + 1} of {size.seeds}: {name}: {share:.3f} right")
        found[NEAREST].append(nearest(material, learned))
    return {
        "name": dataset.name,
        "labels": len(material.labels),
        "pictures": len(material.examples),
        "asked": asked,
        "kept_together": alike,
        "ways": [{"name": name, "accuracy": shares} for name, shares in found.items()],
    }


def half(classes: np.ndarray, groups: np.ndarray, seed: int) -> np.ndarray:
    """Choose about half of every label, whole groups only: (N,) bool, those to learn from."""
    random = np.random.default_rng([seed, 5])
    learned = np.zeros(len(classes), bool)
    wanted = {label: count // 2 for label, count in Counter(classes.tolist()).items()}
    for group in random.permutation(np.unique(groups)):
        members = np.flatnonzero(groups == group)
        counts = Counter(classes[members].tolist())
        if all(count <= wanted[label] for label, count in counts.items()):
            learned[members] = True
            wanted = {label: left - counts[label] for label, left in wanted.items()}
    return learned


def kept_together(material: Material) -> tuple[np.ndarray, str]:
    """Which pictures stay on one side (N,), and how alike they are."""
    groups = material.twins
    largest = Counter(groups.tolist()).most_common(1)[0][1]
    if largest <= min(Counter(material.classes.tolist()).values()) // 2:
        return groups, "nearly the same"
    # Drawings of one and the same shape, say: no half could be told from the other.
    pictures = [material.fitted(at).tobytes() for at in range(len(material.examples))]
    return np.array([pictures.index(one) for one in pictures]), "the same"


def _taught(
    store: Store, material: Material, learned: np.ndarray, settings: dict[str, Any]
) -> float:
    lesson = Lesson.read(settings, store.default_id)
    chosen = tuple(material.examples[at] for at in np.flatnonzero(learned))
    with tempfile.TemporaryDirectory(prefix="peekaboo-") as work:
        extractor = extractor_named(lesson.extractor, store)
        taught = teach(
            Examples(material.labels, chosen), lesson, extractor, Path(work), lambda progress: None
        )
        model = store.add(taught.files, "bench", taught.fit, taught.pixels, reader=read)
    classifier, right = store.open(model.id), []
    for at in np.flatnonzero(~learned):
        picture = material.examples[at].picture()
        fit = Fit.of(picture, classifier.input_size, classifier.fit)
        shares = predict(classifier, fit.apply(picture.pixels)).confidence
        right.append(model.labels[int(shares.argmax())] == material.examples[at].label)
    store.delete(model.id)
    return float(np.mean(right))


def nearest(material: Material, learned: np.ndarray) -> float:
    """The nearest mean of raw pixels, by the sum of squares."""
    pixels = np.stack([material.fitted(at).ravel() for at in range(len(learned))]).astype(float)
    known = np.arange(len(material.labels))
    means = np.stack([pixels[learned & (material.classes == at)].mean(axis=0) for at in known])
    far = [((means - one) ** 2).sum(axis=1) for one in pixels[~learned]]
    return float((np.argmin(far, axis=1) == material.classes[~learned]).mean())
