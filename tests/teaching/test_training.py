"""A lesson from beginning to end: what comes out is what was learned, also after a break."""

import json
import os
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from backend.classifiers.store import Store
from backend.errors import CannotUse
from backend.explanations.sweep import predict
from backend.picture import Fit, Picture
from backend.teaching import training
from backend.teaching.collections import Collections
from backend.teaching.examples import examples_in
from backend.teaching.lesson import Lesson
from backend.teaching.pupils import cam, confidence
from backend.teaching.training import Stopped, teach
from tests.teaching.conftest import striped

LABELS = ("1 up", "2 down")
"""Labels that begin with numbers, which the list of labels must not lose."""


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Store:
    return Store(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def examples(store):
    mine = Collections(store.home).get("mine")
    for label in LABELS:
        mine.add_label(label)
        for seed in range(10):
            mine.add_picture(label, Picture(striped(label == LABELS[0], seed)))
    return mine.examples()


def lesson_of(way: str, **settings) -> Lesson:
    return Lesson.read({"way": way, "epochs": 6, **settings}, "parade")


class Listener:
    """Hears how a lesson goes, and may end it."""

    def __init__(self, stop_after: int = 10_000):
        self.heard, self.stop_after = [], stop_after

    def __call__(self, progress):
        self.heard.append(progress)
        if progress.stage == "teaching" and progress.epoch >= self.stop_after:
            raise Stopped


@pytest.fixture(scope="module", params=["head", "network"])
def taught(request, store, examples, tmp_path_factory):
    """A whole lesson: the way, its folder, what came of it, what was heard."""
    work, listener = tmp_path_factory.mktemp("lesson"), Listener()
    lesson = lesson_of(request.param)
    result = teach(examples, lesson, store.model("parade"), work, listener)
    return request.param, work, result, listener.heard


def test_it_says_how_far_it_is(taught):
    _, _, _, heard = taught
    stages = [progress.stage for progress in heard]
    assert sorted(set(stages), key=stages.index) == ["preparing", "teaching", "finishing"]
    lessons = [progress for progress in heard if progress.stage == "teaching"]
    assert [progress.epoch for progress in lessons] == [1, 2, 3, 4, 5, 6]
    assert all(0 <= progress.accuracy <= 1 for progress in lessons)
    assert lessons[-1].seconds_left == 0
    assert lessons[-1].loss < lessons[0].loss


def test_the_classifier_says_in_scratch_what_it_said_in_the_lesson(taught, store, examples):
    way, work, result, _ = taught
    model = store.add(result.files, name="ours", fit=result.fit, pixels=result.pixels)
    assert model.labels == LABELS
    assert model.logits
    assert model.gradients
    classifier = store.open(model.id)
    film = json.loads((work / "film.json").read_text())
    for probe, frame in zip(film["probes"], film["epochs"][-1]["frames"], strict=True):
        example = next(one for one in examples.examples if one.name == probe["name"])
        picture = example.picture()
        plan = Fit.of(picture, classifier.input_size, classifier.fit)
        said = predict(classifier, plan.apply(picture.pixels))
        top = {one["label"]: one["confidence"] for one in frame["top"]}
        for place, label in enumerate(LABELS):
            assert said.confidence[place] == pytest.approx(top[label], abs=1e-3)
    store.delete(model.id)
    assert way in ("head", "network")


def test_the_film_has_a_frame_for_every_lesson(taught):
    _, work, _, heard = taught
    film = json.loads((work / "film.json").read_text())
    assert [probe["label"] for probe in film["probes"]] == list(LABELS)
    assert [epoch["epoch"] for epoch in film["epochs"]] == [1, 2, 3, 4, 5, 6]
    right = [progress.accuracy for progress in heard if progress.stage == "teaching"]
    assert [epoch["accuracy"] for epoch in film["epochs"]] == right
    for epoch in film["epochs"]:
        for frame in epoch["frames"]:
            ghost = np.array(frame["ghost"])
            assert ghost.shape == (film["rows"], film["columns"])
            assert ghost.min() >= 0
            assert ghost.max() in (0, pytest.approx(100))
            shares = [one["confidence"] for one in frame["top"]]
            assert shares == sorted(shares, reverse=True)
            assert sum(shares) == pytest.approx(1)


def test_what_it_looks_at_is_grad_cam_by_the_book(taught, store, examples):
    """Against gradients that TensorFlow takes of the finished classifier."""
    from backend.classifiers.differentiable import Differentiable
    from backend.explanations.grad_cam import weigh
    from backend.teaching.film import on_squares

    _, work, result, _ = taught
    model = store.add(result.files, name="ours", fit=result.fit, pixels=result.pixels)
    network = Differentiable(model)
    film = json.loads((work / "film.json").read_text())
    for place, probe in enumerate(film["probes"]):
        picture = next(one for one in examples.examples if one.name == probe["name"]).picture()
        plan = Fit.of(picture, model.input_size, model.fit)
        batch = plan.apply(picture.pixels)[np.newaxis]
        _, maps, gradients = network.maps_and_gradients(batch, model.layers[-1], place)
        expected = on_squares(weigh(maps[0], gradients[0]) * maps[0, ..., 0].size, picture, plan)
        shown = np.array(film["epochs"][-1]["frames"][place]["relevance"])
        assert shown == pytest.approx(expected, rel=1e-2, abs=1e-3 * max(expected.max(), 1e-6))
    store.delete(model.id)


def test_the_review_counts_every_picture_that_was_held_back(taught):
    _, work, result, _ = taught
    review = json.loads((work / "review.json").read_text())
    assert review["labels"] == list(LABELS)
    counted = [[len(names) for names in row] for row in review["cells"]]
    assert counted == review["confusion"]
    confusion = np.array(review["confusion"])
    assert confusion.sum(axis=1).tolist() == [2, 2]
    assert review["accuracy"] == pytest.approx(np.trace(confusion) / 4) == result.accuracy
    for look in review["looks_at"]:
        assert np.array(look["relevance"]).shape == (8, 8)
        assert look["outside"] is None


@pytest.mark.parametrize("way", ["head", "network"])
def test_a_lesson_that_was_stopped_goes_on_as_if_nothing_had_happened(
    way, store, examples, tmp_path
):
    lesson = lesson_of(way, augment=["flip", "light"])
    model = store.model("parade")
    whole = teach(examples, lesson, model, tmp_path / "whole", Listener())
    with pytest.raises(Stopped):
        teach(examples, lesson, model, tmp_path / "broken", Listener(stop_after=3))
    listener = Listener()
    again = teach(examples, lesson, model, tmp_path / "broken", listener, resume=True)
    assert [one.epoch for one in listener.heard if one.stage == "teaching"] == [4, 5, 6]
    films = [json.loads((tmp_path / one / "film.json").read_text()) for one in ("whole", "broken")]
    for expected, got in zip(films[0]["epochs"], films[1]["epochs"], strict=True):
        for one, other in zip(expected["frames"], got["frames"], strict=True):
            assert other["top"][0]["confidence"] == pytest.approx(
                one["top"][0]["confidence"], abs=1e-5
            )
            assert np.array(other["ghost"]) == pytest.approx(np.array(one["ghost"]), abs=0.1)
    assert again.accuracy == whole.accuracy


def test_other_examples_or_settings_begin_anew(store, examples, tmp_path):
    lesson, model = lesson_of("head"), store.model("parade")
    with pytest.raises(Stopped):
        teach(examples, lesson, model, tmp_path, Listener(stop_after=3))
    for changed, others in (
        (replace(lesson, seed=1), examples),
        (lesson, replace(examples, examples=examples.examples[1:])),
    ):
        listener = Listener()
        teach(others, changed, model, tmp_path, listener, resume=True)
        assert next(one.epoch for one in listener.heard if one.stage == "teaching") == 1


def test_another_picture_under_the_same_name_begins_anew(store, tmp_path):
    for label, seed in (("up", 1), ("up", 2), ("down", 3), ("down", 4)):
        (tmp_path / "all" / label).mkdir(parents=True, exist_ok=True)
        picture = Image.fromarray(striped(label == "up", seed))
        picture.save(tmp_path / "all" / label / f"{seed}.bmp")
    model, work = store.model("parade"), tmp_path / "work"
    with pytest.raises(Stopped):
        teach(examples_in(tmp_path / "all"), lesson_of("head"), model, work, Listener(3))
    # As large as before: BMP is not packed.
    changed = tmp_path / "all" / "up" / "1.bmp"
    Image.fromarray(striped(True, 99)).save(changed)
    os.utime(changed, (1, 1))
    listener = Listener()
    teach(examples_in(tmp_path / "all"), lesson_of("head"), model, work, listener, resume=True)
    assert next(one.epoch for one in listener.heard if one.stage == "teaching") == 1


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"broken"])
def test_a_damaged_state_begins_anew(store, examples, tmp_path, content):
    tmp_path.joinpath("state.npz").write_bytes(content)
    listener = Listener()
    teach(examples, lesson_of("head"), store.model("parade"), tmp_path, listener, resume=True)
    assert next(one.epoch for one in listener.heard if one.stage == "teaching") == 1


