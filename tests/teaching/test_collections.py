"""Collections: nothing is lost, whatever people do."""

import errno
import json
import os
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.errors import UserError
from backend.picture import Picture, decode
from backend.teaching import collection as module
from backend.teaching.collection import LESSON_FOLDER, Collection
from backend.teaching.collections import Collections
from backend.teaching.examples import examples_in
from tests.teaching.conftest import png, striped

ODD_LABELS = ["شاي / tea 🫖", "../up", "con", "x" * 300, "naïve", "猫"]


def code_of(work) -> str:
    with pytest.raises(UserError) as caught:
        work()
    return caught.value.code


def test_mine_is_always_there(collections):
    assert [one.id for one in collections.all()] == ["mine"]
    assert code_of(lambda: collections.delete("mine")) == "built_in_collection"


@pytest.mark.parametrize("odd", ["", ".", "..", "../models", "MINE", "0" * 12, "a" * 500, "\0"])
def test_unknown_collections(collections, odd):
    assert code_of(lambda: collections.get(odd)) == "unknown_collection"


def test_collections_are_made_renamed_and_deleted(collections):
    made = collections.add("Class 4b")
    made.add_label("cat")
    assert [one.name for one in collections.all()] == ["My classifier", "Class 4b"]
    collections.get(made.id).rename(" Class\n5b ")
    assert collections.get(made.id).name == "Class 5b"
    assert list(made.labels()) == ["cat"]
    collections.delete(made.id)
    assert [one.id for one in collections.all()] == ["mine"]
    assert code_of(lambda: collections.get(made.id)) == "unknown_collection"


def test_one_that_was_deleted_a_moment_ago(collections, picture):
    made = collections.add("pets")
    made.add_label("cat")
    collections.delete(made.id)
    assert code_of(lambda: made.add_picture("cat", picture)) == "unknown_collection"


def test_one_whose_lock_cannot_be_used(mine, picture):
    (mine.folder / ".lock").mkdir()
    assert code_of(lambda: mine.add_label("cat")) == "cannot_write"


@pytest.mark.parametrize("label", ODD_LABELS)
def test_labels_stay_as_they_were_written(mine, picture, label):
    mine.add_label(label)
    name = mine.add_picture(label, picture)
    again = Collection(mine.folder)
    assert list(again.labels()) == [label]
    assert again.pictures(label) == [name]
    assert again.labels()[label].parent == mine.folder
    (example,) = again.examples().examples
    assert example.label == label
    assert np.array_equal(example.picture().pixels, picture.pixels)


def test_labels_keep_their_order(mine):
    for label in ("b", "a", "c"):
        mine.add_label(label)
    assert list(mine.labels()) == ["b", "a", "c"]
    mine.rename_label("b", "z")
    assert list(mine.labels()) == ["z", "a", "c"]
    assert mine.labels()["z"].name == "z"


def test_labels_that_cannot_be(mine):
    mine.add_label("cat")
    assert code_of(lambda: mine.add_label("cat")) == "label_taken"
    assert code_of(lambda: mine.add_label(" ")) == "no_label"
    assert code_of(lambda: mine.rename_label("dog", "cow")) == "unknown_example_label"
    mine.add_label("dog")
    assert code_of(lambda: mine.rename_label("dog", "cat")) == "label_taken"
    for number in range(98):
        mine.add_label(f"label {number}")
    assert code_of(lambda: mine.add_label("one more")) == "too_many_labels"


def test_pictures_are_numbered_as_they_come(mine, picture):
    mine.add_label("cat")
    names = [mine.add_picture("cat", picture) for _ in range(3)]
    assert names == ["cat~0001.png", "cat~0002.png", "cat~0003.png"]
    mine.delete_picture(names[0])
    assert mine.add_picture("cat", picture) == "cat~0004.png"
    assert mine.pictures("cat") == ["cat~0002.png", "cat~0003.png", "cat~0004.png"]


