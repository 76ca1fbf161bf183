"""Teaching in a process of its own: queued, stopped, killed, gone on with."""

import sys
import threading
import time

import pytest

from backend.classifiers.locks import FileLock
from backend.classifiers.store import Store
from backend.errors import UserError
from backend.picture import Picture
from backend.teaching import teacher as module
from backend.teaching.collection import LESSON_FOLDER
from backend.teaching.collections import Collections
from backend.teaching.lesson import Lesson
from backend.teaching.teacher import Teacher
from tests.teaching.conftest import striped

LONGEST_S = 300


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def teacher(store):
    teacher = Teacher(store, Collections(store.home))
    yield teacher
    teacher.close()


def filled(store, collection_id: str = "mine"):
    collections = Collections(store.home)
    collection = (
        collections.get("mine") if collection_id == "mine" else collections.add(collection_id)
    )
    for label in ("up", "down"):
        collection.add_label(label)
        for seed in range(6):
            collection.add_picture(label, Picture(striped(label == "up", seed)))
    return collection


def lesson(epochs: int = 3, **settings) -> Lesson:
    return Lesson.read({"epochs": epochs, **settings}, "parade")


def wait_until(teacher, collection, holds):
    deadline = time.monotonic() + LONGEST_S
    while not holds(job := teacher.job(collection.id)):
        assert time.monotonic() < deadline, job
        assert job["state"] != "failed", job
        time.sleep(0.05)
    return job


def code_of(work) -> str:
    with pytest.raises(UserError) as caught:
        work()
    return caught.value.code


def test_what_is_taught_is_in_every_menu(store, teacher):
    mine = filled(store)
    (mine.folder / "up" / "broken.png").write_bytes(b"no picture")
    assert teacher.job("mine") is None
    assert teacher.start("mine", lesson()).state == "queued"
    job = wait_until(teacher, mine, lambda job: job["state"] == "done")
    assert [one["name"] for one in job["skipped"]] == ["up/broken.png"]
    model = store.model(job["model"])
    assert (model.name, model.labels) == ("My classifier", ("up", "down"))
    assert mine.about()["model"] == model.id
    # Taught again, there is one classifier of this collection, not two.
    mine.add_picture("up", Picture(striped(True, 77)))
    teacher.start("mine", lesson())
    job = wait_until(teacher, mine, lambda job: job["state"] == "done")
    assert [one.id for one in store.models()] == ["parade", job["model"]]


def test_a_classifier_that_was_renamed_keeps_its_name(store, teacher):
    mine = filled(store)

    def taught() -> str:
        teacher.start("mine", lesson(1))
        job = wait_until(teacher, mine, lambda job: job["state"] == "done")
        mine.add_picture("up", Picture(striped(True, len(mine.pictures("up")) + 50)))
        return store.model(job["model"]).name

    assert taught() == "My classifier"
    store.rename(mine.about()["model"], "Ada’s stripes")
    assert taught() == "Ada’s stripes"
    mine.rename("Stripes")  # The newest name is meant.
    assert taught() == "Stripes"
    store.delete(mine.about()["model"])
    assert taught() == "Stripes"


def test_two_at_once_wait_for_each_other(store, teacher):
    first, second = filled(store), filled(store, "second")
    teacher.start(first.id, lesson(300))
    teacher.start(second.id, lesson())
    wait_until(teacher, first, lambda job: job["epoch"] > 0)
    assert teacher.job(second.id)["state"] == "queued"
    assert code_of(lambda: teacher.start(first.id, lesson())) == "already_teaching"
    teacher.stop(first.id)
    assert wait_until(teacher, second, lambda job: job["state"] == "done")["model"]


def test_one_that_waits_can_be_stopped(store, teacher):
    first, second = filled(store), filled(store, "second")
    teacher.start(first.id, lesson(300))
    teacher.start(second.id, lesson())
    teacher.stop(second.id)
    assert teacher.job(second.id)["state"] == "stopped"
    teacher.stop(first.id)
    assert teacher.job(first.id)["state"] == "stopped"
    teacher.start(second.id, lesson())
    wait_until(teacher, second, lambda job: job["state"] == "done")


