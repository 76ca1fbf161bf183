"""What sheets can say besides Markdown, and the list of lessons."""

import re
import shutil

import pytest

from backend.routes import lessons
from backend.routes.sheets import render as render_in
from backend.routes.sheets import split_facts


def render(text: str) -> str:
    return render_in(text, str)


def test_facts_are_taken_off_the_head():
    facts, text = split_facts("---\nages: 9–14\nsummary: It says: “hello”.\n---\n# Title\n---\n")
    assert facts == {"ages": "9–14", "summary": "It says: “hello”."}
    assert text == "# Title\n---\n"


def test_a_sheet_without_facts_stays_whole():
    assert split_facts("# Title\n\n---\n") == ({}, "# Title\n\n---\n")


def test_blocks_become_their_picture_and_are_read_aloud():
    page = render("```blocks hide\nwhen flag clicked\n  say [a < b]\n```")
    assert 'src="pictures/hide.svg"' in page
    assert 'alt="Blocks: when flag clicked; say [a &lt; b]"' in page


def test_squares_count_along_the_rows():
    page = render("```squares\n/parade/gallery/wizard-1.png\n```")
    named = re.findall(r'aria-label="row (\d), column (\d)"><span>(\d+)<', page)
    assert len(named) == 48
    assert named[0] == ("1", "1", "1")
    assert named[7] == ("1", "8", "8")
    assert named[8] == ("2", "1", "9")
    assert named[47] == ("6", "8", "48")
    assert '<img src="/parade/gallery/wizard-1.png"' in page


def test_empty_squares_have_no_picture():
    assert "<img" not in render("```squares\n```")


def test_lines_to_write_on():
    page = render("```lines 3\n```")
    assert page.count("<i></i>") == 3
    assert page.count("<textarea") == 1


def test_places_to_write_and_to_tick():
    page = render("| a | b |\n|---|---|\n| full | |\n\nI found ____ of 3.\n\n- [ ] yes\n- [ ] no\n")
    assert page.count("<input class") == 2
    assert "<td>full</td>" in page
    assert page.count('type="checkbox"') == 2
    assert "<span>yes</span>" in page


def test_numbered_steps():
    page = render("## 2. Cover\n\n## Exit quiz\n")
    assert '<span class="step">2</span> Cover' in page
    assert "<h2>Exit quiz</h2>" in page


def test_other_code_stays_code():
    assert "<code>1 &lt; 2</code>" in render("```\n1 < 2\n```")


@pytest.fixture
def other_lessons(tmp_path, monkeypatch):
    """A folder of lessons with one in it that nothing else knows about."""
    (tmp_path / "mirror" / "pictures").mkdir(parents=True)
    (tmp_path / "mirror" / "worksheet.md").write_text(
        "---\norder: 7\nages: 7–9\nminutes: 20\npicture: face.svg\nsummary: Look & see.\n"
        "project: demo\n---\n# Mirror <1>\n\nHello.\n",
        "utf-8",
    )
    (tmp_path / "mirror" / "teacher.md").write_text("# Mirror\n\nFor you.\n", "utf-8")
    (tmp_path / "mirror" / "pictures" / "face.svg").write_text("<svg/>", "utf-8")
    (tmp_path / "mirror" / "secret.txt").write_text("no", "utf-8")
    monkeypatch.setattr(lessons, "LESSONS", tmp_path)
    return tmp_path


def test_a_new_lesson_is_one_folder(client, other_lessons):
    index = client.get("/lessons/").text
    assert "Mirror &lt;1&gt;" in index
    assert "Look &amp; see." in index
    assert "Ages 7–9" in index
    assert "20 minutes" in index
    assert 'src="mirror/pictures/face.svg"' in index
    assert "Hello." in client.get("/lessons/mirror/worksheet").text
    assert "For you." in client.get("/lessons/mirror/teacher").text
    assert client.get("/lessons/mirror/pictures/face.svg").status_code == 200
    assert client.get("/lessons/mirror/").location == "/lessons/mirror/worksheet"


@pytest.mark.parametrize(
    "path",
    [
        "nowhere/worksheet",
        "nowhere/",
        "mirror/secret.txt",
        "mirror/pictures/../secret.txt",
        "mirror/pictures/none.svg",
        "mirror/screens.py",
        "../lessons/worksheet",
    ],
)
def test_nothing_else_is_served(client, other_lessons, path):
    assert client.get(f"/lessons/{path}").status_code == 404


def test_a_lesson_that_is_gone_leaves_the_list(client, other_lessons):
    shutil.rmtree(other_lessons / "mirror")
    assert "Mirror" not in client.get("/lessons/").text
