"""Every lesson in every language: the same sheet, with the product's own words of that language."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest

from backend.routes import lessons
from backend.routes.sheets import split_facts
from backend.translation import ENGLISH, LANGUAGES, RIGHT_TO_LEFT
from tests.lessons.conftest import LESSONS, SHEETS, address, language_of, lesson_of, name_of

ROOT = LESSONS.parent
TRANSLATED = [sheet for sheet in SHEETS if language_of(sheet.parent) != ENGLISH]
INLINE = {"a", "br", "code", "em", "i", "img", "span", "strong"}
"""What stands inside sentences, which have another order in every language."""
PAGES = {"/teach": "teach.title", "/try": "try.title"}
"""Pages that sheets speak of by the name that stands at their top."""

each_translation = pytest.mark.parametrize("sheet", TRANSLATED, ids=name_of)
each_language = pytest.mark.parametrize("language", LANGUAGES[1:])


class Structure(HTMLParser):
    """What a page is made of, without its words."""

    def __init__(self, page: str, at: str):
        super().__init__()
        self.blocks: list[str] = []
        self.fields = 0
        self.targets: Counter[str] = Counter()
        self.names: list[tuple[str, str]] = []
        self._at, self._link = at, ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if known.get("class") == "write":
            self.fields += 1
        elif tag not in INLINE:
            self.blocks.append(f"{tag} {known.get('class') or ''} {known.get('type') or ''}")
        self._link = known.get("href") or ""
        if target := self._link or known.get("src"):
            # The same target, whatever the language of the sheet that it is in.
            path = urljoin(self._at, target)
            self.targets[re.sub(r"^/lessons/[a-z]{2}/", "/lessons/", path)] += 1

    def handle_data(self, data):
        if self._link:
            self.names.append((self._link, data))
            self._link = ""


def structure(client, sheet: Path) -> Structure:
    page = client.get(address(sheet)).text
    main = re.search(r"<main .*?</main>", page, re.DOTALL)
    assert main
    return Structure(main[0], address(sheet))


@each_translation
def test_it_is_translated(sheet):
    assert sheet.is_file()


@each_translation
def test_it_has_the_parts_of_the_english_sheet(client, sheet):
    english = structure(client, lesson_of(sheet.parent) / sheet.name)
    translated = structure(client, sheet)
    assert translated.blocks == english.blocks
    assert translated.fields == english.fields
    assert translated.targets == english.targets


@each_translation
def test_its_text_is_not_english(client, sheet):
    """No paragraph of the English sheet stands in a translation."""
    english = paragraphs(lesson_of(sheet.parent) / sheet.name)
    assert not english & paragraphs(sheet)


def paragraphs(sheet: Path) -> set[str]:
    _, text = split_facts(sheet.read_text("utf-8"))
    parts = re.sub(r"```.*?```", "", text, flags=re.DOTALL).split("\n\n")
    return {" ".join(part.split()) for part in parts if len(re.findall(r"[a-zA-Z]{3,}", part)) > 4}


@each_translation
def test_pages_are_called_by_their_names(client, sheet):
    words = product_words(language_of(sheet.parent))
    for link, text in structure(client, sheet).names:
        if link in PAGES and text[0].isupper():
            assert text == words[PAGES[link]]


def product_words(language: str) -> dict[str, str]:
    """The texts of the pages in a language."""
    found: dict[str, str] = {}
    for part in ("", "look-", "teach-"):
        text = (ROOT / "backend" / "pages" / "words" / f"{part}{language}.js").read_text("utf-8")
        found |= dict(re.findall(r"^  '([\w.-]+)':\s+'((?:[^'\\]|\\.)*)',$", text, re.MULTILINE))
    return found


@each_language
def test_the_list_is_translated(client, language):
    page = client.get(f"/lessons/{language}/").text
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in page
    for lesson in lessons.read_lessons(language).values():
        assert lesson.title in page
        assert lesson.title != lessons.read_lessons()[lesson.name].title
        assert lesson.summary != lessons.read_lessons()[lesson.name].summary


@each_language
def test_every_text_around_the_lessons_is_translated(language):
    words = json.loads((LESSONS / "words.json").read_text("utf-8"))
    templates = [ROOT / "backend" / "pages" / name for name in ("lesson.html", "lessons.html")]
    templates.append(ROOT / "backend" / "pages" / "parts" / "lesson-page.html")
    code = "".join(path.read_text("utf-8") for path in templates)
    code += (ROOT / "backend" / "routes" / "sheets.py").read_text("utf-8")
    calls = re.findall(r"""say\(((?:"[^"]*"\s*)+|'[^']*')\)""", code)
    said = {"".join(re.split(r"""["']\s*["']?""", call)) for call in calls}
    assert len(said) > 15
    for text in said - {", "}:
        assert language in words[text], text
    for text, translations in words.items():
        wanted = set(re.findall(r"\{\w+\}", text))
        assert set(re.findall(r"\{\w+\}", translations.get(language, text))) == wanted


def test_the_languages_are_those_of_the_pages():
    text = (ROOT / "backend" / "pages" / "words.js").read_text("utf-8")
    listed = re.search(r"LANGUAGES = \{(.*?)\}", text, re.DOTALL)
    assert listed
    assert tuple(re.findall(r"^  (\w+):", listed[1], re.MULTILINE)) == LANGUAGES


def test_a_lesson_that_is_not_translated_is_shown_in_english(client, tmp_path, monkeypatch):
    (tmp_path / "mirror" / "pictures").mkdir(parents=True)
    (tmp_path / "mirror" / "worksheet.md").write_text(
        "---\norder: 7\nages: 7–9\nminutes: 20\npicture: face.svg\nsummary: Look.\n"
        "project: demo\n---\n# Mirror\n\nHello.\n",
        "utf-8",
    )
    (tmp_path / "mirror" / "pictures" / "face.svg").write_text("<svg/>", "utf-8")
    monkeypatch.setattr(lessons, "LESSONS", tmp_path)
    assert "Mirror" in client.get("/lessons/de/").text
    assert "Hello." in client.get("/lessons/de/mirror/worksheet").text
    assert client.get("/lessons/de/mirror/pictures/face.svg").status_code == 200
    assert client.get("/lessons/de/mirror/").location == "/lessons/de/mirror/worksheet"
    assert client.get("/lessons/xx/mirror/worksheet").status_code == 404
