"""Makes small models of every kind and asks Keras what they answer.

Run as a program of its own, `python make_models.py FOLDER`, so that the tests can prove
that the server's process never loads TensorFlow. Beside each good model NAME.h5 (or
.keras, .tflite) lies NAME.npz: pictures (N, H, W, 3) uint8, and the probabilities (N, K)
that Keras gives for them.
"""

import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
import tf_keras

RANDOM = np.random.default_rng(7)
keras.utils.set_random_seed(7)
tf_keras.utils.set_random_seed(7)


def spread(model) -> None:
    """Untrained models hardly answer differently; larger weights make them decide."""
    drawn = [RANDOM.normal(0, 0.6, variable.shape) for variable in model.weights]
    model.set_weights(
        [
            np.abs(values) + 0.5 if "variance" in variable.name else values
            for variable, values in zip(model.weights, drawn, strict=True)
        ]
    )


def pictures(height: int, width: int) -> np.ndarray:
    """Six pictures of coloured patches, from dark to bright; noise all looks alike to a model."""
    brightest = np.array([20, 60, 110, 160, 210, 256]).reshape(6, 1, 1, 1)
    patches = RANDOM.integers(0, brightest, (6, 4, 4, 3), np.uint8)
    return patches.repeat(height // 4, axis=1).repeat(width // 4, axis=2)


def softmax(scores: np.ndarray) -> np.ndarray:
    powers = np.exp(scores.astype(np.float64) - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def save(folder: Path, name: str, model, shown: np.ndarray, fed: np.ndarray, scores=False) -> None:
    """Save a model and its answers to the pictures `shown`, which it gets as `fed`."""
    answers = model.predict(fed.astype(np.float32), verbose=0)
    stem = name.split(".")[0]
    np.savez(folder / stem, pictures=shown, probabilities=softmax(answers) if scores else answers)
    model.save(folder / name)


def keras_3(folder: Path) -> None:
    """Models as Keras 3 saves them."""
    layers = keras.layers
    stage = pictures(40, 60)
    ends_in_softmax_layer = keras.Sequential(
        [
            keras.Input((40, 60, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(6, 3, strides=2, activation="relu"),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3),
            layers.Softmax(),
        ]
    )
    spread(ends_in_softmax_layer)
    save(folder, "sequential_3.keras", ends_in_softmax_layer, stage, stage)

    picture = keras.Input((32, 32, 3))
    features = layers.SeparableConv2D(8, 3, activation="swish")(picture)
    features = layers.Add()([layers.Conv2D(8, 1)(features), features])
    head = keras.Sequential(
        [keras.Input((8,)), layers.Dropout(0.5), layers.Dense(4, activation="softmax")], name="head"
    )
    nested = keras.Model(picture, head(layers.GlobalMaxPooling2D()(features)), name="outside")
    spread(nested)
    square = pictures(32, 32)
    save(folder, "nested_3.keras", nested, square, square / 255)
    save(folder, "nested_3_h5.h5", nested, square, square / 255)

    @keras.saving.register_keras_serializable(package="mine")
    class Mine(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 2

    own = keras.Sequential([keras.Input((32, 32, 3)), Mine(), layers.Flatten(), layers.Dense(2)])
    own.save(folder / "own_layer.keras")


def keras_2(folder: Path) -> None:
    """Models as Keras 2 saves them."""
    layers = tf_keras.layers
    square = pictures(32, 32)
    picture = tf_keras.Input((32, 32, 3))
    features = layers.Conv2D(8, 3, strides=2, use_bias=False)(picture / 127.5 - 1)
    features = layers.ReLU(6.0)(layers.BatchNormalization()(features))
    features = layers.DepthwiseConv2D(3, padding="same")(features)
    answer = layers.Dense(5)(layers.Flatten()(layers.AveragePooling2D(4)(features)))
    arithmetic = tf_keras.Model(picture, layers.Activation("softmax")(answer))
    spread(arithmetic)
    save(folder, "arithmetic_2.h5", arithmetic, square, square)
    save(folder, "arithmetic_2_zip.keras", arithmetic, square, square)

    inner = tf_keras.Sequential(
        [layers.InputLayer((32, 32, 1)), layers.Conv2D(4, 3), layers.GlobalAveragePooling2D()]
    )
    head = tf_keras.Sequential(
        [
            layers.InputLayer((4,)),
            layers.Dense(9, "relu"),
            layers.Dense(3, "softmax", use_bias=False),
        ]
    )
    grey = tf_keras.Sequential([layers.InputLayer((32, 32, 1)), inner, head])
    spread(grey)
    one_channel = square @ np.array([0.2989, 0.587, 0.114]) / 127.5 - 1
    save(folder, "grey.h5", grey, square, one_channel[..., np.newaxis])

    def small(last, shape=(16, 16, 3), **names):
        model = tf_keras.Sequential(
            [layers.InputLayer(shape), layers.Flatten(), layers.Dense(**last)], **names
        )
        spread(model)
        return model

    linear = small({"units": 3}, name="mobilenetv2_like")
    tiny = pictures(16, 16)
    save(folder, "linear.h5", linear, tiny, tiny / 127.5 - 1, scores=True)
    small({"units": 1, "activation": "softmax"}).save(folder / "one_class.h5")
    small({"units": 2, "activation": "sigmoid"}).save(folder / "sigmoid.h5")
    small({"units": 2, "activation": "softmax"}, (43, 232, 1)).save(folder / "sound.h5")
    small({"units": 2, "activation": "softmax"}, (14739,)).save(folder / "pose.h5")

    first, second = tf_keras.Input((16, 16, 3)), tf_keras.Input((16, 16, 3))
    joined = layers.Flatten()(layers.Concatenate()([first, second]))
    two_inputs = tf_keras.Model([first, second], layers.Dense(2, "softmax")(joined))
    two_inputs.save(folder / "two_inputs.h5")
    both = [layers.Dense(2, "softmax")(layers.Flatten()(first)) for _ in range(2)]
    tf_keras.Model(first, both).save(folder / "two_outputs.h5")
    runs_code = tf_keras.Sequential(
        [layers.InputLayer((16, 16, 3)), layers.Lambda(lambda inputs: inputs * 2, name="trick")]
    )
    runs_code.save(folder / "lambda.h5")


def tensorflow_lite(folder: Path) -> None:
    """TensorFlow Lite files that do not come from Teachable Machine."""
    weights = tf.constant(RANDOM.normal(0, 0.1, (12 * 12 * 3, 4)), tf.float32)

    def scores(picture):
        return tf.reshape(picture, (1, 12 * 12 * 3)) @ weights

    def shares(picture):
        return tf.nn.softmax(scores(picture)) * 0.5 + 0.125

    def convert(function, *shapes) -> bytes:
        specifications = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
        concrete = tf.function(function).get_concrete_function(*specifications)
        return tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert()

    shown = pictures(12, 12)
    shape = (1, 12, 12, 3)
    by_hand = (shown / 255).reshape(len(shown), -1) @ weights.numpy().astype(np.float64)
    for name, function, answers in (
        ("scores", scores, softmax(by_hand)),
        ("shares", shares, softmax(by_hand) * 0.5 + 0.125),
        ("ends_in_softmax", lambda picture: tf.nn.softmax(scores(picture)), softmax(by_hand)),
    ):
        (folder / f"{name}.tflite").write_bytes(convert(function, shape))
        np.savez(folder / name, pictures=shown, probabilities=answers)
    concrete = tf.function(lambda picture: tf.nn.softmax(scores(picture))).get_concrete_function(
        tf.TensorSpec(shape, tf.float32)
    )
    for name, of_type in (("bytes", tf.uint8), ("bytes_inside", tf.float32)):
        converter = tf.lite.TFLiteConverter.from_concrete_functions([concrete])
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: (
            [picture[np.newaxis].astype(np.float32) / 255] for picture in shown
        )
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = of_type
        (folder / f"{name}.tflite").write_bytes(converter.convert())
        np.savez(folder / name, pictures=shown, probabilities=softmax(by_hand))
    yes_or_no = convert(lambda picture: tf.sigmoid(scores(picture)), shape)
    (folder / "yes_or_no.tflite").write_bytes(yes_or_no)
    two = convert(lambda one, other: scores(one + other), shape, shape)
    (folder / "two_inputs.tflite").write_bytes(two)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    keras_3(target)
    keras_2(target)
    tensorflow_lite(target)