def test_large_pictures_become_jpeg_and_nothing_else_is_kept(mine):
    mine.add_label("cat")
    large = Picture(striped(True, 1, (1500, 3000)))
    path = mine.picture(mine.add_picture("cat", large))
    with Image.open(path) as image:
        assert (image.format, image.size) == ("JPEG", (1024, 512))
        assert not image.getexif()
        assert not {"exif", "icc_profile", "comment"} & image.info.keys()


@pytest.mark.parametrize(
    "odd", ["", "~", "cat", "cat~", "cat~0009.png", "../cat~0001.png", "cat/../cat~0001.png",
            "cat~../collection.json", "~collection.json", "cat~masks", "\0~\0"],
)  # fmt: skip
def test_names_of_pictures_are_no_paths(mine, picture, odd):
    mine.add_label("cat")
    mine.add_picture("cat", picture)
    assert code_of(lambda: mine.picture(odd)) == "unknown_picture"


def test_deleted_pictures_come_back_the_last_first(mine, picture):
    mine.add_label("cat")
    names = [mine.add_picture("cat", picture) for _ in range(3)]
    mine.set_mask(names[0], Picture(np.full((72, 96, 3), 255, np.uint8)))
    for name in names[:2]:
        mine.delete_picture(name)
    assert mine.pictures("cat") == names[2:]
    mine.undo()
    assert mine.pictures("cat") == names[1:]
    mine.undo()
    assert mine.pictures("cat") == names
    assert mine.mask(names[0]) is not None
    assert not mine.can_undo
    assert code_of(mine.undo) == "nothing_to_undo"


def test_a_deleted_label_comes_back_at_its_place_with_its_pictures(mine, picture):
    for label in ("a", "b", "c"):
        mine.add_label(label)
        mine.add_picture(label, picture)
    mine.delete_label("b")
    assert list(mine.labels()) == ["a", "c"]
    mine.undo()
    assert list(mine.labels()) == ["a", "b", "c"]
    assert mine.pictures("b") == ["b~0001.png"]


def test_what_comes_back_replaces_nothing(mine, picture):
    mine.add_label("cat")
    old = mine.add_picture("cat", picture)
    mine.delete_label("cat")
    mine.add_label("cat")
    new = Picture(striped(False, 7))
    newer = mine.add_picture("cat", new)
    assert newer != old  # films and reviews speak of pictures by their names
    mine.undo()
    assert set(mine.labels()) == {"cat", "cat (2)"}
    assert np.array_equal(decode(mine.picture(newer).read_bytes()).pixels, new.pixels)
    assert len(mine.pictures("cat (2)")) == 1
    # Somebody put another picture of its name there by hand.
    path = mine.picture(newer)
    content = path.read_bytes()
    mine.delete_picture(newer)
    path.write_bytes(content)
    mine.undo()
    assert len(mine.pictures("cat")) == 2


def test_what_was_damaged_by_hand_stops_nothing(mine, picture):
    mine.add_label("cat")
    for _ in range(3):
        mine.add_picture("cat", picture)
    first, second, _ = mine.pictures("cat")
    mine.delete_picture(first)
    mine.delete_picture(second)
    newest = sorted((mine.folder / ".bin").iterdir())[-1]
    (newest / "what.json").write_text('{"picture": 5}')
    mine.undo()
    assert first in mine.pictures("cat") and second not in mine.pictures("cat")
    assert not mine.can_undo
    about = mine.folder / "collection.json"
    for last in ('"x"', "-4", "1e99", str(10**30)):
        listed = json.loads(about.read_text())
        listed["labels"][0]["last"] = listed["last"] = json.loads(last)
        about.write_text(json.dumps(listed))
        assert mine.add_picture("cat", picture) in mine.pictures("cat")


def test_a_picture_whose_label_was_renamed_comes_back_under_its_old_name(mine, picture):
    mine.add_label("cat")
    mine.delete_picture(mine.add_picture("cat", picture))
    mine.rename_label("cat", "dog")
    mine.undo()
    assert len(mine.pictures("cat")) == 1


