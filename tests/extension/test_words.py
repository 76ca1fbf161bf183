"""The blocks are those of the contract, and every language says everything."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from backend.explanations.methods import METHODS
from tests.conftest import as_if_covering_only_helped
from tests.extension.conftest import EXTENSION
from tests.extension.player import Player

LANGUAGES = ["en", "de", "es", "fr", "ja", "ar"]
SLOT = re.compile(r"\[[A-Z]+\]")
SOURCE = EXTENSION.read_text("utf-8")

COMMAND, REPORTER, BOOLEAN, EVENT = "command", "reporter", "Boolean", "event"
CONTRACT = {
    "useModel": (COMMAND, "use model [MODEL]"),
    "classify": (COMMAND, "classify [PICTURE]"),
    "label": (REPORTER, "label"),
    "confidence": (REPORTER, "confidence"),
    "confidenceOf": (REPORTER, "confidence of [LABEL]"),
    "classifyLabel": (REPORTER, "classify [PICTURE] (label)"),
    "classifyConfidence": (REPORTER, "classify [PICTURE] (confidence)"),
    "setSquares": (COMMAND, "use [COLUMNS] squares across and [ROWS] down"),
    "setCover": (COMMAND, "cover with [COVER]"),
    "coverArea": (COMMAND, "cover area row [ROW] column [COLUMN]"),
    "coverSquare": (COMMAND, "cover square [SQUARE]"),
    "uncover": (COMMAND, "uncover everything"),
    "numberOfSquares": (REPORTER, "number of squares"),
    "xOfSquare": (REPORTER, "x of square [SQUARE]"),
    "yOfSquare": (REPORTER, "y of square [SQUARE]"),
    "measureRelevance": (COMMAND, "measure relevance of [PICTURE]"),
    "showRelevance": (COMMAND, "show relevance with ghost effect"),
    "hideRelevance": (COMMAND, "hide relevance"),
    "keepShowing": (COMMAND, "keep showing relevance [ON]"),
    "mapsPerSecond": (REPORTER, "relevance maps per second"),
    "showExplanation": (COMMAND, "show [METHOD] of [PICTURE] for [LABEL]"),
    "relevanceOfSquare": (REPORTER, "relevance of square [SQUARE]"),
    "ghostOfSquare": (REPORTER, "ghost effect for square [SQUARE]"),
    "mostRelevantSquare": (REPORTER, "most relevant square"),
    "anySquareMattered": (BOOLEAN, "did any square matter?"),
    "relevanceSentence": (REPORTER, "what happened"),
    "setMeasure": (COMMAND, "measure by [MEASURE]"),
    "setAmplify": (COMMAND, "set amplify to [AMPLIFY]"),
    "addExample": (COMMAND, "add [PICTURE] as example of [LABEL]"),
    "numberOfExamples": (REPORTER, "number of examples of [LABEL]"),
    "exampleLabels": (REPORTER, "labels of my examples"),
    "teach": (COMMAND, "teach my classifier"),
    "teachingProgress": (REPORTER, "teaching progress"),
    "whenTaught": (EVENT, "when teaching is done"),
    "showEpoch": (COMMAND, "relevance after lesson [EPOCH]"),
    "forgetExamples": (COMMAND, "forget all examples of [LABEL]"),
}
"""Opcode: kind and English text; the arguments are what stands in [BRACKETS]."""

MENUS = {
    "picture": ["stage", "backdrop", "sprite", "camera"],
    "cover": ["black", "grey", "white", "mean", "blur", "noise"],
    "measure": ["auto", "confidence", "log_odds"],
    "switch": ["on", "off"],
    "method": [
        *["grad_cam", "smoothgrad", "integrated_gradients", "expected_gradients", "xrai"],
        *["shapley", "smallest_peek", "occlusion"],
    ],
}

PROPER_NAMES = {name: METHODS[name].title for name in MENUS["method"][:5]}
"""Methods that are called alike in every language."""


def read_words() -> dict[str, dict[str, str]]:
    """The table of words as it stands in the source."""
    table = SOURCE[SOURCE.index("const WORDS = {") : SOURCE.index("\n  };\n")]
    languages = re.split(r"^    (\w+): \{$", table, flags=re.MULTILINE)[1:]
    return {
        name: dict(re.findall(r"(\w+):\s*'([^'\n]*)'", words))
        for name, words in zip(languages[::2], languages[1::2], strict=True)
    }


WORDS = read_words()


def test_the_six_languages():
    assert list(WORDS) == LANGUAGES
    assert len(WORDS["en"]) > 55


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_every_text_with_the_same_slots(language):
    assert WORDS[language].keys() == WORDS["en"].keys()
    for key, text in WORDS[language].items():
        assert sorted(SLOT.findall(text)) == sorted(SLOT.findall(WORDS["en"][key])), key
        assert text.strip() == text != "", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_block_begins_with_a_digit(language):
    """Scratch puts "%2", its icon's line, right before the text, and would read "%21"."""
    assert [opcode for opcode in CONTRACT if WORDS[language][opcode][0].isdigit()] == []


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_sentences_are_translated(language):
    same = {key for key, text in WORDS[language].items() if text == WORDS["en"][key]}
    assert same <= {"log_odds", "auto"}