def test_a_new_lesson_forgets_the_review_of_the_old_one(store, examples, tmp_path):
    model = store.model("parade")
    teach(examples, lesson_of("head"), model, tmp_path, Listener())
    assert (tmp_path / "review.json").is_file()
    with pytest.raises(Stopped):
        teach(examples, lesson_of("head"), model, tmp_path, Listener(stop_after=1))
    assert not (tmp_path / "review.json").exists()
    assert len(json.loads((tmp_path / "film.json").read_text())["epochs"]) == 1


def test_pictures_that_are_no_examples_can_be_watched(store, examples, tmp_path):
    Image.fromarray(striped(False, 99, (90, 60))).save(tmp_path / "other.png")
    watched = [tmp_path / "other.png"]
    model = store.model("parade")
    teach(examples, lesson_of("head"), model, tmp_path / "work", Listener(), watched=watched)
    film = json.loads((tmp_path / "work" / "film.json").read_text())
    assert film["probes"] == [{"name": str(watched[0]), "label": ""}]


def test_chosen_probes_are_watched_in_their_order(store, examples, tmp_path):
    names = [examples.examples[15].name, examples.examples[2].name]
    lesson = lesson_of("head", probes=[*names, "gone~1.png"])
    teach(examples, lesson, store.model("parade"), tmp_path, Listener())
    film = json.loads((tmp_path / "film.json").read_text())
    assert [probe["name"] for probe in film["probes"]] == names


