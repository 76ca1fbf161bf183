"""The blocks are those of the contract, and every language says everything."""

import re
from collections.abc import Callable

import pytest

from tests.extension.conftest import EXTENSION
from tests.extension.player import Player

LANGUAGES = ["en", "de", "es", "fr", "ja", "ar"]
SLOT = re.compile(r"\[[A-Z]+\]")
SOURCE = EXTENSION.read_text("utf-8")

COMMAND, REPORTER, BOOLEAN = "command", "reporter", "Boolean"
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
    "relevanceOfSquare": (REPORTER, "relevance of square [SQUARE]"),
    "ghostOfSquare": (REPORTER, "ghost effect for square [SQUARE]"),
    "mostRelevantSquare": (REPORTER, "most relevant square"),
    "anySquareMattered": (BOOLEAN, "did any square matter?"),
    "relevanceSentence": (REPORTER, "what happened"),
    "setMeasure": (COMMAND, "measure by [MEASURE]"),
    "setAmplify": (COMMAND, "set amplify to [AMPLIFY]"),
}
"""Opcode: kind and English text; the arguments are what stands in [BRACKETS]."""

MENUS = {
    "picture": ["stage", "backdrop", "sprite", "camera"],
    "cover": ["black", "grey", "white", "mean", "blur", "noise"],
    "measure": ["auto", "confidence", "log_odds"],
}


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


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_sentences_are_translated(language):
    same = {key for key, text in WORDS[language].items() if text == WORDS["en"][key]}
    assert same <= {"log_odds", "auto"}


def test_every_text_is_used():
    code = SOURCE.replace(SOURCE[SOURCE.index("const WORDS = {") : SOURCE.index("\n  };\n")], "")
    unused = [key for key in WORDS["en"] if f"'{key}'" not in code]
    assert unused == []


def test_texts_have_nothing_that_a_message_format_would_read():
    for words in WORDS.values():
        for key, text in words.items():
            assert not re.search(r"[{}'<>#|]", text), key


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
        assert items[f"peekaboo_menu_{name}"] == [[words[value], value] for value in values]


@pytest.mark.browser
def test_what_happened_in_another_language(play: Callable[..., Player]):
    player = play(locale="de")
    player.run("setMeasure", MEASURE="Sicherheit")
    player.run("setCover", COVER="Grau")
    player.run("measureRelevance", PICTURE="die Bühne")
    answer = player.same_answer()
    at = answer["most_relevant"]
    before, after = (
        f"{100 * share:.0f}\N{NO-BREAK SPACE}%"
        for share in (
            answer["before"]["confidence"],
            answer["confidence"][at["row"]][at["column"]],
        )
    )
    assert before != after, "this test needs a picture where covering shows in whole percent"
    expected = (
        f"Zeile {at['row'] + 1}, Spalte {at['column'] + 1} verdeckt: "
        f"wizard fiel von {before} auf {after}."
    )
    assert player.ask("relevanceSentence").startswith(expected)