def test_folders_that_people_made_by_hand_are_labels(mine, picture):
    mine.add_label("cat")
    (mine.folder / "dog").mkdir()
    (mine.folder / "dog" / "Photo 1.PNG").write_bytes(png(picture.pixels))
    (mine.folder / "dog" / "notes.txt").write_text("woof")
    assert list(mine.labels()) == ["cat", "dog"]
    assert mine.pictures("dog") == ["dog~Photo 1.PNG"]
    assert mine.add_picture("dog", picture) == "dog~0001.png"
    assert len(mine.examples().of("dog")) == 2
    assert mine.pictures("cat") == []


@pytest.mark.parametrize("content", ["", "[]", "{", '{"labels": 3}', '{"labels": [{"folder": 1}]}'])
def test_a_broken_list_of_labels_loses_no_picture(mine, picture, content):
    mine.add_label("cat")
    mine.add_picture("cat", picture)
    (mine.folder / "collection.json").write_text(content)
    assert list(mine.labels()) == ["cat"]
    mine.add_label("dog")
    assert list(mine.labels()) == ["cat", "dog"]
    assert len(mine.pictures("cat")) == 1


def test_two_folders_may_not_have_one_label(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    listed = [{"label": "cat", "folder": name} for name in ("a", "b")]
    (tmp_path / "collection.json").write_text(json.dumps({"labels": listed}))
    assert examples_in(tmp_path).labels == ("cat", "cat (2)")


def test_ten_thousand_pictures_and_no_more(mine, picture):
    mine.add_label("cat")
    content = png(striped(True, 1, (8, 8)))
    for number in range(10_000):
        (mine.folder / "cat" / f"{number:05}.png").write_bytes(content)
    assert code_of(lambda: mine.add_picture("cat", picture)) == "too_many_pictures"
    assert len(mine.examples().examples) == 10_000


def test_many_hands_at_once_lose_nothing(mine, picture):
    mine.add_label("cat")

    def add() -> None:
        for _ in range(5):
            Collection(mine.folder).add_picture("cat", picture)

    hands = [threading.Thread(target=add) for _ in range(6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(mine.pictures("cat")) == 30


def test_a_full_disk_is_said_and_leaves_nothing_half_written(mine, picture, monkeypatch):
    mine.add_label("cat")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    assert code_of(lambda: mine.add_picture("cat", picture)) == "disk_full"
    assert mine.pictures("cat") == []
    assert list((mine.folder / "cat").iterdir()) == []


def test_somebody_else_holds_the_collection(mine, picture, monkeypatch):
    mine.add_label("cat")
    monkeypatch.setattr(module, "LONGEST_WAIT_S", 0.1)
    lock = module.FileLock(mine.folder / ".lock")
    assert lock.acquire(0)
    try:
        assert code_of(lambda: mine.add_picture("cat", picture)) == "collection_in_use"
    finally:
        lock.release()
    assert mine.add_picture("cat", picture)


def test_masks(collections, mine, picture):
    mine.add_label("cat")
    name = mine.add_picture("cat", picture)
    assert mine.mask(name) is None
    drawn = np.zeros((72, 96, 3), np.uint8)
    drawn[20:50, 30:60] = 255
    mine.set_mask(name, Picture(drawn))
    (example,) = mine.examples().examples
    assert np.array_equal(example.subject(72, 96), drawn[..., 0] > 127)
    example.mask.write_bytes(b"broken")
    assert example.subject(72, 96) is None


def test_no_folder(tmp_path):
    assert code_of(lambda: examples_in(tmp_path / "nothing")) == "no_folder"


def test_a_collection_lives_below_its_home(tmp_path):
    Collections(tmp_path).get("mine").add_label("../../x")
    assert {path.name for path in tmp_path.iterdir()} == {"collections"}


def test_what_comes_back_has_the_names_by_which_films_know_it(mine, picture):
    mine.add_label("cat")
    names = [mine.add_picture("cat", picture) for _ in range(2)]
    (mine.folder / LESSON_FOLDER).mkdir()
    mine.rename_label("cat", "lion")
    assert mine.pictures("lion") == names
    mine.delete_label("lion")
    mine.undo()
    assert mine.pictures("lion") == names
    mine.delete_label("lion")
    mine.add_label("cat")  # takes the folder meanwhile
    mine.undo()
    assert len(mine.pictures("lion")) == 2
    assert mine.pictures("cat") == []


def test_a_number_is_never_used_again(mine, picture):
    mine.add_label("cat")
    mine.delete_picture(mine.add_picture("cat", picture))
    new = Picture(striped(False, 9))
    assert mine.add_picture("cat", new) == "cat~0002.png"
    mine.undo()
    assert mine.pictures("cat") == ["cat~0001.png", "cat~0002.png"]
    assert Collection(mine.folder).add_picture("cat", picture) == "cat~0003.png"


def test_after_a_lesson_pictures_keep_their_names(mine, picture):
    mine.add_label("cat")
    name = mine.add_picture("cat", picture)
    (mine.folder / ".lesson").mkdir()
    mine.rename_label("cat", "dog")
    assert mine.pictures("dog") == [name]
    assert mine.picture(name).is_file()


@pytest.mark.parametrize("name", ["IMG~1.JPG", "a~b~c.png", "~.png"])
def test_names_of_files_may_hold_our_own_sign(mine, picture, name):
    (mine.folder / "dog~s").mkdir()
    (mine.folder / "dog~s" / name).write_bytes(png(picture.pixels))
    (shown,) = mine.pictures("dog~s")
    assert mine.picture(shown).name == name
    mine.delete_picture(shown)
    assert mine.pictures("dog~s") == []
    mine.undo()
    assert mine.pictures("dog~s") == [shown]


def test_names_that_are_no_text_are_left_out(mine, picture):
    mine.add_label("cat")
    try:
        Path(os.fsdecode(os.fsencode(mine.folder) + b"/caf\xe9")).mkdir()
        odd = os.fsdecode(os.fsencode(mine.folder / "cat") + b"/caf\xe9.png")
        Path(odd).write_bytes(png(picture.pixels))
    except OSError:
        pytest.skip("this disk takes no such names")
    assert list(mine.labels()) == ["cat"]
    assert mine.pictures("cat") == []
    mine.add_label("dog")
    assert list(mine.labels()) == ["cat", "dog"]


def test_a_refused_name_leaves_no_collection(collections):
    for bad in ("", "x" * 301):
        with pytest.raises(UserError):
            collections.add(bad)
    assert [one.id for one in collections.all()] == ["mine"]


def test_a_file_that_is_called_like_a_collection_is_none(collections):
    collections.get("mine")
    (collections.folder / ("0" * 12)).write_text("?")
    assert [one.id for one in collections.all()] == ["mine"]


def test_thousands_of_brackets_in_the_list_of_labels(mine):
    mine.add_label("cat")
    (mine.folder / "collection.json").write_text("[" * 200_000)
    assert list(mine.labels()) == ["cat"]
    assert mine.name == "My classifier"


@pytest.mark.parametrize("label", ["what.json", "kept", "masks", ".bin", "collection.json"])
def test_labels_that_are_called_like_our_own_files(mine, picture, label):
    mine.add_label(label)
    mine.add_picture(label, picture)
    mine.delete_label(label)
    assert list(mine.labels()) == []
    mine.undo()
    assert list(mine.labels()) == [label]
    assert len(mine.pictures(label)) == 1


def test_what_was_deleted_yesterday_is_gone_for_good(mine, picture):
    mine.add_label("cat")
    mine.delete_picture(mine.add_picture("cat", picture))
    (binned,) = (mine.folder / ".bin").iterdir()
    os.utime(binned, (0, 0))
    mine.add_label("dog")
    assert not mine.can_undo
    assert list((mine.folder / ".bin").iterdir()) == []


def test_what_was_left_behind_goes_when_the_server_starts(collections, picture):
    made = collections.add("pets")
    made.add_label("cat")
    for _ in range(2):
        made.delete_picture(made.add_picture("cat", picture))
    old, young = sorted((made.folder / ".bin").iterdir())
    os.utime(old, (0, 0))
    half_deleted = collections.folder / ".deleted-0"
    half_deleted.mkdir()
    collections.tidy()
    assert not half_deleted.exists()
    assert list((made.folder / ".bin").iterdir()) == [young]


@pytest.mark.parametrize("label", ["", "  ", "?", "\ud800"])
def test_no_label_is_no_label(mine, picture, label):
    mine.add_label("¿")
    assert code_of(lambda: mine.add_picture(label, picture)) == "unknown_example_label"
    assert code_of(lambda: mine.delete_label(label)) == "unknown_example_label"


def test_a_disk_that_is_full_bins_nothing(mine, picture, monkeypatch):
    mine.add_label("cat")
    name = mine.add_picture("cat", picture)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    mask = Picture(np.full((72, 96, 3), 255, np.uint8))
    assert code_of(lambda: mine.set_mask(name, mask)) == "disk_full"
    assert code_of(lambda: mine.delete_picture(name)) == "no_room_to_delete"
    assert code_of(lambda: mine.delete_label("cat")) == "no_room_to_delete"
    assert mine.pictures("cat") == [name]
    assert not mine.can_undo


def test_on_a_full_disk_what_was_deleted_before_makes_room(mine, picture, monkeypatch):
    mine.add_label("cat")
    first, second = (mine.add_picture("cat", picture) for _ in range(2))
    mine.set_mask(second, Picture(np.full((72, 96, 3), 255, np.uint8)))
    mine.delete_picture(first)
    sync = os.fsync

    def full(opened: int) -> None:
        if list((mine.folder / ".bin").glob("*/kept/*")):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(opened)

    monkeypatch.setattr(os, "fsync", full)
    mine.delete_picture(second)
    assert mine.pictures("cat") == []
    monkeypatch.undo()
    mine.undo()
    assert mine.pictures("cat") == [second]
    assert mine.mask(second)
    assert not mine.can_undo


def test_what_cannot_be_moved_is_not_half_deleted(mine, picture, monkeypatch):
    """On Windows, a file that another program has open stays where it is."""
    mine.add_label("cat")
    first, second = (mine.add_picture("cat", picture) for _ in range(2))
    mine.delete_picture(first)
    mine.set_mask(second, Picture(np.full((72, 96, 3), 255, np.uint8)))
    rename = Path.rename

    def held(path: Path, target: Path) -> Path:
        if target.suffix == ".png" and "mask" in target.name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", held)
    assert code_of(lambda: mine.delete_picture(second)) == "cannot_write"
    monkeypatch.undo()
    assert mine.pictures("cat") == [second]
    assert mine.mask(second)
    mine.undo()
    assert mine.pictures("cat") == [first, second]


def test_pictures_that_differ_in_their_ending_have_masks_of_their_own(mine, picture):
    folder = mine.folder / "cat"
    folder.mkdir()
    for name in ("a.jpg", "a.png"):
        (folder / name).write_bytes(png(picture.pixels))
    half = picture.pixels.copy()
    half[:] = 0
    half[:, 48:] = 255
    mine.set_mask("cat~a.png", Picture(half))
    assert mine.mask("cat~a.jpg") is None
    mine.set_mask("cat~a.jpg", Picture(255 - half))
    masks = {one.name: one.subject(72, 96) for one in mine.examples().examples}
    assert masks["cat~a.png"][0, 95]
    assert masks["cat~a.jpg"][0, 0]
    mine.delete_picture("cat~a.jpg")  # and the other one keeps its own
    assert mine.examples().examples[0].subject(72, 96)[0, 95]
    mine.undo()
    assert {one.name: one.subject(72, 96)[0, 0] for one in mine.examples().examples} == {
        "cat~a.jpg": True,
        "cat~a.png": False,
    }
