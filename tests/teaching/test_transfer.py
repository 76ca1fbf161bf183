"""Collections as one file, there and back, also from strangers."""

import io
import json
import zipfile

import numpy as np
import pytest

from backend.errors import UserError
from backend.picture import Picture, decode
from backend.teaching import transfer as module
from backend.teaching.transfer import pack, unpack
from tests.teaching.conftest import png, striped

TOKEN = "a-token-that-may-publish"


@pytest.fixture
def zipped(tmp_path):
    """A function that makes a zip file of (name, content) pairs."""

    def write(*entries: tuple[str, bytes]):
        path = tmp_path / "some.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in entries:
                archive.writestr(name, content)
        return path

    return write


CAT, DOG = png(striped(True, 1)), png(striped(False, 2))


def counts(collection) -> dict[str, int]:
    return {label: len(collection.pictures(label)) for label in collection.labels()}


def code_of(work) -> str:
    with pytest.raises(UserError) as caught:
        work()
    return caught.value.code


@pytest.mark.parametrize(
    "way", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
@pytest.mark.parametrize("damage", [b"\xff", b"\0"])
def test_what_is_damaged_is_left_out_however_it_was_packed(mine, tmp_path, way, damage):
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w", way) as archive:
        archive.writestr("cat/1.png", CAT)
        archive.writestr("dog/1.png", DOG)
        start, end = 60, archive.getinfo("cat/1.png").compress_size
    content = bytearray(path.read_bytes())
    content[start:end] = (end - start) * damage
    path.write_bytes(content)
    assert [one.name for one in unpack(path, mine)] == ["cat/1.png"]
    assert counts(mine) == {"cat": 0, "dog": 1}


def test_names_that_are_no_text(zipped, mine):
    path = zipped(("cät/1.png", CAT))
    path.write_bytes(path.read_bytes().replace("ä".encode(), b"\xed\xa0"))
    assert code_of(lambda: unpack(path, mine)) == "not_a_zip"


def test_there_and_back(collections, mine, tmp_path):
    labels = ["b / a", "شاي", "a"]
    for label in labels:
        mine.add_label(label)
    mine.add_picture("b / a", Picture(striped(True, 1)))
    masked = mine.add_picture("شاي", Picture(striped(False, 2)))
    mask = np.zeros((72, 96, 3), np.uint8)
    mask[10:40] = 255
    mine.set_mask(masked, Picture(mask))
    mine.add_picture("a", Picture(striped(False, 3)))
    mine.delete_picture(mine.add_picture("a", Picture(striped(False, 4))))
    stream = io.BytesIO()
    pack(mine, stream)
    file = tmp_path / "mine.zip"
    file.write_bytes(stream.getvalue())
    other = collections.add("other")
    assert unpack(file, other) == []
    assert counts(other) == {"b / a": 1, "شاي": 1, "a": 1}
    for before, after in zip(mine.examples().examples, other.examples().examples, strict=True):
        assert (before.label, before.path.name) == (after.label, after.path.name)
        assert np.array_equal(before.picture().pixels, after.picture().pixels)
    (kept,) = other.examples().of("شاي")
    assert np.array_equal(kept.subject(72, 96), mask[..., 0] > 127)


def test_the_zip_holds_plain_folders(mine):
    mine.add_label("cat")
    mine.add_picture("cat", decode(CAT))
    stream = io.BytesIO()
    pack(mine, stream)
    with zipfile.ZipFile(stream) as archive:
        assert archive.namelist() == ["cat/0001.png", "collection.json"]


def test_any_zip_with_a_folder_for_every_label(mine, zipped):
    file = zipped(
        ("all/cat/1.png", CAT),
        ("all/cat/2.JPG", CAT),
        ("all/dog/1.png", DOG),
        ("all/readme.md", b"# animals"),
        ("__MACOSX/all/cat/._1.png", b"x"),
        ("all/dog/.hidden.png", b"x"),
        ("top.png", DOG),
    )
    assert unpack(file, mine) == []
    assert counts(mine) == {["all", "cat"][1]: 2, "dog": 1}


def test_a_teachable_machine_project_and_its_secret(mine, zipped, tmp_path, caplog):
    manifest = json.dumps({"appdata": {"publishResponse": {"token": TOKEN}}}).encode()
    file = zipped(
        ("Rock!-!-0.jpg", CAT), ("Paper-!-0.jpg", DOG), ("Rock!-!-1.jpg", CAT),
        ("manifest.json", manifest),
    )  # fmt: skip
    assert unpack(file, mine) == []
    assert counts(mine) == {"Rock!": 2, "Paper": 1}
    stored = [path.read_bytes() for path in mine.folder.rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in content for content in stored)
    assert TOKEN not in caplog.text


def test_a_real_project(mine, real):
    file = real / "models/minecraft_fishing/project.tm"
    assert unpack(file, mine) == []
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if "-!-" in name]
    assert sum(counts(mine).values()) == len(names)
    assert list(mine.labels()) == list(dict.fromkeys(name.split("-!-")[0] for name in names))


