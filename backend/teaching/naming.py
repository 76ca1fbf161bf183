"""Names of folders and files that every computer can keep, for labels that may be anything."""

import re
import unicodedata
from collections.abc import Collection

from backend.classifiers.labels import clean, unused
from backend.errors import BadSetting, NotFound

LONGEST, LONGEST_SHOWN = 300, 60
LONGEST_FOLDER_BYTES = 120
_FORBIDDEN = re.compile(r'[\\/:*?"<>|~%]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?\Z", re.IGNORECASE)
"""Windows keeps these for devices."""


def label(text: str) -> str:
    """A label as people write it, in one line.

    Raises:
        BadSetting: nothing is left of it, or it is longer than `LONGEST` letters.
    """
    tidy = _in_one_line(text, "label", "label_too_long")
    if not tidy:
        raise BadSetting(
            "no_label", "A label needs a name.", "Write what is on its pictures, such as “cat”."
        )
    return tidy


def collection(text: str) -> str:
    """A collection's name as people write it, in one line; only its beginning if it is long.

    Raises:
        BadSetting: nothing is left of it, or it is longer than `LONGEST` letters.
    """
    tidy = _in_one_line(text, "name", "name_too_long")[:LONGEST_SHOWN].strip()
    if not tidy:
        raise BadSetting(
            "no_name", "A collection needs a name.", "Write what it is about, such as “pets”."
        )
    return tidy


def _in_one_line(text: str, what: str, too_long: str) -> str:
    tidy = " ".join(clean(text).split())
    if len(tidy) > LONGEST:
        raise BadSetting(
            too_long,
            f"The {what} has {len(tidy)} letters.",
            f"Choose one of at most {LONGEST} letters.",
        )
    return tidy


def folder(wanted: str, taken: Collection[str]) -> str:
    """A folder name that resembles `wanted`, works on every platform and is not `taken`.

    It never begins with a dot, holds no separator and none of the letters that Windows or
    our own addresses use for something else; `taken` is compared without upper and lower case.
    """
    safe = "".join(
        " " if unicodedata.category(sign)[0] in "CZ" else sign
        for sign in _FORBIDDEN.sub("_", unicodedata.normalize("NFC", wanted))
    )
    base = _shortened(" ".join(safe.split()).strip(". "), LONGEST_FOLDER_BYTES) or "label"
    if _RESERVED.match(base):
        base = "_" + base
    return unused(base, {name.casefold() for name in taken}, str.casefold)


def taken(label: str) -> BadSetting:
    """A label that is there already."""
    return BadSetting(
        "label_taken",
        f"There is a label “{label[:40]}” already.",
        "Choose another name, or put the pictures there.",
    )


def unknown(label: str) -> NotFound:
    """A label that is not there."""
    return NotFound(
        "unknown_example_label",
        f"There is no label “{label[:40]}” here.",
        "Make the label first, or choose one that is there.",
    )


def gone() -> NotFound:
    """A collection that is not there."""
    return NotFound(
        "unknown_collection",
        "These examples are not on this computer, or not any more.",
        "Choose others.",
    )


def _shortened(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode("utf-8", "ignore").strip(". ")
