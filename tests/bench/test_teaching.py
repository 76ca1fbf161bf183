"""Measuring lessons: halves that can be told, figures that can be computed, the command typed."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from backend.bench.tables import NUMBERS
from backend.bench.teaching import NEAREST, half, kept_together, nearest
from backend.bench.teaching_tables import as_markdown
from backend.teaching.examples import examples_in
from backend.teaching.material import gather
from tests.conftest import ROOT
from tests.teaching.conftest import striped

DOCUMENT = (ROOT / "docs" / "teaching.md").read_text("utf-8")


def write(folder, label, pictures):
    (folder / label).mkdir(parents=True)
    for number, pixels in enumerate(pictures):
        Image.fromarray(pixels).save(folder / label / f"{number:02}.png")


def material_of(folder):
    return gather(examples_in(folder), (96, 96), "crop", seed=0)


def test_half_of_every_label_is_learned_from_and_groups_stay_whole():
    classes = np.repeat([0, 1, 2], [10, 7, 4])
    groups = np.arange(21)
    groups[[1, 2, 12]] = 1  # also across labels
    groups[[18, 19]] = 18
    halves = [half(classes, groups, seed) for seed in range(20)]
    for learned in halves:
        counts = [int(learned[classes == label].sum()) for label in range(3)]
        assert all(count <= most for count, most in zip(counts, (5, 3, 2), strict=True))
        assert sum(counts) >= 8
        for group in np.unique(groups):
            assert len(set(learned[groups == group])) == 1
    assert len({learned.tobytes() for learned in halves}) > 10
    assert np.array_equal(half(classes, groups, 3), halves[3])


def test_pictures_that_differ_keep_to_themselves_and_copies_together(tmp_path):
    noise = [np.random.default_rng(seed).integers(0, 255, (96, 96, 3)) for seed in range(8)]
    pictures = [one.astype(np.uint8) for one in noise]
    write(tmp_path, "one", pictures[:4])
    write(tmp_path, "two", [*pictures[4:7], pictures[4]])
    groups, alike = kept_together(material_of(tmp_path))
    assert groups.tolist() == [0, 1, 2, 3, 4, 5, 6, 4]
    assert alike == "nearly the same"


def test_where_all_are_nearly_the_same_only_equal_ones_keep_together(tmp_path):
    for label, colour in (("one", 90), ("two", 160)):
        write(tmp_path, label, [np.full((96, 96, 3), colour + at % 3, np.uint8) for at in range(4)])
    groups, alike = kept_together(material_of(tmp_path))
    assert groups.tolist() == [0, 1, 2, 0, 4, 5, 6, 4]
    assert alike == "the same"


def test_the_nearest_mean_by_hand(tmp_path):
    """Learned from 10, 30 and 100, 140: the means are 20 and 120, the border is at 70."""
    for label, greys in (("dark", (10, 30, 60, 80)), ("light", (100, 140, 90, 75))):
        write(tmp_path, label, [np.full((96, 96, 3), grey, np.uint8) for grey in greys])
    learned = np.array([True, True, False, False] * 2)
    assert nearest(material_of(tmp_path), learned) == 0.75


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    for label in ("up", "down"):
        write(folder / "stripes", label, [striped(label == "up", seed) for seed in range(12)])
    command = ["-m", "backend", "bench", "--quick", "--teaching", str(folder / "stripes")]
    done = subprocess.run(
        [sys.executable, *command, "-o", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "teaching.md").read_text("utf-8") in done.stdout
    return folder


@pytest.fixture(scope="module")
def results(output):
    return json.loads((output / "teaching.json").read_text("utf-8"))


def test_every_way_is_judged_on_the_other_half(results):
    (dataset,) = results["datasets"]
    assert (dataset["name"], dataset["labels"], dataset["pictures"]) == ("stripes", 2, 24)
    assert all(12 <= asked < 24 for asked in dataset["asked"])
    names = [way["name"] for way in dataset["ways"]]
    assert "a small network from the start" in names
    assert names[-1] == NEAREST
    for way in dataset["ways"]:
        (share,) = way["accuracy"]
        assert share * dataset["asked"][0] == pytest.approx(round(share * dataset["asked"][0]))


def test_lessons_are_timed_and_others_are_answered_meanwhile(results):
    assert [one["way"] for one in results["lessons"]] == ["head", "network"]
    assert results["alone"]["head_s"] > 0
    assert results["alone"]["features_s"] > 0
    for one in results["lessons"]:
        assert (one["pictures"], one["epochs"]) == (24, 3)
        assert 0 <= one["epochs_with_film_s"] < one["whole_s"]
        assert isinstance(one["most_mb"], str) or one["most_mb"] > 100
        for times in (one["classify_at_rest"], one["classify_meanwhile"]):
            assert 0 < times["median_ms"] <= times["p95_ms"] <= times["slowest_ms"]
            assert times["repetitions"] > 3


def test_targets_are_judged_by_what_was_measured(results):
    text = as_markdown(results)
    assert "stripes" in text
    slow = json.loads(json.dumps(results))
    for one in slow["lessons"]:
        one["classify_meanwhile"]["slowest_ms"] = 999.0
        one["classify_meanwhile"]["median_ms"] = 12.0
    lines = as_markdown(slow).splitlines()
    judged = {line.split("|")[1].strip(): line for line in lines if "≤" in line}
    assert "**not reached**" in judged["classify meanwhile, slowest ms"]
    assert "999" in judged["classify meanwhile, slowest ms"]
    assert "not reached" not in judged["classify meanwhile, median ms"]


def test_what_the_document_says_about_commands_is_so():
    named = set(re.findall(r"(?<=[` ])--?[a-z][a-z-]*", DOCUMENT)) - {"-m"}
    known = ""
    for command in ("bench", "train"):
        known += subprocess.run(
            [sys.executable, "-m", "backend", command, "--help"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    assert {"--teaching", "--film", "--compare"} <= named
    assert {option for option in named if not re.search(rf"{option}\b", known)} == set()
    assert DOCUMENT.count(NUMBERS) == 1
    links = re.findall(r"\]\(([^)#:]+)\)", DOCUMENT)
    assert all((ROOT / "docs" / link).exists() for link in links)