def test_damaged_pictures_are_named_and_the_rest_is_kept(mine, zipped):
    file = zipped(("cat/1.png", CAT), ("cat/2.png", CAT[:200]), ("cat/3.png", b""))
    skipped = unpack(file, mine)
    assert [one.name for one in skipped] == ["cat/2.png", "cat/3.png"]
    assert counts(mine) == {"cat": 1}


def test_what_is_damaged_in_the_zip_itself(mine, zipped):
    file = zipped(("cat/1.png", CAT), ("cat/2.png", DOG))
    content = bytearray(file.read_bytes())
    content[content.index(CAT) + len(CAT) // 2] ^= 1  # its checksum is wrong now
    file.write_bytes(content)
    (skipped,) = unpack(file, mine)
    assert skipped.name == "cat/1.png"
    assert counts(mine) == {"cat": 1}


def test_names_of_folders_are_only_labels(mine, zipped, tmp_path):
    file = zipped(("../../evil/1.png", CAT), ("/root/1.png", DOG), ("a\\b\\1.png", CAT))
    unpack(file, mine)
    assert counts(mine) == {"evil": 1, "root": 1, "b": 1}
    assert {path.name for path in tmp_path.iterdir()} == {"collections", "some.zip"}


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ([("notes.txt", b"no picture")], "no_pictures"),
        ([("1.png", CAT)], "no_pictures"),
        ([(f"label {number}/1.png", b"x") for number in range(101)], "too_many_labels"),
        ([(f"cat/{number}.png", b"x") for number in range(10_001)], "too_many_pictures"),
        ([(f"notes/{number}.txt", b"x") for number in range(30_001)], "too_many_pictures"),
        ([("x" * 301 + "/1.png", CAT)], "label_too_long"),
    ],
)
def test_zips_that_cannot_be_used(mine, zipped, entries, code):
    assert code_of(lambda: unpack(zipped(*entries), mine)) == code


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 almost"])
def test_what_is_no_zip(mine, tmp_path, content):
    file = tmp_path / "some.zip"
    file.write_bytes(content)
    assert code_of(lambda: unpack(file, mine)) == "not_a_zip"


def test_a_picture_that_grows_too_much_is_left_out(mine, tmp_path):
    file = tmp_path / "bomb.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cat/1.png", bytes(200 * 2**20))
        archive.writestr("cat/2.png", CAT)
    (skipped,) = unpack(file, mine)
    assert skipped.name == "cat/1.png"
    assert counts(mine) == {"cat": 1}


def packed(collection, tmp_path):
    with (tmp_path / "packed.zip").open("wb") as file:
        pack(collection, file)
    return tmp_path / "packed.zip"


def test_zips_that_are_too_large_altogether(mine, zipped, monkeypatch):
    monkeypatch.setattr(module, "LARGEST_UNPACKED_BYTES", len(CAT) + len(DOG) - 1)
    file = zipped(("a/1.png", CAT), ("b/2.png", DOG))
    assert code_of(lambda: unpack(file, mine)) == "too_much_in_zip"
    assert counts(mine) == {}
    assert unpack(zipped(("a/1.png", CAT)), mine) == []


def test_masks_of_pictures_that_differ_in_their_ending(mine, zipped):
    white = png(np.full((72, 96, 3), 255, np.uint8))
    file = zipped(("a/1.jpg", CAT), ("a/1.png", DOG), ("a/masks/1.png.png", white))
    assert unpack(file, mine) == []
    assert counts(mine) == {"a": 2}
    assert [mine.mask(name) is not None for name in mine.pictures("a")] == [False, True]


def test_suffixes_in_capitals_and_a_label_called_masks(collections, mine, tmp_path):
    for label in ("masks", "cats"):
        mine.add_label(label)
        (mine.folder / label / "IMG_1.PNG").write_bytes(CAT)
    mine.set_mask("cats~IMG_1.PNG", Picture(np.full((72, 96, 3), 255, np.uint8)))
    other = collections.add("other")
    assert unpack(packed(mine, tmp_path), other) == []
    assert counts(other) == {"masks": 1, "cats": 1}
    assert other.mask(other.pictures("cats")[0])
    assert not other.mask(other.pictures("masks")[0])


@pytest.mark.parametrize("content", [b"[" * 200_000, b"{", b"[]", b"\xff\xfe"])
def test_an_odd_list_of_labels_in_a_zip(mine, zipped, content):
    assert unpack(zipped(("collection.json", content), ("cat/1.png", CAT)), mine) == []
    assert counts(mine) == {"cat": 1}


def test_a_damaged_list_of_labels_in_a_zip(mine, zipped):
    listed = b'{"labels": [], "name": "something long enough to be damaged"}'
    file = zipped(("collection.json", listed), ("cat/1.png", CAT))
    content = bytearray(file.read_bytes())
    content[content.index(listed) + 20] ^= 1
    file.write_bytes(content)
    assert unpack(file, mine) == []
    assert counts(mine) == {"cat": 1}
