"""The Scratch blocks that project sources may use: their words, and their names in project files.

A template reads as the block looks: `[NAME v]` is a fixed menu (a *field* of the project file),
`(NAME v)` a menu into which a round block fits, `(NAME)` a number, `[NAME]` a text, `<NAME>` a
condition. To allow another block in project sources, add its line here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Shape = Literal["hat", "stack", "loop", "if else", "cap", "reporter", "boolean"]
SlotKind = Literal["field", "menu", "number", "text", "condition"]


@dataclass(frozen=True)
class Slot:
    """A place in a block that takes a value; `name` is its name in the project file."""

    name: str
    kind: SlotKind


@dataclass(frozen=True)
class Block:
    """What a line of a project source means."""

    opcode: str
    shape: Shape
    slots: tuple[Slot, ...]


_TABLE: dict[str, tuple[str, Shape]] = {
    "event_whenflagclicked": ("when flag clicked", "hat"),
    "event_whenkeypressed": ("when [KEY_OPTION v] key pressed", "hat"),
    "event_whenstageclicked": ("when stage clicked", "hat"),
    "event_whenbroadcastreceived": ("when I receive [BROADCAST_OPTION v]", "hat"),
    "control_start_as_clone": ("when I start as a clone", "hat"),
    "event_broadcast": ("broadcast (BROADCAST_INPUT v)", "stack"),
    "event_broadcastandwait": ("broadcast (BROADCAST_INPUT v) and wait", "stack"),
    "control_wait": ("wait (DURATION) seconds", "stack"),
    "control_repeat": ("repeat (TIMES)", "loop"),
    "control_forever": ("forever", "loop"),
    "control_if": ("if <CONDITION> then", "loop"),
    "control_if_else": ("if <CONDITION> then else", "if else"),
    "control_stop": ("stop [STOP_OPTION v]", "stack"),
    "control_create_clone_of": ("create clone of (CLONE_OPTION v)", "stack"),
    "control_delete_this_clone": ("delete this clone", "cap"),
    "motion_gotoxy": ("go to x: (X) y: (Y)", "stack"),
    "motion_goto": ("go to (TO v)", "stack"),
    "looks_setsizeto": ("set size to (SIZE) %", "stack"),
    "looks_switchcostumeto": ("switch costume to (COSTUME v)", "stack"),
    "looks_nextcostume": ("next costume", "stack"),
    "looks_show": ("show", "stack"),
    "looks_hide": ("hide", "stack"),
    "looks_switchbackdropto": ("switch backdrop to (BACKDROP v)", "stack"),
    "looks_nextbackdrop": ("next backdrop", "stack"),
    "looks_costumenumbername": ("costume [NUMBER_NAME v]", "reporter"),
    "looks_backdropnumbername": ("backdrop [NUMBER_NAME v]", "reporter"),
    "looks_seteffectto": ("set [EFFECT v] effect to (VALUE)", "stack"),
    "looks_gotofrontback": ("go to [FRONT_BACK v] layer", "stack"),
    "data_setvariableto": ("set [VARIABLE v] to [VALUE]", "stack"),
    "data_changevariableby": ("change [VARIABLE v] by (VALUE)", "stack"),
    "data_addtolist": ("add [ITEM] to [LIST v]", "stack"),
    "data_deletealloflist": ("delete all of [LIST v]", "stack"),
    "data_itemoflist": ("item (INDEX) of [LIST v]", "reporter"),
    "operator_add": ("(NUM1) + (NUM2)", "reporter"),
    "operator_subtract": ("(NUM1) - (NUM2)", "reporter"),
    "operator_multiply": ("(NUM1) * (NUM2)", "reporter"),
    "operator_random": ("pick random (FROM) to (TO)", "reporter"),
    "operator_equals": ("[OPERAND1] = [OPERAND2]", "boolean"),
    "operator_join": ("join [STRING1] [STRING2]", "reporter"),
    "peekaboo_useModel": ("use model (MODEL v)", "stack"),
    "peekaboo_classify": ("classify (PICTURE v)", "stack"),
    "peekaboo_label": ("label", "reporter"),
    "peekaboo_confidence": ("confidence", "reporter"),
    "peekaboo_confidenceOf": ("confidence of (LABEL v)", "reporter"),
    "peekaboo_setSquares": ("use (COLUMNS) squares across and (ROWS) down", "stack"),
    "peekaboo_uncover": ("uncover everything", "stack"),
    "peekaboo_numberOfSquares": ("number of squares", "reporter"),
    "peekaboo_xOfSquare": ("x of square (SQUARE)", "reporter"),
    "peekaboo_yOfSquare": ("y of square (SQUARE)", "reporter"),
    "peekaboo_measureRelevance": ("measure relevance of (PICTURE v)", "stack"),
    "peekaboo_showRelevance": ("show relevance with ghost effect", "stack"),
    "peekaboo_hideRelevance": ("hide relevance", "stack"),
    "peekaboo_keepShowing": ("keep showing relevance (ON v)", "stack"),
    "peekaboo_mapsPerSecond": ("relevance maps per second", "reporter"),
    "peekaboo_ghostOfSquare": ("ghost effect for square (SQUARE)", "reporter"),
    "peekaboo_relevanceSentence": ("what happened", "reporter"),
    "peekaboo_addExample": ("add (PICTURE v) as example of [LABEL]", "stack"),
    "peekaboo_numberOfExamples": ("number of examples of [LABEL]", "reporter"),
}

MENU_BLOCKS = {
    "BACKDROP": ("looks_backdrops", "BACKDROP"),
    "COSTUME": ("looks_costume", "COSTUME"),
    "TO": ("motion_goto_menu", "TO"),
    "CLONE_OPTION": ("control_create_clone_of_menu", "CLONE_OPTION"),
    "MODEL": ("peekaboo_menu_model", "model"),
    "PICTURE": ("peekaboo_menu_picture", "picture"),
    "LABEL": ("peekaboo_menu_label", "label"),
    "ON": ("peekaboo_menu_switch", "switch"),
}
"""For each menu that takes a round block: the block that holds the menu's own value, its field."""

