import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.classifiers import allowed
from backend.errors import CannotUse

HARMLESS = {
    "class_name": "Sequential",
    "module": "keras",
    "registered_name": None,
    "config": {
        "layers": [
            {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 8, 8, 3]}},
            {
                "class_name": "Dense",
                "module": "keras.layers",
                "registered_name": None,
                "config": {
                    "name": "last",
                    "activation": "softmax",
                    "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": 1}},
                    "bias_initializer": "zeros",
                    "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.01}},
                    "dtype": {"class_name": "DTypePolicy", "module": "keras", "config": {}},
                },
            },
            {"class_name": "TFOpLambda", "config": {"function": "math.truediv"}},
        ]
    },
}
DANGEROUS = {
    "Lambda": {"class_name": "Lambda", "config": {"name": "trick", "function": ["4wEA", None]}},
    "Mine": {"class_name": "Dense", "registered_name": "package>Mine", "config": {}},
    "os.Dense": {"class_name": "Dense", "module": "os", "config": {}},
    "kerasevil.Dense": {"class_name": "Dense", "module": "kerasevil", "config": {}},
    "io.write_file": {"class_name": "TFOpLambda", "config": {"function": "io.write_file"}},
    "__lambda__": {"class_name": "__lambda__", "config": {"value": "4wEA"}},
    "function": {"class_name": "function", "module": "builtins", "config": "eval"},
    "TFSMLayer": {"class_name": "TFSMLayer", "config": {"filepath": "/"}},
    "TorchModuleWrapper": {"class_name": "TorchModuleWrapper", "config": {"module": "gASV"}},
    "StringLookup": {"class_name": "StringLookup", "config": {"vocabulary": "/etc/passwd"}},
    "exec": {"class_name": "Dense", "config": {"activation": "exec"}},
    "evil_initializer": {"class_name": "Dense", "config": {"bias_initializer": "evil_initializer"}},
    "builtins": {"module": "builtins", "config": "eval"},
    "['Lambda']": {"class_name": ["Lambda"], "config": {}},
}
ANYWHERE = some.recursive(
    some.none() | some.integers() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text("ab"), inner),
    max_leaves=6,
)


def test_ordinary_models_pass():
    allowed.check(HARMLESS)


@pytest.mark.parametrize("name", DANGEROUS)
def test_what_could_run_code_is_refused_by_name(name):
    with pytest.raises(CannotUse) as caught:
        allowed.check({"class_name": "Sequential", "config": {"layers": [DANGEROUS[name]]}})
    assert caught.value.code == "not_allowed_layer"
    assert name in caught.value.message


@given(ANYWHERE, some.sampled_from(sorted(DANGEROUS)), some.data())
def test_it_is_found_wherever_it_hides(around, name, choose):
    hidden = DANGEROUS[name]
    for _ in range(choose.draw(some.integers(0, 5))):
        key = choose.draw(some.sampled_from(["layers", "config", "inbound_nodes", "x"]))
        hidden = choose.draw(some.sampled_from([[around, hidden], {key: hidden, "y": around}]))
    with pytest.raises(CannotUse):
        allowed.check({"class_name": "Sequential", "config": {"layers": [hidden]}})


def test_what_only_training_needs_is_dropped_with_its_own_losses():
    loss = {"class_name": "function", "module": "builtins", "config": "my_loss"}
    inner = {"class_name": "Sequential", "config": {"layers": []}, "compile_config": {"loss": loss}}
    outer = {"class_name": "Sequential", "config": {"layers": [inner]}, "compile_config": loss}
    kept = {"class_name": "Sequential", "config": {"layers": []}}
    assert allowed.without_training(outer) == kept | {"config": {"layers": [kept]}}


def test_the_part_is_found_by_its_own_name_too():
    with pytest.raises(CannotUse, match="trick"):
        allowed.check(DANGEROUS["Lambda"])
