"""What every method must do, and what each gives for networks that can be worked out by hand."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from backend.errors import BadSetting, CannotUse, NotFound
from backend.explanations.asking import Question
from backend.explanations.integrated_gradients import integrate
from backend.explanations.methods import METHODS, answer
from backend.explanations.occlusion import patch_boxes
from backend.picture import Picture
from tests.fakes import BrightnessClassifier, QuadraticNetwork

RANDOM = np.random.default_rng(5)
PIXELS = RANDOM.integers(20, 236, (12, 20, 3), np.uint8)
WEIGHTS = RANDOM.normal(0, 0.3, (12, 20, 3, 2))
QUICK = {"shapley": {"evaluations": 60}}


def ask(network=None, pixels=PIXELS, rows=3, columns=4, **more) -> Question:
    network = network or QuadraticNetwork(WEIGHTS)
    references = [Picture(np.full_like(pixels, level)) for level in (0, 80, 160)]
    return Question.about(
        network, network, Picture(pixels), rows, columns, references=references, **more
    )


def explained(method: str, question: Question | None = None, **settings):
    return answer(METHODS[method], question or ask(), QUICK.get(method, {}) | settings)


@pytest.fixture(params=METHODS)
def method(request) -> str:
    return request.param


def test_shapes_and_numbers(method):
    found = explained(method)
    assert found.relevance.shape == (3, 4) and found.relevance.dtype == np.float32
    assert np.isfinite(found.relevance).all() and found.unit
    if found.attribution is not None:
        assert found.attribution.shape == (12, 20) and found.attribution.dtype == np.float32
    assert found.target == ("one" if found.label_index == 0 else "two")
    assert set(found.settings) == {setting.name for setting in METHODS[method].settings}
    assert found.verdict == "found"


def test_rows_are_rows(method):
    """Only the top right square matters, on a picture that is wider than high."""
    weights = np.zeros_like(WEIGHTS)
    weights[:4, 15:, :, 0] = 0.2
    pixels = PIXELS
    if method in ("grad_cam", "activations"):  # they ask where the layer is active
        pixels = np.where(weights[..., 0] > 0, PIXELS, 0).astype(np.uint8)
    found = explained(method, ask(QuadraticNetwork(weights), pixels, target="one"))
    if method == "xrai":  # its regions are as the picture has them
        assert found.relevance[0, 3] > max(found.relevance[2, 0], found.relevance[0, 0], 0)
        return
    assert found.most_relevant == (0, 3)


def test_the_same_seed_gives_the_same_map(method):
    one, other = explained(method), explained(method)
    np.testing.assert_array_equal(one.relevance, other.relevance)
    if "seed" in one.settings and method != "integrated_gradients":
        assert np.abs(explained(method, seed=1).relevance - one.relevance).max() > 0


def test_a_constant_model_is_flat(method):
    found = explained(method, ask(QuadraticNetwork(np.zeros_like(WEIGHTS))))
    if METHODS[method].needs_target:
        assert found.verdict == "flat" and found.most_relevant is None


@pytest.mark.parametrize("level", [0, 90])
def test_a_constant_picture_is_flat(method, level):
    found = explained(method, ask(pixels=np.full_like(PIXELS, level)))
    assert np.isfinite(found.relevance).all()
    assert found.verdict == "flat" and "one colour" in found.warnings[0]


def test_a_broken_model_is_refused(method):
    broken = QuadraticNetwork(np.full_like(WEIGHTS, np.nan))
    with pytest.raises(CannotUse, match="not a number"):
        explained(method, ask(broken))


def test_a_network_that_breaks_later_is_refused(method):
    if METHODS[method].needs == "scores":
        pytest.skip("needs no gradients")
    question = ask()
    question.network.weights = np.full_like(WEIGHTS, np.nan)
    if method == "activations":  # its maps are before the weights
        return
    with pytest.raises(CannotUse, match="not a number"):
        explained(method, question)


def test_without_gradients_it_is_refused_or_works(method):
    question = replace(ask(), network=None)
    if METHODS[method].needs == "scores":
        assert explained(method, question).verdict == "found"
    else:
        with pytest.raises(CannotUse):
            explained(method, question)


def test_leaving_ends_the_work(method):
    def leave(share):
        raise ConnectionAbortedError

    if method in ("grad_cam", "activations"):
        pytest.skip("one run of the network")
    with pytest.raises(ConnectionAbortedError):
        explained(method, ask(tell=leave))


def test_a_target_outside_the_classes_is_refused():
    with pytest.raises(NotFound):
        ask(target="three")


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("integrated_gradients", {"steps": 0}),
        ("integrated_gradients", {"steps": 2.5}),
        ("integrated_gradients", {"baselines": "black,black"}),
        ("integrated_gradients", {"baselines": ""}),
        ("smoothgrad", {"samples": 0}),
        ("smoothgrad", {"noise": "much"}),
        ("expected_gradients", {"samples": True, "layer": "none"}),
        ("grad_cam", {"layer": "flat"}),
        ("grad_cam", {"layer": 7}),
        ("grad_cam", {"layer": "--1"}),
        ("grad_cam", {"layer": "9" * 5000}),  # more digits than Python reads
        ("grad_cam", {"colour": "red"}),
        ("xrai", {"top": 0}),
        ("shapley", {"evaluations": 20}),
        ("smallest_peek", {"confidence": 1.5}),
        ("occlusion", {"patch_px": 13}),
        ("occlusion", {"patch_px": 4, "stride_px": 5}),
        ("occlusion", {"stride_px": 5}),
    ],
)
def test_settings_that_make_no_sense_are_refused(name, settings):
    with pytest.raises(BadSetting) as refused:
        explained(name, **settings)
    assert refused.value.hint


def test_patches_cover_every_pixel_by_hand():
    # 3 × 5, patches of 2, stride 2: the last row and column get a patch moved inward.
    boxes = [(box.top, box.left) for box in patch_boxes((3, 5), 2, 2)]
    assert boxes == [(0, 0), (0, 2), (0, 3), (1, 0), (1, 2), (1, 3)]


def test_overlapping_patches_are_averaged_by_hand():
    # White 1 × 3, the classifier reads the middle pixel; patches of 1 × 1 and a row of 2 × 2.
    white = np.full((2, 3, 3), 255, np.uint8)
    question = Question.about(BrightnessClassifier((2, 3), 0, 1), None, Picture(white), 1, 1)
    found = answer(METHODS["occlusion"], question, {"patch_px": 2, "stride_px": 1})
    # Both patches cover the pixel that is read, so every pixel's mean is 10.
    np.testing.assert_allclose(found.attribution, np.full((2, 3), 10), atol=1e-5)
    single = answer(METHODS["occlusion"], question, {"patch_px": 1})
    np.testing.assert_allclose(single.attribution, [[0, 10, 0], [0, 0, 0]], atol=1e-5)


def test_integrated_gradients_by_hand():
    # The score is Σ w·(x/255)², so from black each pixel's part is just its own term.
    question = ask()
    found = explained("integrated_gradients", question, steps=3)
    own = (WEIGHTS[..., question.target] * (PIXELS / 255) ** 2).sum(axis=-1)
    np.testing.assert_allclose(found.attribution, own, atol=1e-5)
    assert found.baseline_score == 0 and abs(found.completeness_gap) < 1e-4
    assert found.relevance.sum() == pytest.approx(found.example_score, rel=1e-4)
    white = explained("integrated_gradients", question, baselines="white")
    terms = WEIGHTS[..., question.target] * ((PIXELS / 255) ** 2 - 1)
    np.testing.assert_allclose(white.attribution, terms.sum(axis=-1), atol=1e-5)
    both = explained("integrated_gradients", question, baselines="black,white")
    np.testing.assert_allclose(both.attribution, (own + terms.sum(axis=-1)) / 2, atol=1e-5)


def test_steps_are_small_where_a_picture_begins_to_appear():
    # The score log(1 + x) rises fastest near black; 50 even steps would miss it by 7 %.
    white, black = np.full((1, 1, 3), 255, np.uint8), np.zeros((1, 1, 3), np.float32)
    found = integrate(lambda ways: (1 / (1 + way()) for way in ways), white, black, 50)
    np.testing.assert_allclose(found, np.log(256), rtol=5e-3)
    # One step takes the slope in the middle.
    once = integrate(lambda ways: (1 / (1 + way()) for way in ways), white, black, 1)
    np.testing.assert_allclose(once, 255 / 128.5)


def test_after_softmax_it_explains_the_probability():
    question = ask()
    found = explained("integrated_gradients", question, steps=200, score="after_softmax")
    scores = question.classifier.scores(PIXELS[np.newaxis])[0].astype(float)
    sure = np.exp(scores)[question.target] / np.exp(scores).sum()
    assert found.example_score == pytest.approx(sure, rel=1e-5) and found.unit == "probability"
    assert found.attribution.sum() == pytest.approx(sure - 0.5, rel=0.01)


def test_grad_cam_by_hand():
    question = ask()
    found = explained("grad_cam", question)
    squares = (PIXELS / 255) ** 2
    weights = WEIGHTS[..., question.target].mean(axis=(0, 1))
    by_hand = np.maximum((squares * weights).sum(axis=-1), 0)
    np.testing.assert_allclose(found.maps[0], by_hand, atol=1e-6)
    for layer in ("squares", "0", "-2", 0):
        same = explained("grad_cam", question, layer=layer)
        np.testing.assert_array_equal(found.maps, same.maps)


def test_smoothgrad_by_hand():
    # Without noise every sample is the gradient itself: 2·w·x / 255².
    question = ask()
    gradient = 2 * WEIGHTS[..., question.target] * PIXELS / 255**2
    expected = {
        "absolute": np.abs(gradient).sum(axis=-1),
        "signed": gradient.sum(axis=-1),
        "squared": (gradient**2).sum(axis=-1),
    }
    for form, by_hand in expected.items():
        found = explained("smoothgrad", question, noise=0, samples=3, form=form)
        np.testing.assert_allclose(found.attribution, by_hand, rtol=1e-4)
        assert found.verdict == "found"
    # The gradient is linear in the picture, so noise averages out.
    noisy = explained("smoothgrad", question, samples=1000, noise=0.1, form="signed")
    assert np.corrcoef(noisy.attribution.ravel(), expected["signed"].ravel())[0, 1] > 0.99


def test_expected_gradients_by_hand():
    # From a constant reference r each pixel's part is w·((x/255)² − (r/255)²).
    question = ask()
    squares, references = (PIXELS / 255) ** 2, (np.array([0, 80, 160]) / 255) ** 2
    by_hand = (WEIGHTS[..., question.target] * (squares - references.mean())).sum(axis=-1)
    found = explained("expected_gradients", question, samples=1500)
    off = np.abs(found.attribution - by_hand)
    assert off.mean() < 0.03 * np.abs(by_hand).mean()
    within = np.abs(found.relevance - _pooled(by_hand)) <= 4 * found.standard_error
    assert within.all()
    # Through the inner layer the score is linear: every sample is exact but for its reference.
    inner = explained("expected_gradients", question, layer="squares", samples=3)
    np.testing.assert_allclose(inner.maps[0], by_hand, atol=1e-5)
    np.testing.assert_allclose(inner.attribution, by_hand, atol=1e-5)


def test_expected_gradients_say_that_they_miss_the_score():
    for samples, misses in ((5, True), (1500, False)):
        found = explained("expected_gradients", samples=samples)
        assert (found.approx_error > 0.05) == misses
        said = f"misses the score by {found.approx_error:.0%}: take more samples"
        assert any(said in one for one in found.warnings) == misses


def _pooled(attribution: np.ndarray) -> np.ndarray:
    return attribution.reshape(3, 4, 4, 5).sum(axis=(1, 3))


class ThreeSquares(BrightnessClassifier):
    """Of 1 × 3 pixels: the log-odds are 4·a + 2·a·b − c, where a pixel is 1 if white."""

    def scores(self, batch):
        a, b, c = (batch[:, 0].astype(np.float32).mean(axis=-1) / 255).T
        log_odds = 4 * a + 2 * a * b - c
        return np.stack([log_odds, np.zeros_like(log_odds)], axis=1)


def test_shapley_by_hand():
    def value(shown):
        a, b, c = (index in shown for index in range(3))
        return 4 * a + 2 * a * b - c

    by_hand = np.zeros(3)
    for order in permutations(range(3)):
        for place, index in enumerate(order):
            before = set(order[:place])
            by_hand[index] += (value(before | {index}) - value(before)) / 6
    np.testing.assert_allclose(by_hand, [5, 1, -1])
    white = Picture(np.full((1, 3, 3), 255, np.uint8))
    question = Question.about(ThreeSquares((1, 3), 0, 0), None, white, 1, 3, target="bright")
    found = answer(METHODS["shapley"], question, {"evaluations": 400})
    # Backwards and forwards together, every order gives the same here but for rounding.
    np.testing.assert_allclose(found.relevance, [by_hand], atol=1e-4)
    assert found.example_score == pytest.approx(5) and found.baseline_score == pytest.approx(0)


def test_smallest_peek_by_hand():
    white = Picture(np.full((1, 3, 3), 255, np.uint8))
    question = Question.about(ThreeSquares((1, 3), 0, 0), None, white, 1, 3, target="bright")
    # The first square alone gives log-odds 4: 98 %. Covering it leaves −1.
    found = answer(METHODS["smallest_peek"], question, {"confidence": 0.95})
    assert found.facts["suffices"] == [[0, 0]] and found.facts["flips"] == [[0, 0]]
    assert found.relevance[0, 0] == pytest.approx(1 / (1 + np.exp(-4)) - 0.5)
    more = answer(METHODS["smallest_peek"], question, {"confidence": 0.99})
    assert more.facts["suffices"] == [[0, 0], [0, 1]]
    never = answer(METHODS["smallest_peek"], question, {"confidence": 0.9999})
    assert never.facts["suffices"] is None and never.verdict == "flat"
    assert any("whole picture" in warning for warning in never.warnings)


def test_activations_show_the_strongest_channels_first():
    found = explained("activations", channels=2)
    squares = (PIXELS / 255) ** 2
    order = np.argsort(-squares.mean(axis=(0, 1)))[:2]
    assert found.facts["channels"] == order.tolist()
    np.testing.assert_allclose(found.maps, np.moveaxis(squares[..., order], -1, 0), atol=1e-6)
    assert found.facts["layers"][1] == {
        "name": "flat", "type": "Dense", "output_shape": [2], "parameters": WEIGHTS.size,
    }  # fmt: skip


@pytest.mark.parametrize("name", METHODS)
def test_what_a_classifier_lacks_is_known_beforehand(name):
    method = METHODS[name]
    if method.needs == "scores":
        assert method.why_not(False, ()) is None
        return
    assert "Keras" in str(method.why_not(False, ()))
    assert method.why_not(True, ("conv",)) is None
    # Without a layer that has height and width, only these cannot begin.
    lacks = method.why_not(True, ()) is not None
    assert lacks == (name in ("grad_cam", "activations"))
