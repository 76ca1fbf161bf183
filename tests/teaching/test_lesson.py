"""The settings of a lesson: all are checked, and read as they were written."""

import pytest

from backend.errors import BadSetting
from backend.teaching.lesson import Lesson


def test_what_is_usual():
    lesson = Lesson.read({}, "parade")
    assert (lesson.way, lesson.extractor, lesson.epochs, lesson.seed) == ("head", "parade", 50, 0)
    assert Lesson.read({"way": "network"}, "parade").epochs == 30


def test_read_as_written():
    given = {
        "way": "network",
        "extractor": "0123456789ab",
        "epochs": 7,
        "seed": 3,
        "augment": ["zoom", "flip"],
        "other_backgrounds": True,
        "probes": ["cat~0001.png"],
    }
    lesson = Lesson.read(given, "parade")
    assert lesson.as_json() == given
    assert Lesson.read(lesson.as_json(), "parade") == lesson


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"way": "magic"}, "bad_way"),
        ({"way": ["head"]}, "bad_way"),
        ({"epochs": 0}, "bad_epochs"),
        ({"epochs": 501}, "bad_epochs"),
        ({"epochs": "5"}, "bad_epochs"),
        ({"epochs": True}, "bad_epochs"),
        ({"epochs": 2.5}, "bad_epochs"),
        ({"seed": -1}, "bad_seed"),
        ({"seed": 2**31}, "bad_seed"),
        ({"augment": "flip"}, "bad_augment"),
        ({"augment": ["spin"]}, "bad_augment"),
        ({"augment": [["flip"]]}, "bad_augment"),
        ({"other_backgrounds": 1}, "bad_other_backgrounds"),
        ({"probes": ["a"] * 5}, "bad_probes"),
        ({"probes": [1]}, "bad_probes"),
        ({"extractor": 5}, "bad_extractor"),
        ({"speed": 3}, "unknown_setting"),
    ],
)
def test_what_is_not_allowed(given, code):
    with pytest.raises(BadSetting) as caught:
        Lesson.read(given, "parade")
    assert caught.value.code == code