def test_stopped_and_gone_on_with_also_by_another_server(store, teacher):
    mine = filled(store)
    teacher.start("mine", lesson(60, augment=["flip"]))
    wait_until(teacher, mine, lambda job: job["epoch"] >= 2)
    teacher.stop("mine")
    job = teacher.job("mine")
    assert (job["state"], job["resumable"]) == ("stopped", True)
    other = Teacher(store, Collections(store.home))
    assert other.job("mine") == job
    kept = other.lesson_to_resume("mine")
    assert kept == lesson(60, augment=["flip"])
    other.start("mine", kept, resume=True)
    reached = job["epoch"]
    wait_until(other, mine, lambda job: job["epoch"] > 0 and job["epoch"] >= reached)
    done = wait_until(other, mine, lambda job: job["state"] == "done")
    assert done["epoch"] == 60
    other.close()


def test_another_peekaboo_on_the_same_folder_waits_its_turn(store, teacher):
    mine = filled(store)
    (mine.folder / LESSON_FOLDER).mkdir()
    lock = FileLock(mine.folder / LESSON_FOLDER / "lock")
    assert lock.acquire(0)
    teacher.start("mine", lesson())
    job = wait_until(teacher, mine, lambda job: job["state"] == "failed")
    assert job["error"]["code"] == "already_teaching"
    lock.release()
    teacher.start("mine", lesson())
    wait_until(teacher, mine, lambda job: job["state"] == "done")


def test_killed_in_the_middle(store, teacher):
    mine = filled(store)
    pictures = {path: path.read_bytes() for path in mine.folder.rglob("*.png")}
    teacher.start("mine", lesson(400))
    wait_until(teacher, mine, lambda job: job["epoch"] >= 2)
    teacher.close()
    deadline = time.monotonic() + LONGEST_S
    while (job := teacher.job("mine"))["state"] == "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert (job["state"], job["error"]["code"]) == ("failed", "teaching_stopped")
    assert job["resumable"]
    assert {path: path.read_bytes() for path in pictures} == pictures
    teacher.start("mine", teacher.lesson_to_resume("mine"), resume=True)
    wait_until(teacher, mine, lambda job: job["epoch"] >= 3)
    teacher.stop("mine")


def test_a_server_that_was_switched_off_in_the_middle(store, teacher):
    mine = filled(store)
    teacher.start("mine", lesson(400))
    wait_until(teacher, mine, lambda job: job["epoch"] >= 1)
    # Another server sees what is on the disk, as after a power cut.
    job = Teacher(store, Collections(store.home)).job("mine")
    assert (job["state"], job["resumable"]) == ("stopped", True)
    assert job["epoch"] >= 1
    teacher.stop("mine")


def test_a_lesson_that_cannot_be_noted_is_none(store, teacher):
    mine = filled(store)
    with pytest.raises(UnicodeEncodeError):
        teacher.start("mine", lesson(1, probes=["\ud800"]))  # no text that could be written
    assert teacher.job("mine") is None
    teacher.start("mine", lesson(1))
    wait_until(teacher, mine, lambda job: job["state"] == "done")


def test_a_lesson_whose_folder_cannot_be_made_ends_and_says_so(store, teacher):
    mine = filled(store)
    (mine.folder / LESSON_FOLDER).write_bytes(b"")
    teacher.start("mine", lesson(1))
    deadline = time.monotonic() + LONGEST_S
    while (job := teacher.job("mine"))["state"] != "failed":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert job["error"]["code"]


