"""Splits one line of a project source into a block and what stands in its slots."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from backend.projects.blocks import BLOCKS, MENU_VALUES, Block, Slot

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CLOSING = {"(": ")", "[": "]", "<": ">"}
_FITS = {
    "field": {"[v]"},
    "menu": {"[v]", "()"},
    "number": {"()"},
    "text": {"[]", "()"},
    "condition": {"<>"},
}


Names = dict[str, set[str]]
"""The project's own names under the slots that take them: `VARIABLE`, `LIST`."""


class UnreadableLine(ValueError):
    """A line of a project source that says nothing we know; the text says what is wrong."""


@dataclass(frozen=True)
class Variable:
    """A round block that tells a variable's value."""

    name: str


@dataclass(frozen=True)
class Call:
    """A block and what stands in its slots: texts, variables or other blocks."""

    block: Block
    values: dict[str, str | Variable | Call]


def read_block(line: str, names: Names) -> Call:
    """Read the block that a whole line stands for.

    Raises UnreadableLine, also if the block is a round or pointed one.
    """
    call = _read_call(line, names)
    if call is None:
        raise UnreadableLine(f"no such block: {line}")
    if call.block.shape in ("reporter", "boolean"):
        raise UnreadableLine(f"this block belongs inside another one: {line}")
    return call


def _read_call(text: str, names: Names) -> Call | None:
    words, contents = _split(text)
    block = BLOCKS.get(words)
    if block is None:
        return None
    values = {
        slot.name: _read_value(slot, bracket, content, names)
        for slot, (bracket, content) in zip(block.slots, contents, strict=True)
    }
    return Call(block, values)


def _split(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the words with `_` for each slot, and each slot's kind of bracket and content."""
    words, contents, position = "", [], 0
    while position < len(text):
        character = text[position]
        if character in _CLOSING and not _is_comparison(text, position):
            end = _closing(text, position)
            content = text[position + 1 : end]
            bracket = character + _CLOSING[character]
            if bracket == "[]" and content.endswith(" v"):
                bracket, content = "[v]", content[:-2]
            contents.append((bracket, content))
            words += "_"
            position = end + 1
        else:
            words += character
            position += 1
    return words.strip(), contents


def _is_comparison(text: str, position: int) -> bool:
    """Tell `<` and `>` between spaces, which compare, from those that enclose a condition."""
    return text[position] in "<>" and text[position : position + 2] in ("< ", "> ")


def _closing(text: str, start: int) -> int:
    waiting: list[str] = []
    for position in range(start, len(text)):
        character = text[position]
        if waiting and character == waiting[-1]:
            waiting.pop()
            if not waiting:
                return position
        elif waiting and waiting[-1] == "]":
            continue  # A text may hold any other character.
        elif character in _CLOSING and not _is_comparison(text, position):
            waiting.append(_CLOSING[character])
    raise UnreadableLine(f"no closing {_CLOSING[text[start]]} in: {text}")


def _read_value(slot: Slot, bracket: str, content: str, names: Names) -> Any:
    if bracket not in _FITS[slot.kind]:
        raise UnreadableLine(f"{bracket} does not fit where a {slot.kind} belongs: {content}")
    if bracket == "[v]":
        return _read_choice(slot, content, names)
    if bracket == "[]" or (bracket == "()" and _NUMBER.fullmatch(content)):
        return content
    if bracket == "()" and content in names["VARIABLE"]:
        return Variable(content)
    call = _read_call(content, names)
    if call is None:
        raise UnreadableLine(f"no such block or variable: {content}")
    if (call.block.shape == "boolean") != (bracket == "<>"):
        raise UnreadableLine(f"round and pointed blocks are not exchangeable: {content}")
    return call


def _read_choice(slot: Slot, content: str, names: Names) -> str:
    allowed = (MENU_VALUES | names).get(slot.name)
    if allowed is not None and content not in allowed:
        raise UnreadableLine(f"the menu {slot.name} has no {content}; it has {sorted(allowed)}")
    return content
