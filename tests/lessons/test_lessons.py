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
from tests.lessons.conftest import FOLDERS, LESSONS, SHEETS, address, fences, section

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "scratch-extension" / "peekaboo.js"
STANDARD = ROOT / "node_modules" / "scratchblocks" / "syntax" / "commands.js"
ALL_PICTURES_BYTES = 1_500_000

each_lesson = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_sheet = pytest.mark.parametrize(
    "sheet", SHEETS, ids=lambda sheet: f"{sheet.parent.name}/{sheet.stem}"
)


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
    """What the extension says about its blocks and menus, in English."""
    page = browser.new_page()
    page.add_script_tag(path=LESSONS / "scratch_stub.js")
    page.add_script_tag(path=EXTENSION)
    info = page.evaluate("window.peekaboo.getInfo()")
    page.close()
    return info


def own_blocks(extension: dict) -> set[str]:
    """The words of Peekaboo's blocks, `_` for each slot."""
    texts = [block["text"] for block in extension["blocks"] if block != "---"]
    return {re.sub(r"\[\w+\]", "_", text) for text in texts}


def standard_blocks() -> set[str]:
    """The words of Scratch's own blocks, as the library that draws them knows them."""
    if not STANDARD.exists():
        reason = "scratchblocks is not installed (npm ci)"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    specs = re.findall(r'spec: "(.*)"', STANDARD.read_text("utf-8"))
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
@each_lesson
def test_every_quoted_block_exists(extension, folder):
    known = own_blocks(extension) | standard_blocks()
    for name, code in fences(folder).items():
        assert quoted_blocks(code) <= known, name


@pytest.mark.browser
@each_lesson
def test_quoted_menus_show_these_words(extension, folder):
    menus = {"classify": "picture", "relevance of": "picture", "cover with": "cover"}
    for name, code in fences(folder).items():
        for words, choice in re.findall(rf"({'|'.join(menus)}) \((.*?) v\)", code):
            items = extension["menus"][menus[words]]["items"]
            assert choice in [item["text"] for item in items], name


# ---- pictures


@each_lesson
def test_pictures_of_blocks_are_up_to_date(folder):
    for name, code in fences(folder).items():
        picture = ElementTree.parse(folder / "pictures" / f"{name}.svg").getroot()
        assert picture.findtext("{http://www.w3.org/2000/svg}desc") == code, (
            f"{name} has changed: python -m lessons.make_pictures blocks"
        )


@each_lesson
def test_every_picture_is_there_and_used(client, folder):
    used = {read_lessons()[folder.name].picture}
    for sheet in folder.glob("*.md"):
        page = client.get(address(sheet)).text
        used |= set(re.findall(r'src="pictures/(.*?)"', page))
    assert used == {path.name for path in (folder / "pictures").iterdir()}


def test_pictures_stay_small():
    pictures = [path for folder in FOLDERS for path in (folder / "pictures").iterdir()]
    assert sum(path.stat().st_size for path in pictures) < ALL_PICTURES_BYTES


@each_sheet
def test_every_picture_is_described(client, sheet):
    pictures = re.findall(r"<img [^>]*>", client.get(address(sheet)).text)
    described = [re.search(r'alt="([^"]*)"', picture) for picture in pictures]
    assert all(described)
    inside = [picture for picture in pictures if "pictures/" in picture]
    assert all(len(re.search(r'alt="([^"]*)"', picture)[1]) > 10 for picture in inside)


# ---- links


@pytest.mark.parametrize("page", ["/lessons/", *map(address, SHEETS)])
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
