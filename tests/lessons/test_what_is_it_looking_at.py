"""What the first lesson says about its picture is true of the picture."""

import re

from backend.parade.gallery import GALLERY, gallery_picture
from tests.lessons.conftest import FOLDERS, fences, section

LOOKING = next(folder for folder in FOLDERS if folder.name == "what-is-it-looking-at")


def touches(row: int, column: int, box) -> bool:
    """Whether a square of the stage, counted from 1, overlaps the box of a part."""
    below, right = row * 60, column * 60
    return (
        box.top < below and box.bottom > below - 60 and box.left < right and box.right > right - 60
    )


def test_the_picture_to_guess_about_is_the_first_of_the_demo():
    first = next(iter(GALLERY))
    worksheet = (LOOKING / "worksheet.md").read_text("utf-8")
    assert f"```squares\n/parade/gallery/{first}.png\n```" in worksheet
    assert gallery_picture(first).label == "wizard"


def test_the_first_cover_hides_nothing_but_curtain():
    scene = gallery_picture("wizard-1")
    row, column = re.search(
        r"row \((\d)\) column \((\d)\)", fences(LOOKING)["cover-by-hand"]
    ).groups()
    assert scene.scene == "theatre"
    assert not any(touches(int(row), int(column), box) for box in scene.parts.values())
    assert "magic cane" in scene.parts  # its tip is the next thing to cover


def test_the_screenshot_with_a_covered_hat_covers_the_hat():
    code = (LOOKING / "screens.py").read_text("utf-8")
    row, column = re.search(r"ROW: (\d), COLUMN: (\d)", code).groups()
    assert touches(int(row), int(column), gallery_picture("wizard-1").parts["pointed hat"])


def test_the_hat_is_the_answer_to_the_first_question(client):
    assert "1. The pointed hat." in section(LOOKING / "teacher.md", "Possible answers to “Explain”")
    picture = client.get("/parade/gallery/wizard-1.png").data
    found = client.post("/api/relevance", data=picture, content_type="image/png").json
    most = found["most_relevant"]
    hat = gallery_picture("wizard-1").parts["pointed hat"]
    assert touches(most["row"] + 1, most["column"] + 1, hat)
    assert found["measure"] == "confidence"
    assert found["confidence_drop"][0][1] < 0.02  # the curtain of step 2
    star = gallery_picture("wizard-1").parts["magic cane"]
    row, column = star.top // 60, (star.left + star.right) // 2 // 60
    assert found["confidence_drop"][row][column] < 0.1  # “the cane does not help”
