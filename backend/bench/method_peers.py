"""Others' explanation methods, each of which makes one map: to be timed, and to judge ours.

`PYTHON -m backend.bench.method_peers MODEL.h5 INPUT.npz`, with the Python of an environment
that has them, runs one for each line it is sent; see `backend.bench.answering`. INPUT has
`picture` (H, W, 3) float32 as the model takes it, `references` (R, H, W, 3), and `target`.

They get pictures that are fitted and normalised already, models without softmax, and what
they prepare only once is not timed. All is as their documents show it, in the batches that
were quickest.
"""

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from backend.bench.answering import answer_lines
from backend.bench.asked import Asked, asked_about

PACKAGES = ("tensorflow", "tf-keras", "xplique", "tf-explain", "saliency", "shap")
BATCH = 32
NOISE = 0.15
"""SmoothGrad's, as a share of the whole range, which is 2 in the models' input."""
EVALUATIONS = 800
ROWS, COLUMNS = 6, 8
Run = Callable[[], np.ndarray]


def eli5_grad_cam(asked: Asked) -> Run:
    """ELI5's formula, which takes gradients of the score for a layer that is split off."""
    import tensorflow as tf

    maps_of = tf.keras.Model(asked.flat.input, asked.flat.get_layer(asked.last_map).output)
    pooled, head = asked.model.layers[0].layers[-1], asked.model.layers[-1]

    def run() -> np.ndarray:
        maps = tf.Variable(maps_of(asked.picture[np.newaxis], training=False))
        with tf.GradientTape() as tape:
            score = head(pooled(maps), training=False)[:, asked.target]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
        return np.maximum((weights * maps).numpy().sum(axis=-1)[0], 0)

    return run


def tf_explain_grad_cam(asked: Asked) -> Run:
    """The formula alone, without its drawing."""
    from tf_explain.core.grad_cam import GradCAM

    def run() -> np.ndarray:
        maps, gradients = GradCAM.get_gradients_and_filters(
            asked.flat, asked.picture[np.newaxis], asked.last_map, asked.target, False
        )
        # It keeps what speaks against the label, too.
        return np.maximum(GradCAM.generate_ponderated_output(maps, gradients)[0], 0)

    return run


def tf_explain_smoothgrad(asked: Asked) -> Run:
    """The gradient is that of the loss."""
    from tf_explain.core.smoothgrad import SmoothGrad

    def run() -> np.ndarray:
        noisy = SmoothGrad.generate_noisy_images(asked.picture[np.newaxis], asked.steps, 2 * NOISE)
        found = SmoothGrad.get_averaged_gradients(noisy, asked.model, asked.target, asked.steps)
        return np.abs(found.numpy()[0]).sum(axis=-1)

    return run


def tf_explain_integrated_gradients(asked: Asked) -> Run:
    """The mean gradient, from a grey baseline."""
    from tf_explain.core.integrated_gradients import IntegratedGradients

    def run() -> np.ndarray:
        way = IntegratedGradients.generate_interpolations(asked.picture[np.newaxis], asked.steps)
        found = IntegratedGradients.get_integrated_gradients(
            way, asked.model, asked.target, asked.steps
        )
        return found.numpy()[0].sum(axis=-1)

    return run


def tf_explain_occlusion(asked: Asked) -> Run:
    """Patches of an eighth; it wants pictures from 0 to 255, and gives 1 − probability."""
    import tf_keras
    from tf_explain.core.occlusion_sensitivity import OcclusionSensitivity

    scaled = tf_keras.Sequential([tf_keras.layers.Rescaling(1 / 127.5, -1), asked.sure])
    scaled.build((None, *asked.picture.shape))
    picture = (asked.picture + 1) * 127.5
    explainer = OcclusionSensitivity(batch_size=BATCH)
    side = asked.picture.shape[0] // 8
    return lambda: explainer.get_sensitivity_map(scaled, picture, asked.target, side)


def _xplique(name: str, model: str = "flat", **settings: Any) -> Callable[[Asked], Run]:
    def prepare(asked: Asked) -> Run:
        import xplique.attributions as attributions

        own = {key: value(asked) if callable(value) else value for key, value in settings.items()}
        explainer = getattr(attributions, name)(getattr(asked, model), batch_size=BATCH, **own)
        labels = np.eye(asked.model.output_shape[-1], dtype=np.float32)[[asked.target]]
        batch = asked.picture[np.newaxis]
        return lambda: np.asarray(explainer.explain(batch, labels))[0].squeeze()

    return prepare


