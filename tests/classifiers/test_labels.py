from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.classifiers.labels import check_number, from_text, tidy
from backend.errors import CannotUse

NAMES = some.lists(
    # Any script, but nothing that reading is meant to take away.
    some.text(some.characters(exclude_categories=["C", "Z", "N", "M"]), min_size=1, max_size=12),
    min_size=1,
    max_size=12,
    unique_by=lambda name: normalize("NFC", name),
)


def normal(names):
    return tuple(normalize("NFC", name) for name in names)


@given(NAMES)
def test_names_come_back_with_and_without_numbers(names):
    plain = "\n".join(names)
    numbered = "\n".join(f"{index} {name}" for index, name in enumerate(names))
    assert from_text(plain.encode()) == normal(names)
    assert from_text(numbered.encode()) == normal(names)


@given(NAMES, some.sampled_from(["\n", "\r\n", "\r"]), some.integers(0, 3))
def test_endings_blank_lines_and_byte_order_marks_do_not_matter(names, ending, blank):
    text = ending.join(names) + ending * blank
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert from_text(text.encode(encoding)) == normal(names)


@given(some.lists(some.text(max_size=6), min_size=1, max_size=8))
def test_tidy_names_are_different_and_not_empty(names):
    tidied = tidy(names)
    assert len(set(tidied)) == len(names) == len(tidied)
    assert all(name.strip() == name and name for name in tidied)
    assert tidy(list(tidied)) == tidied


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("0 5 Galoon\n1 500ML\n", ("5 Galoon", "500ML")),
        ("5 Galoon\n500ML\n", ("5 Galoon", "500ML")),
        ("0 가위\n1 바위\n2 보", ("가위", "바위", "보")),
        ("Cola\nFaxe kondi\n\n\n", ("Cola", "Faxe kondi")),
        ("0\n1\n2\n", ("0", "1", "2")),
        ("0: cat\n1: dog", ("cat", "dog")),
        ("1 cat\n2 dog", ("1 cat", "2 dog")),
        ("0 cat\n2 dog", ("0 cat", "2 dog")),
        ("cat\ncat\ncat (2)", ("cat", "cat (2)", "cat (2) (2)")),
        ("0 cat\n1 \n", ("cat", "Class 2")),
        ("\u202egod\u202c\n\u2066cat\u2069", ("god", "cat")),  # nothing turns the line around
        ("\u200bcat\u200b\n0 \u2800\u200d", ("cat", "0")),
        ("\U0001f469\u200d\U0001f52c\nمی‌خواهم", ("\U0001f469\u200d\U0001f52c", "می‌خواهم")),
    ],
)
def test_what_people_write(text, labels):
    assert from_text(text.encode()) == labels


def test_older_windows_editors():
    assert from_text("Äpfel\nBäume".encode("cp1252")) == ("Äpfel", "Bäume")


@pytest.mark.parametrize("content", [b"", b"\n \n\t\n", b"\xef\xbb\xbf"])
def test_no_names_at_all(content):
    with pytest.raises(CannotUse) as caught:
        from_text(content)
    assert caught.value.code == "labels_missing"


def test_labels_must_fit_the_outputs():
    check_number(("a", "b"), 2)
    for labels, outputs, code in [
        (("a", "b", "c"), 2, "labels_do_not_match"),
        (("a",), 2, "labels_do_not_match"),
        (("a",), 1, "one_class"),
    ]:
        with pytest.raises(CannotUse) as caught:
            check_number(labels, outputs)
        assert caught.value.code == code