@pytest.mark.parametrize("shape", [(1, 500), (500, 2)])
def test_pictures_as_thin_as_a_thread_can_be_watched(store, tmp_path, shape):
    thin = Collections(tmp_path / "home").get("mine")
    for label in LABELS:
        thin.add_label(label)
        thin.add_picture(label, Picture(np.full((*shape, 3), 200, np.uint8)))
        for seed in range(4):
            thin.add_picture(label, Picture(striped(label == LABELS[0], seed)))
    work = tmp_path / "work"
    teach(thin.examples(), lesson_of("head", epochs=2), store.model("parade"), work, Listener())
    for frame in json.loads((work / "film.json").read_text())["epochs"][-1]["frames"]:
        assert np.isfinite(frame["ghost"]).all()
        assert np.shape(frame["ghost"]) == (6, 8)


def test_examples_are_told_apart(store, tmp_path):
    mine = Collections(tmp_path / "home").get("mine")
    mine.add_label("cat")
    name = mine.add_picture("cat", Picture(striped(True, 1)))
    seen = [mine.examples().fingerprint()]
    for mask in (np.full((96, 96, 3), 255, np.uint8), striped(True, 2)):
        mine.set_mask(name, Picture(mask))
        seen.append(mine.examples().fingerprint())
    path = mine.picture(name)
    content = path.read_bytes()
    path.write_bytes(content + b"another picture under its name")
    seen.append(mine.examples().fingerprint())
    assert len(set(seen)) == 4
    path.write_bytes(content)
    assert mine.examples().fingerprint() == seen[2]


def test_a_model_without_a_keras_file_cannot_be_built_upon(store, examples, tmp_path):
    from backend.parade.training import LABELS as CHARACTERS
    from tests.extension.conftest import PARADE

    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(CHARACTERS), "utf-8")
    model = store.add({"m.tflite": PARADE / "classifier.tflite", "labels.txt": labels})
    with pytest.raises(CannotUse) as caught:
        teach(examples, lesson_of("head"), model, tmp_path / "work", Listener())
    assert caught.value.code == "no_extractor"


def test_a_teachable_machine_export_can_be_built_upon(real_model, examples, store, tmp_path):
    model = real_model("waste_materials")
    result = teach(examples, lesson_of("head"), model, tmp_path, Listener())
    added = store.add(result.files, name="ours", fit=result.fit, pixels=result.pixels)
    assert added.pixels == (-1, 1)
    assert added.input_size == (224, 224)
    film = json.loads((tmp_path / "film.json").read_text())
    classifier = store.open(added.id)
    picture = examples.examples[0].picture()
    plan = Fit.of(picture, classifier.input_size, classifier.fit)
    said = predict(classifier, plan.apply(picture.pixels))
    top = film["epochs"][-1]["frames"][0]["top"][0]
    assert said.confidence[LABELS.index(top["label"])] == pytest.approx(top["confidence"], abs=1e-3)


def test_closed_forms_have_the_shapes_that_are_said(store, examples):
    from backend.classifiers.trainable import Extractor
    from backend.teaching.pupils import HeadPupil

    extractor = Extractor(store.model("parade"))
    pictures = [np.full((*extractor.input_size, 3), value, np.uint8) for value in (0, 90, 180)]
    pupil = HeadPupil(
        extractor, lambda at, _: pictures[at], np.array([0, 1, 2]), 1, 3, 0, lambda share: None
    )
    maps = pupil.maps(np.stack(pictures))
    assert confidence(pupil, maps).sum(axis=1) == pytest.approx([1, 1, 1])
    assert cam(pupil, maps[0], 2).shape == maps.shape[1:3]
    assert training.EXPORT == "export"