def _squares(asked: Asked) -> Callable[[Any], Any]:
    """The usual squares, as xplique wants them: their numbers in place of pixels."""
    height, width = asked.picture.shape[:2]
    rows, columns = np.arange(height) * ROWS // height, np.arange(width) * COLUMNS // width
    numbers = (rows[:, np.newaxis] * COLUMNS + columns).astype(np.int32)
    return lambda picture: numbers


def _pair_call(asked: Asked) -> Callable[..., Any]:
    import tensorflow as tf

    def call(inputs: Any, call_model_args: Any = None, expected_keys: Any = None) -> Any:
        return {"INPUT_OUTPUT_GRADIENTS": asked.gradient(tf.convert_to_tensor(inputs)).numpy()}

    return call


def pair_smoothgrad(asked: Asked) -> Run:
    """Its noise is a share of the picture's own range."""
    import saliency.core as saliency

    call = _pair_call(asked)
    share = NOISE * 2 / float(asked.picture.max() - asked.picture.min())
    settings = {"stdev_spread": share, "nsamples": asked.steps, "magnitude": False}

    def run() -> np.ndarray:
        found = saliency.GradientSaliency().GetSmoothedMask(asked.picture, call, **settings)
        return np.abs(found).sum(axis=-1)

    return run


def pair_integrated_gradients(asked: Asked) -> Run:
    """From black."""
    import saliency.core as saliency

    call, black = _pair_call(asked), np.full_like(asked.picture, -1)
    settings = {"x_steps": asked.steps, "x_baseline": black, "batch_size": BATCH}
    explainer = saliency.IntegratedGradients()
    return lambda: explainer.GetMask(asked.picture, call, **settings).sum(axis=-1)


def _pair_xrai(algorithm: str) -> Callable[[Asked], Run]:
    def prepare(asked: Asked) -> Run:
        import saliency.core as saliency

        call = _pair_call(asked)
        chosen = saliency.XRAIParameters(steps=asked.steps, algorithm=algorithm)
        edges = [np.full_like(asked.picture, edge) for edge in (-1.0, 1.0)]
        settings = {"extra_parameters": chosen, "baselines": edges, "batch_size": BATCH}
        return lambda: saliency.XRAI().GetMask(asked.picture, call, **settings)

    return prepare


def shap_expected_gradients(asked: Asked) -> Run:
    """GradientExplainer, for the one label."""
    import shap

    explainer = shap.GradientExplainer(asked.model, asked.references)
    batch = asked.picture[np.newaxis]

    def run() -> np.ndarray:
        values = explainer.shap_values(batch, nsamples=2 * asked.steps, rseed=0)
        chosen = np.asarray(values)[..., asked.target]
        return chosen.reshape(*asked.picture.shape).sum(axis=-1)

    return run


WAYS: dict[str, Callable[[Asked], Run]] = {
    "eli5_grad_cam": eli5_grad_cam,
    "tf_explain_grad_cam": tf_explain_grad_cam,
    "xplique_grad_cam": _xplique("GradCAM", conv_layer=lambda asked: asked.last_map),
    "tf_explain_smoothgrad": tf_explain_smoothgrad,
    "xplique_smoothgrad": _xplique(
        "SmoothGrad", nb_samples=lambda asked: asked.steps, noise=2 * NOISE
    ),
    "pair_smoothgrad": pair_smoothgrad,
    "tf_explain_integrated_gradients": tf_explain_integrated_gradients,
    "xplique_integrated_gradients": _xplique(
        "IntegratedGradients", steps=lambda asked: asked.steps, baseline_value=-1.0
    ),
    "pair_integrated_gradients": pair_integrated_gradients,
    "pair_xrai_full": _pair_xrai("full"),
    "pair_xrai_fast": _pair_xrai("fast"),
    "shap_expected_gradients": shap_expected_gradients,
    "xplique_kernel_shap": _xplique(
        "KernelShap",
        model="sure",
        nb_samples=EVALUATIONS,
        ref_value=lambda asked: np.full(3, -1.0, np.float32),
        map_to_interpret_space=_squares,
    ),
    "tf_explain_occlusion": tf_explain_occlusion,
}


def main() -> None:
    """Answer until the input ends."""
    model_file, given_file, steps = sys.argv[1:]
    asked = cache(lambda: asked_about(model_file, given_file, int(steps)))
    answer_lines(PACKAGES, lambda way: WAYS[way](asked()))


if __name__ == "__main__":
    main()
