"""Any label becomes a folder that every computer can keep."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import BadSetting
from backend.teaching import naming

RESERVED = {"con", "prn", "aux", "nul", "com1", "lpt9"}


@given(st.text(max_size=300), st.lists(st.text(max_size=20)))
def test_folders_are_safe_everywhere_and_never_taken(text, taken):
    name = naming.folder(text, taken)
    assert name
    assert name[0] != "."
    assert name[-1] not in ". "
    assert not set(name) & set('/\\:*?"<>|~%')
    assert all(unicodedata.category(sign)[0] != "C" for sign in name)
    assert name.casefold() not in {other.casefold() for other in taken}
    assert len(name.encode()) <= 255
    assert name.casefold().partition(".")[0] not in RESERVED


@pytest.mark.parametrize(
    ("label", "folder"),
    [
        ("cat", "cat"),
        ("شاي / tea 🫖", "شاي _ tea 🫖"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        (" . ", "label"),
        ("é", "é"),
    ],
)
def test_folders_resemble_their_labels(label, folder):
    assert naming.folder(label, []) == folder


def test_long_labels_share_the_beginning():
    first = naming.folder("猫" * 300, [])
    assert first == "猫" * 40
    assert naming.folder("猫" * 300, [first]) == first + " (2)"


def test_labels_in_one_line():
    assert naming.label("  my \n cat\x00 ") == "my cat"
    assert naming.label("x" * 300) == "x" * 300
    for bad, code in (("", "no_label"), (" \n", "no_label"), ("x" * 301, "label_too_long")):
        with pytest.raises(BadSetting) as caught:
            naming.label(bad)
        assert caught.value.code == code
