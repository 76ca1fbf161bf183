"""What a Keras model may consist of: only layers that Keras brings itself and that run no code.

A model's configuration is read by this module before Keras sees any of it. Whatever is not
in these lists is refused by name: a list of what is known to be harmless stays right when
Keras learns new tricks, a list of what is dangerous would not.
"""

from collections.abc import Iterator
from typing import Any

from backend.classifiers.refusals import not_allowed
from backend.errors import CannotUse


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODELS = {"Sequential", "Functional", "Model"}
LAYERS = _names(
    """
    InputLayer Dense Conv1D Conv2D SeparableConv2D DepthwiseConv2D Conv2DTranspose Flatten
    Reshape Permute RepeatVector Dropout SpatialDropout2D GaussianNoise GaussianDropout
    AlphaDropout ActivityRegularization BatchNormalization BatchNormalizationV1
    BatchNormalizationV2 LayerNormalization GroupNormalization UnitNormalization
    SpectralNormalization Activation ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax
    MaxPooling2D AveragePooling2D GlobalAveragePooling2D GlobalMaxPooling2D
    GlobalAveragePooling1D ZeroPadding2D Cropping2D UpSampling2D Add Subtract Multiply Average
    Maximum Minimum Concatenate Dot Rescaling Normalization Resizing CenterCrop RandomCrop
    RandomFlip RandomRotation RandomZoom RandomTranslation RandomContrast RandomBrightness
    RandomHeight RandomWidth RandomShear RandomErasing RandomGrayscale RandomColorJitter
    RandomHue RandomSaturation RandomSharpness RandomInvert MultiHeadAttention Attention
    """
)
OPERATIONS = {"TrueDivide", "Divide", "Subtract", "Multiply", "Add", "Mean", "Cast"}
"""Arithmetic between layers, such as Keras' own `preprocess_input` leaves in a model."""
FUNCTIONS_OF_TENSORFLOW = {
    *(
        "math." + name
        for name in ("truediv", "divide", "subtract", "multiply", "add", "reduce_mean")
    ),
    *("__operators__." + name for name in ("add",)),
    *("nn." + name for name in ("relu", "relu6", "softmax", "bias_add", "silu")),
    *("cast", "compat.v1.transpose", "clip_by_value"),
}
INITIALIZERS = _names(
    """
    Zeros Ones Constant Identity IdentityInitializer RandomNormal RandomUniform TruncatedNormal
    VarianceScaling Orthogonal OrthogonalInitializer GlorotNormal GlorotUniform HeNormal
    HeUniform LecunNormal LecunUniform
    """
)
OTHERS = {
    *("L1", "L2", "L1L2", "MaxNorm", "NonNeg", "UnitNorm", "MinMaxNorm", "OrthogonalRegularizer"),
    *("DTypePolicy", "Policy", "FloatDTypePolicy", "InputSpec"),
    *("__keras_tensor__", "__numpy__", "__tensor__", "__tuple__", "__ellipsis__"),
}
CLASSES = MODELS | LAYERS | OPERATIONS | INITIALIZERS | OTHERS
ACTIVATIONS = _names(
    """
    linear relu relu6 elu selu softmax log_softmax sigmoid hard_sigmoid tanh hard_tanh softplus
    softsign swish silu gelu mish exponential leaky_relu hard_swish hard_silu celu glu
    """
)
_NAMED_BY_STRING = {
    "_initializer": {name.lower() for name in INITIALIZERS},
    "_regularizer": {"l1", "l2", "l1_l2", "l1l2"},
    "_constraint": {"max_norm", "maxnorm", "non_neg", "nonneg", "unit_norm", "unitnorm"},
}


def check(config: Any) -> None:
    """Look at every part of a Keras configuration (as read from JSON).

    Raises:
        CannotUse: `not_allowed_layer`, naming the first part that is not in the lists.
    """
    for part in _dictionaries(config):
        _check_class(part)
        _check_names(part)


def without_training(config: Any) -> Any:
    """The configuration without what is only needed for training (losses, optimisers)."""
    if isinstance(config, dict):
        return {
            key: without_training(value) for key, value in config.items() if key != "compile_config"
        }
    if isinstance(config, list):
        return [without_training(value) for value in config]
    return config


def _dictionaries(config: Any) -> Iterator[dict]:
    waiting = [config]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)


def _check_class(part: dict) -> None:
    if "class_name" not in part:
        if "module" in part or "registered_name" in part:
            raise _refused(part, str(part.get("registered_name") or part.get("module")))
        return
    name = part["class_name"]
    if name == "TFOpLambda":
        config = part.get("config")
        function = config.get("function") if isinstance(config, dict) else None
        if not isinstance(function, str) or function not in FUNCTIONS_OF_TENSORFLOW:
            raise _refused(part, f"TFOpLambda {function}")
    elif not isinstance(name, str) or name not in CLASSES:
        raise _refused(part, str(name))
    module = part.get("module") or "keras"
    if not isinstance(module, str) or module.split(".")[0] not in ("keras", "tf_keras"):
        raise _refused(part, f"{module}.{name}")
    if part.get("registered_name") not in (None, "", name):
        raise _refused(part, str(part["registered_name"]))


def _check_names(part: dict) -> None:
    for key, value in part.items():
        if not isinstance(value, str):
            continue
        if key.endswith("activation") and value not in ACTIVATIONS:
            raise _refused(part, value)
        for ending, names in _NAMED_BY_STRING.items():
            plain = value.lower().replace("_", "")
            known = {name.replace("_", "") for name in names}
            if key.endswith(ending) and plain not in known:
                raise _refused(part, value)


def _refused(part: dict, what: str) -> CannotUse:
    config = part.get("config")
    name = part.get("name") or (config.get("name") if isinstance(config, dict) else None)
    return not_allowed(what, name if isinstance(name, str) else "")