def test_too_little_is_said(store, teacher):
    mine = Collections(store.home).get("mine")
    mine.add_label("up")
    assert code_of(lambda: teacher.start("mine", lesson())) == "no_examples"
    assert teacher.job("mine") is None
    mine.add_label("down")
    for label in ("up", "down"):
        for number in range(2):
            (mine.folder / label / f"{number}.png").write_bytes(b"no picture")
    teacher.start("mine", lesson())
    deadline = time.monotonic() + LONGEST_S
    while teacher.job("mine")["state"] != "failed":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert teacher.job("mine")["error"]["code"] == "no_examples"
    assert code_of(lambda: teacher.lesson_to_resume("mine")) == "nothing_to_resume"


def test_what_is_not_there(teacher):
    assert code_of(lambda: teacher.start("0" * 12, lesson())) == "unknown_collection"
    odd = Lesson.read({"extractor": "0" * 12}, "parade")
    assert code_of(lambda: teacher.start("mine", odd)) == "unknown_model"
    teacher.stop("mine")  # nothing to stop is fine


def test_a_collection_that_is_deleted_meanwhile(store, teacher):
    gone = filled(store, "gone")
    teacher.start(gone.id, lesson(300))
    wait_until(teacher, gone, lambda job: job["epoch"] >= 1)
    Collections(store.home).delete(gone.id)
    mine = filled(store)
    teacher.start("mine", lesson())
    wait_until(teacher, mine, lambda job: job["state"] == "done")


def test_a_stop_that_comes_before_the_process_is_there_is_not_lost(store, teacher, monkeypatch):
    mine, starting = filled(store), module.subprocess.Popen

    def slowly(*arguments, **settings):
        time.sleep(0.5)
        return starting(*arguments, **settings)

    monkeypatch.setattr(module.subprocess, "Popen", slowly)
    teacher.start("mine", lesson(500))
    wait_until(teacher, mine, lambda job: job["state"] == "running")
    teacher.stop("mine")
    job = teacher.job("mine")
    assert (job["state"], job["model"]) == ("stopped", None)


def test_while_it_is_preparing_it_stops_without_waiting_for_it(store, teacher, monkeypatch):
    filled(store)
    begun, starting = [], module.subprocess.Popen

    def deaf(command, **settings):
        """A process that never says or hears anything, as one that loads libraries."""
        begun.append(starting([sys.executable, "-c", "import time; time.sleep(600)"], **settings))
        return begun[-1]

    monkeypatch.setattr(module.subprocess, "Popen", deaf)

    def wait_for_process(number: int) -> None:
        deadline = time.monotonic() + LONGEST_S
        while len(begun) < number:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    teacher.start("mine", lesson(500))
    wait_for_process(1)
    teacher.stop("mine")
    assert teacher.job("mine")["state"] == "stopped"
    assert begun[0].poll() is not None
    # Begun again while the one before is still ending, it is not taken for that one.
    teacher.start("mine", lesson(500))
    wait_for_process(2)
    ending = begun[1].wait
    monkeypatch.setattr(begun[1], "wait", lambda: (time.sleep(0.3), ending())[1])
    stopping = threading.Thread(target=teacher.stop, args=["mine"])
    stopping.start()
    while teacher.job("mine")["state"] != "stopped":
        time.sleep(0.01)
    teacher.start("mine", lesson(500))
    wait_for_process(3)
    # Who stopped the one before does not wait for this one.
    stopping.join(30)
    assert not stopping.is_alive()
    assert teacher.job("mine")["state"] == "running"
    teacher.stop("mine")


def test_a_classifier_that_two_collections_ended_with_stays_while_one_has_it(store, teacher):
    first, second = filled(store), filled(store, "second")
    teacher.start(first.id, lesson())
    shared = wait_until(teacher, first, lambda job: job["state"] == "done")["model"]
    second.note(model=shared)
    first.add_picture("up", Picture(striped(True, 77)))
    teacher.start(first.id, lesson())
    wait_until(teacher, first, lambda job: job["state"] == "done")
    assert first.about()["model"] != shared
    assert store.model(shared).labels == ("up", "down")
