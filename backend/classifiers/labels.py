"""Reading labels as people and programs write them."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Collection

from backend.errors import CannotUse

_INDEXED = re.compile(r"([0-9]+)(?:(?:[:;,.)]\s*|\s+)(.*))?\Z")
_JOINING = "\u200c\u200d" + "".join(map(chr, range(0xE0020, 0xE0080)))
"""The two joiners, and the tags that make a flag of a region."""
_UNSEEN = "\u200c\u200d \t\n\u00a0\u2800\u3164\u115f\u1160\uffa0" + "".join(
    map(chr, [*range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x2028, 0x2029])
)
_ADD_LABELS = "Add a file labels.txt with one name on each line."


def from_text(content: bytes) -> tuple[str, ...]:
    """Read a labels file: one name on each line, with or without `0 `, `1 ` … before it.

    The numbers are taken off only if every line has its own, counted from 0, so that the
    names `500ML` and `5 Galoon` stay what they are. Blank lines are skipped.

    Raises:
        CannotUse: it holds no name.
    """
    text = re.split(r"\r\n|\r|\n", _decode(content))
    lines = [line for line in (clean(line) for line in text) if line]
    indexed = [_INDEXED.match(line) for line in lines]
    numbered = all(match and int(match[1]) == index for index, match in enumerate(indexed))
    # A classifier of digits has lines that are nothing but numbers: those are the names.
    if numbered and any(match and match[2] for match in indexed):
        lines = [match[2] or "" for match in indexed if match]
    return tidy(lines)


def tidy(names: list[str]) -> tuple[str, ...]:
    """Make the names clean, not empty and different: a second “cat” becomes “cat (2)”.

    Raises:
        CannotUse: there is none.
    """
    if not names:
        raise missing()
    tidied: list[str] = []
    for position, name in enumerate(names, 1):
        tidied.append(unused(clean(name) or f"Class {position}", tidied))
    return tuple(tidied)


def unused(wanted: str, taken: Collection[str], alike: Callable[[str], str] = str) -> str:
    """A name, with a number behind it if it is taken already: “cat (2)”.

    Args:
        alike: what has to differ; `taken` holds names as it writes them.
    """
    name, number = wanted, 2
    while alike(name) in taken:
        name, number = f"{wanted} ({number})", number + 1
    return name


def missing() -> CannotUse:
    """The error for a model that came without names for its classes."""
    return CannotUse(
        "labels_missing", "The model came without the names of its classes.", _ADD_LABELS
    )


def check_number(labels: tuple[str, ...], outputs: int) -> None:
    """Refuse models whose labels do not belong to their outputs.

    Raises:
        CannotUse: only one class, or not as many labels as outputs.
    """
    if outputs < 2:
        raise CannotUse(
            "one_class",
            "The model has only one class, so it gives the same answer for every picture.",
            "Train it with at least two classes.",
        )
    if len(labels) != outputs:
        came = f"{len(labels)} label" + "s" * (len(labels) != 1)
        raise CannotUse(
            "labels_do_not_match",
            f"The model tells {outputs} classes apart, but {came} came with it.",
            "Add the labels.txt that was made together with this model.",
        )


def _decode(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What older editors on Windows save.
        return content.decode("cp1252", "replace")


def clean(name: str) -> str:
    """Text as people write it: nothing that controls or cannot be seen, no blanks around it.

    Joiners stay between other signs, because they hold emoji together and shape Persian and
    Indian letters; marks that turn the direction of what follows do not.
    """
    name = name.encode("utf-8", "replace").decode()
    spaced = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in name)
    shown = "".join(
        sign for sign in spaced if unicodedata.category(sign) != "Cf" or sign in _JOINING
    )
    return unicodedata.normalize("NFC", shown).strip(_UNSEEN)
