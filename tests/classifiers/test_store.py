import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from backend.classifiers import store as store_module
from backend.classifiers.model import PARADE
from backend.classifiers.store import Store, default_home
from backend.errors import BadSetting, Busy, Forbidden, NotFound

ROOT = Path(__file__).parents[2]
FOUR = "a\nb\nc\nd"


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def own(home):
    """An empty store of the test's own."""
    return Store(home)


@pytest.fixture
def parts(made, tmp_path):
    """A model that is added quickly, with its labels."""

    def of(name="scores.tflite", labels=FOUR):
        file = tmp_path / f"{len(list(tmp_path.iterdir()))}.txt"
        file.write_text(labels, "utf-8")
        return {name: made / name, "labels.txt": file}

    return of


def added(store):
    return [model for model in store.models() if model.id != "parade"]


def run(script, *arguments, **settings):
    """Run a script as another program of this project."""
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        **settings,
    )


def test_the_built_in_model_is_there_from_the_start(own):
    parade, *others = own.models()
    assert (parade.id, own.default_id, others) == ("parade", "parade", [])
    assert len(parade.labels) >= 4
    assert (parade.fit, parade.logits, parade.gradients) == ("stretch", True, True)
    height, width = parade.input_size
    scores = own.open("parade").scores(np.full((1, height, width, 3), 255, np.uint8))
    assert scores.shape == (1, len(parade.labels))
    with pytest.raises(Forbidden):
        own.delete("parade")


def test_the_contract_s_json(own, parts):
    model = own.add(parts())
    assert model.as_json() == {
        "id": model.id,
        "name": "a, b, c, d",
        "labels": ["a", "b", "c", "d"],
        "format": "tflite",
        "input": {"height": 12, "width": 12},
        "fit": "crop",
        "logits": True,
        "gradients": False,
        "layers": [],
    }


def test_the_same_files_are_the_same_model(own, parts, made, tmp_path):
    first = own.add(parts())
    zipped = tmp_path / "whatever.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(made / "scores.tflite", "folder/scores.tflite")
        archive.writestr("folder/labels.txt", FOUR)
        archive.writestr("__MACOSX/folder/._labels.txt", "rubbish")
        archive.writestr("folder/.DS_Store", "rubbish")
    assert own.add({"whatever.zip": zipped}).id == first.id
    assert len(added(own)) == 1
    assert own.add(parts(labels="e\nf\ng\nh")).id != first.id


def test_adding_again_renames_and_refits(own, parts, home):
    first = own.add(parts())
    second = own.add(parts(), name="Ours", fit="pad", pixels=(-1.0, 1.0))
    assert second.id == first.id
    fresh = Store(home).model(first.id)
    assert (fresh.name, fresh.fit, fresh.pixels) == ("Ours", "pad", (-1.0, 1.0))
    # The one in memory follows.
    assert own.open(first.id).pixels == (-1.0, 1.0)
    # And what is not said stays.
    assert own.add(parts()).name == "Ours"


def test_renaming(own, parts, home):
    model = own.add(parts())
    assert own.rename(model.id, "  Our\n fruit ").name == "Our fruit"
    assert Store(home).model(model.id).name == "Our fruit"
    assert own.rename(model.id, "long " * 100).name == ("long " * 12).strip()
    for model_id, name, refusal in (
        (model.id, " \n\x00", BadSetting),
        ("parade", "Ours", Forbidden),
        ("0" * 12, "Ours", NotFound),
    ):
        with pytest.raises(refusal):
            own.rename(model_id, name)
    assert own.model(model.id).name == ("long " * 12).strip()


def test_a_lock_that_cannot_be_used_is_said_like_a_disk_that_cannot(home, own, parts):
    (home / "import.lock").unlink()
    (home / "import.lock").mkdir()
    for work in (lambda: Store(home), lambda: own.add(parts())):
        with pytest.raises(Busy) as caught:
            work()
        assert caught.value.code == "cannot_write"


def test_unknown_fit(own, parts):
    with pytest.raises(BadSetting):
        own.add(parts(), fit="squeeze")


def test_names(own, parts, made, tmp_path):
    zipped = tmp_path / "Our fruit.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(made / "shares.tflite", "m.tflite")
        archive.writestr("labels.txt", FOUR)
    assert own.add({"Our fruit.zip": zipped}).name == "Our fruit"
    many = own.add(parts("ends_in_softmax.tflite", "Apfel\nBirne\nKirsche\n" + "Z" * 70))
    assert many.name.startswith("Apfel, Birne, Kirsche, ZZ")
    assert len(many.name) <= 62


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  \n ", "a, b, c, d"),
        (" Our\x00 \t pets ", "Our pets"),
        ("long " * 100, ("long " * 12).strip()),
        ("half a sign \udcff", "half a sign ?"),
    ],
)
def test_given_names_are_tidied(own, parts, given, kept):
    assert own.add(parts(), name=given).name == kept


