"""Texts: every language has all of them, and pages use no other."""

import re
import urllib.request
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[2] / "backend" / "pages"
LANGUAGES = {"en", "de", "es", "fr", "ja", "ar"}

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def words(browser, server) -> dict:
    page = browser.new_page()
    page.goto(server.address + "/")
    found = page.evaluate("import('/pages/words.js').then((words) => words.WORDS)")
    page.close()
    return found


def test_six_languages(words):
    assert set(words) == LANGUAGES


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_text_is_there_with_its_blanks(words, language):
    table = words[language]
    assert {key for key in table if not key.startswith("error.")} == words["en"].keys()
    for key, text in words["en"].items():
        assert blanks(table[key]) == blanks(text), key


def test_errors_of_the_server_are_said_in_every_language_but_english(words):
    said = {
        language: {key for key in table if key.startswith("error.")}
        for language, table in words.items()
    }
    assert said.pop("en") == set()  # the server's own words
    assert len(said["de"]) > 10
    assert all(keys == said["de"] for keys in said.values())
    backend = "".join(path.read_text("utf-8") for path in PAGES.parent.rglob("*.py"))
    for key in said["de"]:
        assert f'"{key.split(".")[1]}"' in backend
        assert key.removesuffix(".hint") + ".hint" in said["de"]


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


def test_pages_ask_only_for_texts_that_exist(words, server):
    asked = set()
    for path in ("/", "/try", "/look-inside", "/teach"):
        with urllib.request.urlopen(server.address + path) as answer:
            page = answer.read().decode("utf-8")
        asked |= set(re.findall(r'data-words(?:-label|-placeholder)?="(.+?)"', page))
    for script in PAGES.glob("*.js"):
        source = script.read_text("utf-8")
        asked |= set(re.findall(r"\bt\(\s*'([\w.]+)'", source))
        asked |= set(re.findall(r"'([\w.]+)'", source)) & words["en"].keys()  # chosen first
    composed = (
        "view.",
        "settings.",
        "cover.",
        "measure.",
        "say.covered.",
        "numbers.",
        "colours.",
        "method.",
        "overlay.",
        "resampling.",
        "baseline.",
        "teach.eyes.",
        "unit.",
        "setting.",
        "option.",
        "warning.",
    )
    spoken = {key for key in words["en"] if not key.startswith(composed)}
    assert asked - words["en"].keys() == set()
    assert spoken - asked == set()


@pytest.mark.parametrize(
    ("language", "direction", "title"),
    [("de-AT", "ltr", "de"), ("ar-EG", "rtl", "ar"), ("pt-BR", "ltr", "en")],
)
def test_page_speaks_the_browsers_language_until_another_is_chosen(
    open_page, words, language, direction, title
):
    page = open_page("/", language=language)
    assert page.locator("h1").inner_text() == words[title]["start.title"]
    assert page.evaluate("document.documentElement.dir") == direction
    page.select_option("#language", "fr")
    assert page.locator("h1").inner_text() == words["fr"]["start.title"]
    page.reload()
    assert page.locator("h1").inner_text() == words["fr"]["start.title"]
