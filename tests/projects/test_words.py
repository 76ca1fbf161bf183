"""Reading one line of a project source."""

import pytest

from backend.projects.words import UnreadableLine, Variable, read_block

NAMES = {"VARIABLE": {"n", "how sure (%)"}, "LIST": {"ghosts"}}


def test_a_plain_block() -> None:
    call = read_block("when flag clicked", NAMES)
    assert call.block.opcode == "event_whenflagclicked"
    assert call.values == {}


def test_numbers_and_blocks_fill_round_slots_in_order() -> None:
    call = read_block("go to x: (x of square (n)) y: (-12.5)", NAMES)
    assert call.block.opcode == "motion_gotoxy"
    inner = call.values["X"]
    assert inner.block.opcode == "peekaboo_xOfSquare"
    assert inner.values == {"SQUARE": Variable("n")}
    assert call.values["Y"] == "-12.5"


def test_arithmetic_nests() -> None:
    call = read_block("add ((2) * ((3) - (n))) to [ghosts v]", NAMES)
    product = call.values["ITEM"]
    assert product.block.opcode == "operator_multiply"
    assert product.values["NUM1"] == "2"
    assert product.values["NUM2"].block.opcode == "operator_subtract"
    assert product.values["NUM2"].values == {"NUM1": "3", "NUM2": Variable("n")}


def test_a_name_may_hold_brackets_and_a_text_anything() -> None:
    call = read_block("set [how sure (%) v] to (join (how sure (%)) [ :-) <3])", NAMES)
    assert call.values["VARIABLE"] == "how sure (%)"
    assert call.values["VALUE"].values == {
        "STRING1": Variable("how sure (%)"),
        "STRING2": " :-) <3",
    }


def test_conditions_stand_in_pointed_slots() -> None:
    call = read_block("if <(backdrop [number v]) = [1]> then", NAMES)
    condition = call.values["CONDITION"]
    assert condition.block.opcode == "operator_equals"
    assert condition.values["OPERAND1"].values == {"NUMBER_NAME": "number"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("do a somersault", "no such block: do a somersault"),
        ("repeat (10", r"no closing \)"),
        ("go to x: (m) y: (1)", "no such block or variable: m"),
        ("set [m v] to [1]", "the menu VARIABLE has no m"),
        ("when [y v] key pressed", "the menu KEY_OPTION has no y"),
        ("classify [the moon v]", "the menu PICTURE has no the moon"),
        ("label", "belongs inside another one"),
        ("repeat [10]", r"\[\] does not fit where a number belongs"),
        ("if (n) then", r"\(\) does not fit where a condition belongs"),
        ("repeat ((1) = (2))", "not exchangeable"),
        ("if <n> then", "not exchangeable|no such block"),
    ],
)
def test_what_is_not_understood_is_refused(line: str, reason: str) -> None:
    with pytest.raises(UnreadableLine, match=reason):
        read_block(line, NAMES)