def test_a_file_whose_name_is_no_text_can_be_added(own, parts):
    files = parts()
    odd = {"mod\udcffel-1.tflite": files["scores.tflite"], "labels.txt": files["labels.txt"]}
    model = own.add(odd)
    assert own.model(model.id).source == "mod?el-1.tflite, labels.txt"


def test_a_name_that_only_begins_like_a_usual_one_is_kept(own, made, tmp_path):
    for name, shown in (("modelo-mascotas", "modelo-mascotas"), ("model (2)", "a, b, c, d")):
        file = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(file, "w") as archive:
            archive.write(made / "scores.tflite", "model.tflite")
            archive.writestr("labels.txt", FOUR)
        model = own.add({file.name: file})
        assert model.name == shown
        own.delete(model.id)


def test_models_of_the_same_labels_get_names_of_their_own(own, parts):
    files = ("scores.tflite", "ends_in_softmax.tflite", "shares.tflite")
    models = [own.add(parts(file)) for file in files]
    assert [model.name for model in models] == ["a, b, c, d", "a, b, c, d (2)", "a, b, c, d (3)"]
    # What people say themselves is kept, and so is a name when the same is added again.
    assert own.add(parts("shares.tflite"), name="a, b, c, d").name == "a, b, c, d"
    assert own.add(parts("ends_in_softmax.tflite")).name == "a, b, c, d (2)"


def test_labels_inside_a_tensorflow_lite_file(own, made, tmp_path):
    model = tmp_path / "labelled.tflite"
    model.write_bytes((made / "scores.tflite").read_bytes())
    with zipfile.ZipFile(model, "a") as archive:
        archive.writestr("labels.txt", FOUR)
    assert own.add({"labelled.tflite": model}).labels == ("a", "b", "c", "d")


def test_several_zips_belong_together(own, made, tmp_path):
    zips = {}
    for name, content in [("m.tflite", (made / "scores.tflite").read_bytes()), ("l.txt", FOUR)]:
        zips[f"{name}.zip"] = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(zips[f"{name}.zip"], "w") as archive:
            archive.writestr(name, content)
    assert own.add(zips).labels == ("a", "b", "c", "d")


def test_deleting(own, parts, home):
    model = own.add(parts())
    own.open(model.id)
    own.delete(model.id)
    assert added(own) == []
    assert list((home / "models").iterdir()) == []
    for gone in (own.model, own.open, own.delete):
        with pytest.raises(NotFound):
            gone(model.id)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../..", "0123456789ab/..", "ABCDEF012345", "x" * 999]
)
def test_ids_are_never_paths(own, name):
    with pytest.raises(NotFound):
        own.model(name)
    with pytest.raises(NotFound):
        own.delete(name)


def test_a_damaged_model_is_skipped_and_the_others_are_fine(own, parts, home, caplog):
    bad, good = own.add(parts(labels="e\nf\ng\nh")), own.add(parts())
    file = home / "models" / bad.id / "model.json"
    for content in ("", '{"name": "half', "[]", '{"name": "n", "labels": 5}'):
        file.write_text(content)
        assert [model.id for model in added(Store(home))] == [good.id]
    assert bad.id in caplog.text
    # Adding it again mends it.
    assert own.add(parts(labels="e\nf\ng\nh")).id == bad.id
    assert {model.id for model in added(own)} == {bad.id, good.id}


def test_opened_models_are_kept_but_only_a_few(own, parts):
    models = [own.add(parts(labels=f"{n}\nb\nc\nd")) for n in ("p", "q", "r", "s", "t", "u")]
    compiled = [own.open(model.id) for model in models]
    assert own.open(models[-1].id) is compiled[-1]
    assert own.open(models[0].id) is not compiled[0]
    assert len(own._open) == store_module.MOST_OPEN


def test_two_imports_at_once(home, own, parts):
    """From two threads and from another program: all wait for their turn and succeed."""
    other_parts = {name: str(file) for name, file in parts("ends_in_softmax.tflite").items()}
    script = (
        "import json, sys; from pathlib import Path; from backend.classifiers.store import Store;"
        "parts = json.loads(sys.argv[2]);"
        "Store(Path(sys.argv[1])).add({name: Path(file) for name, file in parts.items()})"
    )
    command = [sys.executable, "-c", script, str(home), json.dumps(other_parts)]
    other = subprocess.Popen(command, cwd=ROOT)
    jobs = [parts(), parts("shares.tflite")]
    threads = [threading.Thread(target=own.add, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait() == 0
    assert len(added(own)) == 3


def test_disk_full(home, parts):
    """No file may grow beyond 2 kB: what a full disk does, done by the system."""
    resource = pytest.importorskip("resource")
    Store(home)
    script = """
import json, sys
from pathlib import Path
from backend.classifiers.store import Store
from backend.errors import UserError
store = Store(Path(sys.argv[1]))
try:
    store.add({name: Path(file) for name, file in json.loads(sys.argv[2]).items()})
except UserError as problem:
    print(problem.code, "|", problem.hint)
"""
    files = json.dumps({name: str(file) for name, file in parts().items()})
    done = run(
        script,
        home,
        files,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)),
    )
    assert done.stdout.startswith("disk_full | Delete something"), done.stderr
    assert list((home / "models").iterdir()) == []


