"""What other programs say: run with the Python of an environment that has them.

`PYTHON peers.py MODEL.h5 INPUT.npz OUT.npz [REPEATS [STEPS]]`: INPUT has `picture` (H, W, 3)
float32 as the model takes it, `references` (R, H, W, 3) and `target`. OUT gets a map for each
peer that is installed, and `seconds_NAME`, the median of the processor's time over the repeats.
Gradients are of the logit.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np


def without_softmax(model: Any) -> Any:
    """The model with logits; Teachable Machine's head is a Sequential of two Dense layers."""
    last = model
    while hasattr(last, "layers"):
        last = last.layers[-1]
    last.activation = None
    return model


def ways(
    model: Any, given: dict[str, np.ndarray], steps: int
) -> dict[str, Callable[[], np.ndarray]]:
    """Name → makes a map (H, W), with so many steps or samples."""
    import tensorflow as tf

    picture, target = given["picture"], int(given["target"])
    batch = picture[np.newaxis]
    labels = np.eye(model.output_shape[-1], dtype=np.float32)[[target]]

    @tf.function
    def gradient(inputs: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            score = model(inputs, training=False)[:, target]
        return tape.gradient(score, inputs)

    def call(inputs: Any, call_model_args: Any = None, expected_keys: Any = None) -> Any:
        return {"INPUT_OUTPUT_GRADIENTS": gradient(tf.convert_to_tensor(inputs)).numpy()}

    def pair_ig(edge: float = -1.0) -> np.ndarray:
        import saliency.core as saliency

        baseline = np.full_like(picture, edge)
        return (
            saliency.IntegratedGradients()
            .GetMask(picture, call, x_steps=steps, x_baseline=baseline, batch_size=25)
            .sum(axis=-1)
        )

    def pair_xrai(algorithm: str) -> np.ndarray:
        import saliency.core as saliency

        chosen = saliency.XRAIParameters(steps=steps, algorithm=algorithm)
        edges = [np.full_like(picture, edge) for edge in (-1.0, 1.0)]
        return saliency.XRAI().GetMask(
            picture, call, extra_parameters=chosen, baselines=edges, batch_size=25
        )

    def pair_smoothgrad() -> np.ndarray:
        import saliency.core as saliency

        share = 0.15 * 2 / float(picture.max() - picture.min())
        made = saliency.GradientSaliency().GetSmoothedMask(
            picture, call, stdev_spread=share, nsamples=steps, magnitude=False
        )
        return np.abs(made).sum(axis=-1)

    def shap_gradients() -> np.ndarray:
        import shap

        explainer = shap.GradientExplainer(model, given["references"])
        values = explainer.shap_values(batch, nsamples=2 * steps, rseed=0)
        return np.asarray(values)[..., target].reshape(*picture.shape).sum(axis=-1)

    def xplique_of(name: str, **settings: Any) -> np.ndarray:
        import xplique.attributions as attributions

        explainer = getattr(attributions, name)(model, batch_size=32, **settings)
        return np.asarray(explainer.explain(batch, labels))[0].squeeze()

    def eli5_cam() -> np.ndarray:
        """ELI5's formula, from a model that ends at the layer and one that goes on."""
        features = model.layers[0]
        inner = features.layers[0] if hasattr(features, "layers") else features
        pooled = features.layers[-1]
        maps = tf.Variable(inner(batch, training=False))
        with tf.GradientTape() as tape:
            score = model.layers[-1](pooled(maps), training=False)[:, target]
        weights = tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2), keepdims=True)
        return np.maximum((weights * maps).numpy().sum(axis=-1)[0], 0)

    return {
        "eli5_grad_cam": eli5_cam,
        "pair_integrated_gradients": pair_ig,
        "pair_smoothgrad": pair_smoothgrad,
        "pair_xrai_full": lambda: pair_xrai("full"),
        "pair_xrai_fast": lambda: pair_xrai("fast"),
        "shap_expected_gradients": shap_gradients,
        "xplique_grad_cam": lambda: xplique_of("GradCAM"),
        "xplique_smoothgrad": lambda: xplique_of("SmoothGrad", nb_samples=steps, noise=0.3),
        "xplique_integrated_gradients": lambda: xplique_of(
            "IntegratedGradients", steps=steps, baseline_value=-1.0
        ),
        "xplique_kernel_shap": lambda: xplique_of(
            "KernelShap", nb_samples=800, ref_value=np.full(3, -1.0, np.float32),
            map_to_interpret_space=squares(picture.shape[:2]),
        ),
    }  # fmt: skip


def squares(size: tuple[int, int]) -> Callable[[Any], Any]:
    """A segmentation into 6 × 8 squares, as xplique wants it."""
    rows = np.arange(size[0]) * 6 // size[0]
    columns = np.arange(size[1]) * 8 // size[1]
    return lambda picture: (rows[:, np.newaxis] * 8 + columns).astype(np.int32)


def main(
    model_file: str, given_file: str, out_file: str, repeats: str = "1", steps: str = "25"
) -> None:
    """Ask every peer; one that is not there or fails is left out, with its reason."""
    import tf_keras

    given = dict(np.load(given_file))
    model = without_softmax(tf_keras.models.load_model(model_file, compile=False))
    found = {}
    for name, way in ways(model, given, int(steps)).items():
        try:
            found[name] = np.asarray(way(), np.float32)
            times = []
            for _ in range(int(repeats)):
                start = process_time()
                way()
                times.append(process_time() - start)
            found["seconds_" + name] = np.median(times) if times else np.nan
        except Exception as problem:
            # Each peer fails in its own way, and the others are still worth asking.
            print(f"{name}: {problem!r}", file=sys.stderr)
    np.savez(Path(out_file), **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