def test_every_text_is_used():
    code = SOURCE.replace(SOURCE[SOURCE.index("const WORDS = {") : SOURCE.index("\n  };\n")], "")
    unused = [key for key in WORDS["en"] if f"'{key}'" not in code]
    assert unused == []


def test_only_the_backend_fetches():
    assert SOURCE.count("fetch(") == 1
    assert not re.search(r"XMLHttpRequest|WebSocket|\beval\b|new Function", SOURCE)


@pytest.mark.browser
def test_the_blocks_of_the_contract(player: Player):
    blocks = player.page.evaluate("test.info().blocks.filter((block) => block.opcode)")
    assert {block["opcode"]: (block["blockType"], block["text"]) for block in blocks} == CONTRACT
    for block in blocks:
        slots = {slot[1:-1] for slot in SLOT.findall(block["text"])}
        assert slots == set(block["arguments"]), block["opcode"]


@pytest.mark.browser
def test_the_menus_of_the_contract(player: Player):
    items = player.page.evaluate("test.info().items")
    values = {name: [value for _, value in items[f"peekaboo_menu_{name}"]] for name in MENUS}
    assert values == MENUS
    assert items["peekaboo_menu_amplify"][0][1] == "auto"


@pytest.mark.browser
@pytest.mark.parametrize("language", [*LANGUAGES, "es-419", "ja-Hira"])
def test_blocks_and_menus_speak_the_language(play: Callable[..., Player], language):
    player = play(locale=language)
    words = WORDS[language[:2]]
    blocks = player.page.evaluate("test.info().blocks.filter((block) => block.opcode)")
    assert {block["opcode"]: block["text"] for block in blocks} == {
        opcode: words[opcode] for opcode in CONTRACT
    }
    items = player.page.evaluate("test.info().items")
    for name, values in MENUS.items():
        named = words | PROPER_NAMES
        assert items[f"peekaboo_menu_{name}"] == [[named[value], value] for value in values]


def in_german(answer: dict) -> str:
    """What should be said about an answer of the server, as a German teacher would say it."""

    def percent(share: float) -> str:
        return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"

    target, at, before = answer["target"], answer["most_relevant"], answer["before"]["confidence"]
    if at is None:
        return (
            f"Nichts schien wichtig zu sein: {target} blieb bei {percent(before)}, "
            "egal welches Feld verdeckt war."
        )
    place = f"Zeile {at['row'] + 1}, Spalte {at['column'] + 1}"
    lowest = percent(min(min(row) for row in answer["confidence"]))
    largest = max(max(row) for row in answer["confidence_drop"])
    if answer["saturated"] if answer["measure"] == "log_odds" else largest < 0.01:
        return (
            f"{target} blieb bei {lowest} oder mehr, egal welches Feld verdeckt war. "
            f"Am meisten ins Wanken kam der Klassifikator, als {place} verdeckt war."
        )
    after = percent(answer["confidence"][at["row"]][at["column"]])
    return f"{place} verdeckt: {target} fiel von {percent(before)} auf {after}."


@pytest.mark.browser
@pytest.mark.parametrize(
    ("grey", "columns", "measure", "begins"),
    [
        (False, 8, "Sicherheit", "Zeile"),
        (False, 32, "log_odds", "wizard blieb"),  # small squares shake, but change nothing
        (True, 8, "automatisch", "Nichts"),
    ],
)
def test_what_happened_in_another_language(play, grey, columns, measure, begins):
    player: Player = play(np.full((360, 480, 3), 120, np.uint8) if grey else None, locale="de")
    player.page.evaluate("test.sprite().setVisible(false)")
    player.run("setSquares", COLUMNS=columns, ROWS=columns * 3 / 4)
    player.run("setCover", COVER="Grau")
    player.run("setMeasure", MEASURE=measure)
    player.run("measureRelevance", PICTURE="die Bühne")
    expected = in_german(player.same_answer())
    assert expected.startswith(begins), "the picture does not lead to this sentence"
    assert player.ask("relevanceSentence").startswith(expected)


@pytest.mark.browser
def test_where_covering_only_helps_it_is_said_which_square_in_another_language(play):
    player: Player = play(locale="de")
    player.page.route("**/api/relevance*", as_if_covering_only_helped)
    player.run("measureRelevance", PICTURE="die Bühne")
    assert player.ask("relevanceSentence") == (
        "Kein Feld sprach für wizard. Zeile 2, Spalte 3 verdeckt: "
        "wizard stieg von 27\N{NO-BREAK SPACE}% auf 98\N{NO-BREAK SPACE}%."
    )
    assert not player.ask("anySquareMattered")


def test_a_word_longer_than_a_line_stays_in_the_bubble(player: Player, parade):
    player.run("useModel", MODEL="W" * 40)
    player.wait_until(player.says_something)
    edge = [(x, y) for x in (-237, 237) for y in range(-170, -60, 10)]
    expected = [parade["wizard"][180 - y - 1, x + 240] for x, y in edge]
    np.testing.assert_allclose(player.colours_at(edge), expected, atol=2)
