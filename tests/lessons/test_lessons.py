"""Every lesson: its blocks, pictures, links, sections and projects are what they say."""

import io
import json
import os
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from backend.projects import project_names
from backend.routes.lessons import read_lessons
from backend.translation import ENGLISH, LANGUAGES
from tests.lessons.conftest import (
    EDITIONS,
    FOLDERS,
    LESSONS,
    SHEETS,
    address,
    fences,
    language_of,
    lesson_of,
    name_of,
    section,
)

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "scratch-extension" / "peekaboo.js"
SCRATCHBLOCKS = ROOT / "node_modules" / "scratchblocks"
ALL_PICTURES_BYTES = 5_000_000

each_lesson = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_edition = pytest.mark.parametrize("folder", EDITIONS, ids=name_of)
each_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=name_of)


class Addresses(HTMLParser):
    """All addresses that a page names."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [(name, value) for name, value in attrs if name in ("href", "src")]


def test_there_is_a_lesson():
    assert "what-is-it-looking-at" in [folder.name for folder in FOLDERS]


# ---- blocks


@pytest.fixture(scope="module")
def extension(browser) -> dict:
    """What the extension says about its blocks and menus, in each language."""
    said = {}
    page = browser.new_page()
    for language in LANGUAGES:
        page.goto("about:blank")
        page.evaluate("(language) => { document.documentElement.lang = language; }", language)
        page.add_script_tag(path=LESSONS / "scratch_stub.js")
        page.add_script_tag(path=EXTENSION)
        said[language] = page.evaluate("window.peekaboo.getInfo()")
    page.close()
    return said


def own_blocks(extension: dict) -> set[str]:
    """The words of Peekaboo's blocks, `_` for each slot."""
    texts = [block["text"] for block in extension["blocks"] if block != "---"]
    return {re.sub(r"\[\w+\]", "_", text) for text in texts}


def standard_blocks(language: str) -> set[str]:
    """The words of Scratch's own blocks, as the library that draws them knows them."""
    if not SCRATCHBLOCKS.exists():
        reason = "scratchblocks is not installed (npm ci)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    if language == ENGLISH:
        commands = (SCRATCHBLOCKS / "syntax" / "commands.js").read_text("utf-8")
        specs = re.findall(r'spec: "(.*)"', commands)
    else:
        locale = (SCRATCHBLOCKS / "locales" / f"{language}.json").read_text("utf-8")
        specs = json.loads(locale)["commands"].values()
    plain = (spec.replace("@greenFlag", "flag") for spec in specs)
    return {re.sub(r"\s+", " ", re.sub(r"%\w+", " _ ", spec)).strip() for spec in plain}


INNERMOST = re.compile(r"\(([^()\[\]<>]*)\)|\[[^\[\]]*\]|<([^()\[\]<>]*)>")


def quoted_blocks(code: str) -> set[str]:
    """Every block in Scratch code, also those inside others, `_` for each slot."""
    blocks = set()
    for line in filter(None, map(str.strip, code.splitlines())):
        while match := INNERMOST.search(line):
            inside = match[1] or match[2]
            if inside and not inside.endswith(" v") and not re.fullmatch(r"[-\d.]*|_", inside):
                blocks.add(inside)
            line = line[: match.start()] + "_" + line[match.end() :]
        blocks.add(line)
    return blocks - {"end", "else"}


def test_quoted_blocks_are_found():
    code = "set [n v] to ((x of square (3)) + (1))\nif <did any square matter?> then\n  hide\nend"
    assert quoted_blocks(code) == {
        "set _ to _", "x of square _", "_ + _", "if _ then", "did any square matter?", "hide",
    }  # fmt: skip


@pytest.mark.browser
@each_edition
def test_every_quoted_block_exists(extension, folder):
    language = language_of(folder)
    known = own_blocks(extension[language]) | standard_blocks(language)
    for name, code in fences(folder).items():
        assert quoted_blocks(code) <= known, name


@pytest.mark.browser
@each_edition
def test_quoted_menus_show_these_words(extension, folder):
    info = extension[language_of(folder)]
    code = "\n".join(fences(folder).values())
    for block in info["blocks"]:
        for slot, menu in slots_with(block, {"picture", "cover"}):
            words = re.escape(block["text"]).replace(re.escape(f"[{slot}]"), r"\((.*?) v\)")
            items = [item["text"] for item in info["menus"][menu]["items"]]
            assert set(re.findall(words, code)) <= set(items)


def slots_with(block: dict | str, menus: set[str]) -> list[tuple[str, str]]:
    """The slots of a block that offer one of these menus, with its name."""
    slots = {} if block == "---" else block.get("arguments", {})
    return [(name, slot["menu"]) for name, slot in slots.items() if slot.get("menu") in menus]


# ---- pictures


@each_edition
def test_pictures_of_blocks_are_up_to_date(folder):
    for name, code in fences(folder).items():
        picture = ElementTree.parse(folder / "pictures" / f"{name}.svg").getroot()
        assert picture.findtext("{http://www.w3.org/2000/svg}desc") == code, (
            f"{name} has changed: python -m lessons.make_pictures blocks"
        )


