"""Files that are no model we can use: each gets its own kind answer, and nothing is left."""

import io
import stat
import zipfile

import h5py
import numpy as np
import pytest

from backend.app import create_app
from backend.classifiers import archives, worker
from backend.classifiers.store import Store
from backend.errors import CannotUse, NotUnderstood, TooLarge, UserError


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def refuse(home, tmp_path_factory):
    """Adds files, given as paths or bytes, and gives the error; checks that nothing stays."""
    store = Store(home)
    shown = [model.id for model in store.models()]

    def attempt(**parts):
        folder = tmp_path_factory.mktemp("upload")
        files = {}
        for name, content in parts.items():
            # a__b stands for a.b
            name = name.replace("__", ".")
            files[name] = folder / name
            files[name].write_bytes(content if isinstance(content, bytes) else content.read_bytes())
        with pytest.raises(UserError) as caught:
            store.add(files)
        assert [model.id for model in store.models()] == shown
        assert list((home / "models").iterdir()) == []
        assert caught.value.message and caught.value.hint
        return caught.value

    return attempt


TWO = b"cat\ndog\n"


def zipped(entries):
    """A zip of (name or ZipInfo, content) pairs."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, content in entries:
            archive.writestr(entry, content)
    return packed.getvalue()


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_zip_is_not_taken_for_a_full_disk(way, refuse):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", way) as archive:
        archive.writestr("labels.txt", TWO)
        archive.writestr("model.tflite", np.random.default_rng(2).bytes(3000))
    content = bytearray(packed.getvalue())
    content[1000:2000] = bytes(1000)
    assert refuse(model__zip=bytes(content)).code == "damaged_zip"


@pytest.mark.parametrize(
    ("name", "code", "word"),
    [
        ("two_inputs.h5", "several_inputs", "2 inputs"),
        ("two_inputs.tflite", "several_inputs", "2 inputs"),
        ("two_outputs.h5", "several_outputs", "outputs"),
        ("sound.h5", "not_for_pictures", "sounds"),
        ("pose.h5", "not_for_pictures", "poses"),
        ("one_class.h5", "one_class", "only one class"),
        ("sigmoid.h5", "not_softmax", "sigmoid"),
        ("yes_or_no.tflite", "not_softmax", "sigmoid"),
        ("lambda.h5", "not_allowed_layer", "Lambda (in “trick”)"),
        ("own_layer.keras", "not_allowed_layer", "Mine"),
    ],
)
def test_models_that_are_no_image_classifiers(name, code, word, made, refuse):
    error = refuse(**{name.replace(".", "__"): made / name, "labels__txt": TWO})
    assert isinstance(error, CannotUse)
    assert error.code == code
    assert word in error.message


@pytest.mark.parametrize(
    ("labels", "said"), [(b"a\nb\nc\nd\ne", "5 labels"), (b"a\nb", "2 labels")]
)
def test_labels_of_another_model(labels, said, made, refuse):
    error = refuse(scores__tflite=made / "scores.tflite", labels__txt=labels)
    assert error.code == "labels_do_not_match"
    assert said in error.message and "4 classes" in error.message


def test_labels_missing(made, refuse):
    error = refuse(scores__tflite=made / "scores.tflite")
    assert error.code == "labels_missing"
    assert "labels.txt" in error.hint
    assert refuse(linear__h5=made / "linear.h5", labels__txt=b"\n").code == "labels_missing"


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n\x1a\n", bytes(10_000)])
def test_not_a_model(content, refuse):
    error = refuse(model__h5=content, labels__txt=TWO)
    assert isinstance(error, NotUnderstood)
    assert error.code == "not_a_model"


@pytest.mark.parametrize("share", [0.001, 0.3, 0.9, 0.999])
def test_truncated_h5(share, made, refuse):
    whole = (made / "arithmetic_2.h5").read_bytes()
    error = refuse(model__h5=whole[: int(len(whole) * share)], labels__txt=TWO)
    assert error.code == "damaged_model"


def test_truncated_keras_zip(made, refuse):
    whole = (made / "nested_3.keras").read_bytes()
    error = refuse(model__keras=whole[: len(whole) // 2], labels__txt=TWO)
    assert error.code == "damaged_model"


def test_weights_without_a_model(tmp_path, refuse):
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        file["dense/kernel"] = np.zeros((3, 3))
    assert refuse(model__h5=tmp_path / "weights.h5", labels__txt=TWO).code == "only_weights"


@pytest.mark.parametrize("seed", range(6))
def test_damaged_tensorflow_lite_files_do_no_harm(seed, made, refuse):
    """Offsets that point anywhere may crash whoever follows them, but never the server."""
    content = bytearray((made / "scores.tflite").read_bytes())
    random = np.random.default_rng(seed)
    for place in random.integers(8, min(len(content), 1500), 60):
        content[place] = random.integers(0, 256)
    error = refuse(scores__tflite=bytes(content), labels__txt=b"a\nb\nc\nd")
    assert error.status == 422


def test_weights_outside_the_file(made, tmp_path, refuse):
    for name in ("link", "external"):
        file = tmp_path / f"{name}.h5"
        file.write_bytes((made / "linear.h5").read_bytes())
        with h5py.File(file, "a") as opened:
            if name == "link":
                opened["model_weights/stolen"] = h5py.ExternalLink("/etc/hostname", "/")
            else:
                size = [("/etc/hostname", 0, 8)]
                opened["model_weights"].create_dataset("stolen", (2,), "<f4", external=size)
        assert refuse(model__h5=file, labels__txt=TWO).code == "not_allowed_link"


def test_weights_that_would_fill_the_memory(made, tmp_path, refuse):
    file = tmp_path / "large.h5"
    file.write_bytes((made / "linear.h5").read_bytes())
    with h5py.File(file, "a") as opened:
        # A million million numbers that take no room in the file.
        opened["model_weights"].create_dataset("large", (10**6, 10**6), "<f4", chunks=(100, 100))
    assert refuse(model__h5=file, labels__txt=TWO).code == "model_too_large"


def edited_config(file, target, old, new):
    """A copy of an h5 model with another text in its configuration."""
    target.write_bytes(file.read_bytes())
    with h5py.File(target, "a") as opened:
        text = opened.attrs["model_config"]
        assert old in text
        opened.attrs["model_config"] = text.replace(old, new)
    return target


def test_layers_that_would_fill_the_memory(made, tmp_path, refuse):
    """768 inputs and 100 million units are 300 GB: the process fails, not the computer."""
    large = edited_config(
        made / "linear.h5", tmp_path / "large.h5", '"units": 3', '"units": 100000000'
    )
    assert refuse(model__h5=large, labels__txt=TWO).status == 422


def test_weights_that_do_not_fit_the_layers(made, tmp_path, refuse):
    other = edited_config(made / "linear.h5", tmp_path / "other.h5", '"units": 3', '"units": 4')
    assert refuse(model__h5=other, labels__txt=TWO).code == "damaged_model"


@pytest.mark.parametrize("config", ["[]", "{}", "null", "{" * 100_000, '{"class_name": []}'])
def test_descriptions_that_are_none(config, made, tmp_path, refuse):
    file = tmp_path / "odd.h5"
    file.write_bytes((made / "linear.h5").read_bytes())
    with h5py.File(file, "a") as opened:
        del opened.attrs["model_config"]
        opened.attrs["model_config"] = config[:60_000]
    assert refuse(model__h5=file, labels__txt=TWO).status == 422


def test_an_import_that_takes_too_long(made, refuse, monkeypatch):
    monkeypatch.setattr(worker, "LONGEST_IMPORT_S", 0.05)
    error = refuse(scores__tflite=made / "scores.tflite", labels__txt=TWO)
    assert error.code == "import_too_long"


@pytest.mark.parametrize(
    "name", ["../labels.txt", "a/../../labels.txt", "/labels.txt", "..\\labels.txt", "C:\\x.txt"]
)
def test_zip_that_wants_to_leave_its_folder(name, made, refuse):
    packed = zipped([("scores.tflite", (made / "scores.tflite").read_bytes()), (name, TWO)])
    assert refuse(model__zip=packed).code == "unsafe_zip"


def test_zip_with_a_link(refuse):
    link = zipfile.ZipInfo("labels.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refuse(model__zip=zipped([(link, "/etc/hostname")])).code == "unsafe_zip"


def test_zip_bomb(refuse):
    error = refuse(model__zip=zipped([("keras_model.h5", bytes(50 * 1024 * 1024))]))
    assert isinstance(error, TooLarge)
    many = zipped([(f"{number}.txt", b"") for number in range(archives.MOST_ENTRIES + 1)])
    assert isinstance(refuse(model__zip=many), TooLarge)


def test_zip_that_lies_about_its_size(made, refuse):
    """The size in the directory is 1 byte, so at most 1 byte is unpacked."""
    packed = bytearray(zipped([("keras_model.h5", bytes(1_000_000)), ("labels.txt", TWO)]))
    entry = packed.index(b"PK\x01\x02")
    packed[entry + 24 : entry + 28] = (1).to_bytes(4, "little")
    assert refuse(model__zip=bytes(packed)).code == "damaged_zip"


def test_keras_zip_bomb(refuse):
    packed = zipped(
        [
            ("config.json", "{}"),
            ("metadata.json", "{}"),
            ("model.weights.h5", bytes(50 * 1024 * 1024)),
        ]
    )
    assert isinstance(refuse(model__keras=packed, labels__txt=TWO), TooLarge)


@pytest.mark.parametrize("position", [60, -40])
def test_damaged_zip(position, made, refuse):
    packed = bytearray(zipped([("scores.tflite", (made / "scores.tflite").read_bytes())] * 1))
    packed[position] ^= 0xFF
    packed[position + 1] ^= 0xFF
    assert refuse(model__zip=bytes(packed)).status in (415, 422)


@pytest.mark.parametrize("share", [0.01, 0.4, 0.99])
def test_a_download_that_broke_off_says_so(share, made, refuse):
    packed = zipped([("scores.tflite", (made / "scores.tflite").read_bytes()), ("labels.txt", TWO)])
    assert refuse(model__zip=packed[: int(share * len(packed))]).code == "damaged_model"


def test_other_exports_say_what_to_do(refuse):
    project = zipped([("manifest.json", "{}"), ("cat-!-0.jpg", b"")])
    assert refuse(project__tm=project).code == "teachable_machine_project"
    saved = zipped([("model.savedmodel/saved_model.pb", b""), ("labels.txt", TWO)])
    assert refuse(model__zip=saved).code == "saved_model"
    assert refuse(notes__zip=zipped([("cat.doc", b"")])).code == "not_a_model"
    for names in (
        ["cat.jpg"],
        ["cat/0001.PNG", "collection.json", "notes.txt"],
        ["dog/IMG_1.HEIC"],
    ):
        pictures = zipped([(name, b"{}") for name in names])
        error = refuse(pictures__zip=pictures)
        assert error.code == "pictures_not_a_model"
        assert "Teach your own" in error.hint


def test_two_files_of_one_name_do_not_hide_each_other(made, home, tmp_path):
    other = tmp_path / "labels.txt"
    other.write_bytes(b"wrong\nalso wrong\n")
    right = tmp_path / "right.txt"
    right.write_bytes(TWO)
    client = create_app(Store(home)).test_client()
    files = [
        ((made / "scores.tflite").open("rb"), "scores.tflite"),
        (right.open("rb"), "labels.txt"),
        (other.open("rb"), "labels.txt"),
    ]
    reply = client.post("/api/models", data={"file": files})
    assert reply.status_code == 422
    assert reply.get_json()["error"]["code"] == "several_models"


def test_several_models_at_once(made, refuse):
    one, other = (made / name for name in ("scores.tflite", "shares.tflite"))
    both = refuse(one__tflite=one, other__tflite=other, labels__txt=TWO)
    assert both.code == "several_models"
    packed = zipped([("a/m.tflite", one.read_bytes()), ("b/m.tflite", other.read_bytes())])
    assert refuse(model__zip=packed).code == "several_models"


def test_tensorflow_js_without_its_weights(refuse):
    described = b'{"modelTopology": {}, "weightsManifest": [{"paths": ["w.bin"], "weights": []}]}'
    error = refuse(model__json=described, metadata__json=b'{"labels": ["a", "b"]}')
    assert error.code == "weights_missing"
    assert "w.bin" in error.message