def children_of(parent):
    """Process ids whose parent is `parent`."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and f"PPid:\t{parent}\n" in (entry / "status").read_text():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def alive(process_id):
    try:
        return "State:\tZ" not in Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return False


def wait_until(condition):
    deadline = time.monotonic() + 60
    while not (result := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)
    return result


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into /proc")
def test_killed_during_an_import(home, own, parts, made, labels_file):
    """The model that was there is there, half of another is not, and nothing runs on."""
    kept = own.add(parts())
    script = """
import sys
from pathlib import Path
from backend.classifiers.store import Store
home, model, labels = map(Path, sys.argv[1:])
Store(home).add({model.name: model, "labels.txt": labels})
"""
    model = made / "nested_3.keras"
    command = [sys.executable, "-c", script, str(home), str(model), str(labels_file(4))]
    program = subprocess.Popen(command, cwd=ROOT)
    wait_until(lambda: list((home / "models").glob(".import-*/kept")))
    (importing,) = children_of(program.pid)
    # Neither another start …
    Store(home)
    assert list((home / "models").glob(".import-*"))
    program.send_signal(signal.SIGKILL)
    program.wait()
    wait_until(lambda: not alive(importing))
    # … nor what the killed one left is in the way.
    again = Store(home)
    assert [found.id for found in added(again)] == [kept.id]
    assert list((home / "models").iterdir()) == [home / "models" / kept.id]
    assert again.add(parts("shares.tflite")).id


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into /proc")
def test_the_import_process_dies(own, home, made, labels_file):
    """As if a hostile file had crashed it: an answer, not a hanging or dead server."""
    errors = []

    def attempt():
        try:
            own.add({"nested_3.keras": made / "nested_3.keras", "labels.txt": labels_file(4)})
        except Exception as problem:
            errors.append(problem)

    before = set(children_of(os.getpid()))
    thread = threading.Thread(target=attempt)
    thread.start()
    wait_until(lambda: list((home / "models").glob(".import-*/kept")))
    (importing,) = set(children_of(os.getpid())) - before
    os.kill(importing, signal.SIGSEGV)
    thread.join()
    assert [problem.code for problem in errors] == ["import_failed"]
    assert list((home / "models").iterdir()) == []


def test_tensorflow_is_never_loaded_by_the_server(home, made, labels_file):
    script = """
import sys
from pathlib import Path
import numpy as np
from backend.classifiers.store import Store
home, model, labels = map(Path, sys.argv[1:])
store = Store(home)
added = store.add({model.name: model, "labels.txt": labels})
height, width = added.input_size
store.open(added.id).scores(np.zeros((3, height, width, 3), np.uint8))
print([name for name in ("tensorflow", "keras", "tf_keras", "h5py") if name in sys.modules])
"""
    done = run(script, home, made / "linear.h5", labels_file(3))
    assert done.stdout.strip() == "[]", done.stderr


def test_whoever_asks_for_a_model_that_was_replaced_gets_the_one_in_its_place(home, own, parts):
    store, files = own, [parts(labels=FOUR.replace("d", last)) for last in "xyz"]
    first, second, third = (store.add(one).id for one in files)
    store.replace(first, second)
    assert store.model(first).id == second
    assert store.open(first) is store.open(second)
    assert store.formerly(second) == [first]
    store.replace(second, third)
    assert {store.model(former).id for former in (first, second)} == {third}
    assert store.formerly(third) == [first, second]
    assert [model.id for model in store.models()] == [PARADE, third]
    # One that comes back is itself again, and its successor stands for it no more.
    assert store.add(files[0]).id == first
    store.replace(third, first)
    assert store.formerly(first) == [second, third]
    # Whoever deletes a former one does not mean the one in its place.
    with pytest.raises(NotFound):
        store.delete(second)
    store.delete(first)
    store.replace(first, store.add(files[1]).id)
    assert store.model(first).id == second
    store.delete(second)
    with pytest.raises(NotFound):
        store.model(second)
    for damage in ("[]", '{"x": 5}', '{"0123456789ab": "../../etc"}', "{"):
        (home / "replaced.json").write_text(damage)
        with pytest.raises(NotFound):
            store.model("0123456789ab")


def test_the_folder_of_each_platform(monkeypatch):
    monkeypatch.delenv("PEEKABOO_HOME", raising=False)
    monkeypatch.setattr(Path, "home", lambda: Path("/home/kim"))
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    for platform, expected in [
        ("linux", "/data/peekaboo"),
        ("darwin", "/home/kim/Library/Application Support/Peekaboo"),
        ("win32", "/local/Peekaboo"),
    ]:
        monkeypatch.setattr(sys, "platform", platform)
        assert default_home() == Path(expected)
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr(sys, "platform", "linux")
    assert default_home() == Path("/home/kim/.local/share/peekaboo")
    monkeypatch.setenv("PEEKABOO_HOME", "/elsewhere")
    assert default_home() == Path("/elsewhere")