@each_edition
def test_every_picture_is_there_and_used(client, folder):
    used = {read_lessons()[lesson_of(folder).name].picture}
    for sheet in folder.glob("*.md"):
        page = client.get(address(sheet)).text
        used |= set(re.findall(r'src="pictures/(.*?)"', page))
    assert used == {path.name for path in (folder / "pictures").iterdir()}


def test_pictures_stay_small():
    pictures = [path for folder in EDITIONS for path in (folder / "pictures").iterdir()]
    assert sum(path.stat().st_size for path in pictures) < ALL_PICTURES_BYTES


@each_sheet
def test_every_picture_is_described(client, sheet):
    pictures = re.findall(r"<img [^>]*>", client.get(address(sheet)).text)
    described = [re.search(r'alt="([^"]*)"', picture) for picture in pictures]
    assert all(described)
    inside = [picture for picture in pictures if "pictures/" in picture]
    assert all(len(re.search(r'alt="([^"]*)"', picture)[1]) > 10 for picture in inside)


# ---- links


INDEXES = ["/lessons/", *(f"/lessons/{code}/" for code in LANGUAGES if code != ENGLISH)]


@pytest.mark.parametrize("page", [*INDEXES, *map(address, SHEETS)])
def test_every_link_answers(client, page):
    addresses = Addresses(client.get(page).text).found
    assert len(addresses) > 5
    for _, link in addresses:
        target = urlsplit(urljoin(page, link))
        assert not target.netloc, f"{link} needs the internet"
        answer = client.get(target.path, query_string=target.query, follow_redirects=True)
        assert answer.status_code == 200, link
        for name in parse_qs(target.query).get("project", []):
            assert name in project_names(), link


# ---- sections


def headings(sheet: Path, marks: str) -> list[str]:
    return re.findall(rf"^{marks} (.*)$", sheet.read_text("utf-8"), re.MULTILINE)


@each_lesson
def test_worksheets_have_numbered_steps_and_a_quiz(folder):
    titles = headings(folder / "worksheet.md", "##")
    steps = [title.partition(". ") for title in titles if title[0].isdigit()]
    assert [number for number, _, _ in steps] == [str(n + 1) for n in range(len(steps))]
    assert len(steps) >= 4
    assert titles[-1] == "Exit quiz"


@each_lesson
@pytest.mark.parametrize(
    "title",
    [
        "What this is about",
        "Before the lesson",
        "The lesson",
        "What the class will see",
        "When nothing seems to matter",
        "Your own classifier",
        "Other ways to run it",
        "Privacy",
    ],
)
def test_teacher_notes_have_what_a_teacher_needs(folder, title):
    assert len(section(folder / "teacher.md", title)) > 200


@each_lesson
@pytest.mark.parametrize("fact", ["Ages", "Time", "Goal", "You need", "Internet"])
def test_teacher_notes_begin_with_the_facts(folder, fact):
    assert f"| **{fact}** |" in (folder / "teacher.md").read_text("utf-8")


@each_lesson
def test_the_minutes_of_the_plan_add_up(folder):
    plan = re.findall(r"^\| (\d+) \|", section(folder / "teacher.md", "The lesson"), re.MULTILINE)
    assert sum(map(int, plan)) == int(read_lessons()[folder.name].minutes)


@each_lesson
def test_every_question_of_the_quiz_is_answered(folder):
    questions = re.findall(
        r"^\*\*([A-Z])\.\*\*", section(folder / "worksheet.md", "Exit quiz"), re.M
    )
    notes = (folder / "teacher.md").read_text("utf-8")
    answers = re.search(r"^\*\*Exit quiz\*\*:(.*?)\n\n", notes, re.M | re.S)[1]
    assert len(questions) >= 3
    assert re.findall(r"(?:^|\s)([A-Z]),", answers) == questions


@each_lesson
def test_every_question_to_explain_is_answered(folder):
    questions = re.findall(r"^(\d)\. ", section(folder / "worksheet.md", "4. Explain"), re.M)
    answers = re.findall(
        r"^(\d)\. ", section(folder / "teacher.md", "Possible answers to “Explain”"), re.M
    )
    assert answers == questions


# ---- projects


@each_lesson
def test_every_project_of_a_lesson_is_linked_and_opens(client, folder):
    text = "".join(sheet.read_text("utf-8") for sheet in folder.glob("*.md"))
    names = [path.stem for path in (folder / "projects").glob("*.scratch")]
    assert read_lessons()[folder.name].project in names
    for name in names:
        assert f"/editor?project={name})" in text
        assert f"/projects/{name}.sb3)" in text
        archive = zipfile.ZipFile(io.BytesIO(client.get(f"/projects/{name}.sb3").data))
        assert json.loads(archive.read("project.json"))["extensions"] == ["peekaboo"]