MENU_VALUES = {
    "KEY_OPTION": {"x", "f", "space", "left arrow", "right arrow", "up arrow", "any"},
    "STOP_OPTION": {"all", "this script", "other scripts in sprite"},
    "NUMBER_NAME": {"number", "name"},
    "EFFECT": {"GHOST"},
    "FRONT_BACK": {"front", "back"},
    "CLONE_OPTION": {"_myself_"},
    "TO": {"_mouse_"},
    "MODEL": {"mine"},
    "PICTURE": {"stage", "backdrop", "sprite", "camera"},
    "ON": {"on", "off"},
}
"""What may stand in a menu; those not named here hold names from the project itself."""

WHOLE_NUMBERS = {"TIMES", "INDEX", "SQUARE", "ROWS", "COLUMNS"}

_SLOT = re.compile(r"\[(\w+) v\]|\((\w+) v\)|\((\w+)\)|\[(\w+)\]|<(\w+)>")
_KINDS: tuple[SlotKind, ...] = ("field", "menu", "number", "text", "condition")


def _read_template(template: str) -> tuple[str, tuple[Slot, ...]]:
    slots = []
    for match in _SLOT.finditer(template):
        index = next(i for i, name in enumerate(match.groups()) if name)
        slots.append(Slot(match.group(index + 1), _KINDS[index]))
    return _SLOT.sub("_", template), tuple(slots)


def _by_words() -> dict[str, Block]:
    blocks = {}
    for opcode, (template, shape) in _TABLE.items():
        words, slots = _read_template(template)
        blocks[words] = Block(opcode, shape, slots)
    return blocks


BLOCKS = _by_words()
"""Each block under its words, with `_` for every slot: `"repeat _"`, `"_ + _"`."""
